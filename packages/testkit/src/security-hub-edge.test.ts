/** The edge answers as AWS does: through the real SDK, with a bus that only listens. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, suite, test } from "node:test";
import { type AwsSecurityFinding, BatchImportFindingsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import type { Emulator } from "./emulators.ts";
import { type SecurityHubEdge, startSecurityHubEdge } from "./security-hub-edge.ts";

const ACCOUNT = "222222222222";
const REGION = "ap-northeast-1";
const PRODUCT = `arn:aws:securityhub:${REGION}:${ACCOUNT}:product/${ACCOUNT}/default`;
const FINDING: AwsSecurityFinding = {
  SchemaVersion: "2018-10-08",
  Id: "one",
  ProductArn: PRODUCT,
  GeneratorId: "test",
  AwsAccountId: ACCOUNT,
  CreatedAt: "2026-11-20T03:00:00Z",
  UpdatedAt: "2026-11-20T03:00:00Z",
  Title: "A title",
  Description: "A description",
  FindingProviderFields: { Severity: { Label: "HIGH" }, Types: ["Software and Configuration Checks/Test"] },
  Resources: [{ Type: "Other", Id: "thing" }],
};

let bus: Server;
let edge: SecurityHubEdge;
const events: Readonly<Record<string, string>>[] = [];

before(async () => {
  bus = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      events.push(...JSON.parse(body).Entries);
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify({ FailedEntryCount: 0, Entries: [{ EventId: "e1" }] }));
    });
  });
  await new Promise<void>((resolve) => bus.listen(0, "127.0.0.1", resolve));
  const address = bus.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const emulator: Emulator = { endpoint, clientFor: clientAt(endpoint), stop: async () => undefined };
  edge = await startSecurityHubEdge(emulator, {
    isEnabled: ({ region }) => region !== "eu-west-1",
    mayImport: ({ account }) => account !== "333333333333",
  });
});
after(async () => {
  await edge.stop();
  bus.closeAllConnections();
  bus.close();
});

function clientAt(endpoint: string): Emulator["clientFor"] {
  return (account, region) => ({
    endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "any" },
    maxAttempts: 1,
  });
}

async function imported(finding: AwsSecurityFinding, account = ACCOUNT, region = REGION): Promise<string> {
  const client = new SecurityHubClient(clientAt(edge.url)(account, region));
  try {
    const { SuccessCount, FailedFindings = [] } = await client.send(
      new BatchImportFindingsCommand({ Findings: [finding] }),
    );
    const [failed] = FailedFindings;
    return failed ? `${failed.ErrorCode}: ${failed.ErrorMessage}` : `${SuccessCount} imported`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } finally {
    client.destroy();
  }
}

suite("Security Hub's import", () => {
  test("becomes an event on the account's own bus, with what Security Hub adds", async () => {
    assert.equal(await imported(FINDING), "1 imported");
    const event = events.at(-1);
    assert.deepEqual(
      [event?.["Source"], event?.["DetailType"]],
      ["aws.securityhub", "Security Hub Findings - Imported"],
    );
    const [finding] = JSON.parse(event?.["Detail"] ?? "{}").findings;
    assert.deepEqual(finding.Severity, { Label: "HIGH", Normalized: 70 });
    assert.deepEqual(
      [finding.Workflow, finding.RecordState, finding.ProductName],
      [{ Status: "NEW" }, "ACTIVE", "Default"],
    );
  });

  test("what is not newer is taken and ignored; what is newer is sent, and changes nothing of the customer's", async () => {
    const before = events.length;
    assert.equal(await imported({ ...FINDING, RecordState: "ARCHIVED" }), "1 imported");
    assert.equal(events.length, before);
    const later = { ...FINDING, UpdatedAt: "2026-11-20T03:00:00.001Z", RecordState: "ARCHIVED" } as const;
    assert.equal(await imported({ ...later, Workflow: { Status: "RESOLVED" } }), "1 imported");
    const [finding] = JSON.parse(events.at(-1)?.["Detail"] ?? "{}").findings;
    assert.deepEqual([finding.RecordState, finding.Workflow], ["ARCHIVED", { Status: "NEW" }]);
  });

  const { Title: _title, ...untitled } = FINDING;
  const { FindingProviderFields: _fields, ...unrated } = FINDING;
  type Row = readonly [why: string, finding: object, want: RegExp, account?: string, region?: string];
  const rows: readonly Row[] = [
    ["a field is missing", untitled, /^InvalidInput: .*should have required property 'Title'/],
    ["no severity anywhere", unrated, /'FindingProviderFields', data should match some schema in anyOf/],
    ["a title too long", { ...FINDING, Title: "x".repeat(257) }, /data\.Title should NOT be longer than 256/],
    ["no resource", { ...FINDING, Resources: [] }, /data\.Resources should NOT have fewer than 1 items/],
    ["a date that is none", { ...FINDING, UpdatedAt: "yesterday" }, /data\.UpdatedAt should match format/],
    [
      "a type of no namespace",
      { ...FINDING, FindingProviderFields: { Severity: { Label: "HIGH" }, Types: ["Test"] } },
      /data\.Types\[0\]/,
    ],
    [
      "another account's finding",
      { ...FINDING, AwsAccountId: "444444444444" },
      /^AccessDeniedException: .*BatchImportFindings/,
    ],
    ["another region's product", FINDING, /^AccessDeniedException/, ACCOUNT, "us-east-1"],
    ["no permission", { ...FINDING, AwsAccountId: "333333333333" }, /^AccessDeniedException/, "333333333333"],
    [
      "Security Hub is off",
      FINDING,
      /^InvalidAccessException: Account 222222222222 is not subscribed/,
      ACCOUNT,
      "eu-west-1",
    ],
  ];
  for (const [why, finding, want, account, region] of rows) {
    test(`refuses: ${why}`, async () => {
      const before = events.length;
      assert.match(await imported(finding as AwsSecurityFinding, account, region), want);
      assert.equal(events.length, before);
    });
  }
});
