/** A matcher reads events in ways of its own; every way must see what `matches` sees, and refuse what it refuses. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { matches } from "./match.ts";
import { createMatcher } from "./matcher.ts";
import { parsePattern } from "./parse.ts";

const PATTERNS = [
  '{"a":["x"]}',
  '{"a":{"b":["x"]}}',
  '{"a":{"b":["x"],"c":["y"]}}',
  '{"é":["日本"]}',
  '{"a":[{"prefix":"é"}]}',
  '{"a":[5,1e400,null,true]}',
  '{"a":[{"exists":false}]}',
  '{"a":[{"numeric":[">",1]}]}',
  '{"a":["\\ud83d\\ude00"]}',
  '{"a":["\\ud800"]}',
  '{"a":["10.0.0.1"]}',
  '{"a":{"":["x"]}}',
  '{"":["x"]}',
];

suite("a matcher sees what matches sees", () => {
  const events: ReadonlyArray<readonly [why: string, text: string]> = [
    ["plain", '{"a":"x"}'],
    ["white space everywhere", ' \n{ "a" :\t{ "b" : [ "x" , "y" ] , "c" : "y" } }\r\n'],
    ["what follows is not looked at", '{"a":"x"}}'],
    ["a key with an escape", '{"\\u0061":"x"}'],
    ["a key with dots", '{"a.b":"x"}'],
    ["a key that ends in a dot", '{"a.":"x"}'],
    ["an empty key", '{"":"x","a":{"":"x"}}'],
    ["a value with escapes", '{"a":"\\ud83d\\uDE00"}'],
    ["every other escape, where nothing is wanted", '{"z":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9","a":"x"}'],
    ["the same character as it is", '{"a":"😀"}'],
    ["half a surrogate pair, escaped", '{"a":"\\ud800"}'],
    ["half a surrogate pair as it is", '{"a":"\ud800"}'],
    ["other scripts", '{"é":"日本","a":"éa"}'],
    ["other scripts where nothing is wanted", '{"説明":"日本語","a":{"b":"x","c":"y"}}'],
    ["a key given twice", '{"a":"x","a":5}'],
    ["numbers of every spelling", '{"a":[5.0,0.5e1,-0,1E400,1e400,12.5]}'],
    ["literals", '{"a":[true,false,null]}'],
    ["one element has both", '{"a":[{"b":"x","c":"y"},{"b":"x"}]}'],
    ["no element has both", '{"a":[{"b":"x"},{"c":"y"}]}'],
    ["arrays in arrays", '{"a":[[{"b":"x"}],[[{"c":"y","b":"x"}]]]}'],
    ["empty containers", '{"a":[],"b":{},"c":[[],{}]}'],
    ["an address", '{"a":"010.0.0.1"}'],
    ["a thousand levels", `{"a":"x","z":${"[".repeat(999)}${"]".repeat(999)}}`],
    ["keys that objects have", '{"__proto__":{"a":"x"},"constructor":1,"a":"x"}'],
    ["a long number where nothing is wanted", `{"z":${"1".repeat(1000)},"a":"x"}`],
  ];
  for (const [why, text] of events) {
    test(`${why}: ${text.slice(0, 60)}`, () => {
      const want = PATTERNS.filter((pattern) => matches(patternOf(pattern), text));
      assert.deepEqual(matcher().match(text), want);
      if (text.isWellFormed()) assert.deepEqual(matcher().match(new TextEncoder().encode(text)), want);
      for (const pattern of PATTERNS) {
        const alone = createMatcher();
        alone.add("it", pattern);
        assert.equal(alone.match(text).length > 0, want.includes(pattern), pattern);
      }
    });
  }

  test("bytes that are no UTF-8 are question marks of another kind, in both", () => {
    const bytes = Uint8Array.from([...'{"a":"'].map((char) => char.charCodeAt(0)).concat(0xff, 0xc3, 0x22, 0x7d));
    assert.deepEqual(
      matcher().match(bytes),
      PATTERNS.filter((pattern) => matches(patternOf(pattern), bytes)),
    );
  });

  test("a thousand levels are allowed and one more is not, as text and as a value", () => {
    for (const [levels, isAllowed] of [
      [999, true],
      [1000, false],
    ] as const) {
      const text = `{"z":${"[".repeat(levels)}${"]".repeat(levels)},"a":"x"}`;
      for (const event of [text, JSON.parse(text)]) {
        assert.equal(messageOf(() => matcher().match(event)) === undefined, isAllowed);
        assert.equal(messageOf(() => matches(patternOf('{"a":["x"]}'), event)) === undefined, isAllowed);
      }
    }
  });

  test("an event larger than the room that is kept", () => {
    const text = `{"z":"${"é".repeat(1_000_000)}","a":"x"}`;
    assert.deepEqual(matcher().match(text), ['{"a":["x"]}']);
  });
});

suite("a matcher refuses what matches refuses", () => {
  const texts: readonly string[] = [
    ...[
      "",
      " ",
      "5",
      "[]",
      '"x"',
      "null",
      "{",
      '{"a"',
      '{"a":',
      '{"a":"x"',
      '{"a":"x",',
      '{"a":"x",}',
      "{a:1}",
      '{"a" 1}',
    ],
    ...[
      '{"z":tru}',
      '{"z":nullx}',
      '{"z":01}',
      '{"z":1.}',
      '{"z":.5}',
      '{"z":1e}',
      '{"z":-}',
      '{"z":+1}',
      '{"z":NaN}',
      '{"z":1x}',
    ],
    ...[
      '{"z":"\\q"}',
      '{"z":"\\u12g4"}',
      '{"z":"\\u12',
      '{"z":"a\nb"}',
      '{"z":"a\u0000b"}',
      '{"z":[1,]}',
      '{"z":[1 2]}',
      '{"z":[1}',
    ],
    ...[
      '{"z":{"y":1]}',
      '{"z":{"y"}}',
      '{"z":{,}}',
      '{"z":{"y":1,}}',
      '{"z":{y:1}}',
      '{"z":[}',
      '{"z":\u000b1}',
      '\ufeff{"a":1}',
    ],
    ...[
      `{"z":${"[".repeat(1001)}${"]".repeat(1001)}}`,
      `{"z":${"1".repeat(1001)}}`,
      `{"a":${"[".repeat(1001)}${"]".repeat(1001)}}`,
    ],
    ...[
      '{"a":"\\q"}',
      '{"a":01}',
      '{"a":tru}',
      '{"a":["x",]}',
      '{"\\q":1}',
      '{"a\n":1}',
      '{"a":"x"\u0000}',
      '{"a":{"b":"x"]}',
    ],
  ];
  for (const text of texts) {
    test(JSON.stringify(text.slice(0, 40)), () => {
      const wanted = messageOf(() => matches(patternOf('{"a":["x"]}'), text));
      assert.notEqual(wanted, undefined);
      assert.equal(
        messageOf(() => matcher().match(text)),
        wanted,
      );
      const bytes = new TextEncoder().encode(text);
      assert.notEqual(
        messageOf(() => matcher().match(bytes)),
        undefined,
      );
    });
  }

  const values: ReadonlyArray<readonly [why: string, value: unknown]> = [
    ["a number that is none", { z: Number.NaN }],
    ["a function deep inside", { z: [{ y: () => 1 }] }],
    ["a hole", { z: new Array(2) }],
    ["a circle", circle()],
    ["a list", [{ a: "x" }]],
    ["nothing", undefined],
    ["null", null],
  ];
  for (const [why, value] of values) {
    test(`values: ${why}`, () => {
      const wanted = messageOf(() => matches(patternOf('{"a":["x"]}'), value));
      assert.notEqual(wanted, undefined);
      assert.equal(
        messageOf(() => matcher().match(value)),
        wanted,
      );
    });
  }
});

function matcher(): ReturnType<typeof createMatcher> {
  const made = createMatcher();
  for (const pattern of PATTERNS) made.add(pattern, pattern);
  return made;
}

function patternOf(text: string): Parameters<typeof matches>[0] {
  const read = parsePattern(text);
  assert.ok("pattern" in read);
  return read.pattern;
}

function messageOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return error.message;
  }
}

function circle(): unknown {
  const inner: Record<string, unknown> = {};
  inner["z"] = inner;
  return inner;
}
