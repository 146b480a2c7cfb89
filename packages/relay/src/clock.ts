/** Time, as a value that is handed in: tests turn it by hand. */

/** What the relay asks of time. */
export type Clock = {
  readonly now: () => Date;
  /** Milliseconds since some moment, by a clock that nobody sets: for pace and for rests. */
  readonly elapsedMs: () => number;
  /** Resolves after `ms` milliseconds, or at once when the signal is aborted. Never rejects. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** setTimeout's longest. */
const LONGEST_WAIT_MS = 2_147_483_647;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(Math.max(0, ms), LONGEST_WAIT_MS));
      signal.addEventListener("abort", done);
    }),
};
