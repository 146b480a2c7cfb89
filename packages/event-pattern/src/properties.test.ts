/** What must be true of every pattern and event, tried on made-up ones with few keys and values, so that much meets. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { explain } from "./explain.ts";
import { explainShort, explainText } from "./explain-text.ts";
import { matches } from "./match.ts";
import { createMatcher, type Matcher } from "./matcher.ts";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern, parsePatternValue } from "./parse.ts";

const KEYS = ["a", "b", "c", "a.b", "", "a.", "__proto__", "prefix"];
const TEXTS = ["", "x", "y", "xy", "X", "ß", "SS", "10.0.0.1", "::1", "é", "\ud800", "*", '"', "5"];

const key = fc.constantFrom(...KEYS, "a", "b", "c", "a", "b");
const text = fc.constantFrom(...TEXTS);
const number = fc.oneof(
  fc.constantFrom(0, 1, 1.5, 2, 1e21, 5e-324, 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const scalar = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 2, arbitrary: number },
  fc.boolean(),
  fc.constant(null),
);

const { event } = fc.letrec<{ event: Record<string, unknown>; value: unknown }>((tie) => ({
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
  fc.record({ suffix: text }),
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
const leaf = fc.array(alternative, { minLength: 1, maxLength: 2 });

const { pattern } = fc.letrec<{ pattern: Record<string, unknown>; branch: Record<string, unknown> }>((tie) => ({
  pattern: fc.oneof({ depthSize: "small", maxDepth: 3 }, fields(key, leaf), fields(key, tie("pattern")), tie("branch")),
  branch: fc
    .tuple(fc.array(tie("pattern"), { minLength: 2, maxLength: 3 }), fields(key, leaf))
    .map(([branches, rest]) => ({ $or: branches, ...rest })),
}));

function fields<T>(name: fc.Arbitrary<string>, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.dictionary(name, value, { minKeys: 1, maxKeys: 2 });
}

/** Patterns that are valid: an operator's name in `$or` is not. */
const valid: fc.Arbitrary<Pattern & { readonly text: string }> = pattern
  .map((value) => ({ text: JSON.stringify(value), read: parsePattern(JSON.stringify(value)) }))
  .filter(({ read }) => "pattern" in read)
  .map(({ text: patternText, read }) => ({ ...patternOf(read), text: patternText }));

suite("every pattern and event", () => {
  test("a text and its parsed value are the same event", () => {
    fc.assert(
      fc.property(valid, event, (one, value) => {
        assert.equal(matches(one, JSON.stringify(value)), matches(one, value));
      }),
      { numRuns: 500 },
    );
  });

  test("a text and its parsed value are the same pattern", () => {
    fc.assert(
      fc.property(pattern, (value) => {
        const [fromText, fromValue] = [parsePattern(JSON.stringify(value)), parsePatternValue(value)];
        if ("pattern" in fromText) assert.deepEqual(fromValue, fromText);
        else assert.ok("problems" in fromValue && fromValue.problems.length === fromText.problems.length);
      }),
      { numRuns: 300 },
    );
  });

  test("an explanation says whether it matches, and names a reason when it does not", () => {
    fc.assert(
      fc.property(valid, event, (one, value) => {
        const explanation = explain(one, value);
        const isMatch = matches(one, value);
        assert.equal(explanation.matches, isMatch);
        const hasReason = explanation.conflict !== undefined || explanation.leaves.some(({ held }) => !held);
        if (isMatch) assert.ok(!hasReason);
        for (const language of ["en", "ja"] as const) {
          assert.notEqual(explainShort(explanation, language), "");
          assert.ok(
            explainText(explanation, language).startsWith(isMatch ? { en: "match", ja: "一致" }[language] : ""),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("other patterns in a matcher, and their order, never change an answer", () => {
    const some = fc.array(valid, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, fc.array(event, { minLength: 1, maxLength: 4 }), fc.nat(), (patterns, events, seed) => {
        const matcher = createMatcher();
        const alive = changeSome(matcher, patterns, seed);
        for (const value of events) {
          const want = [...alive].filter(([, one]) => matches(one, value)).map(([id]) => id);
          assert.deepEqual(matcher.match(value), want);
          assert.deepEqual(matcher.match(JSON.stringify(value)), want);
          assert.deepEqual(matcher.match(new TextEncoder().encode(JSON.stringify(value))), want);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Adds all, replaces and removes some. @returns what is in the matcher then, in its order. */
function changeSome(
  matcher: Matcher,
  patterns: readonly (Pattern & { readonly text: string })[],
  seed: number,
): ReadonlyMap<number, Pattern> {
  const alive = new Map<number, Pattern>();
  for (const [id, one] of patterns.entries()) {
    matcher.add(id, one.text);
    alive.set(id, one);
  }
  const removed = seed % patterns.length;
  if (seed % 3 === 0) assert.equal(matcher.remove(removed), alive.delete(removed));
  const [first] = patterns;
  if (seed % 3 !== 1 || first === undefined) return alive;
  matcher.add(removed, first.text);
  alive.set(removed, first);
  return alive;
}

function patternOf(read: ReturnType<typeof parsePattern>): Pattern {
  assert.ok("pattern" in read);
  return read.pattern;
}
