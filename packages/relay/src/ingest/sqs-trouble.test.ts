import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { evaluate, type Statement } from "@shirase/testkit/policy";
import { explainQueueError, QUEUE_ACTIONS } from "./sqs-trouble.ts";

function named(name: string, message = "", code?: string): Error {
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}

const DENIED =
  "User: arn:aws:sts::111111111111:assumed-role/relay/i-1 is not authorized to perform: sqs:receivemessage on " +
  "resource: arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay because no identity-based policy allows it";

suite("explainQueueError", () => {
  const cases: ReadonlyArray<readonly [why: string, error: unknown, code: string, says: RegExp]> = [
    ["nobody signed in", named("CredentialsProviderError"), "credentials", /no AWS credentials.*AWS_PROFILE/],
    ["a session that ended", named("ExpiredToken"), "credentials", /refuses the credentials.*aws sso login/],
    ["a key that was deleted", named("InvalidClientTokenId"), "credentials", /refuses the credentials/],
    ["a role without the policy", named("AccessDenied", DENIED), "access-denied", /may not use it.*docs\/relay\.md/],
    ["and who that is", named("AccessDeniedException", DENIED), "access-denied", /assumed-role\/relay\/i-1\. Allow/],
    ["a queue that is gone", named("QueueDoesNotExist"), "no-queue", /no such queue.*RelayQueueArn/],
    [
      "the same by its older name",
      named("AWS.SimpleQueueService.NonExistentQueue"),
      "no-queue",
      /no such queue.*hub\.relay\.url/,
    ],
    ["a key of one's own without a grant", named("KmsAccessDenied"), "no-key", /kms:Decrypt/],
    ["too many requests", named("ThrottlingException"), "throttled", /fewer requests/],
    ["no name server", named("Error", "getaddrinfo", "ENOTFOUND"), "unreachable", /reached \(ENOTFOUND\)/],
    ["a connection that died", named("TimeoutError", "", "ETIMEDOUT"), "unreachable", /no answer in time/],
    ["our own patience", new DOMException("", "TimeoutError"), "unreachable", /no answer in time/],
    [
      "every address of a name refuses",
      new AggregateError([named("Error", "", "ECONNREFUSED")]),
      "unreachable",
      /reached \(ECONNREFUSED\)/,
    ],
    ["what nobody thought of", named("InternalFailure"), "other", /answered InternalFailure/],
    ["something thrown that is no error", "boom", "other", /answered boom/],
  ];
  for (const [why, error, code, says] of cases) {
    test(`${why} (${code})`, () => {
      const trouble = explainQueueError(error);
      assert.equal(trouble.code, code);
      assert.match(`${trouble.problem}. ${trouble.remedy}`, says);
    });
  }
});

suite("the policy in docs/relay.md", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/relay.md"), "utf8");
  const json = /```json\n(\{\n {2}"Version"[\s\S]*?)```/.exec(page)?.[1] ?? "{}";
  const { Statement: statements } = JSON.parse(json) as { readonly Statement: readonly Statement[] };
  const principal = "arn:aws:iam::111111111111:role/relay";
  const allows = (action: string, resource: string): boolean =>
    evaluate(statements, { principal, action, resource, context: {} }).allowed;

  test("allows what the reader asks, on the hub's queue", () => {
    for (const action of QUEUE_ACTIONS) {
      assert.ok(allows(action, "arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay"), action);
    }
  });

  test("and nothing else, and nothing elsewhere", () => {
    const actions = statements.flatMap(({ Action }) => Action as readonly string[]);
    assert.deepEqual([...actions].sort(), [...QUEUE_ACTIONS].sort());
    assert.ok(!allows("sqs:ReceiveMessage", "arn:aws:sqs:ap-northeast-1:111111111111:shirase-dead-letters"));
    assert.ok(!allows("sqs:SendMessage", "arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay"));
  });
});
