/** Chance that can be played again: numbers that follow from a seed. */

/** Numbers of one seed, in order. */
export type Chance = {
  /** 0 up to 1. */
  readonly next: () => number;
  /** A whole number from 0 up to, not including, `below`. */
  readonly below: (below: number) => number;
  /** True so often in a hundred. */
  readonly percent: (percent: number) => boolean;
  /** @throws when there is nothing to pick. */
  readonly pick: <T>(from: readonly T[]) => T;
};

/** Mulberry32: small, and good enough to tell stories. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    percent: (percent) => next() * 100 < percent,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
  };
}
