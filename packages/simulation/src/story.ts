/**
 * What happens to the relay: a story made from a seed, as plain values, so that it can be printed, and made shorter by
 * leaving acts out.
 *
 * Two customers may share a channel. Each problem lives a life of its own (fails, is told again and again, gets worse,
 * is fixed, comes back, is suppressed, put away), and its tellings arrive late, twice, and in any order. Meanwhile
 * Slack has its bad days, the process dies between any two steps, clocks jump, channels are archived, messages deleted,
 * customers moved and removed.
 */
import type { Says } from "@shirase/testkit/load";
import { type Chance, chanceOf } from "./chance.ts";

/** One telling of one problem. */
export type Telling = {
  readonly customer: number;
  readonly problem: number;
  /** Tells the tellings of one problem apart. */
  readonly telling: number;
  readonly says: Says;
};

/** What Slack, or the way to it, does to the next calls. `late`: the answer is a time-out, and then Slack takes it. */
export type Trouble = "429" | "429-bare" | "500" | "500-after" | "garbage-after" | "reset" | "reset-after" | "late";

/** One thing that happens. */
export type Act = { readonly atMs: number } & (
  | { readonly kind: "tell"; readonly tellings: readonly Telling[] }
  | { readonly kind: "trouble"; readonly trouble: Trouble; readonly times: number; readonly channel?: number }
  | { readonly kind: "outage"; readonly trouble: "500" | "429" | "reset" | "reset-after"; readonly forMs: number }
  /** The process dies at a call to the store or to Slack: before it is made, or after it was, and nobody hears of it. */
  | { readonly kind: "crash"; readonly afterCalls: number; readonly isBefore: boolean; readonly downMs: number }
  /** It dies now, whatever is under way. */
  | { readonly kind: "kill"; readonly downMs: number }
  | { readonly kind: "stop"; readonly downMs: number }
  | { readonly kind: "archive"; readonly channel: number; readonly forMs: number }
  | { readonly kind: "delete"; readonly nth: number }
  /** The relay's clock is set. Slack's is right. */
  | { readonly kind: "jump"; readonly toMs: number }
  /** With the next start. */
  | { readonly kind: "move"; readonly customer: number; readonly channel: number }
  | { readonly kind: "remove"; readonly customer: number }
);

/** All of it. */
export type Story = {
  readonly seed: number;
  readonly customers: number;
  /** Which channel each customer has at first. */
  readonly channels: readonly number[];
  /** What Slack does above its limits. */
  readonly over: "refuse" | "hide";
  readonly acts: readonly Act[];
};

const MINUTE_MS = 60_000;

/** The story of a seed. */
export function storyOf(seed: number): Story {
  const chance = chanceOf(seed);
  const customers = 1 + chance.below(3);
  const channels = Array.from({ length: customers }, () => chance.below(3));
  const lengthMs = chance.pick([20_000, 3 * MINUTE_MS, 40 * MINUTE_MS, 36 * 60 * MINUTE_MS]);
  const isFlood = chance.percent(12);
  const cast = { chance, customers, lengthMs };
  const told = [...(isFlood ? flood(cast) : []), ...lives(cast)];
  const acts = [...told, ...troubles(cast), ...ends(cast), ...spite(chance, told)];
  return {
    seed,
    customers,
    channels,
    over: chance.percent(50) ? "refuse" : "hide",
    acts: acts.toSorted((a, b) => a.atMs - b.atMs),
  };
}

type Cast = { readonly chance: Chance; readonly customers: number; readonly lengthMs: number };

/** Tellings of a few problems, in an order that may be any. */
function lives({ chance, customers, lengthMs }: Cast): readonly Act[] {
  const problems = 1 + chance.below(12);
  const isOrderly = chance.percent(40);
  return Array.from({ length: problems }, (_, problem) => {
    const customer = chance.below(customers);
    const tellings = lifeOf(chance, customer, problem, 1 + chance.below(7));
    const startMs = chance.below(lengthMs);
    return tellings.flatMap((telling, n): readonly Act[] => {
      const dueMs = startMs + (n * (lengthMs - startMs)) / tellings.length;
      const atMs = Math.floor(isOrderly ? dueMs : dueMs + chance.next() ** 3 * lengthMs);
      const once: Act = { atMs, kind: "tell", tellings: [telling] };
      return chance.percent(15) ? [once, { ...once, atMs: atMs + chance.below(90_000) }] : [once];
    });
  }).flat();
}

const SEVERITIES = ["CRITICAL", "HIGH", "HIGH", "MEDIUM"] as const;

/** What is said of one problem, one after the other; two days may pass in between. */
function lifeOf(chance: Chance, customer: number, problem: number, length: number): readonly Telling[] {
  let minute = 0;
  let severity = chance.pick(SEVERITIES);
  return Array.from({ length }, (_, telling) => {
    if (telling > 0) minute += chance.pick([0, 1, 30, 720, 3000]);
    if (chance.percent(20)) severity = chance.pick(SEVERITIES);
    return { customer, problem, telling, says: { severity, minute, ...moodOf(chance) } };
  });
}

function moodOf(chance: Chance): Says {
  return chance.pick<Says>([
    {},
    {},
    {},
    { status: "PASSED" },
    { status: "PASSED" },
    { workflow: "SUPPRESSED" },
    { workflow: "NOTIFIED" },
    { record: "ARCHIVED" },
  ]);
}

/** Many problems within seconds, some of which end soon after. */
function flood({ chance, customers, lengthMs }: Cast): readonly Act[] {
  const count = 70 + chance.below(140);
  const atMs = chance.below(lengthMs);
  const customer = chance.below(customers);
  const acts: Act[] = [];
  for (let from = 0; from < count; from += 20) {
    const some = Array.from({ length: Math.min(20, count - from) }, (_, n) => 100 + from + n);
    const toMs = atMs + chance.below(6000);
    const telling = (problem: number): Telling => ({ customer, problem, telling: 0, says: {} });
    acts.push({ atMs: toMs, kind: "tell", tellings: some.map(telling) });
    if (!chance.percent(40)) continue;
    const fixed = some.map((problem) => ({ ...telling(problem), telling: 1, says: { status: "PASSED" } as const }));
    acts.push({ atMs: toMs + chance.below(20_000), kind: "tell", tellings: fixed });
  }
  return acts;
}

const TROUBLES: readonly Trouble[] = [
  "429",
  "429-bare",
  "500",
  "500-after",
  "garbage-after",
  "reset",
  "reset-after",
  "late",
];

/** Slack's bad days. */
function troubles({ chance, lengthMs }: Cast): readonly Act[] {
  const count = chance.percent(30) ? 0 : chance.below(6);
  return Array.from({ length: count }, (): Act => {
    const atMs = chance.below(lengthMs);
    const channel = chance.below(3);
    if (chance.percent(20)) {
      const trouble = chance.pick(["500", "429", "reset", "reset-after"] as const);
      return { atMs, kind: "outage", trouble, forMs: chance.pick([2000, 30_000, 10 * MINUTE_MS]) };
    }
    if (chance.percent(15)) return { atMs, kind: "archive", channel, forMs: chance.pick([5000, 20 * MINUTE_MS]) };
    if (chance.percent(15)) return { atMs, kind: "delete", nth: chance.below(10) };
    const times = 1 + chance.below(3);
    const trouble = chance.pick(TROUBLES);
    return chance.percent(50)
      ? { atMs, kind: "trouble", trouble, times }
      : { atMs, kind: "trouble", trouble, times, channel };
  });
}

/** What hurts most, when it hurts: just as something is told, its root is deleted, its answer lost, its sender killed. */
function spite(chance: Chance, told: readonly Act[]): readonly Act[] {
  if (told.length === 0 || chance.percent(40)) return [];
  return Array.from({ length: 1 + chance.below(3) }, (): readonly Act[] => {
    const { atMs } = chance.pick(told);
    if (chance.percent(50)) return [{ atMs: atMs + chance.below(900), kind: "kill", downMs: chance.pick([0, 0, 400]) }];
    const trouble = chance.pick(["reset-after", "500-after", "late"] as const);
    return [
      { atMs: atMs - 1, kind: "delete", nth: chance.below(4) },
      { atMs: atMs - 1, kind: "trouble", trouble, times: 1 },
    ];
  }).flat();
}

/** The process's own: it dies, is stopped, its clock is set, its config changed. */
function ends({ chance, customers, lengthMs }: Cast): readonly Act[] {
  const count = chance.percent(35) ? 0 : chance.below(5);
  return Array.from({ length: count }, (): readonly Act[] => {
    const atMs = chance.below(lengthMs);
    const downMs = chance.pick([0, 0, 300, 5000, 10 * MINUTE_MS]);
    if (chance.percent(60)) {
      return [{ atMs, kind: "crash", afterCalls: chance.below(25), isBefore: chance.percent(50), downMs }];
    }
    if (chance.percent(40)) return [{ atMs, kind: "jump", toMs: chance.below(400_000) - 200_000 }];
    const customer = chance.below(customers);
    const change: Act = chance.percent(70)
      ? { atMs, kind: "move", customer, channel: chance.below(3) }
      : { atMs, kind: "remove", customer };
    return chance.percent(60) ? [change, { atMs: atMs + 1, kind: "stop", downMs }] : [{ atMs, kind: "stop", downMs }];
  }).flat();
}
