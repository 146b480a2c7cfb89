import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { javaDecimal } from "./java-double.ts";
import { comparable } from "./number.ts";

suite("comparable", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, want: number | undefined]> = [
    ["an integer", "300", 300],
    ["the same with a point", "300.0", 300],
    ["the same with an exponent", "3.0e2", 300],
    ["minus zero is zero", "-0", 0],
    ["zero however it is spelled", "-0.00e7", 0],
    ["a tenth, although no double is a tenth: Java writes 0.1 for it", "0.1", 0.1],
    ["zeros at the end change nothing", "0.10", 0.1],
    ["15 digits", "123456789.123456", 123456789.123456],
    ["17 digits that a double holds", "0.30000000000000004", 0.30000000000000004],
    ["one digit too many", "0.300000000000000044", undefined],
    ["a large integer that a double holds", "9007199254740992", 9007199254740992],
    ["its neighbour, which it does not", "9007199254740993", undefined],
    ["an account number of 12 digits", "111122223333", 111122223333],
    ["more than any double", "1e400", undefined],
    ["less than any double, and not zero", "1e-400", undefined],
    ["1e22 is a double", "1e22", 1e22],
    ["1e23 is none, and Java says so", "1e23", undefined],
    ["2e23 is written 1.9999999999999998E23 by Java", "2e23", undefined],
    ["as it is written, it is comparable", "1.9999999999999998E23", 2e23],
    ["the smallest double, as Java writes it", "4.9e-324", 5e-324],
    ["the smallest double, as JavaScript writes it", "5e-324", undefined],
    ["the second smallest", "1e-323", 1e-323],
    ["the largest double", "1.7976931348623157e308", Number.MAX_VALUE],
    ["an integer of which Java drops the last digits", "771266668956154900", undefined],
  ];
  for (const [why, text, want] of cases) {
    test(`${why}: ${text}`, () => assert.equal(comparable(text), want));
  }
});

suite("javaDecimal", () => {
  // From Double.toString of Java 17.
  const cases: ReadonlyArray<readonly [why: string, value: number, want: string]> = [
    ["a plain fraction", 0.1, "1e-1"],
    ["just below a power of ten", 1e23, "9999999999999999e7"],
    ["half way between two doubles", 8.41e21, "8409999999999999e6"],
    ["half way, but too long for 64 bits: then it counts", 2.199023255552e35, "2199023255552e23"],
    ["a sum that overflows 64 bits: not rounded up", 2.3021697998046876e25, "23021697998046875e9"],
    ["a half that overflows 64 bits: ends early", 0.0022596829637164416, "22596829637164416e-19"],
    ["a power of two, whose lower neighbour is nearer", 2 ** -44, "56843418860808015e-30"],
    ["an integer below two to the 63", 771266668956154900, "77126666895615488e1"],
    ["two digits at least", 5e-324, "49e-325"],
    ["a first digit that was estimated too high", 1e-323, "1e-323"],
  ];
  for (const [why, value, want] of cases) {
    test(`${why}: ${value}`, () => {
      const { digits, exponent } = javaDecimal(value);
      const trimmed = digits.replace(/0+$/, "");
      assert.equal(`${trimmed}e${exponent + digits.length - trimmed.length}`, want);
    });
  }
});
