import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Affixes } from "./affixes.ts";

suite("Affixes", () => {
  const cases: ReadonlyArray<
    readonly [why: string, isPrefix: boolean, texts: readonly string[], value: string, want: readonly string[]]
  > = [
    ["each that the value begins with", true, ["a", "ab", "b", "abc"], "abx", ["a", "ab"]],
    ["each that it ends with", false, ["c", "bc", "b", "abcd"], "abc", ["c", "bc"]],
    ["the empty one is in every value", true, [""], "", [""]],
    ["the empty one is at every end", false, [""], "x", [""]],
    ["the whole value", true, ["abc"], "abc", ["abc"]],
    ["one longer than the value is not", false, ["aabc"], "abc", []],
  ];
  for (const [why, isPrefix, texts, value, want] of cases) {
    test(why, () => assert.deepEqual(foundIn(affixesOf(isPrefix, texts), value), want));
  }

  test("what was deleted is not found, its lengths neither", () => {
    const affixes = affixesOf(true, ["a", "b", "ab"]);
    affixes.delete("a");
    affixes.delete("not there");
    assert.deepEqual(foundIn(affixes, "ab"), ["ab"]);
    affixes.delete("b");
    affixes.delete("ab");
    assert.equal(affixes.size, 0);
    assert.deepEqual(foundIn(affixes, "ab"), []);
  });
});

function affixesOf(isPrefix: boolean, texts: readonly string[]): Affixes<string> {
  const affixes = new Affixes<string>(isPrefix);
  for (const text of texts) affixes.set(text, text);
  return affixes;
}

function foundIn(affixes: Affixes<string>, value: string): readonly string[] {
  const found: string[] = [];
  affixes.find(value, (text) => found.push(text));
  return found;
}
