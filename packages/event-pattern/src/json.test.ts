import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { beginsAsObject, type JsonNode, nodeOf, readJson } from "./json.ts";

suite("readJson", () => {
  const values: ReadonlyArray<readonly [why: string, text: string, want: unknown]> = [
    ["a plain object", '{"a":[1,"x",true,null]}', { a: ["1", "x", "true", "null"] }],
    ["white space anywhere", ' \t\r\n{ "a" : [ 1 , 2 ] }\n', { a: ["1", "2"] }],
    ["empty containers", '{"a":{},"b":[]}', { a: {}, b: [] }],
    ["every escape", '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9"', '"\\/\b\f\n\r\tAé'],
    ["a pair of surrogates, escaped", '"\\ud83d\\uDE00"', "😀"],
    ["half a pair stays half", '"\\ud83d"', "\ud83d"],
    ["numbers stay as they are spelled", "[1.0,1e5,-0,0.10,1E+02]", ["1.0", "1e5", "-0", "0.10", "1E+02"]],
    [
      "a key given twice is there twice",
      '{"a":1,"a":2}',
      [
        ["a", "1"],
        ["a", "2"],
      ],
    ],
    ["a key of every object is a key like others", '{"__proto__":{"x":1}}', [["__proto__", { x: "1" }]]],
    ["what follows the value is not looked at", '{"a":1} rest }', { a: "1" }],
    ["a thousand levels", "[".repeat(1000) + "]".repeat(1000), undefined],
  ];
  for (const [why, text, want] of values) {
    test(`${why}: ${text.slice(0, 60)}`, () => {
      const read = readJson(text);
      assert.ok("node" in read, JSON.stringify(read));
      if (want !== undefined) assert.deepEqual(plain(read.node, Array.isArray(want)), want);
    });
  }

  test("says where the value ended, for who wants to warn of the rest", () => {
    const read = readJson(' {"a":1} x');
    assert.ok("node" in read);
    assert.equal(read.end, 8);
  });

  test("says where each value, key and object stands", () => {
    const read = readJson('{"a": ["b"]}');
    assert.ok("node" in read && read.node.kind === "object");
    const [entry] = read.node.entries;
    assert.equal(entry?.at, 1);
    assert.equal(entry?.value.at, 6);
    assert.ok(entry?.value.kind === "array");
    assert.equal(entry.value.items[0]?.at, 7);
  });

  const faults: ReadonlyArray<readonly [why: string, text: string, at: number, message: RegExp]> = [
    ["nothing at all", "", 0, /^Unexpected end-of-input: expected a value/],
    ["an object that does not end", '{"a":1', 6, /^Unexpected end-of-input: expected "," or "}"/],
    ["a string that does not end", '{"a', 3, /^Unexpected end-of-input: expected the closing quote/],
    ["a comma too many in an object", '{"a":1,}', 7, /^Unexpected character \('}' \(code 125\)\): expected a key/],
    ["a comma too many in a list", "[1,]", 3, /^Unexpected character \(']' \(code 93\)\): expected a value/],
    ["a key without quotes", "{a:1}", 1, /^Unexpected character \('a' \(code 97\)\): expected a key in "quotes"/],
    ["a key in single quotes", "{'a':1}", 1, /^Unexpected character \('''/],
    ["no colon", '{"a" 1}', 5, /expected ":" after the key/],
    ["the wrong bracket", '{"a":[1}', 7, /^Unexpected close marker '}': expected ']'/],
    ["a bracket that closes nothing", "]", 0, /^Unexpected close marker ']': no open array/],
    ["a word that is none of the three", "[tru]", 1, /^Unrecognized token 'tru'/],
    ["a word that goes on", "[nullx]", 1, /^Unrecognized token 'nullx'/],
    ["not a number", "[NaN]", 1, /^Non-standard token 'NaN'/],
    ["minus infinity", "[-Infinity]", 1, /^Non-standard token '-Infinity'/],
    ["a plus sign", "[+1]", 1, /^Unexpected character \('\+'/],
    ["a zero in front", "[01]", 1, /^Invalid numeric value: Leading zeroes/],
    ["a point without digits", "[1.]", 3, /^Unexpected character \(']' \(code 93\)\) in numeric value/],
    ["an exponent without digits", "[1e+]", 4, /in numeric value: expected a digit of the exponent/],
    ["a minus alone", "[-]", 2, /in numeric value: expected a digit after the minus/],
    ["a number that goes on as a word", "[1x]", 2, /^Unexpected character \('x'/],
    ["more digits than anybody compares", `[${"9".repeat(1001)}]`, 1, /^Number value length \(1001\)/],
    ["a line break in a string", '"a\nb"', 2, /^Illegal unquoted character \(\(CTRL-CHAR, code 10\)\)/],
    ["a control character between values", "[\u0000]", 1, /^Illegal character \(\(CTRL-CHAR, code 0\)\)/],
    ["an escape that JSON lacks", '"\\q"', 2, /^Unrecognized character escape 'q' \(code 113\)/],
    ["three hexadecimal digits", '"\\u12"', 5, /expected four hexadecimal digits/],
    ["a comment", "/* */ {}", 0, /^Unexpected character \('\/'/],
    ["a byte order mark", "\ufeff{}", 0, /^Unexpected character/],
    ["one level too many", `${"[".repeat(1001)}${"]".repeat(1001)}`, 1000, /^Document nesting depth \(1001\)/],
    ["a hundred thousand levels", '{"a":'.repeat(100_000), 5000, /^Document nesting depth/],
  ];
  for (const [why, text, at, message] of faults) {
    test(`${why}: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const read = readJson(text);
      assert.ok("fault" in read);
      assert.equal(read.fault.at, at);
      assert.match(read.fault.message, message);
    });
  }
});

suite("nodeOf", () => {
  test("a parsed value reads as its text does, as far as JSON.parse keeps it", () => {
    const value = { a: [1, -0, 1e21, "x", null, true], b: { c: [] } };
    const read = nodeOf(value);
    assert.ok("node" in read);
    assert.deepEqual(plain(read.node), { a: ["1", "-0", "1e+21", "x", "null", "true"], b: { c: [] } });
  });

  const faults: ReadonlyArray<readonly [why: string, value: unknown, message: RegExp]> = [
    ["not a number", { a: Number.NaN }, /number is no JSON value/],
    ["infinity", [Number.POSITIVE_INFINITY], /number is no JSON value/],
    ["a function", { a: () => 1 }, /function is no JSON value/],
    ["a big integer", { a: 1n }, /bigint is no JSON value/],
    ["nothing", undefined, /undefined is no JSON value/],
    ["a circle, which is as deep as one likes", circle(), /Document nesting depth/],
  ];
  for (const [why, value, message] of faults) {
    test(`refuses ${why}`, () => {
      const read = nodeOf(value);
      assert.ok("fault" in read);
      assert.match(read.fault.message, message);
    });
  }

  test("a key without a value is left out, as JSON.stringify does", () => {
    const read = nodeOf({ a: undefined, b: 1 });
    assert.ok("node" in read);
    assert.deepEqual(plain(read.node), { b: "1" });
  });
});

suite("beginsAsObject", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, want: boolean]> = [
    ["an object", ' {"a":1}', true],
    ["nothing", " ", false],
    ["a list, however it goes on", "[}", false],
    ["a string", '"x', false],
    ["a number", "5", false],
    ["a literal", "null", false],
    ["a word may have been meant as anything", "nullable", true],
  ];
  for (const [why, text, want] of cases) {
    test(`${why}: ${JSON.stringify(text)}`, () => assert.equal(beginsAsObject(text), want));
  }
});

/** The node as a plain value: scalars as text, objects as objects, or as pairs of key and value. */
function plain(node: JsonNode, asPairs = false): unknown {
  if (node.kind === "string") return node.value;
  if (node.kind === "array") return node.items.map((item) => plain(item));
  if (node.kind !== "object") return node.text;
  const pairs = node.entries.map(({ key, value }) => [key, plain(value)] as const);
  return asPairs ? pairs : Object.fromEntries(pairs);
}

function circle(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
