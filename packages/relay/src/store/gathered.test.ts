import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { gathered } from "./gathered.ts";

function counting(refuses: (all: readonly string[]) => boolean = () => false) {
  const works: (readonly string[])[] = [];
  const ask = gathered<string>((all) => {
    works.push(all);
    return refuses(all) ? Promise.reject(new Error(`refused ${all.join()}`)) : Promise.resolve();
  });
  return { works, ask };
}

suite("gathered", () => {
  test("what is asked in one turn is one piece of work, also after a promise that was kept already", async () => {
    const { works, ask } = counting();
    await Promise.all([ask(["a", "b"]), Promise.resolve().then(() => ask(["c"]))]);
    await ask(["d"]);
    assert.deepEqual(works, [["a", "b", "c"], ["d"]]);
  });

  test("nothing is no work", async () => {
    const { works, ask } = counting();
    await ask([]);
    assert.deepEqual(works, []);
  });

  test("one that cannot be done harms no other", async () => {
    const { works, ask } = counting((all) => all.includes("bad"));
    const ended = await Promise.allSettled([ask(["a"]), ask(["bad"]), ask(["b"])]);
    assert.deepEqual(
      ended.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(works, [["a", "bad", "b"], ["a"], ["bad"], ["b"]]);
  });

  test("what fails alone fails once", async () => {
    const { works, ask } = counting(() => true);
    await assert.rejects(ask(["bad"]), /refused bad/);
    assert.equal(works.length, 1);
  });
});
