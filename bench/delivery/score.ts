/** What a ledger says of a load: when everything was counted, when it was named, what is missing, what came twice. */
import { type Entry, namedIn } from "./setting.ts";

/** Times are epoch milliseconds; undefined: never. */
export type Score = {
  readonly messages: number;
  readonly hidden: number;
  /** Named at least once. */
  readonly named: number;
  /** Never named. */
  readonly missing: number;
  /** Named by more than one message. */
  readonly twice: number;
  readonly countedAtMs: number | undefined;
  readonly namedAtMs: number | undefined;
  /** When each was first named. */
  readonly firstNamed: ReadonlyMap<string, number>;
};

/** @param wanted - the resources that must be named. */
export function scoreOf(ledger: readonly Entry[], wanted: ReadonlySet<string>): Score {
  const firstNamed = new Map<string, number>();
  const times = new Map<string, number>();
  const counted = counter();
  let countedAtMs: number | undefined;
  for (const entry of ledger.filter(({ hidden }) => !hidden)) {
    const at = Date.parse(entry.receivedAt);
    const names = [...namedIn(entry)].filter((resource) => wanted.has(resource));
    for (const resource of names) {
      firstNamed.set(resource, firstNamed.get(resource) ?? at);
      times.set(resource, (times.get(resource) ?? 0) + 1);
    }
    if (counted(entry, names.length) >= wanted.size) countedAtMs ??= at;
  }
  const named = firstNamed.size;
  return {
    messages: ledger.length,
    hidden: ledger.filter(({ hidden }) => hidden).length,
    named,
    missing: wanted.size - named,
    twice: [...times.values()].filter((count) => count > 1).length,
    countedAtMs,
    namedAtMs: named === wanted.size ? Math.max(...firstNamed.values()) : undefined,
    firstNamed,
  };
}

/** Adds up what messages account for. A root that names nothing is a burst: what its thread names was counted before. */
function counter(): (entry: Entry, names: number) => number {
  const bursts = new Set<string>();
  let sum = 0;
  return ({ ts, thread_ts: thread, payload }, names) => {
    if (names === 0 && thread === undefined) bursts.add(ts);
    const isNaming = names > 0 && bursts.has(thread ?? "");
    if (!isNaming) sum += payload.metadata?.event_payload.counted ?? names;
    return sum;
  };
}
