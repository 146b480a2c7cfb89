/** SEMANTICS.md's table of accidents that are not copied: what it says of "here" is what is answered. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { matches } from "./match.ts";
import { createMatcher } from "./matcher.ts";
import { parsePattern } from "./parse.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../SEMANTICS.md"), "utf8");
const ROWS = [
  ...PAGE.matchAll(/^\| ([^|]+) \| `(\{[^`]+\})` \| `(\{[^`]+\})` \| [^|]+ \| (match|no match|refused) \|/gm),
];

suite("accidents that are not copied", () => {
  test("the table is found", () => assert.equal(ROWS.length, 10));

  for (const [, name = "", pattern = "", event = "", want = ""] of ROWS) {
    test(`${name}: ${pattern}`, () => {
      assert.equal(answer(pattern, event), want);
      const matcher = createMatcher();
      matcher.add("it", pattern);
      assert.equal(matcher.match(event).length > 0, want === "match");
    });
  }
});

function answer(patternText: string, event: string): string {
  const read = parsePattern(patternText);
  if ("problems" in read) return "refused";
  return matches(read.pattern, event) ? "match" : "no match";
}
