import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { suite, test } from "node:test";
import { EVENTS_FOLDER, eventSamples, sampleEvent, samples } from "./events.ts";

suite("the sample events and their index", () => {
  test("every file has a row and every row a file: a sample nobody lists is never tested", () => {
    const files = globSync("**/*.json", { cwd: EVENTS_FOLDER }).filter((file) => file !== "index.json");
    assert.deepEqual(
      files.map((file) => file.replaceAll("\\", "/")).sort(),
      samples()
        .map(({ file }) => file)
        .sort(),
    );
  });

  test("every event says what should come of it, and its detail-type is the file's", () => {
    for (const sample of samples()) {
      if (sample.detailType === null) continue;
      assert.equal(sampleEvent(sample.file)["detail-type"], sample.detailType, sample.file);
      assert.equal(typeof sample.expect?.card, "boolean", sample.file);
    }
  });

  test("sameAs names a file of the index", () => {
    const files = new Set(samples().map(({ file }) => file));
    for (const { file, expect } of eventSamples()) {
      if (expect.sameAs !== undefined) assert.ok(files.has(expect.sameAs), `${file}: ${expect.sameAs}`);
    }
  });
});
