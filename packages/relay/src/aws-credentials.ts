/** What AWS says when it does not know who asks, in words and with what to do. */

/** What is wrong with the credentials; the problem reads on after what was asked for: `queue q: there are …`. */
export type CredentialTrouble = { readonly problem: string; readonly remedy: string };

/**
 * @param name - of the error, as the AWS SDK gives it.
 * @returns undefined when the error is about something else.
 */
export function credentialTrouble(name: string): CredentialTrouble | undefined {
  switch (name) {
    case "CredentialsProviderError":
      return {
        problem: "there are no AWS credentials",
        remedy: "Give the process a role, set AWS_PROFILE, or run: aws sso login",
      };
    case "ExpiredToken":
    case "ExpiredTokenException":
    case "InvalidAccessKeyId":
    case "InvalidClientTokenId":
    case "InvalidSecurity":
    case "InvalidSignatureException":
    case "SignatureDoesNotMatch":
    case "UnrecognizedClientException":
      return { problem: `AWS refuses the credentials (${name})`, remedy: "Renew them: aws sso login" };
    default:
      return undefined;
  }
}
