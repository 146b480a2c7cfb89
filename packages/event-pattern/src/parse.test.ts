import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parsePattern, parsePatternValue } from "./parse.ts";
import type { ProblemCode } from "./problem.ts";

/** A caret under the pattern shows where the problem stands. */
type Refused = readonly [why: string, pattern: string, caret: string, code: ProblemCode, path: string, message: RegExp];

suite("parsePattern refuses", () => {
  const cases: readonly Refused[] = [
    ["what is no JSON", '{"a":["b"],}', "           ^", "json", "$", /^Unexpected character \('}'/],
    ["nothing", "", "^", "not-an-object", "$", /^Filter is not an object/],
    ["a list", ' ["a"]', " ^", "not-an-object", "$", /^Filter is not an object/],
    ["an empty pattern", "{}", "^", "empty-object", "$", /^Empty objects are not allowed/],
    ["an empty object", '{"a":{}}', "     ^", "empty-object", "$.a", /^Empty objects are not allowed/],
    [
      "a value without its list",
      '{"a":"b"}',
      "     ^",
      "not-a-list",
      "$.a",
      /^"a" must be an object or an array: write "a": \["b"\]/,
    ],
    ["an empty list", '{"a":[]}', "     ^", "empty-array", "$.a", /^Empty arrays are not allowed/],
    [
      "a list in a list",
      '{"a":["b",["c"]]}',
      "          ^",
      "bad-value",
      "$.a[1]",
      /^Match value must be String, number/,
    ],
    ["an empty expression", '{"a":[{}]}', "      ^", "empty-expression", "$.a[0]", /^Match expression name not found/],
    [
      "an operator that is none",
      '{"a":[{"regex":"b"}]}',
      "       ^",
      "unknown-operator",
      "$.a[0]",
      /^Unrecognized match type regex/,
    ],
    [
      "an operator of other case",
      '{"a":[{"Prefix":"b"}]}',
      "       ^",
      "unknown-operator",
      "$.a[0]",
      /^Unrecognized match type Prefix/,
    ],
    [
      "two operators at once",
      '{"a":[{"prefix":"b","suffix":"c"}]}',
      "                    ^",
      "too-many-keys",
      "$.a[0]",
      /^Only one key allowed in match expression/,
    ],
    [
      "exactly a number",
      '{"a":[{"exactly":1}]}',
      "                 ^",
      "operator-value",
      "$.a[0]",
      /^exact match pattern must be a string/,
    ],
    [
      "a prefix that is no text",
      '{"a":[{"prefix":1}]}',
      "                ^",
      "operator-value",
      "$.a[0]",
      /^prefix match pattern must be a string/,
    ],
    [
      "a prefix of something else",
      '{"a":[{"prefix":{"suffix":"b"}}]}',
      "                 ^",
      "unsupported-nesting",
      "$.a[0]",
      /^Unsupported prefix pattern: suffix/,
    ],
    [
      "an empty prefix expression",
      '{"a":[{"prefix":{}}]}',
      "                ^",
      "empty-expression",
      "$.a[0]",
      /^Prefix expression name not found/,
    ],
    [
      "a list of suffixes",
      '{"a":[{"suffix":["b"]}]}',
      "                ^",
      "operator-value",
      "$.a[0]",
      /^suffix match pattern must be a string/,
    ],
    [
      "ignore-case of a list",
      '{"a":[{"equals-ignore-case":["b"]}]}',
      "                            ^",
      "operator-value",
      "$.a[0]",
      /^equals-ignore-case match pattern must be a string/,
    ],
    [
      "two stars",
      '{"a":[{"wildcard":"b**"}]}',
      "                  ^",
      "wildcard",
      "$.a[0]",
      /^Consecutive wildcard characters at pos 2/,
    ],
    [
      "a backslash before a letter",
      '{"a":[{"wildcard":"b\\\\c"}]}',
      "                  ^",
      "wildcard",
      "$.a[0]",
      /^Invalid escape character at pos 2/,
    ],
    [
      "a range that is no list",
      '{"a":[{"numeric":5}]}',
      "                 ^",
      "numeric",
      "$.a[0]",
      /^Value of numeric must be an array/,
    ],
    [
      "a range without operator",
      '{"a":[{"numeric":[5]}]}',
      "                  ^",
      "numeric",
      "$.a[0]",
      /^Invalid member in numeric match: 5/,
    ],
    [
      "a range with an unknown operator",
      '{"a":[{"numeric":["!=",5]}]}',
      "                  ^",
      "numeric",
      "$.a[0]",
      /^Unrecognized numeric range operator: !=/,
    ],
    [
      "a range with a text",
      '{"a":[{"numeric":["=","5"]}]}',
      "                      ^",
      "numeric",
      "$.a[0]",
      /^Value of equals must be numeric/,
    ],
    [
      "the upper bound first",
      '{"a":[{"numeric":["<",5,">",1]}]}',
      "                        ^",
      "numeric",
      "$.a[0]",
      /^Too many elements in numeric expression/,
    ],
    [
      "two lower bounds",
      '{"a":[{"numeric":[">",5,">",6]}]}',
      "                        ^",
      "numeric",
      "$.a[0]",
      /^Bad numeric range operator: >/,
    ],
    [
      "a range without end",
      '{"a":[{"numeric":[">",5,6]}]}',
      "                        ^",
      "numeric",
      "$.a[0]",
      /^Bad value in numeric range: 6/,
    ],
    [
      "a range of three",
      '{"a":[{"numeric":[">",5,"<",6,"<",7]}]}',
      "                              ^",
      "numeric",
      "$.a[0]",
      /^Too many terms in numeric range expression/,
    ],
    [
      "a range upside down",
      '{"a":[{"numeric":[">",5,"<",5]}]}',
      "                            ^",
      "numeric",
      "$.a[0]",
      /^Bottom must be less than top/,
    ],
    [
      "a bound that no double is",
      '{"a":[{"numeric":["=",1e400]}]}',
      "                      ^",
      "number",
      "$.a[0]",
      /^Cannot compare number : 1e400/,
    ],
    [
      "a block of one address",
      '{"a":[{"cidr":"10.0.0.1/32"}]}',
      "              ^",
      "cidr",
      "$.a[0]",
      /^IPv4 mask bits must be < 32/,
    ],
    [
      "a block that is no text",
      '{"a":[{"cidr":1}]}',
      "              ^",
      "operator-value",
      "$.a[0]",
      /^prefix match pattern must be a string/,
    ],
    [
      "exists with a text",
      '{"a":[{"exists":"true"}]}',
      "                ^",
      "operator-value",
      "$.a[0]",
      /^exists match pattern must be either true or false\./,
    ],
    [
      "anything but null",
      '{"a":[{"anything-but":null}]}',
      "                      ^",
      "operator-value",
      "$.a[0]",
      /^Value of anything-but must be an array or single/,
    ],
    [
      "anything but nothing",
      '{"a":[{"anything-but":[]}]}',
      "                      ^",
      "mixed-list",
      "$.a[0]",
      /^Inside anything but list, either all values/,
    ],
    [
      "anything but text and number",
      '{"a":[{"anything-but":["b",1]}]}',
      "                      ^",
      "mixed-list",
      "$.a[0]",
      /^Inside anything but list, either all values/,
    ],
    [
      "anything but true, in a list",
      '{"a":[{"anything-but":["b",true]}]}',
      "                           ^",
      "mixed-list",
      "$.a[0]",
      /^Inside anything but list, start\|null\|boolean/,
    ],
    [
      "anything but a number no double is",
      '{"a":[{"anything-but":[1,1e400]}]}',
      "                         ^",
      "number",
      "$.a[0]",
      /^Cannot compare number : 1e400/,
    ],
    [
      "anything but a range",
      '{"a":[{"anything-but":{"numeric":["=",1]}}]}',
      "                       ^",
      "unsupported-nesting",
      "$.a[0]",
      /^Unsupported anything-but pattern: numeric/,
    ],
    [
      "anything but an empty expression",
      '{"a":[{"anything-but":{}}]}',
      "                      ^",
      "empty-expression",
      "$.a[0]",
      /^Anything-But expression name not found/,
    ],
    [
      "anything but the empty prefix",
      '{"a":[{"anything-but":{"prefix":""}}]}',
      "                                ^",
      "operator-value",
      "$.a[0]",
      /^Null prefix\/suffix not allowed/,
    ],
    [
      "anything but ignore-case of null",
      '{"a":[{"anything-but":{"equals-ignore-case":[null]}}]}',
      "                                             ^",
      "mixed-list",
      "$.a[0]",
      /^Inside anything-but\/equals-ignore-case list/,
    ],
    [
      "anything but two tests",
      '{"a":[{"anything-but":{"prefix":"b","suffix":"c"}}]}',
      "                                    ^",
      "too-many-keys",
      "$.a[0]",
      /^Too many elements in numeric expression/,
    ],
    [
      "$or without a list",
      '{"$or":{"a":["b"]}}',
      "       ^",
      "or",
      "$.$or",
      /^It must be an Array followed with \$or\./,
    ],
    ["$or of one", '{"$or":[{"a":["b"]}]}', "       ^", "or", "$.$or", /^There must have at least 2 Objects/],
    [
      "$or of values",
      '{"$or":["x","y"]}',
      "        ^",
      "or",
      "$.$or[0]",
      /^Only JSON object is allowed in array of \$or/,
    ],
    [
      "an operator as a field in $or",
      '{"$or":[{"prefix":["b"]},{"a":["b"]}]}',
      "         ^",
      "or",
      "$.$or[0].prefix",
      /^prefix is Ruler reserved fieldName/,
    ],
    [
      "an odd key, in quotes",
      '{"x y":"b"}',
      "       ^",
      "not-a-list",
      '$["x y"]',
      /^"x y" must be an object or an array/,
    ],
  ];
  for (const [why, pattern, caret, code, path, message] of cases) {
    test(`${why}: ${pattern}`, () => {
      const read = parsePattern(pattern);
      assert.ok("problems" in read);
      const [problem] = read.problems;
      assert.equal(problem?.code, code);
      assert.equal(problem.path, path);
      assert.match(problem.message, message);
      const offset = caret.indexOf("^");
      assert.deepEqual(problem.position, { offset, line: 1, column: offset + 1 });
    });
  }

  test("every mistake at once, each with its line and column", () => {
    const read = parsePattern('{\n  "a": "b",\n  "c": [\n    { "regex": "d" }\n  ]\n}');
    assert.ok("problems" in read);
    const places = read.problems.map(({ code, position }) => `${code} ${position?.line}:${position?.column}`);
    assert.deepEqual(places, ["not-a-list 2:8", "unknown-operator 4:7"]);
  });

  test("more fields than event-ruler takes in a rule", () => {
    const read = parsePattern(`{${Array.from({ length: 257 }, (_, index) => `"k${index}":["v"]`).join(",")}}`);
    assert.ok("problems" in read);
    assert.equal(read.problems[0]?.code, "too-large");
    assert.match(read.problems[0].message, /^Size of rule exceeds max value of 256/);
  });

  test("more ways through $or than anybody means", () => {
    const or = '"$or":[{"a":["1"]},{"b":["1"]},{"c":["1"]}]';
    const read = parsePattern(`{${Array.from({ length: 11 }, () => or).join(",")}}`);
    assert.ok("problems" in read);
    assert.equal(read.problems[0]?.code, "too-large");
    assert.match(read.problems[0].message, /^Too many rules/);
  });
});

suite("parsePattern accepts", () => {
  const cases: ReadonlyArray<readonly [why: string, pattern: string, paths: readonly string[]]> = [
    ["nesting and dots name the same field", '{"a":{"b":["1"]},"a.b.c":["1"]}', ["a.b", "a.b.c"]],
    ["$or at any depth", '{"a":{"$or":[{"b":["1"]},{"c":["1"]}]}}', ["a.b", "a.c"]],
    ["an operator's name as a field", '{"prefix":["a"],"exists":{"cidr":["b"]}}', ["exists.cidr", "prefix"]],
    ["keys that objects have", '{"__proto__":{"constructor":["a"]}}', ["__proto__.constructor"]],
    ["an empty key at the top is forgotten before another", '{"":{"a":["b"]}}', ["a"]],
    ["an empty key deeper is not", '{"a":{"":["b"]}}', ["a."]],
    ["what follows the pattern is not looked at", '{"a":["b"]} and more', ["a"]],
  ];
  for (const [why, pattern, paths] of cases) {
    test(`${why}: ${pattern}`, () => {
      const read = parsePattern(pattern);
      assert.ok("pattern" in read, JSON.stringify(read));
      assert.deepEqual(read.pattern.paths, paths);
    });
  }
});

suite("parsePatternValue", () => {
  test("finds the same mistakes, without places", () => {
    const read = parsePatternValue({ a: "b", c: [{ regex: "d" }] });
    assert.ok("problems" in read);
    assert.deepEqual(
      read.problems.map(({ code, path, position }) => [code, path, position]),
      [
        ["not-a-list", "$.a", undefined],
        ["unknown-operator", "$.c[0]", undefined],
      ],
    );
  });

  test("a value that no JSON has is a problem, not an exception", () => {
    const read = parsePatternValue({ a: [Number.NaN] });
    assert.ok("problems" in read);
    assert.equal(read.problems[0]?.code, "json");
  });
});
