import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { SecretReading } from "../secrets.ts";
import { keptSecret } from "./kept-secret.ts";

const GONE: SecretReading = { problem: "it does not exist", remedy: "Put it there." };

function keeping(...readings: readonly SecretReading[]) {
  const world = { now: 0, reads: 0, stale: [] as string[] };
  const secret = keptSecret({
    read: () => {
      world.reads += 1;
      return Promise.resolve(readings[Math.min(world.reads, readings.length) - 1] ?? GONE);
    },
    now: () => world.now,
    onStale: (problem) => world.stale.push(problem),
  });
  return { world, secret };
}

suite("keptSecret", () => {
  test("is read once for many who ask at the same time, and for a minute after", async () => {
    const { world, secret } = keeping({ secret: "old" }, { secret: "new" });
    assert.deepEqual(await Promise.all([secret(), secret()]), ["old", "old"]);
    world.now = 59_999;
    assert.deepEqual([await secret(), world.reads], ["old", 1]);
  });

  test("a changed one is in use within a minute", async () => {
    const { world, secret } = keeping({ secret: "old" }, { secret: "new" });
    await secret();
    world.now = 60_000;
    assert.deepEqual([await secret(), world.reads], ["new", 2]);
  });

  test("one that cannot be read again is used on, and that is said", async () => {
    const { world, secret } = keeping({ secret: "old" }, GONE, { secret: "new" });
    await secret();
    world.now = 60_000;
    assert.equal(await secret(), "old");
    assert.deepEqual(world.stale, ["it does not exist. Put it there."]);
    world.now = 120_000;
    assert.equal(await secret(), "new");
  });

  test("one that was never read is asked for each time, and the error says what to do", async () => {
    const { world, secret } = keeping(GONE, { secret: "there" });
    await assert.rejects(secret(), /does not exist\. Put it there\./);
    assert.deepEqual([await secret(), world.reads], ["there", 2]);
  });
});
