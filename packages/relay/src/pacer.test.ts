import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createPacer, type Pace } from "./pacer.ts";

const PACE: Pace = {
  channel: { burst: 2, perMinute: 60 },
  workspace: { burst: 3, perMinute: 120 },
  edits: { burst: 1, perMinute: 30 },
  looks: { burst: 1, perMinute: 30 },
};

suite("createPacer", () => {
  test("a burst passes at once, then one a second", () => {
    const pacer = createPacer(PACE);
    for (let count = 0; count < 2; count += 1) {
      assert.equal(pacer.waitMs("C1", 1000), 0);
      pacer.take("C1", 1000);
    }
    assert.equal(pacer.waitMs("C1", 1000), 1000);
    assert.equal(pacer.waitMs("C1", 1999), 1);
    assert.equal(pacer.waitMs("C1", 2000), 0);
  });

  test("a new process begins with nothing: it does not know what the last one posted", () => {
    const pacer = createPacer(PACE, 5000);
    assert.equal(pacer.waitMs("C1", 5000), 1000);
    assert.equal(pacer.waitMs("C1", 6000), 0);
    assert.deepEqual([pacer.editWaitMs(5000), pacer.lookWaitMs(5000)], [2000, 2000]);
  });

  test("the workspace's bucket holds for all channels together", () => {
    const pacer = createPacer(PACE);
    for (const channel of ["C1", "C2", "C3"]) pacer.take(channel, 0);
    assert.equal(pacer.waitMs("C4", 0), 500);
    assert.equal(pacer.waitMs("C4", 500), 0);
  });

  test("a blocked channel waits alone", () => {
    const pacer = createPacer(PACE);
    pacer.block("C1", 30_000);
    assert.equal(pacer.waitMs("C1", 0), 30_000);
    assert.equal(pacer.waitMs("C2", 0), 0);
    assert.equal(pacer.waitMs("C1", 30_000), 0);
  });

  test("a shorter block does not lift a longer one", () => {
    const pacer = createPacer(PACE);
    pacer.block("C1", 30_000);
    pacer.block("C1", 1000);
    assert.equal(pacer.waitMs("C1", 2000), 28_000);
  });

  test("a clock that goes back adds no tokens and breaks nothing", () => {
    const pacer = createPacer(PACE);
    pacer.take("C1", 10_000);
    pacer.take("C1", 10_000);
    assert.ok(pacer.waitMs("C1", 0) > 0);
  });

  test("a post that was not made is given back", () => {
    const pacer = createPacer(PACE);
    for (let count = 0; count < 2; count += 1) pacer.take("C1", 0);
    pacer.giveBack("C1");
    assert.equal(pacer.waitMs("C1", 0), 0);
  });

  test("one channel's 429 rests that channel; a second channel's within seconds rests all", () => {
    const pacer = createPacer(PACE);
    pacer.refused("C1", 0, 30_000);
    pacer.refused("C1", 1000, 31_000);
    assert.equal(pacer.waitMs("C2", 1000), 0);
    pacer.refused("C2", 2000, 12_000);
    assert.equal(pacer.waitMs("C3", 2000), 10_000);
    assert.equal(pacer.waitMs("C1", 2000), 29_000);
  });

  test("two channels' 429 far apart are two channels' own", () => {
    const pacer = createPacer(PACE);
    pacer.refused("C1", 0, 30_000);
    pacer.refused("C2", 10_000, 40_000);
    assert.equal(pacer.waitMs("C3", 10_000), 0);
  });

  test("edits have a budget of their own", () => {
    const pacer = createPacer(PACE);
    assert.equal(pacer.editWaitMs(0), 0);
    pacer.takeEdit(0);
    assert.equal(pacer.editWaitMs(0), 2000);
    assert.equal(pacer.waitMs("C1", 0), 0);
    pacer.blockEdits(60_000);
    assert.equal(pacer.editWaitMs(2000), 58_000);
  });
});
