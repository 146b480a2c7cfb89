/**
 * Input that somebody made to hurt: the work stays bounded and the stack whole. The bounds are generous; no bound is
 * exponential. How the work of choosing elements grows is counted in rule.test.ts.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { covers } from "./covers.ts";
import { explain } from "./explain.ts";
import { intersects } from "./intersects.ts";
import { lint } from "./lint.ts";
import { matches } from "./match.ts";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern, parsePatternValue } from "./parse.ts";

/** Of processor time: what others do on the machine does not count. */
const LONGEST_MS = 2000;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

suite("hostile input", () => {
  const deep = 100_000;
  const list = (size: number, item: (index: number) => string): string =>
    `[${Array.from({ length: size }, (_, index) => item(index)).join(",")}]`;
  const many = (count: number, item: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => item(index)).join(",");

  const cases: ReadonlyArray<readonly [why: string, pattern: string, event: () => string, want: boolean | "refused"]> =
    [
      ["an event of 100,000 levels", '{"a":["x"]}', () => `{"a":${"[".repeat(deep)}${"]".repeat(deep)}}`, "refused"],
      ["an event of 100,000 open objects", '{"a":["x"]}', () => '{"a":'.repeat(deep), "refused"],
      ["a text of a megabyte", '{"a":[{"suffix":"b"}]}', () => `{"a":"${"a".repeat(1_000_000)}b"}`, true],
      ["a megabyte of escapes", '{"a":[{"wildcard":"*b"}]}', () => `{"a":"${"\\u0061".repeat(170_000)}b"}`, true],
      ["a key of a megabyte", '{"a":["x"]}', () => `{"${"k".repeat(1_000_000)}":1,"a":"x"}`, true],
      ["a megabyte of digits", '{"a":[1]}', () => `{"a":${"9".repeat(1_000_000)}}`, "refused"],
      [
        "20,000 values of two fields",
        '{"a":{"b":["x"],"c":["y"]}}',
        () => `{"a":${list(10_000, () => '{"b":"x","c":"x"}')}}`,
        false,
      ],
      [
        "50 stars on 100 KB",
        `{"a":[{"wildcard":"${"*a".repeat(50)}*b"}]}`,
        () => `{"a":"${"a".repeat(100_000)}"}`,
        false,
      ],
      [
        "ignored case of letters with two forms of other lengths",
        `{"a":[{"prefix":{"equals-ignore-case":"${"ß".repeat(500)}x"}}]}`,
        () => `{"a":"${"ß".repeat(50_000)}"}`,
        false,
      ],
      [
        "12 $or side by side that hold everywhere but together",
        `{${many(12, (or) => `"$or":[${many(2, (branch) => `{"a":{"k${or}_${branch}":["x"]}}`)}]`)}}`,
        () => `{"a":${list(24, (index) => `{"k${index >> 1}_${index & 1}":"x"}`)}}`,
        false,
      ],
      [
        "16 $or side by side of which the last cannot hold",
        `{${many(16, (or) => `"$or":[{"k${or}":["x"]},{"l${or}":["x"]}]`)},"z":["x"]}`,
        () => `{${many(16, (or) => `"k${or}":"x","l${or}":"x"`)},"z":"y"}`,
        false,
      ],
      [
        "sibling arrays that multiply: 20 of them with 100 elements each",
        `{${many(20, (array) => `"a${array}":{"x":["1"]}`)},"z":{"x":["1"],"y":["1"]}}`,
        () => `{${many(20, (array) => `"a${array}":${list(100, () => '{"x":"1"}')}`)},"z":[{"x":"1"},{"y":"1"}]}`,
        false,
      ],
      [
        "the same in one element of an outer array",
        `{"o":{${many(20, (array) => `"a${array}":{"x":["1"]}`)},"z":{"x":["1"],"y":["1"]}}}`,
        () =>
          `{"o":[{${many(20, (array) => `"a${array}":${list(100, () => '{"x":"1"}')}`)},"z":[{"x":"1"},{"y":"1"}]}]}`,
        false,
      ],
      [
        "20,000 elements, every other with one field and none with both",
        '{"a":{"b":["x"],"c":["y"]}}',
        () => `{"a":${list(20_000, (index) => (index % 2 === 0 ? '{"b":"x","c":"x"}' : '{"b":"y","c":"y"}'))}}`,
        false,
      ],
      [
        "the same elements inside one element",
        '{"o":{"a":{"b":["x"],"c":["y"]}}}',
        () => `{"o":[{"a":${list(20_000, (index) => (index % 2 === 0 ? '{"b":"x","c":"x"}' : '{"b":"y","c":"y"}'))}}]}`,
        false,
      ],
      [
        "one key twice: 2,000 elements each, and a field that cannot hold in two of them",
        '{"a":{"b":["x"],"c":["x"],"d":["x"]}}',
        () => `{"a":${list(2000, () => '{"b":"x","d":"x"}')},"a":${list(2000, () => '{"c":"x","d":"x"}')}}`,
        false,
      ],
      [
        "one key 4,000 times",
        '{"a":{"b":["x"],"c":["x"],"d":["x"]}}',
        () => `{${many(4000, (index) => `"a":[{"${index % 2 === 0 ? "b" : "c"}":"x","d":"x"}]`)}}`,
        false,
      ],
      ["a field 20,000 times", `{${many(20_000, () => '"a":["x"]')}}`, () => '{"a":"x"}', true],
      ["20,000 alternatives", `{"a":${list(20_000, (index) => `"v${index}"`)}}`, () => '{"a":"v19999"}', true],
      ["keys that objects have", '{"__proto__":{"polluted":["x"]}}', () => '{"__proto__":{"polluted":"x"}}', true],
    ];
  for (const [why, patternText, event, want] of cases) {
    test(why, () => {
      const text = event();
      const startedAt = cpuMs();
      const answer = answerOf(patternOf(patternText), text);
      assert.equal(answer, want);
      assert.ok(cpuMs() - startedAt < LONGEST_MS);
      assert.equal("polluted" in {}, false);
    });
  }

  test("two fields apart in 20,000 elements are explained", () => {
    const event = `{"a":${list(20_000, (index) => (index % 2 === 0 ? '{"b":"x","c":"x"}' : '{"b":"y","c":"y"}'))}}`;
    const startedAt = cpuMs();
    assert.equal(explain(patternOf('{"a":{"b":["x"],"c":["y"]}}'), event).conflict?.fields[1]?.place, "a[1].c");
    assert.ok(cpuMs() - startedAt < LONGEST_MS);
  });

  test("long patterns are compared and linted", () => {
    const startedAt = cpuMs();
    const long = (from: number) => patternOf(`{"a":${list(20_000, (index) => `"v${index + from}"`)}}`);
    assert.equal(intersects(long(0), long(19_999)).answer, "unknown");
    assert.equal(covers(long(0), long(1)).answer, "unknown");
    assert.deepEqual(lint(long(0)), []);
    const or = (key: string) => `{"$or":${list(100, (index) => `{"${key}${index}":["x"]}`)}}`;
    const wide = patternOf(`{"a":${or("a")},"b":${or("b")}}`);
    assert.equal(covers(wide, wide).answer, "yes");
    assert.equal(intersects(wide, wide).answer, "yes");
    assert.ok(cpuMs() - startedAt < 2 * LONGEST_MS);
  });

  test("40,000 mistakes each get their line", () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `"k${index}":1`);
    const startedAt = cpuMs();
    const read = parsePattern(`{${lines.join(",\n")}}`);
    assert.ok("problems" in read);
    assert.deepEqual(read.problems.at(-1)?.position, { offset: 468_888, line: 40_000, column: 10 });
    assert.ok(cpuMs() - startedAt < LONGEST_MS);
  });

  test("patterns nested 100,000 levels are refused", () => {
    assert.ok("problems" in parsePattern(`${'{"a":'.repeat(deep)}["x"]${"}".repeat(deep)}`));
    assert.ok("problems" in parsePattern(`${'{"$or":['.repeat(deep)}`));
    let value: unknown = ["x"];
    for (let level = 0; level < deep; level += 1) value = { a: value };
    assert.ok("problems" in parsePatternValue(value));
    assert.throws(() => matches(patternOf('{"a":["x"]}'), value), TypeError);
  });

  test("patterns nested as deep as allowed match and explain", () => {
    const levels = 999;
    const text = `${'{"a":'.repeat(levels)}["x"]${"}".repeat(levels)}`;
    const event = `${'{"a":'.repeat(levels)}"x"${"}".repeat(levels)}`;
    assert.equal(explain(patternOf(text), event).matches, true);
    let or = '[{"a":["x"]},{"b":["x"]}]';
    for (let level = 0; level < 490; level += 1) or = `[{"$or":${or}},{"c":["x"]}]`;
    assert.equal(explain(patternOf(`{"$or":${or}}`), '{"b":"x"}').matches, true);
  });
});

function answerOf(pattern: Pattern, event: string): boolean | "refused" {
  try {
    return matches(pattern, event);
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return "refused";
  }
}

function patternOf(text: string): Pattern {
  const read = parsePattern(text);
  assert.ok("pattern" in read);
  return read.pattern;
}
