/** Many patterns, one event: which of them match? Each answer is independent of the other patterns and their order. */
import { type Fields, fieldsOf } from "./fields.ts";
import { eventNode, holdingRule } from "./match.ts";
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
    match: (event) => matchingIds(patterns, event),
  };
}

function matchingIds(patterns: ReadonlyMap<string | number, Pattern>, event: unknown): readonly (string | number)[] {
  const node = eventNode(event);
  let usual: Fields | undefined;
  let withEmptyKeys: Fields | undefined;
  const ids: (string | number)[] = [];
  for (const [id, pattern] of patterns) {
    let fields: Fields;
    if (pattern.seesEmptyKeys) fields = withEmptyKeys ??= fieldsOf(node, { seesEmptyKeys: true });
    else fields = usual ??= fieldsOf(node, { seesEmptyKeys: false });
    if (holdingRule(pattern, fields)) ids.push(id);
  }
  return ids;
}
