import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CROSSING_CONFIG } from "@shirase/testkit/crossing";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { crossedEvents, eventSamples, sampleEvent } from "@shirase/testkit/events";
import { Config } from "./config.ts";
import { type Decision, decide, type Verdict } from "./decide.ts";
import { type Envelope, readEnvelope } from "./event.ts";
import { prepare } from "./prepare.ts";
import type { Reason } from "./reason.ts";

const prepared = prepare(Config.parse(SAMPLE_CONFIG));
const now = new Date("2026-11-23T00:00:00Z");

type Changes = { readonly [key: string]: unknown };

function eventOf(file: string, envelope: Changes = {}, finding: Changes = {}): Envelope {
  const json = sampleEvent(file);
  const detail = json["detail"] as { readonly findings?: readonly Changes[] };
  const findings = detail.findings?.map((one) => ({ ...one, ...finding }));
  const read = readEnvelope({ ...json, detail: { ...detail, ...(findings ? { findings } : {}) }, ...envelope });
  if ("problem" in read) throw new Error(`${file}: ${read.problem.message}`);
  return read.event;
}

function owned(decision: Decision): Extract<Decision, { readonly customerId: string }> {
  assert.ok("customerId" in decision, "quarantine" in decision ? decision.quarantine : "");
  return decision;
}

function onlyVerdict(decision: Decision): Verdict {
  const [verdict, ...others] = owned(decision).verdicts;
  assert.ok(verdict && others.length === 0);
  return verdict;
}

function lastOf(reasons: readonly Reason[]): readonly [step: string, held: boolean] {
  const last = reasons.at(-1);
  return [last?.step ?? "", last?.held ?? false];
}

suite("decide, over every sample event", () => {
  for (const { file, case: why, expect } of eventSamples()) {
    test(`${why} (${file} -> ${expect.card ? "a card" : "nothing"})`, () => {
      const { reasons, verdicts } = owned(decide(eventOf(file), {}, prepared, now));
      const last = (verdicts[0]?.reasons ?? reasons).at(-1);
      assert.equal(verdicts.flatMap(({ notices }) => notices).length, expect.card ? 1 : 0, last?.because);
      assert.equal(last?.held, expect.card);
    });
  }

  for (const { file, expect } of eventSamples()) {
    if (expect.sameAs === undefined) continue;
    test(`${file} tells the same problem as ${expect.sameAs}`, () => {
      const keys = [file, expect.sameAs ?? ""].map((name) => {
        return onlyVerdict(decide(eventOf(name), {}, prepared, now)).finding.key;
      });
      assert.equal(keys[0], keys[1]);
    });
  }

  test("problems that are not the same have different keys", () => {
    const originals = eventSamples().filter(({ expect }) => expect.sameAs === undefined);
    const decisions = originals.map(({ file }) => owned(decide(eventOf(file), {}, prepared, now)));
    const keys = decisions.flatMap(({ verdicts }) => verdicts.map(({ finding }) => finding.key));
    assert.equal(new Set(keys).size, keys.length);
  });
});

suite("decide, over events that crossed accounts", () => {
  const crossing = prepare(Config.parse(CROSSING_CONFIG));
  for (const { file, case: why, bus, expect } of crossedEvents()) {
    const becomes = expect.told ? "told" : expect.quarantined ? "quarantine" : "nothing";
    test(`${why} (${file} -> ${becomes})`, () => {
      const decision = decide(eventOf(file), { bus }, crossing, now);
      const verdicts = "verdicts" in decision ? decision.verdicts : [];
      const isIsolated = "quarantine" in decision || verdicts.some(({ quarantine }) => quarantine !== undefined);
      assert.equal(isIsolated, expect.quarantined);
      const told = verdicts.flatMap(({ notices }) => notices);
      const { customers } = CROSSING_CONFIG;
      const channels = customers
        .filter(({ id }) => expect.told && id === expect.owner)
        .map(({ slack }) => slack.channel);
      assert.deepEqual(
        told.map(({ channelId }) => channelId),
        channels,
      );
    });
  }
});

suite("decide, step by step", () => {
  const control = "securityhub/lifecycle/01-new.json";
  const guardDuty = "guardduty/01-new.json";
  const cases: ReadonlyArray<
    readonly [why: string, event: Envelope, bus: string | undefined, step: Reason["step"], held: boolean]
  > = [
    ["a customer's CRITICAL is told", eventOf(control), undefined, "channel", true],
    ["it may come on the customer's bus", eventOf(control), "shirase-acme", "channel", true],
    [
      "a source the customer did not name is not told",
      eventOf(guardDuty, { account: "555555555555" }),
      undefined,
      "source",
      false,
    ],
    ["a source shirase does not know is not told", eventOf(control, { source: "my.app" }), undefined, "source", false],
    [
      "a heartbeat is never told",
      eventOf(control, { source: "shirase.heartbeat", "detail-type": "Heartbeat" }),
      undefined,
      "source",
      false,
    ],
    [
      "a Config rule of Security Hub's own is told by Security Hub",
      eventOf("config/01-non-compliant.json", { detail: { configRuleName: "securityhub-s3-bucket-0a1b" } }),
      undefined,
      "state",
      false,
    ],
    [
      "what Amazon Q posts is not posted twice",
      eventOf(control, { account: "666666666666" }, { AwsAccountId: "666666666666" }),
      undefined,
      "channel",
      false,
    ],
    [
      "a filter holds back what it names",
      eventOf(control, { account: "555555555555" }, { AwsAccountId: "555555555555", ProductName: "Macie" }),
      undefined,
      "filter",
      false,
    ],
    [
      "and lets the rest through",
      eventOf(control, { account: "555555555555" }, { AwsAccountId: "555555555555" }),
      undefined,
      "channel",
      true,
    ],
    [
      "what a person sent from the console is told though it passed",
      eventOf("securityhub/custom-action.json", {}, { Compliance: { Status: "PASSED" }, Severity: { Label: "LOW" } }),
      undefined,
      "channel",
      true,
    ],
  ];
  for (const [why, event, bus, step, held] of cases) {
    test(`${why} (${step} ${held ? "yes" : "no"})`, () => {
      const { reasons, verdicts } = owned(decide(event, { bus }, prepared, now));
      assert.deepEqual(lastOf(verdicts[0]?.reasons ?? reasons), [step, held]);
      assert.equal(verdicts[0]?.notices.length ?? 0, held ? 1 : 0);
    });
  }

  test("a test event is told whatever the pattern and the severities say", () => {
    const event = eventOf(control, { source: "shirase.test", "detail-type": "Test", detail: {} });
    const verdict = onlyVerdict(decide(event, {}, prepared, now));
    assert.equal(verdict.finding.kind, "test");
    assert.equal(verdict.notices.length, 1);
  });

  test("a test event of nobody's account is not told either", () => {
    const event = eventOf(control, { source: "shirase.test", account: "999999999999", detail: {} });
    assert.ok("quarantine" in decide(event, {}, prepared, now));
  });

  test("a member's finding from its administrator is the member's", () => {
    const event = eventOf("securityhub/same-cause/06-delegated-admin-copy.json");
    const { finding, notices } = onlyVerdict(decide(event, {}, prepared, now));
    assert.equal(finding.accountId, "222222222222");
    assert.equal(notices[0]?.channelId, "C0ACME00000");
  });

  test("of an event with two accounts' findings the stranger's goes to quarantine alone", () => {
    const base = eventOf(control);
    const [finding] = base.raw["detail"] ? (base.detail["findings"] as readonly Changes[]) : [];
    const findings = [finding, { ...finding, AwsAccountId: "555555555555" }];
    const { verdicts } = owned(decide(eventOf(control, { detail: { findings } }), {}, prepared, now));
    assert.deepEqual(
      verdicts.map(({ notices, quarantine }) => [notices.length, quarantine?.includes("555555555555") ?? false]),
      [
        [1, false],
        [0, true],
      ],
    );
  });

  test("a filter sees one finding at a time: another's fields must not let it through", () => {
    const base = eventOf(control, { account: "555555555555" }, { AwsAccountId: "555555555555" });
    const [finding] = base.detail["findings"] as readonly Changes[];
    const findings = [finding, { ...finding, ProductName: "Macie" }];
    const event = eventOf(control, { account: "555555555555", detail: { findings } });
    const { verdicts } = owned(decide(event, {}, prepared, now));
    assert.deepEqual(
      verdicts.map(({ notices }) => notices.length),
      [1, 0],
    );
  });

  test("a pattern that refuses says at which field", () => {
    const event = eventOf(control, {}, { Severity: { Label: "MEDIUM" } });
    const refusal = onlyVerdict(decide(event, {}, prepared, now)).reasons.at(-1);
    assert.equal(refusal?.step, "pattern");
    assert.match(refusal?.because ?? "", /Severity/);
  });

  test("every notice says when it was decided and for which event", () => {
    const event = eventOf(control);
    const [notice] = onlyVerdict(decide(event, {}, prepared, now)).notices;
    assert.deepEqual([notice?.eventId, notice?.decidedAt, notice?.customerId], [event.id, now, "acme"]);
  });
});
