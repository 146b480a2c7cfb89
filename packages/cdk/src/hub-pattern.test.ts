import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { matches, type Pattern, parsePattern } from "@shirase/event-pattern";
import { type HubRule, relayRules, topicRules } from "./hub-pattern.ts";

const LONGEST_PATTERN = 2048;

function customer(more: Readonly<Record<string, unknown>> = {}): ResolvedCustomer {
  const one = { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...more };
  const config = Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1" },
    slack: { workspace: "T0123456789" },
    customers: [one],
  });
  const [read] = config.customers;
  assert.ok(read);
  return resolveCustomer(config, read);
}

function parsed(rule: HubRule): Pattern {
  const text = JSON.stringify(rule.pattern);
  assert.ok(text.length <= LONGEST_PATTERN, `${rule.name}: ${text.length} characters`);
  const read = parsePattern(text);
  assert.ok("pattern" in read, text);
  return read.pattern;
}

function rulesForTopic(one: ResolvedCustomer): readonly HubRule[] {
  const read = topicRules(one);
  assert.ok("rules" in read, "problem" in read ? read.problem : "");
  return read.rules;
}

/** The names of the rules an event sets off. */
function fired(rules: readonly HubRule[], event: object): readonly string[] {
  return rules.filter((rule) => matches(parsed(rule), event)).map(({ name }) => name);
}

function event(account: string, source: string, detailType: string, productName = "Security Hub"): object {
  return { account, source, "detail-type": detailType, detail: { findings: [{ ProductName: productName }] } };
}

const FINDING = "Security Hub Findings - Imported";
const noMacie = { detail: { findings: { ProductName: [{ "anything-but": ["Macie"] }] } } };
const onlySecurityHub = { source: ["aws.securityhub", "shirase.heartbeat"], ...noMacie };

suite("who is heard", () => {
  type Row = readonly [
    why: string,
    delivery: "relay" | "amazon-q",
    filter: object | undefined,
    event: object,
    want: string[],
  ];
  const relay = ["shirase-acme-relay"];
  const q = ["shirase-acme-amazon-q"];
  const rows: readonly Row[] = [
    ["the relay hears a finding", "relay", undefined, event("222222222222", "aws.securityhub", FINDING), relay],
    ["the relay hears heartbeats", "relay", undefined, event("222222222222", "shirase.heartbeat", "Heartbeat"), relay],
    [
      "the relay filters for itself",
      "relay",
      noMacie,
      event("222222222222", "aws.securityhub", FINDING, "Macie"),
      relay,
    ],
    [
      "another account on the same bus is not this customer's",
      "relay",
      undefined,
      event("333333333333", "aws.securityhub", FINDING),
      [],
    ],
    ["a topic hears a finding", "amazon-q", undefined, event("222222222222", "aws.securityhub", FINDING), q],
    [
      "a topic of another customer does not",
      "amazon-q",
      undefined,
      event("333333333333", "aws.securityhub", FINDING),
      [],
    ],
    [
      "mail about heartbeats is noise",
      "amazon-q",
      undefined,
      event("222222222222", "shirase.heartbeat", "Heartbeat"),
      [],
    ],
    [
      "a test is put in Amazon Q's words",
      "amazon-q",
      undefined,
      event("222222222222", "shirase.test", "Test"),
      ["shirase-acme-test"],
    ],
    [
      "the filter is part of the rule",
      "amazon-q",
      noMacie,
      event("222222222222", "aws.securityhub", FINDING, "Macie"),
      [],
    ],
    ["what the filter lets pass is told", "amazon-q", noMacie, event("222222222222", "aws.securityhub", FINDING), q],
    [
      "a filter by source keeps heartbeats out too",
      "amazon-q",
      onlySecurityHub,
      event("222222222222", "shirase.heartbeat", "Heartbeat"),
      [],
    ],
    [
      "a filter of alternatives",
      "amazon-q",
      { $or: [noMacie, { source: ["aws.health"] }] },
      event("222222222222", "aws.health", "AWS Health Event", "Macie"),
      q,
    ],
  ];
  for (const [why, delivery, filter, sent, want] of rows) {
    test(why, () => {
      const one = customer({ delivery, ...(filter && { filter }) });
      assert.deepEqual(fired(delivery === "relay" ? relayRules(one) : rulesForTopic(one), sent), want);
    });
  }
});

suite("a delegated administrator's findings, by Amazon Q", () => {
  const ADMIN = "666666666666";
  const MEMBER = "777777777777";
  const FOREIGN = "999999999999";
  const base = { delivery: "amazon-q", accounts: [ADMIN, MEMBER], delegatedAdmin: ADMIN };
  const asff = (about: string, from = ADMIN, product = "Security Hub"): object => ({
    account: from,
    source: "aws.securityhub",
    "detail-type": FINDING,
    detail: { findings: [{ AwsAccountId: about, ProductName: product }] },
  });
  const ocsf = (about: string): object => ({
    account: ADMIN,
    source: "aws.securityhub",
    "detail-type": "Findings Imported V2",
    detail: { findings: [{ cloud: { account: { uid: about } }, metadata: { product: { name: "Inspector" } } }] },
  });
  const both = { sources: ["security-hub", "guardduty"] };
  const guardDuty = (from: string): object => ({
    account: from,
    source: "aws.guardduty",
    "detail-type": "GuardDuty Finding",
    detail: { severity: 8 },
  });
  const deep = { detail: { findings: { $or: [{ ProductName: ["Security Hub"] }, { Title: ["x"] }] } } };
  const top = { $or: [noMacie, { source: ["aws.health"] }] };
  const rows: ReadonlyArray<readonly [why: string, more: object, sent: object, times: number]> = [
    ["about a member", {}, asff(MEMBER), 1],
    ["about itself", {}, asff(ADMIN), 1],
    ["about an account of another customer's", {}, asff(FOREIGN), 0],
    ["about a member, in OCSF", {}, ocsf(MEMBER), 1],
    ["about another's account, in OCSF", {}, ocsf(FOREIGN), 0],
    ["a member by itself, past its administrator", {}, asff(MEMBER, MEMBER), 0],
    ["what the filter keeps out", { filter: noMacie }, asff(MEMBER, ADMIN, "Macie"), 0],
    ["what the filter lets pass", { filter: noMacie }, asff(MEMBER), 1],
    ["another's account is none the better for the filter", { filter: noMacie }, asff(FOREIGN), 0],
    ["alternatives in the filter's findings", { filter: deep }, asff(MEMBER), 1],
    ["the same, about another's account", { filter: deep }, asff(FOREIGN), 0],
    ["alternatives at the filter's top", { filter: top }, asff(MEMBER), 1],
    ["the same at the top, about another's account", { filter: top }, asff(FOREIGN), 0],
    ["what is no finding of Security Hub's, by the administrator", both, guardDuty(ADMIN), 1],
    ["and by a member", both, guardDuty(MEMBER), 1],
    ["a member's own Security Hub, where members send as well", both, asff(MEMBER, MEMBER), 1],
    ["another's account, where members send as well", both, asff(FOREIGN), 0],
  ];
  for (const [why, more, sent, times] of rows) {
    test(`${why}: ${times === 1 ? "told" : "not told"}`, () => {
      assert.equal(fired(rulesForTopic(customer({ ...base, ...more })), sent).length, times);
    });
  }

  test("more members than fit into one rule take more rules, and each is told once", () => {
    const members = Array.from({ length: 200 }, (_, n) => String(200_000_000_000 + n));
    const rules = rulesForTopic(customer({ ...base, accounts: [ADMIN, ...members] }));
    assert.ok(rules.length > 3);
    for (const about of [ADMIN, ...members]) assert.equal(fired(rules, asff(about)).length, 1, about);
    for (const about of members) assert.equal(fired(rules, ocsf(about)).length, 1, about);
    assert.deepEqual(fired(rules, asff(FOREIGN)), []);
    assert.equal(fired(rules, { ...asff(ADMIN), detail: { insightName: "x" } }).length, 1);
  });

  test("a filter that asks for the account itself is refused in words", () => {
    const filter = { detail: { findings: { AwsAccountId: [MEMBER] } } };
    const read = topicRules(customer({ ...base, filter }));
    assert.match("problem" in read ? read.problem : "", /delegated administrator needs for itself/);
  });
});

suite("what AWS allows", () => {
  test("more accounts than fit into one rule take more rules, and none is left out", () => {
    const accounts = Array.from({ length: 400 }, (_, n) => String(200_000_000_000 + n));
    const one = customer({ accounts, delivery: "amazon-q", filter: noMacie });
    for (const rules of [relayRules(one), rulesForTopic(one)]) {
      assert.ok(rules.length > 1);
      assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
      for (const account of accounts) assert.equal(fired(rules, event(account, "aws.securityhub", FINDING)).length, 1);
    }
  });

  test("a test's words are ASCII JSON once their places are filled, Japanese escaped", () => {
    const input = rulesForTopic(customer({ delivery: "amazon-q" })).find(({ name }) => name.endsWith("-test"))?.input;
    assert.ok(input);
    assert.match(input.template, /^[\u0020-\u007e]+$/);
    const filled = input.template.replaceAll(/<(\w+)>/g, (_, name: string) => (name in input.paths ? "here" : "?"));
    const { content } = JSON.parse(filled);
    assert.match(
      content.description,
      /account here in here came all the way; it was sent at here[\s\S]*テストイベント/,
    );
  });

  const refused: ReadonlyArray<readonly [why: string, filter: object, want: RegExp]> = [
    ["accounts are the rule's own", { account: ["222222222222"] }, /Customer acme: `filter` has "account"/],
    ["in an alternative as well", { $or: [{ account: ["222222222222"] }, noMacie] }, /has "account"/],
    ["a filter may be too long", { detail: { x: [..."abcdefghij"].map((letter) => letter.repeat(150)) } }, /too long/],
  ];
  for (const [why, filter, want] of refused) {
    test(why, () => {
      const read = topicRules(customer({ delivery: "amazon-q", filter }));
      assert.match("problem" in read ? read.problem : "", want);
    });
  }
});
