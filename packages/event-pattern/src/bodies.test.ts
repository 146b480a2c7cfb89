import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Bodies } from "./bodies.ts";

suite("Bodies", () => {
  test("a body asks its leaves, in their order", () => {
    const bodies = new Bodies<string>();
    const body = bodies.make([4, 2, 9]);
    assert.equal(bodies.asks(body, [4, 2, 9]), true);
    assert.equal(bodies.asks(body, [2, 4, 9]), false);
    assert.equal(bodies.asks(body, [4, 2]), false);
    assert.deepEqual(bodies.leavesOf(body), [4, 2, 9]);
  });

  test("it is new once for an event", () => {
    const bodies = new Bodies<string>();
    const [first, second] = [bodies.make([1]), bodies.make([1])];
    assert.deepEqual([bodies.isNewIn(first, 7), bodies.isNewIn(first, 7)], [true, false]);
    assert.equal(bodies.isNewIn(second, 7), true);
    assert.equal(bodies.isNewIn(first, 8), true);
  });

  test("room that was given back is used again, for one of the same length", () => {
    const bodies = new Bodies<string>();
    const body = bodies.make([1, 2]);
    bodies.ownersOf(body).push("owner");
    bodies.ownersOf(body).pop();
    bodies.drop(body);
    assert.notEqual(bodies.make([3]), body);
    assert.equal(bodies.make([3, 4]), body);
    assert.deepEqual(bodies.leavesOf(body), [3, 4]);
    assert.deepEqual(bodies.ownersOf(body), []);
  });

  test("thousands keep their leaves and owners while the room grows", () => {
    const bodies = new Bodies<number>();
    const made = Array.from({ length: 5000 }, (_, index) => bodies.make([index, index + 1]));
    for (const [index, body] of made.entries()) bodies.ownersOf(body).push(index);
    assert.ok(made.every((body, index) => bodies.asks(body, [index, index + 1])));
    assert.deepEqual(
      made.flatMap((body) => bodies.ownersOf(body)),
      Array.from(made.keys()),
    );
  });
});
