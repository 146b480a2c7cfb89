/**
 * What is wrong with a pattern, for a person and for a program. Messages begin with event-ruler's own words, because
 * those are what people search for, and go on with what to do.
 */

/** A stable name for each kind of mistake. */
export type ProblemCode =
  | "json"
  | "not-an-object"
  | "empty-object"
  | "empty-array"
  | "not-a-list"
  | "bad-value"
  | "empty-expression"
  | "unknown-operator"
  | "too-many-keys"
  | "operator-value"
  | "unsupported-nesting"
  | "wildcard"
  | "numeric"
  | "number"
  | "cidr"
  | "mixed-list"
  | "or"
  | "too-large";

/** Where in the text: `offset` in UTF-16 units from 0, line and column from 1. */
export type Position = { readonly offset: number; readonly line: number; readonly column: number };

/** One mistake. */
export type PatternProblem = {
  readonly code: ProblemCode;
  /** The way to the value at fault: `$.detail.findings.Severity.Label[0].prefix`. */
  readonly path: string;
  /** Absent when the pattern was given as an object, not as text. */
  readonly position?: Position;
  /** A plain sentence: what is wrong, then what is allowed. */
  readonly message: string;
};

/** A mistake by its offset, before line and column are known. */
export type Fault = {
  readonly code: ProblemCode;
  readonly path: string;
  readonly at: number;
  readonly message: string;
};

/** The mistakes with their places in the text, when there is a text. */
export function problemsOf(faults: readonly Fault[], text: string | undefined): readonly PatternProblem[] {
  const lineStarts = text === undefined ? [] : startsOfLines(text);
  return faults.map(({ code, path, at, message }) => {
    if (text === undefined || at < 0) return { code, path, message };
    const line = countUpTo(lineStarts, at);
    return { code, path, message, position: { offset: at, line, column: at - (lineStarts[line - 1] ?? 0) + 1 } };
  });
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** How many of the sorted numbers are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `$.a` and a key give `$.a.key`, or `$.a["odd key"]`. */
export function childPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
