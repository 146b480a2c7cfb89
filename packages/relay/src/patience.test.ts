import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createPatience } from "./patience.ts";

const FAILURE = { id: "d1", channelId: "C1", tries: 1, now: 0, random: 1 };

suite("createPatience", () => {
  test("a channel rests longer after each failure in a row, at most 5 minutes", () => {
    const patience = createPatience();
    const rests = [1, 2, 3, 4, 20, 21].map((tries) => patience.failed({ ...FAILURE, tries }));
    assert.deepEqual(rests, [1000, 2000, 4000, 8000, 16_000, 32_000]);
    for (let tries = 0; tries < 40; tries += 1) patience.failed(FAILURE);
    assert.equal(patience.failed(FAILURE), 300_000);
  });

  test("half of the rest is jitter, so that channels do not all come back at once", () => {
    assert.equal(createPatience().failed({ ...FAILURE, random: 0 }), 500);
    assert.equal(createPatience().failed({ ...FAILURE, random: 0.5 }), 750);
  });

  test("something sent ends the row", () => {
    const patience = createPatience();
    patience.failed(FAILURE);
    patience.worked("C1");
    assert.equal(patience.failed(FAILURE), 1000);
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
    patience.worked("C1");
    assert.deepEqual(patience.held("C1", 0), ["d1"]);
  });

  test("after an outage of the whole channel everything is let go at once", () => {
    const patience = createPatience();
    for (const tries of [1, 2, 3]) for (const id of ["d1", "d2"]) patience.failed({ ...FAILURE, id, tries });
    assert.deepEqual(patience.held("C1", 0), ["d1", "d2"]);
    patience.worked("C1");
    assert.deepEqual(patience.held("C1", 0), []);
  });
});
