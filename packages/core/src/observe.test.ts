import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Finding, Seen, Severity } from "./finding.ts";
import { type Known, MOST_FLAPS, type News, observe, QUIET_MS, STEPS } from "./observe.ts";

const START = Date.parse("2026-11-20T00:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Telling = {
  readonly seen: Seen;
  readonly severity?: Severity;
  readonly id?: string;
  readonly isTakenOn?: boolean;
  /** Milliseconds after the start: UpdatedAt, and the envelope's time unless said otherwise. */
  readonly at: number;
  readonly sentAt?: number;
};

function findingOf({ seen, severity = "HIGH", id = "a", isTakenOn = false, at }: Telling): Finding {
  return {
    kind: "finding",
    key: "222222222222|ap-northeast-1|EC2.19|sg-1",
    aliases: [id],
    product: "Security Hub",
    cause: "EC2.19",
    accountId: "222222222222",
    region: "ap-northeast-1",
    title: "t",
    description: "",
    severity,
    seen,
    isTakenOn,
    seenBecause: "",
    resources: [{ id: "sg-1", type: "" }],
    standards: [],
    facts: [],
    firstSeenAt: new Date(START),
    updatedAt: new Date(START + at),
    isSample: false,
  };
}

/** Tells them one after the other. */
function after(tellings: readonly Telling[]): { readonly known: Known | undefined; readonly news: readonly News[] } {
  let known: Known | undefined;
  const news = tellings.map((telling) => {
    const observed = observe(known, findingOf(telling), new Date(START + (telling.sentAt ?? telling.at)));
    known = observed.known;
    return observed.news;
  });
  return { known, news };
}

const failing = (at: number, more: Partial<Telling> = {}): Telling => ({ seen: "failing", at, ...more });
const passing = (at: number, more: Partial<Telling> = {}): Telling => ({ seen: "passing", at, ...more });

suite("observe, story by story", () => {
  const stories: ReadonlyArray<readonly [why: string, tellings: readonly Telling[], news: string]> = [
    ["found, told again, fixed", [failing(0), failing(HOUR), passing(2 * HOUR)], "opened repeated resolved"],
    ["fixed before anybody heard of it", [passing(0)], "noted"],
    [
      "worse, then milder",
      [failing(0), failing(HOUR, { severity: "CRITICAL" }), failing(2 * HOUR, { severity: "MEDIUM" })],
      "opened worsened eased",
    ],
    ["back after two days", [failing(0), passing(HOUR), failing(2 * DAY)], "opened resolved reopened"],
    ["back within the quiet period", [failing(0), passing(HOUR), failing(5 * HOUR)], "opened resolved flapped"],
    [
      "suppressed, and not any more",
      [failing(0), { seen: "suppressed", at: HOUR }, failing(2 * HOUR)],
      "opened suppressed reopened",
    ],
    ["an older telling changes nothing", [failing(HOUR), passing(2 * HOUR), failing(0)], "opened resolved repeated"],
    [
      "BatchUpdateFindings leaves UpdatedAt alone: the envelope's time decides",
      [failing(0), { seen: "suppressed", at: 0, sentAt: HOUR }, failing(0)],
      "opened suppressed repeated",
    ],
    [
      "two standards' records: fixed when the last of them passes",
      [failing(0), failing(1, { id: "b" }), passing(HOUR), passing(HOUR + 1, { id: "b" })],
      "opened repeated repeated resolved",
    ],
    [
      "archived and made again under a new Id by the consolidation switch: one problem that goes on",
      [failing(0), { seen: "retired", at: HOUR }, failing(2 * HOUR, { id: "b" })],
      "opened noted repeated",
    ],
    [
      "a record that is silent for two days beside one that is heard is gone",
      [failing(0), failing(0, { id: "b" }), passing(3 * DAY, { id: "b" })],
      "opened repeated resolved",
    ],
    [
      "taken on is no news",
      [failing(0), failing(HOUR, { isTakenOn: true }), failing(2 * HOUR)],
      "opened repeated repeated",
    ],
  ];
  for (const [why, tellings, news] of stories) {
    test(`${why} (${news})`, () => assert.deepEqual(after(tellings).news.join(" "), news));
  }

  test("what comes and goes all day is said a few times, and then it is only noted", () => {
    const turns = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? failing(n * HOUR) : passing(n * HOUR)));
    const { news } = after(turns);
    assert.equal(news.filter((one) => one === "flapped").length, MOST_FLAPS);
    assert.ok(news.slice(2 * MOST_FLAPS + 2).every((one) => one === "noted"));
  });

  test("after a quiet day it is news again", () => {
    const turns = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? failing(n * HOUR) : passing(n * HOUR)));
    const { news } = after([...turns, failing(19 * HOUR + QUIET_MS)]);
    assert.equal(news.at(-1), "reopened");
  });

  test("the table has an answer for each pair, and tells only of changes", () => {
    for (const [stood, row] of Object.entries(STEPS)) {
      for (const [stands, { news }] of Object.entries(row)) {
        if (stood === stands) assert.equal(news, "repeated", `${stood} ${stands}`);
        else assert.notEqual(news, "repeated", `${stood} ${stands}`);
      }
    }
  });
});

const telling = fc.record({
  seen: fc.constantFrom<Seen>("failing", "suppressed", "passing", "retired"),
  severity: fc.constantFrom<Severity>("LOW", "MEDIUM", "HIGH", "CRITICAL"),
  id: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
  isTakenOn: fc.boolean(),
  // Few values: many tellings of the same moment.
  at: fc.nat({ max: 12 }).map((n) => n * 6 * HOUR),
  sentAt: fc.nat({ max: 12 }).map((n) => n * 6 * HOUR),
});

function standing(known: Known | undefined): unknown {
  if (!known) return undefined;
  const severity = known.standing === "open" ? known.severity : undefined;
  return { standing: known.standing, severity, isTakenOn: known.isTakenOn, copies: known.copies };
}

suite("observe, whatever the order", () => {
  test("any order and any repetition of a problem's tellings ends in the same state", () => {
    fc.assert(
      fc.property(
        fc.array(telling, { minLength: 1, maxLength: 14 }).chain((tellings) =>
          fc.record({
            tellings: fc.constant(tellings),
            shuffled: fc.shuffledSubarray([...tellings, ...tellings], {
              minLength: 2 * tellings.length,
              maxLength: 2 * tellings.length,
            }),
          }),
        ),
        ({ tellings, shuffled }) => {
          assert.deepEqual(standing(after(shuffled).known), standing(after(tellings).known));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("news never repeats: between two of a kind something else was told, or something is worse still", () => {
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 20 }), (tellings) => {
        const { news } = after(tellings);
        const told = news.filter((one) => one !== "repeated" && one !== "noted");
        for (const [index, one] of told.entries()) {
          const isStep = one === "worsened" || one === "eased";
          if (index > 0 && !isStep) assert.notEqual(one, told[index - 1], told.join(" "));
        }
        assert.ok(told.filter((one) => one === "opened").length <= 1, told.join(" "));
      }),
      { numRuns: 2000 },
    );
  });

  test("the same telling again is never news", () => {
    fc.assert(
      fc.property(fc.array(telling, { minLength: 1, maxLength: 10 }), fc.nat(), (tellings, pick) => {
        const again = tellings[pick % tellings.length];
        assert.ok(again);
        assert.equal(after([...tellings, again]).news.at(-1), "repeated");
      }),
      { numRuns: 1000 },
    );
  });
});
