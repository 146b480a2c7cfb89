/**
 * Several tellings of one turn of the event loop, told in one call: they share a transaction, and the channel's counter
 * is written once. When the call fails each is told by itself, so that one that cannot be told harms no other.
 */
import type { HeardWithBody, Store, Told } from "../store/store.ts";

type Call = {
  readonly events: readonly HeardWithBody[];
  readonly now: Date;
  readonly resolve: (told: readonly Told[]) => void;
  readonly reject: (error: unknown) => void;
};

/** @param tell - the store's. @returns the same for each caller, told together. */
export function toldTogether(tell: Store["tell"]): Store["tell"] {
  let calls: Call[] = [];
  const flush = async (): Promise<void> => {
    const mine = calls;
    calls = [];
    const [first] = mine;
    if (!first) return;
    try {
      const told = await tell(
        mine.flatMap(({ events }) => events),
        first.now,
      );
      let from = 0;
      for (const { events, resolve } of mine) {
        resolve(told.slice(from, from + events.length));
        from += events.length;
      }
    } catch (error) {
      if (mine.length === 1) return first.reject(error);
      // Whatever was kept of them is known, and is kept once.
      for (const { events, now, resolve, reject } of mine) await tell(events, now).then(resolve, reject);
    }
  };
  return (events, now) =>
    new Promise((resolve, reject) => {
      if (calls.length === 0) setImmediate(() => void flush());
      calls.push({ events, now, resolve, reject });
    });
}
