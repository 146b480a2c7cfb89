import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { endsIgnoringCase, equalsIgnoringCase, fold, startsIgnoringCase } from "./ignore-case.ts";

suite("case is ignored unit by unit of the pattern", () => {
  const cases: ReadonlyArray<readonly [why: string, pattern: string, text: string, want: boolean]> = [
    ["letters", "aBc", "AbC", true],
    ["other letters", "é", "É", true],
    ["Cyrillic", "ключ", "КЛЮЧ", true],
    ["ß has the upper form SS", "straße", "STRASSE", true],
    ["its upper form is both letters or none", "straße", "strasse", false],
    ["SS has no lower form ß", "STRASSE", "straße", false],
    ["the capital ẞ has the lower form ß", "ẞ", "ß", true],
    ["ß does not know ẞ", "ß", "ẞ", false],
    ["İ has the lower form i with a dot above", "İ", "i̇", true],
    ["İ is no plain i", "İ", "i", false],
    ["ı has the upper form I", "ı", "I", true],
    ["I is no ı", "I", "ı", false],
    ["ſ has the upper form S", "ſ", "S", true],
    ["ſ is no s", "ſ", "s", false],
    ["the Kelvin sign has the lower form k", "\u212a", "k", true],
    ["k does not know the Kelvin sign", "k", "\u212a", false],
    ["a final ς has the upper form Σ", "ς", "Σ", true],
    ["a final ς is no σ", "ς", "σ", false],
    ["one letter of two in title case", "ǅ", "ǆ", true],
    ["a form of other length in UTF-8", "ⱥ", "Ⱥ", true],
    ["three units for one", "\u0390", "\u0399\u0308\u0301", true],
    ["emoji become question marks", "😀", "??", true],
    ["and so do not match themselves", "😀", "😀", false],
    ["nothing", "", "", true],
  ];
  for (const [why, pattern, text, want] of cases) {
    test(`${why}: ${pattern} on ${text}`, () => assert.equal(equalsIgnoringCase(fold(pattern), text), want));
  }

  const ends: ReadonlyArray<readonly [why: string, pattern: string, text: string, starts: boolean, ends: boolean]> = [
    ["both ends", "ab", "ABxaB", true, true],
    ["a form of two letters at both ends", "ß", "SSxSS", true, true],
    ["longer than the text", "abc", "ab", false, false],
    ["nothing is everywhere", "", "x", true, true],
    ["only the start", "é", "Éx", true, false],
  ];
  for (const [why, pattern, text, starts, endsWith] of ends) {
    test(`${why}: ${pattern} at the ends of ${text}`, () => {
      assert.equal(startsIgnoringCase(fold(pattern), text), starts);
      assert.equal(endsIgnoringCase(fold(pattern), text), endsWith);
    });
  }
});
