import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Answers } from "./answers.ts";
import type { Alternative, Leaf } from "./matcher-types.ts";
import { WantedPaths } from "./path-numbers.ts";
import { Predicates } from "./predicates.ts";
import { SharedLeaves } from "./shared-leaves.ts";

suite("SharedLeaves", () => {
  test("the same field is one leaf, in whatever order its alternatives stand", () => {
    const leaves = emptySet();
    const one = leaves.use(leafOf("a", ["x", "y"]));
    assert.equal(leaves.use(leafOf("a", ["y", "x", "x"])), one);
    assert.notEqual(leaves.use(leafOf("a", ["x"])), one);
    assert.notEqual(leaves.use(leafOf("b", ["x", "y"])), one);
    assert.equal(leaves.at(one.number), one);
  });

  test("what nobody uses is gone, a thousand times over", () => {
    const leaves = emptySet();
    const first = leaves.use(leafOf("a", ["x", "x", "y"]));
    const { number, path } = first;
    const [predicate] = first.predicates;
    leaves.release(first);
    for (let time = 0; time < 1000; time += 1) {
      const again = leaves.use(leafOf("a", ["x", "x", "y"]));
      const shared = leaves.use(leafOf("a", ["y", "x"]));
      assert.deepEqual([again.number, again.path, shared], [number, path, again]);
      assert.notEqual(again.predicates[0], predicate);
      leaves.release(again);
      assert.equal(leaves.at(number), again);
      leaves.release(shared);
      assert.equal(leaves.at(number), undefined);
    }
  });
});

function emptySet(): SharedLeaves {
  const answers = new Answers();
  return new SharedLeaves(new WantedPaths(), new Predicates(answers), answers);
}

function leafOf(path: string, texts: readonly string[]): Leaf {
  const alternatives = texts.map((text): Alternative => ({ op: "string", text }));
  return { kind: "leaf", path, alternatives, mayBeAbsent: false, place: "$" };
}
