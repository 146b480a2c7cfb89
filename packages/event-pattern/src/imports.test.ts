/** Who only parses and matches loads nothing else: explaining, linting and comparing stay out of a small bundle. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

const ASIDE = [
  "explain.ts",
  "explain-text.ts",
  "change.ts",
  "sample.ts",
  "lint.ts",
  "known-fields.ts",
  "intersects.ts",
  "covers.ts",
];

suite("imports", () => {
  for (const entry of ["parse.ts", "match.ts", "matcher.ts"]) {
    test(`${entry} loads neither explanations nor what is like them`, () => {
      const loaded = loadedBy(entry);
      assert.ok(loaded.size > 5, [...loaded].join(", "));
      assert.deepEqual(
        ASIDE.filter((file) => loaded.has(file)),
        [],
      );
    });
  }

  test("what is named here is there", () => {
    for (const file of ASIDE) assert.ok(existsSync(join(import.meta.dirname, file)), file);
  });
});

function loadedBy(entry: string, loaded: Set<string> = new Set()): ReadonlySet<string> {
  if (loaded.has(entry)) return loaded;
  loaded.add(entry);
  const code = readFileSync(join(import.meta.dirname, entry), "utf8");
  for (const [, names = "", file = ""] of code.matchAll(/^import (.*?) from "\.\/(.*?)";$/gms)) {
    if (!names.startsWith("type ")) loadedBy(file, loaded);
  }
  return loaded;
}
