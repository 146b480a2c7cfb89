import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SaidCode, say } from "./said.ts";
import { WORDING } from "./text/wordings.ts";

const codes = Object.keys(WORDING.en.reasons) as SaidCode[];

function blanks(sentence: string): readonly string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name))].sort();
}

suite("say", () => {
  test("both languages fill in the same facts: one forgotten would leave the reader guessing", () => {
    for (const code of codes)
      assert.deepEqual(blanks(WORDING.ja.reasons[code]), blanks(WORDING.en.reasons[code]), code);
  });

  test("a fact that looks like a blank is filled in once and left alone", () => {
    const said = { code: "resolved", facts: { words: "{account}", account: "222222222222" } } as const;
    assert.equal(say(said, "en"), "it is fixed or gone: {account}");
  });

  test("no sentence ends in a full stop: they are parts of longer lines", () => {
    for (const code of codes) assert.doesNotMatch(WORDING.en.reasons[code], /\.$/, code);
  });
});
