/** What is proposed must work: with the change made, the field holds. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { withChange } from "./change.ts";
import { explain } from "./explain.ts";
import { event, valid } from "./made-up.contract.ts";
import { matches } from "./match.ts";
import type { Leaf, Pattern, Step } from "./matcher-types.ts";

suite("every proposed change", () => {
  test("makes its field hold", () => {
    let made = 0;
    fc.assert(
      fc.property(valid, event, (one, value) => {
        const { leaves, ors } = explain(one, value);
        for (const { place, change } of [
          ...leaves,
          ...ors.flatMap(({ branches }) => branches.flatMap((it) => it.leaves)),
        ]) {
          if (!change) continue;
          made += 1;
          const [leaf] = one.steps.flatMap((step) => leavesAt(step, place));
          assert.ok(leaf && matches(alone(one, [leaf]), withChange(value, change)), JSON.stringify(change));
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(made > 300, `${made} changes were tried`);
  });

  test("of fields in different elements brings one to the others: following them leads to a match", () => {
    let made = 0;
    fc.assert(
      fc.property(apart, ({ pattern, event: value }) => {
        let after = JSON.stringify(value);
        for (const _ of pattern.paths) {
          const { conflict, leaves } = explain(pattern, after);
          const change = conflict?.change ?? leaves.find(({ held }) => !held)?.change;
          if (!change) break;
          if (conflict) made += 1;
          after = withChange(after, change);
        }
        assert.ok(matches(pattern, after), after);
      }),
      { numRuns: 1500 },
    );
    assert.ok(made > 100, `${made} changes were tried`);
  });

  test("keeps what it does not change", () => {
    const given = '{"a":[1.0,{"b":"x"}],"a":"twice","z":{}}';
    assert.equal(
      withChange(given, { kind: "set", place: "z.k", steps: ["z", "k"], value: "1e400", isExample: false }),
      `${given.slice(0, -2)}"k":1e400}}`,
    );
  });
});

/** Patterns of two or three fields of one list's elements, and events with some of them here and some there. */
const apart: fc.Arbitrary<{ readonly pattern: Pattern; readonly event: object }> = fc
  .tuple(
    fc.constantFrom(["b", "c"], ["b", "c", "d"], ["b", "d.e"]),
    fc.array(fc.dictionary(fc.constantFrom("b", "c", "d", "d.e"), fc.constantFrom("x", "y")), {
      minLength: 2,
      maxLength: 4,
    }),
  )
  .map(([names, elements]) => ({ pattern: fieldsOfList(names), event: { a: elements } }));

function fieldsOfList(names: readonly string[]): Pattern {
  const steps = names.map((name): Leaf => {
    const path = `a.${name}`;
    return { kind: "leaf", path, alternatives: [{ op: "string", text: "x" }], mayBeAbsent: false, place: `$.${path}` };
  });
  return { steps, paths: steps.map(({ path }) => path), replaceable: new Set(), seesEmptyKeys: false };
}

function leavesAt(step: Step, place: string): readonly Leaf[] {
  if (step.kind === "or") return step.branches.flatMap((branch) => branch.flatMap((one) => leavesAt(one, place)));
  return step.place === place ? [step] : [];
}

function alone(pattern: Pattern, leaves: readonly Leaf[]): Pattern {
  return { ...pattern, steps: leaves, paths: leaves.map(({ path }) => path), replaceable: new Set() };
}
