/** The text that was probably meant: equal but for case and punctuation, or one or two letters away. */

/** @returns the nearest of the allowed texts, or undefined when none is near. */
export function nearestText(given: string, allowed: Iterable<string>): string | undefined {
  const bare = bareText(given);
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(given.length / 3));
  for (const one of allowed) {
    const apart = bareText(one) === bare ? 0 : editsBetween(given, one, least);
    if (apart < least) [best, least] = [one, apart];
  }
  return best;
}

function bareText(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_.-]/g, "");
}

/** Letters to add, drop or replace; `most` when it is that many or more. */
function editsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) >= most || one.length > 100) return most;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let index = 1; index <= other.length; index += 1) {
      const replaced = (row[index - 1] ?? 0) + (one[at - 1] === other[index - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(most, row[other.length] ?? most);
}
