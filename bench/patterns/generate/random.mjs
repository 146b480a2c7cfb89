/** Seeded chance: the same seed gives the same pairs on every machine. */

/** @returns a source of chance for one seed (mulberry32: small, fast, good enough to vary tests). */
export function chanceOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const upTo = (count) => Math.floor(next() * count);
  return {
    /** From 0 to below 1. */
    next,
    /** 0 to count - 1. */
    upTo,
    /** From low to high, both included. */
    between: (low, high) => low + upTo(high - low + 1),
    /** True in `share` of all cases. */
    odds: (share) => next() < share,
    pick: (list) => list[upTo(list.length)],
    /** One of the functions, by weight: [[3, f], [1, g]] calls f three times as often. */
    weighted(choices) {
      let left = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, make] of choices) {
        left -= weight;
        if (left < 0) return make();
      }
      return choices.at(-1)[1]();
    },
    times: (count, make) => Array.from({ length: count }, (_, index) => make(index)),
  };
}
