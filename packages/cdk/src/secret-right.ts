/** The right to read one secret, where the config says that it lives. */
import type { SecretRef } from "@shirase/core/config";
import { ArnFormat, type Stack } from "aws-cdk-lib";

/** What a function must be allowed, and on what. */
export type SecretRight = { readonly action: string; readonly arn: string };

/**
 * @param key - of the config, for the message.
 * @throws Error when the secret is where no function on Lambda can read it.
 */
export function secretRight(stack: Stack, key: string, ref: SecretRef | undefined): SecretRight {
  if (ref && "ssm" in ref) {
    const resourceName = ref.ssm.replace(/^\//, "");
    const arn = stack.formatArn({ service: "ssm", resource: "parameter", resourceName });
    return { action: "ssm:GetParameter", arn: ref.ssm.startsWith("arn:") ? ref.ssm : arn };
  }
  if (ref && "secretsmanager" in ref) {
    const [name = ""] = ref.secretsmanager.split("#");
    const arn = stack.formatArn({
      service: "secretsmanager",
      resource: "secret",
      // Secrets Manager adds six characters to a name.
      resourceName: `${name}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return { action: "secretsmanager:GetSecretValue", arn: name.startsWith("arn:") ? name : arn };
  }
  throw new Error(
    `${key} must be in SSM or Secrets Manager, as in { ssm: /shirase/slack-token }: a function reads it there.`,
  );
}
