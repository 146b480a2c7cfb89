/** How long to wait after failures in a row. */

/**
 * 0.5 to 1 s after the first failure, doubling with each; half of it is jitter, so that many who failed together do not
 * come back together.
 *
 * @param failures - in a row, at least 1.
 * @param random - 0 up to 1.
 * @param longestMs - it never grows beyond this.
 */
export function backoffMs(failures: number, random: number, longestMs: number): number {
  const full = Math.min(1000 * 2 ** Math.min(failures - 1, 20), longestMs);
  return Math.round(full / 2 + (full / 2) * random);
}
