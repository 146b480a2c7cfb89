/** Patterns and events made up for property tests: few keys and values, so that much meets. */
import fc from "fast-check";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern } from "./parse.ts";

const KEYS = ["a", "b", "c", "a.b", "", "a.", "__proto__", "prefix"];
const TEXTS = ["", "x", "y", "xy", "X", "ß", "SS", "10.0.0.1", "::1", "é", "\ud800", "*", '"', "5"];

const key = fc.constantFrom(...KEYS, "a", "b", "c", "a", "b");
const text = fc.constantFrom(...TEXTS);
const number = fc.oneof(
  fc.constantFrom(0, 1, 1.5, 2, 1e21, 5e-324, 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
/** A value that is no list and no object. */
export const scalar = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 2, arbitrary: number },
  fc.boolean(),
  fc.constant(null),
);

/** An event as a parsed value. */
export const { event } = fc.letrec<{ event: Record<string, unknown>; value: unknown }>((tie) => ({
  event: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  value: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    { weight: 4, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
    { weight: 3, arbitrary: tie("event") },
    { weight: 1, arbitrary: fc.array(tie("event"), { maxLength: 3 }) },
  ),
}));

const someText = fc.constantFrom("x", "y", "xy", "ß");
const wildcard = fc.constantFrom("*", "x*", "*y", "x*y", "\\*", "*x*");
const oneOrMore = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> => {
  return fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 2 }));
};
const alternative = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.record({ exists: fc.boolean() }),
  fc.record({ prefix: text }),
  fc.record({ suffix: fc.record({ "equals-ignore-case": text }) }),
  fc.record({ "equals-ignore-case": text }),
  fc.record({ wildcard }),
  fc.record({ exactly: text }),
  fc.record({ cidr: fc.constantFrom("10.0.0.0/8", "::/0") }),
  fc.record({ numeric: fc.constantFrom(["=", 1], [">", 0], ["<=", 2], [">=", 1, "<", 2]) }),
  fc.record({ "anything-but": oneOrMore(someText) }),
  fc.record({ "anything-but": oneOrMore(fc.constantFrom(1, 2)) }),
  fc.record({ "anything-but": fc.record({ prefix: oneOrMore(someText) }) }),
  fc.record({ "anything-but": fc.record({ wildcard: oneOrMore(wildcard) }) }),
);
/** The list of one field. */
export const leaf = fc.array(alternative, { minLength: 1, maxLength: 2 });

export const { pattern } = fc.letrec<{ pattern: Record<string, unknown>; branch: Record<string, unknown> }>((tie) => ({
  pattern: fc.oneof({ depthSize: "small", maxDepth: 3 }, fields(key, leaf), fields(key, tie("pattern")), tie("branch")),
  branch: fc
    .tuple(fc.array(tie("pattern"), { minLength: 2, maxLength: 3 }), fields(key, leaf))
    .map(([branches, rest]) => ({ $or: branches, ...rest })),
}));

function fields<T>(name: fc.Arbitrary<string>, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.dictionary(name, value, { minKeys: 1, maxKeys: 2 });
}

/** Patterns that are valid: an operator's name in `$or` is not. */
export const valid: fc.Arbitrary<Pattern & { readonly text: string }> = pattern
  .map((value) => ({ text: JSON.stringify(value), read: parsePattern(JSON.stringify(value)) }))
  .filter(({ read }) => "pattern" in read)
  .map(({ text: patternText, read }) => ({ ...patternOf(read), text: patternText }));

function patternOf(read: ReturnType<typeof parsePattern>): Pattern {
  if ("problems" in read) throw new Error(read.problems[0]?.message);
  return read.pattern;
}
