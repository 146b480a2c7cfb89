import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createPacer, type Pace } from "./pacer.ts";

const PACE: Pace = { channel: { burst: 2, perMinute: 60 }, workspace: { burst: 3, perMinute: 120 } };

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
});
