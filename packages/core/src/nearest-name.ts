/**
 * "Did you mean …?": the name somebody most likely wanted when they wrote one that does not exist.
 */

/** Of the longer word, how much may differ before a suggestion is a guess: `severity` and `severities` are 3 of 10. */
const LARGEST_SHARE = 0.4;
/** Longer words are not typed by hand, and comparing them costs their product. */
const LONGEST_WORD = 80;

/** Ends of a word that say what was meant though much is left out: `CRIT`, `Tokyo` for Asia/Tokyo. */
const SHORTEST_PART = 3;

/**
 * @param word - what was written.
 * @param names - what is allowed; of equally near ones the first wins.
 * @returns the nearest allowed name, or undefined when none is near enough. Case and the characters `-`, `_`, space
 *   and `.` do not count: `SecurityHub` is `security-hub`.
 */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const wanted = bare(word);
  if (wanted === "" || word.length > LONGEST_WORD) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = distanceTo(wanted, bare(name));
    if (distance >= bestDistance) continue;
    best = name;
    bestDistance = distance;
  }
  return best;
}

/** Infinite when the name is too far to be worth a suggestion. */
function distanceTo(wanted: string, name: string): number {
  const distance = editDistance(wanted, name);
  const longest = Math.max(wanted.length, name.length);
  // Two short words that share no letter are one or two edits apart as well, and mean nothing to each other.
  if (distance < longest && distance <= Math.max(1, Math.floor(longest * LARGEST_SHARE))) return distance;
  const isPart = name.startsWith(wanted) || wanted.startsWith(name) || name.endsWith(`/${wanted}`);
  const isTelling = Math.min(wanted.length, name.length) >= SHORTEST_PART;
  return isPart && isTelling ? longest : Number.POSITIVE_INFINITY;
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ .]/g, "");
}

/** Insertions, deletions, replacements, and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const candidates = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1)];
      if (isSwapped) candidates.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...candidates));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
