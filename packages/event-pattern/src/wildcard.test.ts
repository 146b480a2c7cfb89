import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readWildcard, wildcardMatches } from "./wildcard.ts";

suite("wildcard", () => {
  const cases: ReadonlyArray<readonly [why: string, wildcard: string, text: string, want: boolean]> = [
    ["a star takes nothing", "a*b", "ab", true],
    ["a star takes anything", "a*b", "a--b", true],
    ["the ends are fixed", "a*b", "xab", false],
    ["the two ends may not overlap", "aba*aba", "ababa", false],
    ["a star alone takes all", "*", "", true],
    ["no star is the text itself", "ab", "ab", true],
    ["nothing is the empty text", "", "a", false],
    ["pieces in their order", "*a*b*", "xbxax", false],
    ["pieces do not overlap", "*ab*ba*", "aba", false],
    ["the leftmost place for a piece is as good as any", "a*bc*bc", "abcbcbc", true],
    ["a star itself", "a\\*b", "a*b", true],
    ["a star itself is no star", "a\\*b", "axb", false],
    ["a backslash itself", "a\\\\b", "a\\b", true],
    ["an escaped star beside a star", "\\**", "*x", true],
    ["dots and brackets mean themselves", "a.[b]*", "a.[b]c", true],
    ["line breaks are characters", "a*b", "a\n\nb", true],
    ["astral characters", "*😀", "x😀", true],
  ];
  for (const [why, wildcard, text, want] of cases) {
    test(`${why}: ${wildcard} on "${text}"`, () => {
      const read = readWildcard(wildcard);
      assert.ok("pieces" in read);
      assert.equal(wildcardMatches(read.pieces, text), want);
    });
  }

  const wrong: ReadonlyArray<readonly [why: string, wildcard: string, message: string]> = [
    ["two stars", "**", "Consecutive wildcard characters at pos 1"],
    ["positions count the opening quote", "a**", "Consecutive wildcard characters at pos 2"],
    ["positions count bytes", "日**", "Consecutive wildcard characters at pos 4"],
    ["positions count four bytes for an emoji", "😀\\x", "Invalid escape character at pos 5"],
    ["an escape of something else", "a\\b", "Invalid escape character at pos 2"],
    ["a backslash at the end", "a\\", "Invalid escape character at pos 2"],
    ["an escaped star before two stars", "\\***", "Consecutive wildcard characters at pos 3"],
  ];
  for (const [why, wildcard, message] of wrong) {
    test(`refuses ${why}: ${wildcard}`, () => assert.deepEqual(readWildcard(wildcard), { wrong: message }));
  }
});
