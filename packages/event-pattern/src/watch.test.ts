import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addBody, bodiesBehind, dropBody, newWatch, type Watch } from "./watch.ts";

suite("a watch", () => {
  for (const guards of [3, 100]) {
    test(`of ${guards} guards finds each body behind its guard, whichever were dropped before`, () => {
      const watch = newWatch();
      for (let guard = 0; guard < guards; guard += 1) {
        addBody(watch, guard, guard * 10);
        addBody(watch, guard, guard * 10 + 1);
      }
      for (let guard = 0; guard < guards; guard += 2) {
        dropBody(watch, guard, guard * 10);
        dropBody(watch, guard, guard * 10 + 1);
      }
      dropBody(watch, 1, 10);
      dropBody(watch, 1, 999);
      for (let guard = 0; guard < guards; guard += 1) assert.deepEqual(listed(watch, guard), wanted(guard));
      assert.equal(watch.guards.length, Math.floor(guards / 2));
    });
  }
});

function wanted(guard: number): readonly number[] {
  if (guard % 2 === 0) return [];
  return guard === 1 ? [11] : [guard * 10, guard * 10 + 1];
}

function listed(watch: Watch, guard: number): readonly number[] {
  const behind = bodiesBehind(watch, guard);
  return typeof behind === "number" ? [behind] : (behind ?? []);
}
