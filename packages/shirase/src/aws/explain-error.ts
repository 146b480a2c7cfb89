/**
 * What AWS refused, in words that say what to do. A table: each row knows one refusal by what AWS or the CDK writes.
 *
 * AWS's own messages are made for programs and change; so a row looks for the fewest words that mean it, and what no
 * row knows is said as AWS said it.
 */

import { explainStuckStack, STUCK, UNDELETED } from "./stuck-stack.ts";

/** A resource that CloudFormation could not make. */
export type ResourceFailure = {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
};

/** What was being done, where. */
export type Attempt = {
  readonly accountId: string;
  readonly region: string;
  readonly profile: string | undefined;
  readonly slackWorkspaceId: string;
};

type Row = {
  readonly means: RegExp;
  /** Undefined when the words mean something else here: the rows below may know. */
  readonly say: (found: RegExpMatchArray, attempt: Attempt) => string | undefined;
};

const BOOTSTRAP_CDK = "2.1148.1";

/** In order: the more special first. */
const ROWS: readonly Row[] = [
  {
    means: /ExpiredToken|token.{0,40}(?:has|is) expired|SSO session.{0,80}(?:expired|invalid)|refresh the SSO/i,
    say: (_, attempt) => `The AWS credentials have expired.\nSign in again: aws sso login${profileFlag(attempt)}`,
  },
  {
    means:
      /CredentialsProviderError|could not load credentials|no credentials have been configured|Could not resolve credentials/i,
    say: (_, { profile }) =>
      (profile === undefined ? "There are no AWS credentials here." : `Profile ${profile} gives no AWS credentials.`) +
      "\nSign in (aws sso login), name a profile (--profile NAME), or set AWS_PROFILE.",
  },
  {
    means: /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure/,
    say: (_, attempt) =>
      `AWS does not know these credentials: the key is deleted, mistyped, or of another partition.\nCheck them: aws sts get-caller-identity${profileFlag(attempt)}`,
  },
  {
    means: /cdk bootstrap|\/cdk-bootstrap\/|been bootstrapped|BootstrapError/i,
    say: (_, attempt) =>
      `Account ${attempt.accountId}, region ${attempt.region} is not bootstrapped: CloudFormation takes a template of more than 50 KB from a bucket only, and the bootstrap makes one.\n` +
      `Run once: npx aws-cdk@${BOOTSTRAP_CDK} bootstrap aws://${attempt.accountId}/${attempt.region}${profileFlag(attempt)}`,
  },
  {
    means:
      /Slack (?:workspace|team)[^.]{0,80}(?:is not|isn't|not) authori[sz]ed|not authori[sz]ed[^.]{0,80}Slack (?:workspace|team)/i,
    say: (_, attempt) =>
      `Slack workspace ${attempt.slackWorkspaceId} is not authorised for Amazon Q in account ${attempt.accountId}. A person has to do it once:\n` +
      "open https://console.aws.amazon.com/chatbot/home, choose Slack under Configure a chat client, allow it in Slack. Then deploy again.\ndocs/amazon-q.md shows every click.",
  },
  {
    means: /Slack channel.{0,120}has already been configured/i,
    say: ([words]) =>
      `${words}: Amazon Q allows one configuration for each channel.\nDelete the other one in the console (https://console.aws.amazon.com/chatbot/home), then deploy again.`,
  },
  {
    // What is said of somebody's own default bus is no word about the hub's.
    means:
      /not authorized to perform: events:PutEvents on resource: (arn:[^:]*:events:[^:]*:(\d{12}):event-bus\/default)\b/,
    say: ([, bus, owner], { accountId }) =>
      owner === accountId
        ? `Permission is missing: events:PutEvents on ${bus}\nLet whoever administers account ${accountId} add it to the policy of this role or user.`
        : undefined,
  },
  {
    means: /ErrorCode.{0,40}PutTargets|not authorized to perform: events:PutEvents/i,
    say: () => "The hub does not admit this account yet.\nDeploy the hub first: shirase deploy --only hub",
  },
  ...[STUCK, UNDELETED].map((means) => ({
    means,
    say: ([, name = "", status = ""]: RegExpMatchArray, attempt: Attempt) =>
      explainStuckStack(name, status, ` --region ${attempt.region}${profileFlag(attempt)}`),
  })),
  {
    means: /InvalidAccessException|is not subscribed to AWS Security Hub/,
    say: (_, { accountId, region }) =>
      `Security Hub is not switched on in account ${accountId}, region ${region}, so nothing can be imported there.\n` +
      "Switch it on in its console (Security Hub CSPM), or name another region with --region. Without --real a test event needs no Security Hub.",
  },
  {
    means: /does not adhere to Amazon Finding Format[^\n]*/,
    say: ([words]) => `Security Hub refuses the test finding: ${words}\nThis is a bug in shirase: please report it.`,
  },
  {
    means: /Throttl|TooManyRequests|RequestLimitExceeded|Rate exceeded/i,
    say: (_, { accountId, region }) =>
      `AWS takes no more calls in account ${accountId}, region ${region}, for the moment: something calls it too often.\nWait a minute and try again.`,
  },
  {
    means: /(?:User: (\S+) )?is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?(.*)/,
    say: ([, who, action, resource, why], { accountId }) =>
      `Permission is missing: ${action}${resource === undefined ? "" : ` on ${resource.replace(/[.,]$/, "")}`}\n` +
      `${who === undefined ? "" : `for ${who}. `}${whyDenied(why ?? "", accountId)}`,
  },
  {
    means: /AccessDenied(?:Exception)?|UnauthorizedOperation/,
    say: (_, { accountId }) => `AWS denied access in account ${accountId}. Whoever administers it knows why.`,
  },
  {
    means: /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|TimeoutError|getaddrinfo/,
    say: ([words], { region }) =>
      `AWS cannot be reached (${words}) in region ${region}.\nCheck the network, a proxy, and AWS_ENDPOINT_URL if it is set.`,
  },
  {
    means: /([^\s:]+ )?already exists/i,
    say: () =>
      "Something of this name is there already and belongs to no stack of shirase's: left over from an earlier try, or made by hand.\nDelete it, then deploy again.",
  },
  {
    means: /LimitExceeded|quota|TooManyBuses/i,
    say: (_, { accountId, region }) =>
      `A quota of account ${accountId} in ${region} is used up. Ask for more under Service Quotas in the console, or for buses set \`hub.buses: shared\`.`,
  },
];

/**
 * The refusal in words: what AWS said, then what it means and what to do where we know.
 *
 * @param failures - what CloudFormation could not make, first things first.
 */
export function explainAwsError(error: unknown, failures: readonly ResourceFailure[], attempt: Attempt): string {
  const said = failures.length > 0 ? failures.map(({ type, reason }) => `${type}: ${reason}`) : [wordsOf(error)];
  const remedy = remedyFor([...said, wordsOf(error)].join("\n"), attempt);
  const list = failures.slice(0, 5).map(({ logicalId, type, reason }) => `  ${logicalId} (${type}): ${reason}`);
  if (remedy === undefined) return [firstLines(wordsOf(error)), ...list].join("\n");
  return list.length > 0 ? [...list, remedy].join("\n") : remedy;
}

function remedyFor(text: string, attempt: Attempt): string | undefined {
  for (const { means, say } of ROWS) {
    const found = text.match(means);
    const words = found ? say(found, attempt) : undefined;
    if (words !== undefined) return words;
  }
  return undefined;
}

/** An error's name, message and causes: the CDK wraps what AWS said. */
function wordsOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return String(error);
  const cause = error.cause === undefined ? "" : `\n${wordsOf(error.cause, depth + 1)}`;
  return `${error.name === "Error" ? "" : `${error.name}: `}${error.message}${cause}`;
}

function firstLines(text: string): string {
  return text.split("\n").slice(0, 4).join("\n");
}

function whyDenied(why: string, accountId: string): string {
  if (/service control policy/i.test(why)) return "A service control policy of the organization forbids it.";
  if (/permissions boundary/i.test(why)) return "A permissions boundary forbids it.";
  if (/explicit deny/i.test(why)) return "A policy denies it in so many words.";
  return `Let whoever administers account ${accountId} add it to the policy of this role or user.`;
}

function profileFlag({ profile }: Attempt): string {
  return profile === undefined ? "" : ` --profile ${profile}`;
}
