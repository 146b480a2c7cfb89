/** Time that tests turn by hand: nothing waits for real, and nothing happens until time is advanced. */

/** The same shape as the relay's clock. */
export type ManualClock = {
  readonly now: () => Date;
  readonly elapsedMs: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Moves time and lets everything that was due happen, in order. */
  readonly advance: (ms: number) => Promise<void>;
};

type Sleeper = { readonly until: number; readonly wake: () => void };

/** Real turns of the event loop after each step: enough for a few commits, or for an HTTP exchange here to begin. */
const TURNS = 25;

/** A clock that starts at `start`. */
export function manualClock(start = new Date("2026-11-20T00:00:00Z")): ManualClock {
  let now = start.getTime();
  const sleepers = new Set<Sleeper>();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => new Date(now),
    elapsedMs: () => now - start.getTime(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper: Sleeper = { until: now + Math.max(0, ms), wake };
        sleepers.add(sleeper);
        signal.addEventListener("abort", wake);
      }),
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
        if (due === undefined) break;
        now = Math.max(now, due.until);
        due.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
