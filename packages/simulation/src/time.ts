/**
 * The world's time, turned by hand: it moves on only when nobody is doing anything.
 *
 * Whoever does something that takes a while for real (a commit, an answer of the fake Slack's) says so with `busy`; then
 * time stands still until it is done, however long that takes, and a story plays the same on a slow machine.
 */

/** Time as the world has it; the relay's own clock may be wrong. */
export type Time = {
  /** Milliseconds since 1970, right. */
  readonly now: () => number;
  /** Resolves after that long, unless whoever waits is gone by then. */
  readonly wait: (ms: number, of: { readonly isGone: boolean }, signal?: AbortSignal) => Promise<void>;
  /** Holds time still until the work is done. */
  readonly busy: <T>(work: () => Promise<T>) => Promise<T>;
  /** Waits within `busy`: time goes on meanwhile. */
  readonly rest: (ms: number) => Promise<void>;
  /** Lets everything happen that is due until then, in order. */
  readonly advanceTo: (ms: number) => Promise<void>;
  /** Nothing happens for that long, as on a machine that was suspended; what was due is due then. */
  readonly leap: (ms: number) => Promise<void>;
};

type Sleeper = { readonly until: number; readonly of: { readonly isGone: boolean }; readonly wake: () => void };

const NOBODY = { isGone: false };
/** Real turns in which nobody does anything: what follows from what was just done has begun by then. */
const QUIET_TURNS = 2;

/** More than happens in a millisecond: whoever wakes so often spins. */
const MOST_WAKES = 2000;

/** Time that begins then. */
export function timeFrom(startMs: number): Time {
  let now = startMs;
  let busyCount = 0;
  const sleepers = new Set<Sleeper>();

  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = busyCount === 0 ? quiet + 1 : 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const wait: Time["wait"] = (ms, of, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        if (!of.isGone) resolve();
      };
      const sleeper: Sleeper = { until: now + Math.max(0, ms), of, wake };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", wake);
    });
  const nextDue = (end: number): Sleeper | undefined => {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.of.isGone) sleepers.delete(sleeper);
      else if (sleeper.until <= end && (next === undefined || sleeper.until < next.until)) next = sleeper;
    }
    return next;
  };
  const advanceTo = async (end: number): Promise<void> => {
    await settle();
    let wakes = 0;
    for (let due = nextDue(end); due !== undefined; due = nextDue(end)) {
      wakes = due.until > now ? 0 : wakes + 1;
      if (wakes > MOST_WAKES) throw new Error("time stands still: somebody waits for nothing, again and again");
      now = Math.max(now, due.until);
      due.wake();
      await settle();
    }
    now = Math.max(now, end);
  };
  return {
    now: () => now,
    wait,
    busy: async (work) => {
      busyCount += 1;
      try {
        return await work();
      } finally {
        busyCount -= 1;
      }
    },
    rest: async (ms) => {
      busyCount -= 1;
      await wait(ms, NOBODY);
      busyCount += 1;
    },
    advanceTo,
    leap: async (ms) => {
      await settle();
      now += ms;
      await advanceTo(now);
    },
  };
}
