import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { withChange } from "./change.ts";
import { type Explanation, explain } from "./explain.ts";
import { parsePattern } from "./parse.ts";

suite("explain", () => {
  test("each field in the order of paths: what was wanted, what was found and where", () => {
    const explanation = explained('{"b":["x"],"a":[{"numeric":[">",5]},null]}', '{"a":[1,9],"b":"y"}');
    assert.equal(explanation.matches, false);
    assert.deepEqual(explanation.leaves, [
      {
        path: "a",
        place: "$.a",
        held: true,
        wanted: ["> 5", "null"],
        found: [
          { place: "a[0]", shown: "1", accepted: false },
          { place: "a[1]", shown: "9", accepted: true },
        ],
      },
      {
        path: "b",
        place: "$.b",
        held: false,
        wanted: ['"x"'],
        found: [{ place: "b", shown: '"y"', accepted: false }],
        change: { kind: "set", place: "b", steps: ["b"], value: '"x"', isExample: false },
      },
    ]);
  });

  const wanted: ReadonlyArray<readonly [why: string, alternative: string, shown: string]> = [
    ["a text", '"x"', '"x"'],
    ["a number as spelled", "3.0e2", "3.0e2"],
    ["a literal", "true", "true"],
    ["an address", '"10.0.0.1"', '"10.0.0.1"'],
    ["presence", '{"exists":true}', "present"],
    ["absence", '{"exists":false}', "absent"],
    ["a prefix", '{"prefix":"x"}', 'prefix "x"'],
    ["a suffix ignoring case", '{"suffix":{"equals-ignore-case":"x"}}', 'suffix-ignore-case "x"'],
    ["a wildcard", '{"wildcard":"x*"}', 'wildcard "x*"'],
    ["a block", '{"cidr":"10.0.0.0/8"}', "an address in 10.0.0.0/8"],
    ["one number", '{"numeric":["=",5]}', "= 5"],
    ["a range", '{"numeric":[">",0,"<=",5]}', "> 0 and <= 5"],
    ["anything but texts", '{"anything-but":["x","y"]}', 'anything-but "x", "y"'],
    ["anything but numbers", '{"anything-but":[1,2]}', "anything-but 1, 2"],
    ["anything but prefixes", '{"anything-but":{"prefix":["x","y"]}}', 'anything-but prefix "x", prefix "y"'],
  ];
  for (const [why, alternative, shown] of wanted) {
    test(`shows ${why} as a person would write it`, () => {
      assert.deepEqual(explained(`{"a":[${alternative}]}`, "{}").leaves[0]?.wanted, [shown]);
    });
  }

  test("names two elements when the fields hold in different ones", () => {
    const explanation = explained(
      '{"detail":{"findings":{"Severity":{"Label":["CRITICAL"]},"RecordState":["ACTIVE"]}}}',
      '{"detail":{"findings":[{"Severity":{"Label":"CRITICAL"},"RecordState":"ARCHIVED"},{"Severity":{"Label":"LOW"},"RecordState":"ACTIVE"}]}}',
    );
    assert.equal(explanation.matches, false);
    assert.ok(explanation.leaves.every(({ held }) => held));
    assert.deepEqual(explanation.conflict, {
      fields: [
        {
          path: "detail.findings.RecordState",
          place: "detail.findings[1].RecordState",
          shown: '"ACTIVE"',
          accepted: true,
        },
        {
          path: "detail.findings.Severity.Label",
          place: "detail.findings[0].Severity.Label",
          shown: '"CRITICAL"',
          accepted: true,
        },
      ],
      change: {
        kind: "set",
        place: "detail.findings[1].Severity.Label",
        steps: ["detail", "findings", 1, "Severity", "Label"],
        value: '"CRITICAL"',
        isExample: false,
      },
    });
  });

  test("names three fields of which any two share an element, and all three none", () => {
    const event = '{"a":[{"b":"1","c":"1"},{"c":"1","d":"1"},{"b":"1","d":"1"}]}';
    const explanation = explained('{"a":{"b":["1"],"c":["1"],"d":["1"]}}', event);
    assert.deepEqual(
      explanation.conflict?.fields.map(({ path }) => path),
      ["a.b", "a.c", "a.d"],
    );
    assert.deepEqual(explanation.conflict?.change?.place, "a[0].d");
  });

  test("a field that is innocent is not named", () => {
    const event = '{"a":[{"b":"1","c":"1"},{"d":"1","c":"1"}],"e":"1"}';
    const explanation = explained('{"a":{"b":["1"],"c":["1"],"d":["1"]},"e":["1"]}', event);
    assert.deepEqual(
      explanation.conflict?.fields.map(({ path }) => path),
      ["a.b", "a.d"],
    );
  });

  const changes: ReadonlyArray<readonly [why: string, pattern: string, event: string, after: string | undefined]> = [
    ["a value that is there is set", '{"a":["x","y"]}', '{"a":"z"}', '{"a":"x"}'],
    ["to the alternative that it nearly is", '{"a":["x","HIGH"]}', '{"a":"High"}', '{"a":"HIGH"}'],
    ["a number that is a text", '{"a":[7]}', '{"a":"7"}', '{"a":7}'],
    ["to the nearest bound of a range", '{"a":[{"numeric":[">=",7]}]}', '{"a":4}', '{"a":7}'],
    ["above an open bound", '{"a":[{"numeric":[">",7]}]}', '{"a":4}', '{"a":8}'],
    ["into a block", '{"a":[{"cidr":"10.1.2.3/8"}]}', '{"a":"11.0.0.1"}', '{"a":"10.0.0.0"}'],
    ["to what a wildcard spells", '{"a":[{"wildcard":"arn:*:s3"}]}', '{"a":"arn"}', '{"a":"arn::s3"}'],
    [
      "what is not there is added where its neighbours are",
      '{"a":{"b":["x"]}}',
      '{"a":{"c":1}}',
      '{"a":{"c":1,"b":"x"}}',
    ],
    [
      "in the element in which another field holds",
      '{"a":{"b":["x"],"c":["y"]}}',
      '{"a":[{"b":"z"},{"b":"x"}]}',
      '{"a":[{"b":"z"},{"b":"x","c":"y"}]}',
    ],
    ["into an empty list", '{"a":{"b":["x"]}}', '{"a":[]}', '{"a":[{"b":"x"}]}'],
    ["where a value is in the way, by a key with a dot", '{"a":{"b":["x"]}}', '{"a":1}', '{"a":1,"a.b":"x"}'],
    ["what must be absent is removed", '{"a":[{"exists":false}]}', '{"a":[1,2],"b":1}', '{"b":1}'],
    ["presence alone", '{"a":[{"exists":true}]}', "{}", '{"a":"other"}'],
    ["numbers elsewhere keep their spelling", '{"a":["x"]}', '{"b":1.0e400}', '{"b":1.0e400,"a":"x"}'],
    ["nothing satisfies an empty list of tests", '{"a":[{"anything-but":{"prefix":[]}}]}', '{"a":1}', undefined],
  ];
  for (const [why, pattern, event, after] of changes) {
    test(`proposes: ${why}`, () => {
      const change = explained(pattern, event).leaves.find(({ held }) => !held)?.change;
      assert.equal(change && withChange(event, change), after);
    });
  }

  test("each alternative of each $or, the nearest first", () => {
    const pattern = '{"$or":[{"a":["1"],"b":["1"]},{"$or":[{"c":["1"]},{"a":["2"],"b":["1"]}]}]}';
    const [outer, inner, ...more] = explained(pattern, '{"a":"2"}').ors;
    assert.deepEqual(more, []);
    const said = (or: typeof outer) => or?.branches.map(({ place, failing }) => [place, failing]);
    assert.deepEqual(said(outer), [
      ["$.$or[1]", 1],
      ["$.$or[0]", 2],
    ]);
    assert.deepEqual(said(inner), [
      ["$.$or[1].$or[1]", 1],
      ["$.$or[1].$or[0]", 1],
    ]);
  });

  test("of the branches of $or it takes the one with fewest fields that fail", () => {
    const pattern = '{"$or":[{"a":["1"],"b":["1"]},{"a":["2"],"c":["1"]},{"d":["1"],"e":["1"]}]}';
    const explanation = explained(pattern, '{"a":"2","b":"1"}');
    assert.equal(explanation.branches, 3);
    assert.deepEqual(
      explanation.leaves.map(({ path, held }) => [path, held]),
      [
        ["a", false],
        ["b", true],
      ],
    );
  });

  test("and of those with as many, the one in which more holds", () => {
    const explanation = explained('{"$or":[{"a":["1"]},{"b":["1"],"c":["1"]}]}', '{"b":"1"}');
    assert.deepEqual(
      explanation.leaves.map(({ path }) => path),
      ["b", "c"],
    );
  });

  test("what should be absent and is not, in every element", () => {
    const explanation = explained('{"a":{"b":["1"],"c":[{"exists":false}]}}', '{"a":[{"b":"1","c":"x"}]}');
    assert.equal(explanation.matches, false);
    assert.deepEqual(
      explanation.leaves.filter(({ held }) => !held).map(({ path }) => path),
      ["a.c"],
    );
  });

  test("counts every combination of branches", () => {
    const or = `"$or":[${Array.from({ length: 11 }, (_, index) => `{"k${index}":["x"]}`).join(",")}]`;
    assert.equal(explained(`{${or},${or},${or}}`, '{"a":"x"}').branches, 1331);
  });

  test("finds the one combination of 2,048 that holds", () => {
    const fields = (value: (key: string) => unknown): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, value(`k${index}`)])));
    const pattern = fields(() => ({ $or: [{ a: ["x"] }, { b: ["x"] }] }));
    const event = fields(() => ({ b: "x" }));
    assert.equal(explained(pattern, event).matches, true);
  });

  test("a pattern of one field that matches", () => {
    assert.deepEqual(explained('{"a":["x"]}', '{"a":"x"}'), {
      matches: true,
      branches: 1,
      ors: [],
      leaves: [
        {
          path: "a",
          place: "$.a",
          held: true,
          wanted: ['"x"'],
          found: [{ place: "a", shown: '"x"', accepted: true }],
        },
      ],
    });
  });
});

function explained(pattern: string, event: string): Explanation {
  const read = parsePattern(pattern);
  assert.ok("pattern" in read);
  return explain(read.pattern, event);
}
