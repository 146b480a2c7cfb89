import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parsePattern } from "./parse.ts";
import { patternWarnings, type WarningCode } from "./warnings.ts";

suite("patternWarnings", () => {
  const or = (branches: number): string =>
    `"$or":[${Array.from({ length: branches }, (_, index) => `{"k${index}":["v"]}`).join(",")}]`;
  const cases: ReadonlyArray<readonly [why: string, pattern: string, want: readonly WarningCode[]]> = [
    ["nothing to say", '{"a":["x"]}', []],
    ["2,048 characters are allowed", `{"a":["${"x".repeat(2048 - 10)}"]}`, []],
    ["one more is not, by default", `{"a":["${"x".repeat(2048 - 9)}"]}`, ["long"]],
    ["a thousand rules are allowed", `{${or(10)},${or(10)},${or(10)}}`, []],
    ["more are not", `{${or(10)},${or(10)},${or(11)}}`, ["many-rules"]],
    ["branches in branches add up", `{"$or":[{${or(3)}},{"a":["x"]}]}`, []],
    ["a brace too many goes unnoticed", '{"a":["x"]}}', ["text-after-pattern"]],
    ["white space at the end is nothing", '{"a":["x"]}\n', []],
  ];
  for (const [why, text, want] of cases) {
    test(`${why}: ${text.slice(0, 40)}`, () => {
      const read = parsePattern(text);
      assert.ok("pattern" in read);
      assert.deepEqual(
        patternWarnings(read.pattern, text).map(({ code }) => code),
        want,
      );
    });
  }
});
