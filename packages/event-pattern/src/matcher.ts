/** Many patterns, one event: which of them match? Each answer is independent of the other patterns and their order. */
import { eventNode, matchesNode } from "./match.ts";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern } from "./parse.ts";
import type { PatternProblem } from "./problem.ts";

/** A set of patterns by id. */
export type Matcher = {
  /** Adds a pattern, replacing the one with this id. @returns its problems when it is not valid; then nothing changes. */
  readonly add: (id: string | number, patternText: string) => readonly PatternProblem[];
  /** @returns whether there was one. */
  readonly remove: (id: string | number) => boolean;
  /** The ids of all that match. @throws TypeError when the event is not a JSON object. */
  readonly match: (event: unknown) => readonly (string | number)[];
};

/** An empty set. */
export function createMatcher(): Matcher {
  const patterns = new Map<string | number, Pattern>();
  return {
    add: (id, patternText) => {
      const read = parsePattern(patternText);
      if ("problems" in read) return read.problems;
      patterns.set(id, read.pattern);
      return [];
    },
    remove: (id) => patterns.delete(id),
    match: (event) => {
      const node = eventNode(event);
      return [...patterns].filter(([, pattern]) => matchesNode(pattern, node)).map(([id]) => id);
    },
  };
}
