/**
 * The mistakes people make in shirase.yaml, and what they are told. The golden file is meant to be read: each answer
 * has to be enough for somebody who has never seen the code.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readConfig } from "./config-file.ts";
import { formatProblems } from "./config-problem.ts";

const GOLDEN = join(import.meta.dirname, "__golden__", "config-mistakes.txt");

const TOP = `hub: { account: "111111111111", region: ap-northeast-1 }
slack: { workspace: T0123456789 }
`;

/** A file with one customer that says these lines besides what it must. */
function customer(...lines: readonly string[]): string {
  const has = (key: string) => lines.some((line) => line.startsWith(`${key}:`));
  const needed = [
    ...(has("name") ? [] : ["name: Acme"]),
    ...(has("accounts") ? [] : ['accounts: ["222222222222"]']),
    ...(has("slack") ? [] : ["slack: { channel: C0ACME00000 }"]),
  ];
  return `${TOP}customers:\n  - id: acme\n${[...needed, ...lines].map((line) => `    ${line}\n`).join("")}`;
}

const MISTAKES: readonly (readonly [why: string, text: string])[] = [
  ["a key is misspelt", customer("regoins: [us-east-1]")],
  ["a key stands one level too high", customer("channel: C0ACME00000")],
  ["a key is in the singular", customer("severity: [HIGH]")],
  ["a channel's name instead of its id", customer('slack: { channel: "#acme-alerts" }')],
  ["a channel's name without quotes is a comment", customer("slack:", "  channel: #acme-alerts")],
  ["account ids without quotes", customer("accounts: [222222222222, 012345678901]")],
  ["an account id of 11 digits", customer('accounts: ["22222222222"]')],
  ["a single account that is no list", customer('accounts: "222222222222"')],
  ["a typo in a region", customer("regions: [ap-northeast1, us-esat-1, tokyo]")],
  ["a region of China under a hub in Tokyo", customer("regions: [cn-north-1]")],
  ["a severity in small letters, one that does not exist", customer("severities: [critical, SEVERE]")],
  ["a service by its AWS name", customer("sources: [securityhub, inspector2, aws.health]")],
  ["a preset that does not exist", customer("pattern: lifecyle")],
  ["a time zone by its city", customer("timezone: Tokyo")],
  ["a time without a leading zero", customer("digest: { daily: 9:00 }")],
  [
    "a silence for half a year",
    customer(
      'silences: [{ match: { source: [aws.health] }, owner: ana, reason: move, from: "2026-01-01", until: "2026-06-30" }]',
    ),
  ],
  [
    "a silence that ends first, in another way of writing dates",
    customer(
      "silences:",
      '  - { match: { source: [aws.health] }, owner: ana, reason: move, from: "2026-02-01", until: "2026-01-01" }',
      '  - { match: { source: aws.health }, owner: ana, from: 01.02.2026, until: "2026-02-30" }',
    ),
  ],
  ["a weekday written out", customer('digest: { weekly: "Monday 09:00" }')],
  ["an e-mail address without a domain", customer("email: [soc@acme]")],
  ["somebody mentioned by name", customer('slack: { channel: C0ACME00000, mention: { CRITICAL: "@oncall" } }')],
  ["a delegated administrator of somebody else", customer('delegatedAdmin: "999999999999"')],
  ["an Organization by its account", customer('organizationId: "222222222222"')],
  ["an organizational unit by its name", customer("organizationalUnits: [Workloads]")],
  ["heartbeats every minute", customer("heartbeatMinutes: 1")],
  [
    "a bus that another customer has by its id",
    `${customer()}  - { id: two, name: Two, accounts: ["333333333333"], bus: shirase-acme, slack: { channel: C0TWO000000 } }\n`,
  ],
  [
    "a queue by its URL",
    `${customer()}ingest: { sqs: { queues: ["https://sqs.ap-northeast-1.amazonaws.com/111111111111/shirase-relay"] } }\n`,
  ],
  [
    "a single queue that is no list",
    `${customer()}ingest: { sqs: { queues: arn:aws:sqs:eu-west-1:111111111111:q } }\n`,
  ],
  [
    "a person's customer misspelt, another one by its name, a person twice",
    `${customer()}console: { url: "https://shirase.msp.example", oidc: { issuer: "https://accounts.google.com", clientId: a, clientSecret: { env: A } }, people: [{ email: ana@msp.example, customers: [acmee, globex] }, { email: ana@msp.example, role: operator }] }\n`,
  ],
  ["a token in the file", `${customer()}ingest: { key: xoxb-123456789012-abcdefghijkl }\n`],
  [
    "secrets where no function on Lambda can read them",
    `${customer().replace("ap-northeast-1", "ap-northeast-1, relay: aws").replace("T0123456789", "T0123456789, signingSecret: { env: A }")}ingest: { key: { file: key } }\n`,
  ],
  ["a secret that looks like nothing", customer().replace("T0123456789", "T0123456789, token: correct horse")],
  ["a token in a comment", `# old: xapp-1-A0123456789-abcdef\n${customer()}`],
  [
    "a reference to a secret with two homes",
    customer().replace("T0123456789", "T0123456789, token: { env: A, file: b }"),
  ],
  [
    "a reference to a secret, misspelt",
    customer().replace("T0123456789", "T0123456789, token: { ssn: /shirase/token }"),
  ],
  ["keys are missing", `${TOP}customers:\n  - id: acme\n    name: Acme\n  - name: Globex\n`],
  ["no customers", `${TOP}customers: []\n`],
  [
    "one account under two customers, one id for both",
    `${customer()}  - { id: acme, name: Globex, accounts: [{ id: "222222222222" }], slack: { channel: C0GLOBEX000 } }\n`,
  ],
  ["a capital in a customer's id", customer().replace("id: acme", "id: Acme Corp")],
  ["the same key twice", customer("language: ja", "language: en")],
  ["a tab", customer("slack:", "\tchannel: C0ACME00000")],
  ["a bracket that never closes", customer("regions: [us-east-1", "language: ja")],
  ["a quote that never closes", customer('slack: { channel: "C0ACME00000 }')],
  ["no space after the colons", "hub:a\nslack:b\n"],
  ["an empty file", ""],
  ["only comments", "# later\n"],
  ["a list", "- hub\n- slack\n"],
  ["two documents", `${customer()}---\n${customer()}`],
  ["a merge key", customer("<<: { language: ja }")],
  ["an anchor that is not there", customer("severities: *usual")],
  ["an anchor that holds itself", customer("filter: &it { detail: { a: *it } }")],
  ["a pattern's value that is no list", customer("filter: { source: aws.securityhub }")],
  ["an operator that does not exist", customer("pattern: { source: [{ startsWith: aws. }] }")],
  ["a number that is no range", customer("filter:", "  detail: { severity: [{ numeric: [7, 9] }] }")],
  ["a filter longer than EventBridge takes", customer(`filter: { source: [${"aws.securityhub, ".repeat(150)}x] }`)],
];

test("common mistakes are answered as in the golden file (GOLDEN=1 rewrites it)", () => {
  const said = MISTAKES.map(([why, text]) => {
    const read = readConfig(text, "shirase.yaml");
    return `=== ${why}\n${"problems" in read ? formatProblems(read.problems) : "NOTHING IS SAID"}\n`;
  }).join("\n");
  if (process.env["GOLDEN"] === "1") writeFileSync(GOLDEN, said);
  assert.equal(said, readFileSync(GOLDEN, "utf8"));
});

suite("every mistake has a place and no secret", () => {
  for (const [why, text] of MISTAKES) {
    test(why, () => {
      const read = readConfig(text, "shirase.yaml");
      assert.ok("problems" in read && read.problems.length > 0);
      const lines = text.split("\n");
      for (const { line, column } of read.problems) {
        assert.ok(line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? "").length + 1);
      }
      assert.doesNotMatch(JSON.stringify(read) + formatProblems(read.problems), /abcdef|correct horse/);
    });
  }
});
