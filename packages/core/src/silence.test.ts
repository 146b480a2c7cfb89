import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { sampleEvent } from "@shirase/testkit/events";
import { Config } from "./config.ts";
import { type Decision, decide } from "./decide.ts";
import { readEnvelope } from "./event.ts";
import { prepare } from "./prepare.ts";
import { configSilences, newSilence, silencedBy, silenceEnd, silenceFault, silenceStart } from "./silence.ts";

const now = new Date("2026-11-23T00:00:00Z");

suite("the times of a silence", () => {
  const cases: ReadonlyArray<readonly [text: string, zone: string, start: string, end: string]> = [
    ["2026-11-27", "UTC", "2026-11-27T00:00:00.000Z", "2026-11-28T00:00:00.000Z"],
    ["2026-11-27", "Asia/Tokyo", "2026-11-26T15:00:00.000Z", "2026-11-27T15:00:00.000Z"],
    // The day on which the clocks of Berlin go back has 25 hours.
    ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
    ["2026-12-31", "America/New_York", "2026-12-31T05:00:00.000Z", "2027-01-01T05:00:00.000Z"],
    ["2026-11-27T18:00+09:00", "UTC", "2026-11-27T09:00:00.000Z", "2026-11-27T09:00:00.000Z"],
    ["2026-11-27T18:00:30Z", "Asia/Tokyo", "2026-11-27T18:00:30.000Z", "2026-11-27T18:00:30.000Z"],
  ];
  for (const [text, zone, start, end] of cases) {
    test(`${text} in ${zone}`, () => {
      assert.equal(silenceStart(text, zone).toISOString(), start);
      assert.equal(silenceEnd(text, zone).toISOString(), end);
    });
  }

  test("it ends after it began, and at most 90 days later, though the clocks go back meanwhile", () => {
    const lasts = (from: string, until: string) =>
      silenceFault({ from: silenceStart(from, "Europe/Berlin"), until: silenceEnd(until, "Europe/Berlin") });
    assert.equal(lasts("2026-08-01", "2026-10-29"), undefined);
    assert.equal(lasts("2026-08-01", "2026-10-30"), "too-long");
    assert.equal(lasts("2026-08-02", "2026-08-01"), "ends-first");
  });
});

suite("a silence in the config", () => {
  const finding = sampleEvent("securityhub/lifecycle/01-new.json");
  const control = { detail: { findings: { Compliance: { SecurityControlId: ["EC2.19", "S3.8"] } } } };
  const everything = { source: ["aws.securityhub"] };

  function decided(match: object, from: string, until: string, at = now): Decision {
    const silences = [{ match, owner: "ana", reason: "moving house", from, until }];
    const customers = SAMPLE_CONFIG.customers.map((one) => ({ ...one, silences }));
    const read = readEnvelope(finding);
    if ("problem" in read) throw new Error(read.problem.message);
    return decide(read.event, {}, prepare(Config.parse({ ...SAMPLE_CONFIG, customers })), at);
  }

  function only(decision: Decision) {
    assert.ok("customerId" in decision);
    const [verdict] = decision.verdicts;
    assert.ok(verdict);
    return verdict;
  }

  test("what matches is remembered and not told, and the reason names who, until when, why", () => {
    const { notices, known, reasons } = only(decided(everything, "2026-11-22", "2026-11-23"));
    assert.deepEqual([notices.length, known?.standing, known?.toldSeverity], [0, "open", undefined]);
    assert.match(reasons.at(-1)?.because ?? "", /^ana silenced it until 2026-11-2\dT\d\d:00Z: moving house$/);
    assert.ok(silencedBy(reasons)?.startsWith("config-"));
  });

  const told: ReadonlyArray<readonly [why: string, match: object, from: string, until: string]> = [
    ["it has not begun", everything, "2026-11-25", "2026-11-26"],
    ["it is over", everything, "2026-11-20", "2026-11-21"],
    ["it is about something else", { source: ["aws.health"] }, "2026-11-20", "2026-11-30"],
  ];
  for (const [why, match, from, until] of told) {
    test(`it holds nothing back when ${why}`, () => {
      const { notices, reasons } = only(decided(match, from, until));
      assert.equal(notices.length, 1);
      assert.equal(silencedBy(reasons), undefined);
    });
  }

  test("told before it began, the end is told while it holds", () => {
    const first = only(decided(everything, "2026-11-25", "2026-11-26"));
    const read = readEnvelope(sampleEvent("securityhub/lifecycle/01-new.json"));
    if ("problem" in read) throw new Error(read.problem.message);
    const { detail, raw } = read.event;
    const [one] = detail["findings"] as readonly Readonly<Record<string, unknown>>[];
    const passed = {
      ...one,
      Compliance: { ...(one?.["Compliance"] as object), Status: "PASSED" },
      Workflow: { Status: "RESOLVED" },
      UpdatedAt: "2026-11-25T10:00:00Z",
    };
    const event = { ...raw, id: "later", time: "2026-11-25T10:00:00Z", detail: { ...detail, findings: [passed] } };
    const later = readEnvelope(event);
    if ("problem" in later) throw new Error(later.problem.message);
    const silences = [
      { match: everything, owner: "ana", reason: "moving house", from: "2026-11-25", until: "2026-11-26" },
    ];
    const customers = SAMPLE_CONFIG.customers.map((entry) => ({ ...entry, silences }));
    const prepared = prepare(Config.parse({ ...SAMPLE_CONFIG, customers }));
    const decision = decide(later.event, {}, prepared, new Date("2026-11-25T12:00:00Z"), () => first.known);
    assert.deepEqual(
      only(decision).notices.map(({ news }) => news),
      ["resolved"],
    );
  });

  test("its id stays the same wherever it stands, and changes with what it says", () => {
    const one = { match: control, owner: "ana", reason: "a", from: "2026-11-20", until: "2026-11-30" } as const;
    const other = { ...one, reason: "b" };
    const ids = (silences: readonly (typeof one | typeof other)[]) =>
      configSilences({ id: "acme", timezone: "UTC", silences: [...silences] }).map(({ id }) => id);
    assert.deepEqual(ids([one, other]), ids([other, one]).toReversed());
    assert.equal(new Set(ids([one, other])).size, 2);
  });
});

suite("a silence made by hand", () => {
  const good = {
    id: "s1",
    customerId: "acme",
    match: '{ "source": ["aws.securityhub"] }',
    owner: " ana ",
    reason: "moving",
    from: now,
    until: new Date(now.getTime() + 3_600_000),
  };

  test("its pattern is one line, its words are trimmed", () => {
    assert.deepEqual(newSilence(good), {
      silence: { ...good, match: '{"source":["aws.securityhub"]}', owner: "ana" },
    });
  });

  const bad: ReadonlyArray<readonly [why: string, over: Partial<typeof good>, field: string, says: RegExp]> = [
    ["no JSON", { match: "{" }, "match", /^The pattern is no JSON: /],
    ["no object", { match: "[]" }, "match", /must be a JSON object/],
    ["no pattern", { match: '{"source":"aws.securityhub"}' }, "match", /none that EventBridge takes/],
    ["nobody", { owner: "  " }, "owner", /Name who answers/],
    ["two lines", { reason: "a\nb" }, "reason", /on one line/],
    ["no reason", { reason: "" }, "reason", /Say why/],
    ["over", { until: now }, "until", /over already/],
    ["too long", { until: new Date("2027-03-01T00:00:00Z") }, "until", /90 days at most/],
  ];
  for (const [why, over, field, says] of bad) {
    test(`refused: ${why}`, () => {
      const made = newSilence({ ...good, ...over });
      assert.ok("problem" in made);
      assert.equal(made.problem.field, field);
      assert.match(made.problem.message, says);
    });
  }
});
