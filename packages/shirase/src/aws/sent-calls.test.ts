/** AWS takes a call and refuses what was in it: the real SDK against a server that answers so. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, suite, test } from "node:test";
import { testFinding } from "../send/test-finding.ts";
import type { Identity } from "./identity.ts";
import { importFinding, isRefusal } from "./import-finding.ts";
import { putEvent } from "./put-event.ts";

const REGION = "ap-northeast-1";
const IDENTITY: Identity = {
  accountId: "222222222222",
  arn: "arn:aws:iam::222222222222:root",
  profile: undefined,
  credentials: async () => ({ accessKeyId: "222222222222", secretAccessKey: "any" }),
};
const ENTRY = { Source: "shirase.test", DetailType: "Test", Detail: "{}", Time: new Date("2026-11-20T03:00:00Z") };
const FINDING = testFinding(
  {
    accountId: "222222222222",
    region: REGION,
    mark: "shirase-k7m2x9qd",
    shape: { severity: "HIGH", isCheck: false },
    partition: "aws",
    language: "en",
  },
  new Date("2026-11-20T03:00:00Z"),
);

type Answer = { readonly status: number; readonly type?: string; readonly body: object };
const kept = process.env["AWS_ENDPOINT_URL"];
let server: Server;
let answer: Answer = { status: 200, body: {} };
let asked = "";

before(async () => {
  server = createServer((request, response) => {
    asked = "";
    request.on("data", (chunk) => {
      asked += chunk;
    });
    request.on("end", () => {
      const headers = answer.type === undefined ? {} : { "x-amzn-errortype": answer.type };
      response.writeHead(answer.status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
after(() => {
  if (kept === undefined) delete process.env["AWS_ENDPOINT_URL"];
  else process.env["AWS_ENDPOINT_URL"] = kept;
  server.closeAllConnections();
  server.close();
});

async function errorOf(call: Promise<void>): Promise<Error> {
  const error = await call.then(
    () => assert.fail("it was taken"),
    (refusal: unknown) => refusal,
  );
  assert.ok(error instanceof Error);
  return error;
}

suite("an event on the bus", () => {
  test("is taken, with source, detail and time", async () => {
    answer = { status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: "e1" }] } };
    await putEvent(IDENTITY, REGION, ENTRY);
    const [entry] = JSON.parse(asked).Entries;
    assert.deepEqual([entry.Source, entry.Detail, entry.Time], ["shirase.test", "{}", 1_795_143_600]);
  });

  test("an entry that failed is an error by AWS's name", async () => {
    const refused = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" };
    answer = { status: 200, body: { FailedEntryCount: 1, Entries: [refused] } };
    const { name, message } = await errorOf(putEvent(IDENTITY, REGION, ENTRY));
    assert.deepEqual([name, message], ["ThrottlingException", "Rate exceeded"]);
  });
});

suite("a finding for Security Hub", () => {
  test("is taken, with every field that was made", async () => {
    answer = { status: 200, body: { FailedCount: 0, SuccessCount: 1, FailedFindings: [] } };
    await importFinding(IDENTITY, REGION, FINDING);
    assert.deepEqual(JSON.parse(asked).Findings, [FINDING]);
  });

  type Row = readonly [why: string, answer: Answer, name: string, isCertain: boolean];
  const rows: readonly Row[] = [
    [
      "a finding that failed is an error by AWS's name",
      {
        status: 200,
        body: { FailedCount: 1, FailedFindings: [{ Id: "x", ErrorCode: "InvalidInput", ErrorMessage: "no" }] },
      },
      "InvalidInput",
      true,
    ],
    [
      "Security Hub is off",
      { status: 401, type: "InvalidAccessException", body: { Message: "Account 222222222222 is not subscribed" } },
      "InvalidAccessException",
      true,
    ],
    [
      "what breaks on AWS's side may have been imported",
      { status: 501, type: "InternalException", body: { Message: "broke" } },
      "InternalException",
      false,
    ],
  ];
  test("where nobody answers, nothing was imported", async () => {
    const endpoint = process.env["AWS_ENDPOINT_URL"];
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    const error = await errorOf(importFinding(IDENTITY, REGION, FINDING));
    process.env["AWS_ENDPOINT_URL"] = endpoint;
    assert.equal(isRefusal(error), true, `${error.name}: ${error.message}`);
  });

  for (const [why, given, name, isCertain] of rows) {
    test(`${why} (${name})`, async () => {
      answer = given;
      const error = await errorOf(importFinding(IDENTITY, REGION, FINDING));
      assert.equal(error.name, name);
      assert.equal(isRefusal(error), isCertain);
    });
  }
});
