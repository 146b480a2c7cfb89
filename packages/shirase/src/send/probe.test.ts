import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { topicRules } from "@shirase/cdk/hub-pattern";
import { Config } from "@shirase/core/config";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { UserError } from "../user-error.ts";
import { lookFor, newMark, type Probe, placesOf, tells } from "./probe.ts";

function customer(more: object): ResolvedCustomer {
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

const TWO = { accounts: ["222222222222", { id: "333333333333", name: "acme-prod" }] };

suite("where a customer's tests are sent from", () => {
  type Wish = { readonly account?: string; readonly region?: string };
  const rows: ReadonlyArray<readonly [why: string, customer: object, wish: Wish, want: readonly string[] | RegExp]> = [
    ["the one account, the hub's region", {}, {}, ["222222222222 ap-northeast-1"]],
    [
      "every region that has the rule",
      { regions: ["ap-northeast-1", "us-east-1"] },
      {},
      ["222222222222 ap-northeast-1", "222222222222 us-east-1"],
    ],
    [
      "only the region that was named",
      { regions: ["ap-northeast-1", "us-east-1"] },
      { region: "us-east-1" },
      ["222222222222 us-east-1"],
    ],
    ["an account by its id", TWO, { account: "222222222222" }, ["222222222222 ap-northeast-1"]],
    ["an account by its name", TWO, { account: "acme-prod" }, ["333333333333 ap-northeast-1"]],
    [
      "of several accounts none is guessed",
      TWO,
      {},
      /several accounts.*--account: 222222222222, 333333333333 \(acme-prod\)/,
    ],
    [
      "a delegated administrator sends alone",
      { ...TWO, delegatedAdmin: "333333333333" },
      {},
      ["333333333333 ap-northeast-1"],
    ],
    [
      "its members send nothing",
      { ...TWO, delegatedAdmin: "333333333333" },
      { account: "222222222222" },
      /sends nothing from there. It sends from 333333333333/,
    ],
    ["a stranger's account", {}, { account: "999999999999" }, /--account 999999999999/],
    ["a region without a rule", {}, { region: "eu-west-1" }, /no rule there. Its regions are ap-northeast-1/],
  ];
  for (const [why, more, wish, want] of rows) {
    test(why, () => {
      const places = (): readonly string[] =>
        placesOf(customer(more), wish).map(({ accountId, region }) => `${accountId} ${region}`);
      if (!(want instanceof RegExp)) return assert.deepEqual(places(), want);
      assert.throws(places, (error) => error instanceof UserError && error.exitCode === 2 && want.test(error.message));
    });
  }
});

suite("a mark", () => {
  test("has letters that are no word, no other letter and no markup", () => {
    let next = 0;
    const marks = Array.from({ length: 27 }, () => newMark((limit) => next++ % limit));
    for (const mark of marks) assert.match(mark, /^shirase-[bcdfghjkmnpqrstvwxz2-9]{8}$/);
    assert.equal(new Set(marks).size, marks.length);
  });
});

const PLACE = { accountId: "222222222222", region: "ap-northeast-1", mark: "shirase-k7m2x9qd" };
const EVENT: Probe = { ...PLACE, kind: "test event" };
const FINDING: Probe = { ...PLACE, kind: "test finding" };
const SENT_AT = new Date("2026-11-20T03:00:00.700Z");

/** What the hub's own rule makes of a test event for Amazon Q, in a message of another app's. */
function byAmazonQ(account: string, region: string, time: string): object {
  const rules = topicRules(customer({ delivery: "amazon-q" }));
  const input = "rules" in rules ? rules.rules.find(({ name }) => name.endsWith("-test"))?.input : undefined;
  assert.ok(input);
  const values: Readonly<Record<string, string>> = { "$.account": account, "$.region": region, "$.time": time };
  const filled = input.template.replaceAll(/<(\w+)>/g, (_, name: string) => values[input.paths[name] ?? ""] ?? "");
  const { title, description } = JSON.parse(filled).content;
  return { ts: "1795143601.000100", bot_id: "B0OTHER", attachments: [{ title, text: description }] };
}

suite("a probe's message", () => {
  const inBlocks = [{ type: "section", fields: [{ type: "mrkdwn", text: "*Mark*\n`shirase-k7m2x9qd`" }] }];
  const rows: ReadonlyArray<readonly [why: string, message: object, probe: Probe, want: boolean]> = [
    ["the relay's card, inside an attachment", { attachments: [{ blocks: inBlocks }] }, EVENT, true],
    ["a finding's title, whoever posts it", { text: "Security Hub: shirase test shirase-k7m2x9qd" }, FINDING, true],
    ["another probe's mark", { text: "shirase-k7m2x9qf" }, EVENT, false],
    [
      "Amazon Q's: account, region and time",
      byAmazonQ("222222222222", "ap-northeast-1", "2026-11-20T03:00:00Z"),
      EVENT,
      true,
    ],
    [
      "a time that the crossing moved by seconds",
      byAmazonQ("222222222222", "ap-northeast-1", "2026-11-20T03:00:09Z"),
      EVENT,
      true,
    ],
    ["an earlier test", byAmazonQ("222222222222", "ap-northeast-1", "2026-11-20T02:59:59Z"), EVENT, false],
    ["a later test", byAmazonQ("222222222222", "ap-northeast-1", "2026-11-20T03:00:16Z"), EVENT, false],
    ["another account's", byAmazonQ("333333333333", "ap-northeast-1", "2026-11-20T03:00:00Z"), EVENT, false],
    ["another region's", byAmazonQ("222222222222", "us-east-1", "2026-11-20T03:00:00Z"), EVENT, false],
    [
      "a finding is known by its mark alone",
      byAmazonQ("222222222222", "ap-northeast-1", "2026-11-20T03:00:00Z"),
      FINDING,
      false,
    ],
  ];
  for (const [why, message, probe, want] of rows) test(why, () => assert.equal(tells(message, probe, SENT_AT), want));
});

suite("what a person looks for", () => {
  const rows: ReadonlyArray<readonly [why: string, probe: Probe, delivery: "relay" | "amazon-q", want: string]> = [
    ["the relay's card", EVENT, "relay", "shirase-k7m2x9qd on a card of 222222222222, ap-northeast-1"],
    [
      "Amazon Q shows no mark of a test event",
      EVENT,
      "amazon-q",
      "Amazon Q's test message of 222222222222 in ap-northeast-1, sent at 2026-11-20T03:00:00Z",
    ],
    [
      "a finding's title",
      FINDING,
      "amazon-q",
      "shirase-k7m2x9qd in the title of a finding of 222222222222, ap-northeast-1",
    ],
  ];
  for (const [why, probe, delivery, want] of rows) {
    test(why, () => assert.equal(lookFor(probe, SENT_AT, delivery), want));
  }
});
