import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { suite, test } from "node:test";
import { ACCOUNTS } from "./crossing.ts";
import { crossedEvents, EVENTS_FOLDER, eventSamples, sampleEvent, samples } from "./events.ts";

const ENVELOPE = ["account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"];

suite("the sample events and their index", () => {
  test("every file has a row and every row a file: a sample nobody lists is never tested", () => {
    const files = globSync("**/*.json", { cwd: EVENTS_FOLDER })
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => !file.endsWith("index.json"));
    const listed = [...samples(), ...crossedEvents()].map(({ file }) => file);
    assert.deepEqual(files.sort(), listed.sort());
  });

  test("every event says what should come of it, and its detail-type is the file's", () => {
    for (const sample of samples()) {
      if (sample.detailType === null) continue;
      assert.equal(sampleEvent(sample.file)["detail-type"], sample.detailType, sample.file);
      assert.equal(typeof sample.expect?.card, "boolean", sample.file);
    }
  });

  test("every event that crossed came from another account than the hub's, as EventBridge wrote it", () => {
    for (const { file, detailType } of crossedEvents()) {
      const event = sampleEvent(file);
      assert.deepEqual(Object.keys(event).sort(), ENVELOPE, file);
      assert.equal(event["detail-type"], detailType, file);
      assert.notEqual(event["account"], ACCOUNTS.hub, file);
    }
  });

  test("sameAs names a file of the index", () => {
    const files = new Set(samples().map(({ file }) => file));
    for (const { file, expect } of eventSamples()) {
      if (expect.sameAs !== undefined) assert.ok(files.has(expect.sameAs), `${file}: ${expect.sameAs}`);
    }
  });
});
