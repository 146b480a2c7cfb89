import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { setAside } from "./accept.ts";
import { openSqliteStore } from "./store/sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-accept-"));
after(() => rmSync(folder, { recursive: true, force: true }));

suite("setAside", () => {
  test("keeps the text as it came, and once however often it is delivered", async () => {
    const store = openSqliteStore({ dataDir: folder });
    const now = new Date("2026-11-20T00:00:00Z");
    const text = 'hello <!channel> \u0000 "';
    assert.equal((await setAside(text, "not JSON", store, now)).quarantined, 1);
    const again = await setAside(text, "not JSON", store, now);
    assert.deepEqual([again.quarantined, again.duplicates], [0, 1]);
    assert.deepEqual(
      store.quarantined(10).map(({ reason, body }) => [reason, body]),
      [["not JSON", text]],
    );
    assert.deepEqual(store.waiting(), []);
    await store.close();
  });
});
