import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { matches } from "./match.ts";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern } from "./parse.ts";

type Case = readonly [why: string, pattern: string, event: string, want: boolean];

const suites: Readonly<Record<string, readonly Case[]>> = {
  "types are told apart": [
    ["a text is no number", '{"a":["5"]}', '{"a":5}', false],
    ["a number is no text", '{"a":[5]}', '{"a":"5"}', false],
    ["null is a value", '{"a":[null]}', '{"a":null}', true],
    ['and not the text "null"', '{"a":[null]}', '{"a":"null"}', false],
    ["numbers are equal however they are spelled", '{"a":[300]}', '{"a":3.0e2}', true],
    ["numbers beyond doubles are equal as spelled", '{"a":[12345678901234567891]}', '{"a":12345678901234567891}', true],
    ["and only so", '{"a":[12345678901234567891]}', '{"a":12345678901234567890}', false],
    ["a text that is an address is compared as one", '{"a":["10.0.0.1"]}', '{"a":"010.0.0.1"}', true],
    ["but not by exactly", '{"a":[{"exactly":"10.0.0.1"}]}', '{"a":"010.0.0.1"}', false],
    ["nor by anything-but", '{"a":[{"anything-but":"10.0.0.1"}]}', '{"a":"010.0.0.1"}', true],
    ["a block holds no number", '{"a":[{"cidr":"18.52.86.0/24"}]}', '{"a":12345678}', false],
    ["text tests see texts only", '{"a":[{"prefix":""}]}', '{"a":5}', false],
  ],
  presence: [
    ["a value is present", '{"a":[{"exists":true}]}', '{"a":null}', true],
    ["an empty list is not", '{"a":[{"exists":true}]}', '{"a":[]}', false],
    ["an object is not", '{"a":[{"exists":true}]}', '{"a":{"b":1}}', false],
    ["absence", '{"a":[{"exists":false}]}', '{"b":1}', true],
    ["absence beside a value", '{"a":[{"exists":false},"x"]}', '{"a":"x"}', true],
    ["anything-but wants a value", '{"a":[{"anything-but":"x"}]}', "{}", false],
    ["anything-but takes any other type", '{"a":[{"anything-but":"x"}]}', '{"a":null}', true],
    ["anything-but nothing accepts nothing", '{"a":[{"anything-but":{"prefix":[]}}]}', '{"a":"x"}', false],
    ["and leaves the other alternatives alone", '{"a":[{"anything-but":{"wildcard":[]}},"x"]}', '{"a":"x"}', true],
    ["anything-but of a list is about some element", '{"a":[{"anything-but":"x"}]}', '{"a":["x","y"]}', true],
  ],
  arrays: [
    ["a value in a list", '{"a":["x"]}', '{"a":["y","x"]}', true],
    ["lists in lists", '{"a":["x"]}', '{"a":[["y",["x"]]]}', true],
    ["two fields in one element", '{"a":{"b":["1"],"c":["2"]}}', '{"a":[{"b":"1","c":"2"}]}', true],
    ["two fields in two elements", '{"a":{"b":["1"],"c":["2"]}}', '{"a":[{"b":"1"},{"c":"2"}]}', false],
    [
      "different arrays are free",
      '{"a":{"b":["1"]},"c":{"d":["2"]}}',
      '{"a":[{"b":"0"},{"b":"1"}],"c":[{"d":"2"}]}',
      true,
    ],
    ["values straight in a list belong to no element", '{"a":["x"],"b":["y"]}', '{"a":["z","x"],"b":["y","z"]}', true],
    [
      "inner arrays of one element",
      '{"a":{"b":["1"],"c":{"d":["2"]}}}',
      '{"a":[{"b":"1","c":[{"d":"1"}]},{"b":"2","c":[{"d":"2"}]}]}',
      false,
    ],
    [
      "arrays straight in arrays count as well",
      '{"a":{"b":["1"],"c":["2"]}}',
      '{"a":[[{"b":"1"},{"c":"2"}],[{"b":"1","c":"1"}]]}',
      false,
    ],
    [
      "where a field occurs in the chosen array it must hold in the chosen element",
      '{"a":{"b":["1"],"c":["2"]}}',
      '{"a":[{"b":"1","c":"0"},{"b":"0","c":"2"}],"a.c":"2"}',
      false,
    ],
    [
      "elsewhere it may hold when the array lacks it",
      '{"a":{"b":["1"],"c":["2"]}}',
      '{"a":[{"b":"1"}],"a.c":"2"}',
      true,
    ],
  ],
  "absence in arrays depends on the fields before it": [
    ["an element without c", '{"a":{"b":["1"],"c":[{"exists":false}]}}', '{"a":[{"b":"2","c":"x"},{"b":"1"}]}', true],
    [
      "the element with b has c",
      '{"a":{"b":["1"],"c":[{"exists":false}]}}',
      '{"a":[{"b":"1","c":"x"},{"b":"2"}]}',
      false,
    ],
    ["b comes before c", '{"a":{"b":["1"],"c":[{"exists":false}]}}', '{"a":[{"b":"1"},{"c":"2"}]}', true],
    [
      "d comes after c: no element is chosen yet",
      '{"a":{"d":["1"],"c":[{"exists":false}]}}',
      '{"a":[{"d":"1"},{"c":"2"}]}',
      false,
    ],
  ],
  paths: [
    ["dots in a pattern", '{"a.b":["x"]}', '{"a":{"b":"x"}}', true],
    ["dots in an event", '{"a":{"b":["x"]}}', '{"a.b":"x"}', true],
    ["a longer key is another", '{"a.b":["x"]}', '{"a":{"b.c":"x"}}', false],
    ["an empty key at the top", '{"":["x"]}', '{"":"x"}', true],
    ["an empty key below is never found", '{"a":{"":["x"]}}', '{"a":{"":"x"}}', false],
    ["but a key that ends in a dot is", '{"a":{"":["x"]}}', '{"a.":"x"}', true],
    ["keys that objects have are no values", '{"toString":[{"exists":true}]}', '{"constructor":1}', false],
    ["and can be values", '{"__proto__":{"a":["x"]}}', '{"__proto__":{"a":"x"}}', true],
    ["a key given twice has both values", '{"a":["x"]}', '{"a":"x","a":"y"}', true],
  ],
  "the last of several wins": [
    ["a key given twice in a pattern", '{"a":["x"],"a":["y"]}', '{"a":"x"}', false],
    ["the same field by dots", '{"a":{"b":["x"]},"a.b":["y"]}', '{"a":{"b":"y"}}', true],
    ["$or after the field", '{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}', '{"a":"y"}', true],
    ["the branch without it leaves it", '{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}', '{"a":"y","b":"z"}', true],
    ["the field after $or", '{"$or":[{"a":["y"]},{"b":["z"]}],"a":["x"]}', '{"a":"y"}', false],
    ["and then the branch asks nothing", '{"$or":[{"a":["y"]},{"b":["z"]}],"a":["x"]}', '{"a":"x"}', true],
    ["$or after $or", '{"$or":[{"a":["1"]},{"b":["1"]}],"$or":[{"a":["2"]},{"c":["1"]}]}', '{"b":"1","a":"2"}', true],
  ],
  "quotes are part of a text": [
    ["a prefix may end in one", '{"a":[{"prefix":"x\\""}]}', '{"a":"x"}', true],
    ["a suffix may begin with one", '{"a":[{"suffix":"\\"x"}]}', '{"a":"x"}', true],
    ["both ends ignoring case", '{"a":[{"prefix":{"equals-ignore-case":"X\\""}}]}', '{"a":"x"}', true],
    ["a wildcard may not", '{"a":[{"wildcard":"x\\""}]}', '{"a":"x"}', false],
  ],
  "half surrogates are question marks in bytes": [
    ["equal to themselves", '{"a":["\\ud800"]}', '{"a":"\\ud800"}', true],
    ["a prefix sees a question mark", '{"a":[{"prefix":"?"}]}', '{"a":"\\ud800x"}', true],
    ["half an emoji is no prefix of it", '{"a":[{"prefix":"\\ud83d"}]}', '{"a":"😀"}', false],
    ["ignoring case", '{"a":[{"equals-ignore-case":"\\ud800"}]}', '{"a":"\\ud801"}', true],
  ],
};

for (const [name, cases] of Object.entries(suites)) {
  suite(name, () => {
    for (const [why, pattern, event, want] of cases) {
      test(`${why}: ${pattern} on ${event}`, () => assert.equal(matches(patternOf(pattern), event), want));
    }
  });
}

suite("events that are none", () => {
  const cases: ReadonlyArray<readonly [why: string, event: unknown, message: RegExp]> = [
    ["a number", "5", /^Event must be a JSON object$/],
    ["a list", '[{"a":"x"}]', /^Event must be a JSON object$/],
    ["a list as a value", [{ a: "x" }], /^Event must be a JSON object$/],
    ["nothing", "", /^Event must be a JSON object$/],
    ["broken text, with the place", '{"a":"\\q"}', /^Unrecognized character escape 'q'.*at offset 7/],
    ["a value that no JSON has", { a: Number.NaN }, /^number is no JSON value/],
  ];
  for (const [why, event, message] of cases) {
    test(`${why}: ${JSON.stringify(event)}`, () => {
      assert.throws(() => matches(patternOf('{"a":["x"]}'), event), { name: "TypeError", message });
    });
  }

  test("what follows the event is not looked at", () => {
    assert.equal(matches(patternOf('{"a":["x"]}'), '{"a":"x"} {"a":"y"}'), true);
  });
});

function patternOf(text: string): Pattern {
  const read = parsePattern(text);
  assert.ok("pattern" in read);
  return read.pattern;
}
