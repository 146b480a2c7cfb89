/** docs/patterns.md shows what is really said, and names every code that lint has. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { explain } from "./explain.ts";
import { explainText } from "./explain-text.ts";
import { lintCodes } from "./lint-words.ts";
import { parsePattern } from "./parse.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../../docs/patterns.md"), "utf8");
const EXAMPLE = /```json pattern\n(.*?)```\s+```json event\n(.*?)```\s+```text explanation\n(.*?)\n```/gs;

suite("docs/patterns.md", () => {
  const examples = [...PAGE.matchAll(EXAMPLE)];

  test("has its examples", () => assert.equal(examples.length, PAGE.split("```json pattern").length - 1));

  for (const [, pattern = "", event = "", text = ""] of examples) {
    test(`explains as it says: ${text.split("\n")[1]?.slice(0, 60)}`, () => {
      const read = parsePattern(pattern);
      assert.ok("pattern" in read);
      assert.equal(explainText(explain(read.pattern, event), "en"), text);
    });
  }

  test("names every code of lint", () => {
    const unnamed = lintCodes().filter((code) => !PAGE.includes(`\`${code}\``));
    assert.deepEqual(unnamed, []);
  });
});
