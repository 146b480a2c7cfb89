/**
 * What AWS says instead of a queue's messages, turned into what it means and what to do. Pure.
 *
 * SQS's own sentences are made for programs; only of a denied access one part is handed on: who was denied.
 */
import { credentialTrouble } from "../aws-credentials.ts";
import type { QueueTrouble } from "./queue.ts";

/** What the reader asks of AWS, for its policy: docs/relay.md has it ready to copy. */
export const QUEUE_ACTIONS = ["sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:DeleteMessage"] as const;

type Row = { readonly names: readonly string[] } & QueueTrouble;

/**
 * By the names of AWS's errors, with the JSON protocol and with the older query one.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const ROWS: readonly Row[] = [
  {
    names: ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "QueueDeletedRecently"],
    code: "no-queue",
    problem: "there is no such queue",
    remedy:
      "Compare its ARN in ingest.sqs.queues with RelayQueueArn, as `shirase deploy --only hub` prints it. The hub has a " +
      "queue as long as a customer's delivery is relay and hub.relay.url is not set.",
  },
  {
    names: ["AccessDenied", "AccessDeniedException"],
    code: "access-denied",
    problem: "these AWS credentials may not use it",
    remedy: `Allow them ${QUEUE_ACTIONS.join(", ")} on it: docs/relay.md has the policy.`,
  },
  {
    names: ["KmsAccessDenied", "KmsDisabled", "KmsInvalidState", "KmsNotFound", "KmsOptInRequired", "KmsThrottled"],
    code: "no-key",
    problem: "the key that its messages are encrypted with cannot be used",
    remedy: "Allow kms:Decrypt on the key. (The hub's own queue needs none: SQS encrypts it.)",
  },
  {
    names: ["RequestThrottled", "Throttling", "ThrottlingException", "TooManyRequestsException", "OverLimit"],
    code: "throttled",
    problem: "AWS asks for fewer requests",
    remedy: "It passes by itself. When it does not: too many readers on this queue, or in this account.",
  },
];

const UNREACHABLE = /^(?:ENOTFOUND|ECONN\w+|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|CERT_\w+|\w*CERT\w*)$/;

/** What an error of the AWS SDK means for the reader of a queue. */
export function explainQueueError(error: unknown): QueueTrouble {
  const { name, message, code } = partsOf(error);
  const credentials = credentialTrouble(name);
  if (credentials) return { code: "credentials", ...credentials };
  const row = ROWS.find(({ names }) => names.includes(name));
  if (row) return { code: row.code, problem: row.problem + deniedWhom(message), remedy: row.remedy };
  if (name === "TimeoutError" || UNREACHABLE.test(code)) {
    return {
      code: "unreachable",
      problem: `AWS cannot be reached (${name === "TimeoutError" ? "no answer in time" : code})`,
      remedy: "Check the network; AWS_ENDPOINT_URL, proxies and VPC endpoints change the way.",
    };
  }
  return {
    code: "other",
    problem: `AWS answered ${code || name}`,
    remedy: "It will be tried again. When it stays, the AWS Health Dashboard may say why.",
  };
}

function partsOf(error: unknown): { readonly name: string; readonly message: string; readonly code: string } {
  if (!(error instanceof Error)) return { name: String(error), message: "", code: "" };
  // A name that leads to several addresses fails with one error for each; the first says as much as all.
  if (error instanceof AggregateError && error.errors.length > 0) return partsOf(error.errors[0]);
  return { name: error.name, message: error.message, code: "code" in error ? String(error.code) : "" };
}

function deniedWhom(message: string): string {
  const who = /User: (arn:\S{1,300}) is not authorized/.exec(message)?.[1];
  return who === undefined ? "" : `: ${who}`;
}
