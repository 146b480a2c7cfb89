/**
 * Wildcards: `*` is any run of characters, `\*` and `\\` are the characters themselves. Matched without backtracking
 * over more than the last star, so never worse than text length times pattern length.
 */

/** The literal pieces between the stars: `a*b` is ["a", "b"]. */
export type Wildcard = readonly string[];

const encodedLength = (char: string): number => {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
};

/**
 * @param text - the wildcard without the quotes around it.
 * @returns its pieces, or what is wrong; positions count UTF-8 bytes with the opening quote as 0, as event-ruler does.
 */
export function readWildcard(text: string): { readonly pieces: Wildcard } | { readonly wrong: string } {
  const pieces: string[] = [];
  let piece = "";
  let at = 1;
  const chars = [...text];
  for (let index = 0; index < chars.length; index += 1) {
    const char = chars[index] ?? "";
    const next = chars[index + 1];
    if (char === "*") {
      if (next === "*") return { wrong: `Consecutive wildcard characters at pos ${at}` };
      pieces.push(piece);
      piece = "";
    } else if (char === "\\") {
      if (next !== "*" && next !== "\\") return { wrong: `Invalid escape character at pos ${at}` };
      piece += next;
      index += 1;
      at += 1;
    } else {
      piece += char;
    }
    at += encodedLength(char);
  }
  return { pieces: [...pieces, piece] };
}

/** Does the whole text match? */
export function wildcardMatches(pieces: Wildcard, text: string): boolean {
  const first = pieces[0] ?? "";
  const last = pieces[pieces.length - 1] ?? "";
  if (pieces.length === 1) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] ?? "";
    // The leftmost place is always as good as any later one: it leaves the most text for what follows.
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
