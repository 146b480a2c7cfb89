import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createPatience } from "./patience.ts";

const FAILURE = { id: "d1", channelId: "C1", tries: 1, now: 0, random: 1 };

suite("createPatience", () => {
  test("a channel rests longer after each failure in a row, at most 5 minutes", () => {
    const patience = createPatience();
    const rests = [1, 2, 3, 4, 20, 21].map((tries) => patience.failed({ ...FAILURE, tries }));
    assert.deepEqual(rests, [2000, 2000, 4000, 8000, 16_000, 32_000]);
    for (let tries = 0; tries < 40; tries += 1) patience.failed(FAILURE);
    assert.equal(patience.failed(FAILURE), 300_000);
  });

  test("half of the rest is jitter, so that channels do not all come back at once", () => {
    const third = (random: number): number | undefined => {
      const patience = createPatience();
      return [1, 2, 3, 4].map((tries) => patience.failed({ ...FAILURE, tries, random })).at(-1);
    };
    assert.deepEqual([third(0), third(0.5)], [4000, 6000]);
  });

  test("something sent ends the row", () => {
    const patience = createPatience();
    patience.failed(FAILURE);
    patience.worked("C1", 0);
    assert.equal(patience.failed(FAILURE), 2000);
  });

  test("a message that failed thrice is held by itself, longer than its channel rests", () => {
    const patience = createPatience();
    for (const tries of [1, 2]) patience.failed({ ...FAILURE, tries });
    assert.deepEqual(patience.held("C1", 0), []);
    patience.failed({ ...FAILURE, tries: 3 });
    assert.deepEqual(patience.held("C1", 7999), ["d1"]);
    assert.deepEqual(patience.held("C2", 0), []);
    assert.equal(patience.nextRelease("C1"), 8000);
    assert.deepEqual(patience.held("C1", 8000), []);
    assert.equal(patience.nextRelease("C1"), undefined);
  });

  test("others pass, and the one at fault stays held", () => {
    const patience = createPatience();
    for (const tries of [1, 2, 3]) patience.failed({ ...FAILURE, tries });
    patience.worked("C1", 0);
    assert.deepEqual(patience.held("C1", 0), ["d1"]);
  });

  test("when two channels fail Slack is down: one at a time asks, and when it works all go on", () => {
    const patience = createPatience();
    for (const tries of [1, 2, 3, 4, 5]) patience.failed({ ...FAILURE, tries, now: tries });
    assert.equal(patience.restMs("C2", 5), 0);
    patience.failed({ ...FAILURE, channelId: "C2", id: "d2", now: 10 });
    assert.deepEqual([patience.restMs("C1", 10), patience.restMs("C3", 10)], [4000, 4000]);
    patience.tries(4010);
    assert.equal(patience.restMs("C1", 4010), 4000);
    assert.deepEqual(patience.held("C1", 4010), [], "no message is at fault");
    patience.worked("C3", 4100);
    assert.deepEqual([patience.restMs("C1", 4100), patience.restMs("C2", 4100)], [0, 0]);
    assert.deepEqual(patience.held("C1", 4100), []);
  });

  test("the longer Slack is down, the less often it is asked", () => {
    const patience = createPatience();
    for (const channelId of ["C1", "C2"]) patience.failed({ ...FAILURE, channelId, now: 0 });
    patience.tries(200_000);
    assert.equal(patience.restMs("C1", 200_000), 20_000);
    patience.tries(3_600_000);
    assert.equal(patience.restMs("C1", 3_600_000), 30_000);
  });

  test("a channel that fails while others work rests alone", () => {
    const patience = createPatience();
    patience.failed({ ...FAILURE, now: 0 });
    patience.worked("C2", 1);
    patience.failed({ ...FAILURE, tries: 2, now: 2 });
    assert.deepEqual([patience.restMs("C1", 2), patience.restMs("C2", 2)], [2000, 0]);
  });

  test("after an outage of the whole channel everything is let go at once", () => {
    const patience = createPatience();
    for (const tries of [1, 2, 3]) for (const id of ["d1", "d2"]) patience.failed({ ...FAILURE, id, tries });
    assert.deepEqual(patience.held("C1", 0), ["d1", "d2"]);
    patience.worked("C1", 0);
    assert.deepEqual(patience.held("C1", 0), []);
  });
});
