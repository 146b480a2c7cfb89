import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/prepare";
import { CROSSING_CONFIG } from "@shirase/testkit/crossing";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { crossedEvents, sampleEvent } from "@shirase/testkit/events";
import { type Acceptor, accept, setAside, UndecidedError } from "./accept.ts";
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
      (await store.quarantined(10)).map(({ reason, body }) => [reason, body]),
      [["not JSON", text]],
    );
    assert.deepEqual(await store.waiting(), []);
    await store.close();
  });
});

suite("accept", () => {
  test("what arrived at the hub in a real crossing is kept as it must be, and once", async () => {
    const store = openSqliteStore({ dataDir: join(folder, "crossed") });
    const acceptor: Acceptor = { prepared: prepare(Config.parse(CROSSING_CONFIG)), store };
    const now = new Date("2026-11-26T00:00:00Z");
    for (const { file, bus, expect } of crossedEvents()) {
      const event = sampleEvent(file);
      const wanted = { accepted: 1, duplicates: 0, quarantined: expect.quarantined ? 1 : 0, told: expect.told ? 1 : 0 };
      assert.deepEqual(await accept([event], { bus }, acceptor, now), wanted, file);
      const again = { accepted: 1, duplicates: 1, quarantined: 0, told: 0 };
      assert.deepEqual(await accept([event], { bus }, acceptor, now), again, file);
    }
    const waiting = (await store.waiting()).map(({ channelId, customerId }) => [customerId, channelId]);
    assert.deepEqual(waiting.sort(), [
      ["acme", "C0ACME00000"],
      ["initech", "C0INITECH00"],
    ]);
    await store.close();
  });

  test("an event that cannot be decided is told apart from a disk that fails, and nothing of its request is kept", async () => {
    const store = openSqliteStore({ dataDir: join(folder, "undecided") });
    const prepared = prepare(Config.parse(SAMPLE_CONFIG));
    const acceptor: Acceptor = { prepared, store };
    const event = sampleEvent("securityhub/lifecycle/01-new.json");
    const now = new Date("2026-11-20T00:00:00Z");
    const broken = { ...acceptor, prepared: { ...prepared, rules: new Map() } };
    const failing = accept([event], {}, broken, now);
    await assert.rejects(failing, (error: Error) => {
      assert.ok(error instanceof UndecidedError);
      assert.match(error.message, new RegExp(`event ${event["id"]} of aws\\.securityhub`));
      return true;
    });
    const sound = accept([event], {}, acceptor, now);
    assert.deepEqual(await sound, { accepted: 1, duplicates: 0, quarantined: 0, told: 1 });
    await store.close();
    const closed = accept([{ ...event, id: "2" }], {}, acceptor, now);
    await assert.rejects(closed, (error: Error) => !(error instanceof UndecidedError));
  });
});
