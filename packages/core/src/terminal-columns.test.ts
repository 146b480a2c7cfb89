import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { columnsOf } from "./terminal-columns.ts";

suite("columnsOf", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, want: number]> = [
    ["plain letters take one each", "acme-1", 6],
    ["kanji and kana take two", "株式会社アクメ", 14],
    ["half-width kana take one", "ｱｸﾒ", 3],
    ["full-width letters take two", "ＡＢ", 4],
    ["accents that join take none", "e\u0301", 1],
    ["emoji take two", "🚨", 2],
    ["rare kanji outside the basic plane take two", "𠮷", 2],
    ["nothing takes nothing", "", 0],
  ];
  for (const [why, text, want] of cases) test(`${why} (${text})`, () => assert.equal(columnsOf(text), want));
});
