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
  let counted = 0;
  let countedAtMs: number | undefined;
  for (const entry of ledger.filter(({ hidden }) => !hidden)) {
    const at = Date.parse(entry.receivedAt);
    const names = [...namedIn(entry)].filter((resource) => wanted.has(resource));
    for (const resource of names) {
      if (!firstNamed.has(resource)) firstNamed.set(resource, at);
      times.set(resource, (times.get(resource) ?? 0) + 1);
    }
    counted += countedBy(entry, names.length);
    if (counted >= wanted.size) countedAtMs ??= at;
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

/** A message that counts names nothing; one in a thread that names was counted before. */
function countedBy({ payload, thread_ts: thread }: Entry, names: number): number {
  const counted = payload.metadata?.event_payload.counted ?? names;
  return names > 0 && thread !== undefined ? 0 : counted;
}
