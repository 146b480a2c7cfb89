/** What compare says, as in the golden files. GOLDEN=1 writes them anew. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parsePattern } from "@shirase/event-pattern";
import { compare, comparisonText } from "./pattern-comparison.ts";
import type { PatternFile } from "./pattern-files.ts";

const labels = (...list: readonly string[]): string =>
  JSON.stringify({ source: ["aws.securityhub"], detail: { findings: { Severity: { Label: list } } } });

const cases: ReadonlyArray<readonly [relation: string, one: string, other: string]> = [
  ["same", '{"a":["x","y"]}', '{"a":["y","x"]}'],
  ["wider", labels("CRITICAL", "HIGH"), labels("HIGH")],
  ["narrower", '{"a":["x"],"b":["y"]}', '{"a":["x"]}'],
  ["overlap", labels("CRITICAL", "HIGH"), labels("HIGH", "MEDIUM")],
  ["apart", labels("CRITICAL", "HIGH"), labels("MEDIUM")],
  ["apart", '{"a":[{"exists":false}]}', '{"a":[{"exists":true}]}'],
  ["overlap", '{"colours":["red"]}', '{"colours":["blue"]}'],
  ["unknown", '{"a":{"c":[{"exists":false}]}}', '{"a":{"b":["1"],"c":[{"exists":false}]}}'],
];

suite("compare", () => {
  for (const [relation, one, other] of cases) {
    test(`${relation}: ${one} and ${other}`, () => {
      assert.equal(compare(fileOf("one.json", one), fileOf("other.json", other)).relation, relation);
    });
  }

  for (const lang of ["en", "ja"] as const) {
    test(`sentences are as in pattern-comparison.${lang}.txt`, () => {
      const text = cases
        .map(([, one, other]) => {
          const comparison = compare(fileOf("one.json", one), fileOf("other.json", other));
          return `one.json: ${one}\nother.json: ${other}\n\n${comparisonText(comparison, lang).join("\n")}\n`;
        })
        .join("\n");
      const path = join(import.meta.dirname, "__golden__", `pattern-comparison.${lang}.txt`);
      if (process.env["GOLDEN"] === "1") writeFileSync(path, text);
      assert.equal(text, readFileSync(path, "utf8"));
    });
  }
});

function fileOf(name: string, text: string): PatternFile {
  const read = parsePattern(text);
  assert.ok("pattern" in read);
  return { name, text, pattern: read.pattern };
}
