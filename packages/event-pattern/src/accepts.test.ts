/** One alternative, one value: the differences that are easily lost. Each row was once a mistake that no test noticed. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { matches } from "./match.ts";
import { parsePattern } from "./parse.ts";

suite("one alternative and one value", () => {
  const cases: ReadonlyArray<readonly [why: string, alternative: string, value: string, want: boolean]> = [
    ["a number is not the text that is refused", '{"anything-but":"5"}', "5", true],
    ["nor a text the number", '{"anything-but":5}', '"5"', true],
    ["the number itself is", '{"anything-but":5}', "5.0", false],
    ["an address of the other family has other digits", '"10.0.0.1"', '"::a00:1"', false],
    ["the same address in the other's dress has not", '"10.0.0.1"', '"::ffff:a00:1"', true],
    ["a suffix may begin with the opening quote", '{"suffix":"\\"x"}', '"x"', true],
    ["and means the whole text then", '{"suffix":"\\"x"}', '"y"', false],
    ["also with case ignored", '{"suffix":{"equals-ignore-case":"\\"X"}}', '"x"', true],
    ["not one that is longer", '{"suffix":{"equals-ignore-case":"\\"X"}}', '"yx"', false],
    ["the last half of a surrogate pair is a question mark", '{"equals-ignore-case":"a\\udfff"}', '"a?"', true],
    ["a middle and the end may not share a letter", '{"wildcard":"a*bc*c"}', '"abc"', false],
    ["side by side they may", '{"wildcard":"a*bc*c"}', '"abcc"', true],
  ];
  for (const [why, alternative, value, want] of cases) {
    test(`${why}: ${alternative} ${want ? "accepts" : "does not accept"} ${value}`, () => {
      const read = parsePattern(`{"a":[${alternative}]}`);
      assert.ok("pattern" in read);
      assert.equal(matches(read.pattern, `{"a":${value}}`), want);
    });
  }

  const positions: ReadonlyArray<readonly [before: string, position: number]> = [
    ["\u007f", 2],
    ["\u0080", 3],
    ["\u07ff", 3],
    ["\u0800", 4],
    ["\uffff", 4],
    ["\u{10000}", 5],
  ];
  for (const [before, position] of positions) {
    test(`places in a wildcard are counted in bytes: U+${before.codePointAt(0)?.toString(16)}`, () => {
      const read = parsePattern(JSON.stringify({ a: [{ wildcard: `${before}**` }] }));
      assert.ok("problems" in read);
      assert.match(read.problems[0]?.message ?? "", new RegExp(`at pos ${position}:`));
    });
  }
});
