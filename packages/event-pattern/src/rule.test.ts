/** Elements of arrays that share a path: answers as the plainest reading gives them, and work that grows with the event. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type Fields, fieldsOf } from "./fields.ts";
import { eventNode } from "./match.ts";
import type { Alternative, Leaf } from "./matcher-types.ts";
import { ruleHolds } from "./rule.ts";
import { holdsPlainly } from "./rule-plain.contract.ts";

const X: Alternative = { op: "string", text: "x" };
const ABSENT: Alternative = { op: "exists", wanted: false };

suite("work", () => {
  const many = (count: number, item: string): string => new Array<string>(count).fill(item).join(",");
  const cases: ReadonlyArray<readonly [why: string, rule: readonly Leaf[], event: (size: number) => string]> = [
    [
      "one key twice: a field in both arrays must hold, and cannot in two elements at once",
      [leaf("a.b"), leaf("a.c"), leaf("a.d")],
      (size) => `{"a":[${many(size, '{"b":"x","d":"x"}')}],"a":[${many(size, '{"c":"x","d":"x"}')}]}`,
    ],
    [
      "the same where it holds in neither",
      [leaf("a.b"), leaf("a.c"), leaf("a.d")],
      (size) => `{"a":[${many(size, '{"b":"x","d":"y"}')}],"a":[${many(size, '{"c":"x","d":"y"}')}]}`,
    ],
    [
      "a field that must be absent and is in every element of the first",
      [leaf("a.b"), leaf("a.c"), leaf("a.d", [ABSENT])],
      (size) => `{"a":[${many(size, '{"b":"x","d":"y"}')}],"a":[${many(size, '{"c":"x"}')},{"d":"y"}]}`,
    ],
    [
      "in every element of the second",
      [leaf("a.b"), leaf("a.c"), leaf("a.d", [ABSENT])],
      (size) => `{"a":[${many(size, '{"b":"x"}')},{"d":"y"}],"a":[${many(size, '{"c":"x","d":"y"}')}]}`,
    ],
    [
      "that may be absent or hold",
      [leaf("a.b"), leaf("a.c"), leaf("a.d", [ABSENT, X])],
      (size) => `{"a":[${many(size, '{"b":"x","d":"x"}')}],"a":[${many(size, '{"c":"x","d":"y"}')}]}`,
    ],
    [
      "the same inside one element of an outer array",
      [leaf("o.a.b"), leaf("o.a.c"), leaf("o.a.d"), leaf("o.e")],
      (size) => `{"o":[{"a":[${many(size, '{"b":"x","d":"x"}')}],"a":[${many(size, '{"c":"x","d":"x"}')}],"e":"x"}]}`,
    ],
    [
      "one key many times",
      [leaf("a.b"), leaf("a.c"), leaf("a.d")],
      (size) => `{${many(size, '"a":[{"b":"x","d":"x"}]')},${many(size, '"a":[{"c":"x","d":"x"}]')}}`,
    ],
    [
      "three arrays, of which any two exclude each other",
      [leaf("a.b"), leaf("a.c"), leaf("a.d"), leaf("a.e")],
      (size) =>
        `{"a":[${many(size, '{"b":"x","e":"x"}')}],"a":[${many(size, '{"c":"x","e":"x"}')}],"a":[${many(size, '{"d":"x","e":"x"}')}]}`,
    ],
    [
      "a key with a dot beside the same nested",
      [leaf("a.b"), leaf("a.c"), leaf("a.d.e")],
      (size) =>
        `{"a":[${many(size, '{"b":"x","d.e":"x"}')}],"a.d":[${many(size, '{"e":"y"}')}],"a":[${many(size, '{"c":"x","d":{"e":"x"}}')}]}`,
    ],
  ];
  for (const [why, rule, event] of cases) {
    test(`grows with the event: ${why}`, () => {
      const size = 400;
      const fields = fieldsFor(event(size));
      const values = [...fields.values()].reduce((sum, { length }) => sum + length, 0);
      const effort = { ways: 0 };
      assert.equal(ruleHolds(rule, fields, effort), false);
      assert.ok(effort.ways <= 4 * values, `${effort.ways} ways were tried for ${values} values`);
      // The same answer from the plainest reading, where that can be waited for.
      assert.equal(holdsPlainly(rule, fieldsFor(event(5))), false);
    });
  }
});

suite("every event with keys given twice", () => {
  const cases: ReadonlyArray<readonly [why: string, event: string, want: boolean]> = [
    [
      "what is free fails for a field elsewhere, which a choice would take away",
      '{"a.c":"x","a":[{"b":"x"}],"a":[{"b":"x"},{"d":"y"}]}',
      true,
    ],
    ["no choice takes it away", '{"a.c":"x","a":[{"b":"x"}],"a":[{"b":"x","d":"y"}]}', false],
  ];
  for (const [why, event, want] of cases) {
    test(`${why}: ${event}`, () => {
      const rule = [leaf("a.b"), leaf("a.c"), leaf("a.d", [ABSENT])];
      assert.equal(holdsPlainly(rule, fieldsFor(event)), want);
      assert.equal(ruleHolds(rule, fieldsFor(event)), want);
    });
  }

  test("is answered as the plainest reading does", () => {
    let held = 0;
    let absent = 0;
    fc.assert(
      fc.property(rules, events, (rule, event) => {
        const fields = fieldsFor(event);
        const want = holdsPlainly(rule, fields);
        if (want) held += 1;
        if (want && rule.some(({ mayBeAbsent }) => mayBeAbsent)) absent += 1;
        assert.equal(ruleHolds(rule, fields), want, event);
      }),
      { numRuns: 5000 },
    );
    assert.ok(held > 500 && held < 4500 && absent > 100, `${held} held, ${absent} with absence`);
  });
});

const list: fc.Arbitrary<readonly Alternative[]> = fc.constantFrom([X], [X], [X], [ABSENT], [ABSENT, X]);
const rules = fc
  .uniqueArray(fc.constantFrom("a.b", "a.c", "a.d", "a.e.b", "a.e.c", "f.b", "f.c"), { minLength: 2, maxLength: 5 })
  .chain((paths) => fc.tuple(...paths.map((path) => list.map((alternatives) => leaf(path, alternatives)))));

/** Objects as text, so that a key may stand twice. */
const { events } = fc.letrec<{ events: string; element: string; inner: string }>((tie) => ({
  events: fc
    .tuple(
      object(fc.constantFrom("a", "a", "f"), fc.oneof(listOf(tie("element")), tie("element")), 4),
      fc.constantFrom("{}", "{}", '{"a.c":"x"}', '{"a.b":"x","a.c":"y"}'),
    )
    .map(([lists, beside]) => (beside === "{}" ? lists : joined(lists, beside))),
  element: fc.oneof(
    { weight: 3, arbitrary: object(fc.constantFrom("b", "c", "d", "e.b"), scalarText(), 3) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          object(fc.constantFrom("b", "c", "d"), scalarText(), 2),
          object(fc.constant("e"), listOf(tie("inner")), 2),
        )
        .map(([own, nested]) => joined(own, nested)),
    },
  ),
  inner: object(fc.constantFrom("b", "c"), scalarText(), 2),
}));

function scalarText(): fc.Arbitrary<string> {
  return fc.constantFrom('"x"', '"x"', '"y"');
}

function listOf(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(",")}]`);
}

function object(key: fc.Arbitrary<string>, value: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(key, value), { minLength: 1, maxLength })
    .map((entries) => `{${entries.map(([name, text]) => `"${name}":${text}`).join(",")}}`);
}

function joined(one: string, other: string): string {
  return `${one.slice(0, -1)},${other.slice(1)}`;
}

function leaf(path: string, alternatives: readonly Alternative[] = [X]): Leaf {
  const mayBeAbsent = alternatives.includes(ABSENT);
  return { kind: "leaf", path, alternatives, mayBeAbsent, place: `$.${path}` };
}

function fieldsFor(event: string): Fields {
  return fieldsOf(eventNode(event), { seesEmptyKeys: false });
}
