/**
 * Would EventBridge take this pattern? For patterns and filters that are written in the config file: the mistakes as
 * @shirase/event-pattern finds them, with places that lead back into the file.
 */
import { parsePatternValue } from "@shirase/event-pattern";

/** EventBridge's quota for a rule's pattern, in characters of compact JSON. Adjustable per account, so not relied on. */
export const PATTERN_LENGTH_MAX = 2048;

/** One mistake in a pattern; `path` leads to it from the pattern's top. */
export type PatternFault = {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
};

/** Everything that is wrong with a pattern. Empty when EventBridge would take it. */
export function patternFaults(value: object): readonly PatternFault[] {
  const parsed = parsePatternValue(value);
  if ("problems" in parsed) {
    return parsed.problems.map(({ path, message }) => ({ path: stepsOf(path), message, fix: "" }));
  }
  const length = JSON.stringify(value).length;
  if (length <= PATTERN_LENGTH_MAX) return [];
  const message = `this pattern has ${length} characters as JSON; EventBridge takes ${PATTERN_LENGTH_MAX}`;
  return [{ path: [], message, fix: "Shorten it: one prefix or wildcard can stand for a long list." }];
}

/** `$.detail.x[0]["odd key"]` as steps. */
function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
    ([, name, index, quoted]) => {
      if (name !== undefined) return name;
      return index === undefined ? String(JSON.parse(quoted ?? '""')) : Number(index);
    },
  );
}
