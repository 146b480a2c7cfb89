import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { groupCommit, type Work } from "./group-commit.ts";
import { StoreFullError } from "./store.ts";

suite("groupCommit", () => {
  test("what is added in one turn is written in one commit", async () => {
    const commits: number[] = [];
    const queue = groupCommit((works) => {
      commits.push(works.length);
      return works.map((work) => work());
    });
    assert.deepEqual(await Promise.all([queue.add(() => "a", 1), queue.add(() => "b", 1)]), ["a", "b"]);
    assert.equal(await queue.add(() => "c", 1), "c");
    assert.deepEqual(commits, [2, 1]);
  });

  test("what nobody waits for goes with the next commit, or is written in the end", async () => {
    const commits: number[] = [];
    const queue = groupCommit((works) => {
      commits.push(works.length);
      return works.map((work) => work());
    });
    const patient = queue.addPatient(() => "later", 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(commits, []);
    assert.deepEqual(await Promise.all([queue.add(() => "now", 1), patient]), ["now", "later"]);
    assert.deepEqual(commits, [2]);
    const last = queue.addPatient(() => "last", 1);
    await queue.settle();
    assert.equal(await last, "last");
    assert.deepEqual(commits, [2, 1]);
    assert.equal(await queue.addPatient(() => "alone", 1), "alone");
  });

  test("one that fails fails alone", async () => {
    const queue = groupCommit((works) => works.map((work) => work()));
    const bad = (): never => {
      throw new Error("no text");
    };
    const settled = await Promise.allSettled([queue.add(() => "a", 1), queue.add(bad, 1), queue.add(() => "c", 1)]);
    assert.deepEqual(
      settled.map((one) => (one.status === "fulfilled" ? one.value : one.reason.message)),
      ["a", "no text", "c"],
    );
  });

  test("a disk that fails is heard by each of its callers, and the next commit works", async () => {
    let isBroken = true;
    const queue = groupCommit((works: readonly Work[]) => {
      if (isBroken) throw new Error("disk full");
      return works.map((work) => work());
    });
    const both = await Promise.allSettled([queue.add(() => "a", 1), queue.add(() => "b", 1)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    isBroken = false;
    assert.equal(await queue.add(() => "c", 1), "c");
  });

  test("more than fits is refused at once, and what waits is kept", async () => {
    const queue = groupCommit((works) => works.map((work) => work()));
    const fits = queue.add(() => 1, 20_000);
    await assert.rejects(
      queue.add(() => 2, 1),
      StoreFullError,
    );
    assert.equal(await fits, 1);
    assert.equal(await queue.add(() => 3, 1), 3);
  });
});
