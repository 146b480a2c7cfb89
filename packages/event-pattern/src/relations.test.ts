/** intersects and covers: telling cases, and properties against the matcher. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { accepts } from "./accepts.ts";
import { acceptsAllOf, excludeEachOther } from "./alternative-relations.ts";
import { covers } from "./covers.ts";
import { explain } from "./explain.ts";
import { type Intersection, intersects } from "./intersects.ts";
import { event, leaf, scalar, valid } from "./made-up.contract.ts";
import { matches } from "./match.ts";
import type { Alternative, Leaf, Pattern, Step } from "./matcher-types.ts";
import { parsePattern } from "./parse.ts";
import type { Scalar } from "./sample.ts";
import { eventOf } from "./witness.ts";

suite("intersects", () => {
  const cases: ReadonlyArray<readonly [why: string, one: string, other: string, want: string]> = [
    ["the same value", '{"a":["x"]}', '{"a":["x","y"]}', "yes"],
    ["different fields", '{"a":["x"]}', '{"b":["y"]}', "yes"],
    ["other values: only a list has both", '{"a":["x"]}', '{"a":["y"]}', "list a"],
    ["the same below a list", '{"a":{"s":["x"]}}', '{"a":{"s":["y"]}}', "list a.s"],
    ["a beginning and an end", '{"a":[{"prefix":"ab"}]}', '{"a":[{"suffix":"bc"}]}', "yes"],
    ["beginnings that contradict", '{"a":[{"prefix":"ab"}]}', '{"a":[{"prefix":"ac"}]}', "list a"],
    ["one beginning within the other", '{"a":[{"prefix":"ab"}]}', '{"a":[{"prefix":"abc"}]}', "yes"],
    ["stars against stars", '{"a":[{"wildcard":"a*b*c"}]}', '{"a":[{"wildcard":"*d*c"}]}', "yes"],
    ["stars whose ends contradict", '{"a":[{"wildcard":"a*c"}]}', '{"a":[{"wildcard":"a*d"}]}', "list a"],
    ["ranges that overlap", '{"a":[{"numeric":[">",1,"<",5]}]}', '{"a":[{"numeric":[">=",4.5]}]}', "yes"],
    ["ranges that only touch", '{"a":[{"numeric":["<",5]}]}', '{"a":[{"numeric":[">=",5]}]}', "list a"],
    ["blocks within blocks", '{"a":[{"cidr":"10.0.0.0/8"}]}', '{"a":[{"cidr":"10.1.0.0/16"}]}', "yes"],
    ["blocks apart", '{"a":[{"cidr":"10.0.0.0/16"}]}', '{"a":[{"cidr":"10.1.0.0/16"}]}', "list a"],
    [
      "ignored case and a beginning in capitals",
      '{"a":[{"equals-ignore-case":"high"}]}',
      '{"a":[{"prefix":"HI"}]}',
      "yes",
    ],
    ["ignored case and other letters", '{"a":[{"equals-ignore-case":"high"}]}', '{"a":["LOW"]}', "list a"],
    ["anything-but and one of what it refuses", '{"a":[{"anything-but":["x","y"]}]}', '{"a":["x"]}', "list a"],
    [
      "anything-but a beginning and a longer one",
      '{"a":[{"anything-but":{"prefix":"x"}}]}',
      '{"a":[{"prefix":"xy"}]}',
      "list a",
    ],
    ["text and number", '{"a":["7"]}', '{"a":[7]}', "list a"],
    ["absent and present", '{"a":[{"exists":false}]}', '{"a":[{"exists":true}]}', "no a"],
    ["absent in both", '{"a":[{"exists":false}]}', '{"a":[{"exists":false}]}', "yes"],
    [
      "absent, and an element that is chosen before",
      '{"a":{"c":[{"exists":false}],"b":["1"]}}',
      '{"a":{"c":["2"]}}',
      "list a.c",
    ],
    ["absent, with nothing chosen before", '{"a":{"b":[{"exists":false}],"c":["1"]}}', '{"a":{"b":["2"]}}', "no a.b"],
    ["what never holds", '{"a":[{"anything-but":{"prefix":[]}}]}', '{"b":["x"]}', "no a"],
    [
      "absent for who does not look into empty names, present for who does",
      '{"a.":[{"exists":false}]}',
      '{"a.":["x"],"":[{"exists":false}]}',
      "unknown",
    ],
    ["one of the alternatives", '{"$or":[{"a":["x"]},{"b":["y"]}]}', '{"a":["z"],"b":["y"]}', "yes"],
    ["none of the alternatives", '{"$or":[{"a":["x"]},{"a":["y"]}]}', '{"a":["z"]}', "list a"],
    ["a value and one below it", '{"a":["x"]}', '{"a":{"b":["y"]}}', "yes"],
  ];
  for (const [why, one, other, want] of cases) {
    test(`${why}: ${one} and ${other}`, () => {
      assert.equal(said(intersects(patternOf(one), patternOf(other))), want);
      assert.equal(said(intersects(patternOf(other), patternOf(one))), want);
    });
  }

  test("says what each wants of the field that is in the way", () => {
    const got = intersects(patternOf('{"a":["MEDIUM"]}'), patternOf('{"a":["CRITICAL","HIGH"]}'));
    assert.ok(got.answer === "yes");
    assert.deepEqual(got.needsList, {
      path: "a",
      one: ['"MEDIUM"'],
      other: ['"CRITICAL"', '"HIGH"'],
      isSingle: false,
    });
    assert.equal(got.witness, '{"a":["MEDIUM","CRITICAL"]}');
  });
});

suite("a list that would reconcile two patterns", () => {
  const cases: ReadonlyArray<readonly [why: string, field: string, isSingle: boolean]> = [
    ["never comes in the envelope", '"source"', true],
    ["but for resources", '"resources"', false],
    ["never comes in a known field of a finding", '"detail":{"findings":{"Severity":{"Label"', true],
    ["may come in a known list", '"detail":{"findings":{"Types"', false],
    ["may come below one", '"detail":{"findings":{"Resources":{"Type"', false],
    ["may come where nothing is known", '"detail":{"colours"', false],
  ];
  for (const [why, field, isSingle] of cases) {
    test(`${why}: ${field}`, () => {
      const text = (value: string) => `{${field}:["${value}"]${"}".repeat(field.split("{").length)}`;
      const got = intersects(patternOf(text("x")), patternOf(text("y")));
      assert.equal(got.answer === "yes" && got.needsList?.isSingle, isSingle);
    });
  }

  test("is looked for first where it could come", () => {
    const one = '{"$or":[{"source":["x"]},{"colours":["x"]}]}';
    const got = intersects(patternOf(one), patternOf('{"source":["y"],"colours":["y"]}'));
    assert.equal(got.answer === "yes" && got.needsList?.path, "colours");
  });
});

suite("covers", () => {
  const cases: ReadonlyArray<readonly [why: string, wide: string, narrow: string, want: string]> = [
    [
      "who looks into empty names finds more than who does not",
      '{"a.":[{"anything-but":["x"]}]}',
      '{"a.":[{"anything-but":["x"]}],"":[{"exists":false}]}',
      "unknown",
    ],
    ["more alternatives", '{"a":["x","y"]}', '{"a":["x"]}', "yes"],
    ["fewer", '{"a":["x"]}', '{"a":["x","y"]}', "no"],
    ["fewer fields", '{"a":["x"]}', '{"a":["x"],"b":["y"]}', "yes"],
    ["more fields", '{"a":["x"],"b":["y"]}', '{"a":["x"]}', "no"],
    ["presence", '{"a":[{"exists":true}]}', '{"a":[{"anything-but":"x"}]}', "yes"],
    ["a shorter beginning", '{"a":[{"prefix":"a"}]}', '{"a":[{"prefix":"ab"},"ac"]}', "yes"],
    ["a longer one", '{"a":[{"prefix":"ab"}]}', '{"a":[{"prefix":"a"}]}', "no"],
    ["a looser wildcard", '{"a":[{"wildcard":"a*c"}]}', '{"a":[{"wildcard":"ab*bc"}]}', "yes"],
    ["a tighter one", '{"a":[{"wildcard":"ab*c"}]}', '{"a":[{"wildcard":"a*c"}]}', "no"],
    ["a wider range", '{"a":[{"numeric":[">=",1]}]}', '{"a":[{"numeric":[">",1,"<",5]},7]}', "yes"],
    ["an open bound against a closed one", '{"a":[{"numeric":[">",1]}]}', '{"a":[{"numeric":[">=",1]}]}', "no"],
    ["a larger block", '{"a":[{"cidr":"10.0.0.0/8"}]}', '{"a":[{"cidr":"10.1.0.0/16"},"10.9.9.9"]}', "yes"],
    ["case ignored", '{"a":[{"equals-ignore-case":"high"}]}', '{"a":["HIGH","high"]}', "yes"],
    ["case counted", '{"a":["high"]}', '{"a":[{"equals-ignore-case":"high"}]}', "no"],
    ["fewer that are refused", '{"a":[{"anything-but":["x"]}]}', '{"a":[{"anything-but":["x","y"]}]}', "yes"],
    ["more that are refused", '{"a":[{"anything-but":["x","y"]}]}', '{"a":[{"anything-but":["x"]}]}', "no"],
    ["what is not refused", '{"a":[{"anything-but":{"prefix":"x"}}]}', '{"a":["y",5]}', "yes"],
    ["the 2020 mistake: anything-but does not cover absence", '{"a":[{"anything-but":"x"}]}', '{"b":["y"]}', "no"],
    ["absence", '{"a":["x",{"exists":false}]}', '{"a":[{"exists":false}]}', "yes"],
    [
      "absence, of which an element before decides",
      '{"a":{"c":[{"exists":false}]}}',
      '{"a":{"b":["1"],"c":[{"exists":false}]}}',
      "unknown",
    ],
    ["alternatives of $or together", '{"$or":[{"a":["x"]},{"a":["y"]}]}', '{"a":["x","y"]}', "yes"],
    ["$or on both sides", '{"$or":[{"a":["x"]},{"b":["y"]}]}', '{"$or":[{"b":["y"],"c":["z"]},{"a":["x"]}]}', "yes"],
    ["one alternative too many", '{"$or":[{"a":["x"]},{"b":["y"]}]}', '{"$or":[{"a":["x"]},{"c":["y"]}]}', "no"],
    ["what never holds is covered", '{"a":["x"]}', '{"a":[{"anything-but":{"prefix":[]}}]}', "yes"],
  ];
  for (const [why, wide, narrow, want] of cases) {
    test(`${why}: ${wide} of ${narrow}`, () => {
      const got = covers(patternOf(wide), patternOf(narrow));
      assert.equal(got.answer, want);
      if (got.answer !== "no") return;
      assert.ok(matches(patternOf(narrow), got.witness) && !matches(patternOf(wide), got.witness), got.witness);
    });
  }
});

/** Patterns with one step more, one less, or another in its place: near enough to cover and to meet. */
const near = fc.tuple(valid, valid, fc.nat(3)).map(([one, other, way]): readonly [Pattern, Pattern] => {
  const [first, ...rest] = one.steps;
  if (way === 0 || first === undefined) return [one, other];
  if (way === 1)
    return [one, withSteps([...one.steps, ...other.steps.filter(({ kind }) => kind === "or")], [one, other])];
  if (way === 2 && rest.length > 0) return [withSteps(rest, [one]), one];
  return [withSteps([widened(first), ...rest], [one]), one];
});

function widened(step: Step): Step {
  if (step.kind === "or") return step;
  const more: Alternative = { op: "string", text: "y" };
  const leaf: Leaf = { ...step, alternatives: [more, ...step.alternatives] };
  return leaf;
}

function withSteps(steps: readonly Step[], of: readonly Pattern[]): Pattern {
  const paths = [...new Set(of.flatMap((one) => one.paths))].sort();
  return { steps, paths, replaceable: new Set(paths), seesEmptyKeys: of.some((one) => one.seesEmptyKeys) };
}

/** Patterns that ask for "a", some for "b.a" as well: they disagree often. */
const ofSameFields = fc
  .record({ a: leaf, "b.a": leaf }, { requiredKeys: ["a"] })
  .map((value) => parsePattern(JSON.stringify(value)))
  .filter((read) => "pattern" in read)
  .map((read) => read.pattern);

suite("every pair of patterns", () => {
  test("a witness of intersects matches both; a no is never contradicted", () => {
    const answers = { yes: 0, no: 0, unknown: 0 };
    fc.assert(
      fc.property(near, fc.array(event, { maxLength: 20 }), ([one, other], events) => {
        const got = intersects(one, other);
        answers[got.answer] += 1;
        if (got.answer === "yes") assert.ok(matches(one, got.witness) && matches(other, got.witness), got.witness);
        const isAlways = got.answer === "no";
        for (const value of events) assert.ok(!(isAlways && matches(one, value) && matches(other, value)));
      }),
      { numRuns: 1000 },
    );
    assert.ok(answers.yes > 500 && answers.unknown < 100, JSON.stringify(answers));
  });

  test("two that need a list are never both matched by an event without one", () => {
    let apart = 0;
    const plain = fc
      .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c", "a.b", "a.c", "b.a"), scalar), {
        selector: ([path]) => path,
      })
      .map((values) => eventOf(new Map(values.map(([path, value]) => [path, asScalar(value)]))));
    fc.assert(
      fc.property(
        fc.tuple(ofSameFields, ofSameFields),
        fc.array(plain, { minLength: 10, maxLength: 20 }),
        ([one, other], events) => {
          const got = intersects(one, other);
          if (got.answer !== "yes" || !got.needsList) return;
          apart += 1;
          for (const value of events) assert.ok(!(matches(one, value) && matches(other, value)), value);
        },
      ),
      { numRuns: 1000 },
    );
    assert.ok(apart > 20, `${apart} pairs need a list`);
  });

  test("a witness of covers is only the narrow one's; a yes is never contradicted", () => {
    const answers = { yes: 0, no: 0, unknown: 0 };
    fc.assert(
      fc.property(near, fc.array(event, { maxLength: 20 }), ([wide, narrow], events) => {
        const got = covers(wide, narrow);
        answers[got.answer] += 1;
        if (got.answer === "no") assert.ok(matches(narrow, got.witness) && !matches(wide, got.witness), got.witness);
        const isAlways = got.answer === "yes";
        for (const value of events) assert.ok(!(isAlways && matches(narrow, value) && !matches(wide, value)));
      }),
      { numRuns: 1000 },
    );
    assert.ok(answers.yes > 200 && answers.no > 200 && answers.unknown < 150, JSON.stringify(answers));
  });

  test("each covers and meets itself", () => {
    fc.assert(
      fc.property(valid, (one) => {
        const again = patternOf(one.text);
        assert.equal(covers(one, again).answer, "yes");
        const { answer } = intersects(one, again);
        if (!one.text.includes("[]")) assert.equal(answer, "yes", one.text);
      }),
      { numRuns: 500 },
    );
  });
});

suite("every pair of alternatives", () => {
  const alternative: fc.Arbitrary<Alternative> = valid
    .map(({ steps }) => steps.flatMap((step) => (step.kind === "leaf" ? step.alternatives : [])))
    .filter((list) => list.length > 0)
    .map(([first]) => first ?? { op: "exists", wanted: true });

  test("one that is said to accept all of another's does, and those that exclude each other do", () => {
    const proven = { all: 0, none: 0 };
    fc.assert(
      fc.property(
        alternative,
        alternative,
        fc.array(scalar, { minLength: 10, maxLength: 30 }),
        (one, other, values) => {
          const [isAll, isNone] = [acceptsAllOf(one, other), excludeEachOther(one, other)];
          proven.all += isAll ? 1 : 0;
          proven.none += isNone ? 1 : 0;
          const accepted = values.map(asScalar).filter((value) => accepts(other, value));
          if (isAll) assert.ok(accepted.every((value) => accepts(one, value)));
          if (isNone) assert.ok(!accepted.some((value) => accepts(one, value)));
        },
      ),
      { numRuns: 3000 },
    );
    assert.ok(proven.all > 100 && proven.none > 300, JSON.stringify(proven));
  });
});

suite("the public corpus", () => {
  const rows = gunzipSync(readFileSync(join(import.meta.dirname, "../../../bench/patterns/public.jsonl.gz")))
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line): { readonly pattern: string; readonly event: string } => JSON.parse(line));
  const patterns = rows.flatMap(({ pattern }) => {
    const read = parsePattern(pattern);
    return "pattern" in read ? [{ pattern: read.pattern, text: pattern }] : [];
  });

  test("each pattern covers itself and meets itself, with a witness", () => {
    const not = patterns.filter(({ pattern }) => {
      const met = intersects(pattern, pattern);
      return covers(pattern, pattern).answer !== "yes" || met.answer !== "yes";
    });
    assert.deepEqual(
      not.map(({ text }) => text),
      [],
    );
  });

  test("an explanation says of every pair what matching says, and names a reason for a no", () => {
    const different = rows.filter(({ pattern, event: value }) => {
      const read = parsePattern(pattern);
      if ("problems" in read) return false;
      const isMatch = answerOf(() => matches(read.pattern, value));
      const explanation = answerOf(() => explain(read.pattern, value));
      if (typeof explanation === "string") return isMatch !== explanation;
      const { matches: isMatched, leaves, conflict } = explanation;
      return isMatch !== isMatched || isMatch === (leaves.some(({ held }) => !held) || conflict !== undefined);
    });
    assert.deepEqual(different, []);
  });

  test("its events contradict no answer about neighbours", () => {
    const wrong: string[] = [];
    for (const [index, { pattern: one, text }] of patterns.entries()) {
      const other = patterns[index + 1]?.pattern ?? one;
      const { event: value } = rows[index] ?? { event: "{}" };
      try {
        const [isOne, isOther] = [matches(one, value), matches(other, value)];
        if (covers(one, other).answer === "yes" && isOther && !isOne) wrong.push(text);
        if (intersects(one, other).answer === "no" && isOther && isOne) wrong.push(text);
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error));
      }
    }
    assert.deepEqual(wrong, []);
  });
});

/** The answer, or the message of the refusal. */
function answerOf<T>(ask: () => T): T | string {
  try {
    return ask();
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return error.message;
  }
}

function said(got: Intersection): string {
  if (got.answer === "no") return `no ${got.because.path}`;
  return got.answer === "yes" && got.needsList ? `list ${got.needsList.path}` : got.answer;
}

function asScalar(value: unknown): Scalar {
  if (typeof value === "string") return { kind: "string", text: value };
  return { kind: typeof value === "number" ? "number" : "literal", text: String(value) };
}

function patternOf(text: string): Pattern {
  const read = parsePattern(text);
  assert.ok("pattern" in read, text);
  return read.pattern;
}
