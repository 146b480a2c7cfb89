import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { eventSamples, sampleEvent } from "@shirase/testkit/events";
import fc from "fast-check";
import { compose, type Message, noticeMetadata } from "./compose.ts";
import { Config } from "./config.ts";
import { causeKeyOf, type Notice } from "./decide.ts";
import { type JsonObject, readEnvelope } from "./event.ts";
import type { Finding } from "./finding.ts";
import { prepare } from "./prepare.ts";
import { readFindings } from "./read.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { assertSound, isGoldenCard } from "./sound-message.contract.ts";
import { renderMessage } from "./terminal.ts";
import type { Language } from "./text/wording.ts";

const { customers } = prepare(Config.parse(SAMPLE_CONFIG));
const acme = customerOf("acme");

function customerOf(id: string): ResolvedCustomer {
  const customer = customers.get(id);
  if (!customer) throw new Error(`no customer ${id} in the sample config`);
  return customer;
}

function findingsOf(json: unknown): readonly Finding[] {
  const read = readEnvelope(json);
  return "event" in read ? readFindings(read.event) : [];
}

function only(file: string): Finding {
  const [finding] = findingsOf(sampleEvent(file));
  if (!finding) throw new Error(`${file} holds no finding`);
  return finding;
}

function cardOf(finding: Finding, customer: ResolvedCustomer, language: Language): Message {
  const notice: Notice = {
    customerId: customer.id,
    channelId: customer.slack.channel,
    news: "opened",
    key: finding.key,
    causeKey: causeKeyOf(finding.key),
    severity: finding.severity,
    openedAt: finding.firstSeenAt,
    finding,
    eventId: "e1",
    decidedAt: new Date("2026-11-20T01:12:15Z"),
  };
  return compose(notice, customer, { language });
}

suite("cards, as in the golden files (GOLDEN=1 rewrites them)", () => {
  const cards: ReadonlyArray<readonly [name: string, file: string]> = [
    ["control", "securityhub/lifecycle/01-new.json"],
    ["control-ocsf", "securityhub-v2/01-compliance-new.json"],
    ["root-user", "securityhub/same-cause/03-global-resource-tokyo.json"],
    ["passed", "securityhub/lifecycle/05-passed.json"],
    ["guardduty", "guardduty/02-more-occurrences.json"],
    ["attack-sequence", "guardduty/03-attack-sequence-critical.json"],
    ["sample", "securityhub/products/guardduty-sample.json"],
    ["vulnerability", "inspector2/01-active.json"],
    ["exposure", "securityhub-v2/07-exposure.json"],
    ["sensitive-data", "macie/01-credentials.json"],
    ["public-bucket", "access-analyzer/01-active.json"],
    ["retirement", "health/03-scheduled-retirement.json"],
    ["alarm", "cloudwatch/01-alarm.json"],
    ["exposed-key", "trustedadvisor/01-error.json"],
    ["cost", "ce/01-anomaly.json"],
    ["insight", "securityhub/insight-results.json"],
    ["hostile", "securityhub/hostile.json"],
    ["test", "shirase/01-test.json"],
  ];
  for (const [name, file] of cards) {
    test(`${name} (${file})`, () => {
      const [en, ja] = (["en", "ja"] as const).map((language) => cardOf(only(file), acme, language));
      assert.ok(en && ja);
      const drawn = [en, ja].map((card) => `${card.text}\n\n${renderMessage(card, { width: 88, color: false })}\n`);
      isGoldenCard(`${name}.json`, `${JSON.stringify({ en, ja }, null, 1)}\n`);
      isGoldenCard(`${name}.txt`, drawn.join("\n\n"));
    });
  }
});

suite("a card", () => {
  const control = only("securityhub/lifecycle/01-new.json");

  const calls: ReadonlyArray<readonly [why: string, change: Partial<Finding>, isCalled: boolean]> = [
    ["CRITICAL calls the people on duty", {}, true],
    ["HIGH has nobody to call in this config", { severity: "HIGH" }, false],
    ["nobody gets up for what is fixed", { seen: "passing" }, false],
    ["nor for a sample", { isSample: true }, false],
  ];
  for (const [why, change, isCalled] of calls) {
    test(why, () => {
      const card = JSON.stringify(cardOf({ ...control, ...change }, acme, "en"));
      assert.equal(card.includes("<!subteam^S0ONCALL000>"), isCalled);
    });
  }

  test("the config's name of an account comes before the finding's", () => {
    const card = cardOf({ ...control, accountId: "333333333333", accountName: "liar" }, acme, "en");
    assert.match(card.text, /acme-staging/);
    assert.doesNotMatch(JSON.stringify(card), /liar/);
  });

  test("a customer's name is escaped like any other text", () => {
    const card = cardOf(control, customerOf("globex"), "en");
    assert.match(card.text, /Globex &amp; Sons &lt;Ltd&gt;/);
  });

  test("how many resources there are is said in the reader's language", () => {
    const many = { ...control, resourceCount: 14 };
    assert.match(JSON.stringify(cardOf(many, acme, "en")), /and 13 more/);
    assert.match(JSON.stringify(cardOf(many, acme, "ja")), /ほか13件/);
  });

  test("times have a fallback in the customer's zone", () => {
    assert.match(JSON.stringify(cardOf(control, acme, "en")), /<!date\^1795137129\^[^|]*\|2026-11-20 10:12 GMT\+9>/);
  });

  test("what must be seen at once is above the part that Slack folds", () => {
    const { blocks } = cardOf(control, acme, "en");
    const seen = JSON.stringify(blocks);
    for (const word of ["CRITICAL", "Security groups", "株式会社アクメ", "222222222222"])
      assert.ok(seen.includes(word));
  });

  test("its metadata is what Slack takes: a word and flat values", () => {
    assert.deepEqual(noticeMetadata("d1", "acme", 1), {
      event_type: "shirase_notice",
      event_payload: { delivery: "d1", customer: "acme", counted: 1 },
    });
  });
});

suite("every card is within Slack's limits and says nothing a finding told it to", () => {
  test("of every sample, in both languages, for every customer", () => {
    for (const { file } of eventSamples()) {
      for (const finding of findingsOf(sampleEvent(file))) {
        for (const customer of customers.values()) {
          for (const language of ["en", "ja"] as const) assertSound(cardOf(finding, customer, language), customer);
        }
      }
    }
  });

  test("of every sample with its texts replaced by tricks", () => {
    const trick = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.constantFrom("<!channel>", "<@U0123456789>", "`", "*", "<https://a|b>", "&", "\u202e", "\u0000", "\n\n", "|"),
      fc.string({ unit: fc.constantFrom("<", ">", "&", "`", "!", "|", "😀", "漢"), maxLength: 4000 }),
    );
    const files = eventSamples().map(({ file }) => file);
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(trick, { minLength: 1, maxLength: 5 }), (file, tricks) => {
        for (const finding of findingsOf(withTexts(sampleEvent(file), tricks))) {
          const card = cardOf(finding, acme, "ja");
          assertSound(card, acme);
          assert.doesNotMatch(renderMessage(card, { width: 60, color: false }), /(?!\n)\p{Cc}/u);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** A copy of an event whose texts below `detail` are tricks, except ids that decide where it is read. */
function withTexts(json: unknown, tricks: readonly string[]): unknown {
  let count = 0;
  const replace = (value: unknown, key: string): unknown => {
    if (typeof value === "string") {
      const isPlace = /^(?:AwsAccountId|Region|RecordState|region|Status|status)$/.test(key);
      return isPlace ? value : value.slice(0, 8) + tricks[count++ % tricks.length];
    }
    if (Array.isArray(value)) return value.map((item) => replace(item, ""));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replace(item, name)]));
  };
  const event = json as JsonObject;
  return { ...event, detail: replace(event["detail"], "detail") };
}
