/** What must be true of every pattern and event, tried on made-up ones with few keys and values, so that much meets. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { explain } from "./explain.ts";
import { explainShort, explainText } from "./explain-text.ts";
import { event, pattern, valid } from "./made-up.contract.ts";
import { matches } from "./match.ts";
import { createMatcher, type Matcher } from "./matcher.ts";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern, parsePatternValue } from "./parse.ts";

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
        assert.equal(hasReason, !isMatch);
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
