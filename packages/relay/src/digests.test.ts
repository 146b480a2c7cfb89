import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { readEnvelope } from "@shirase/core/event";
import { hear } from "@shirase/core/hear";
import { prepare } from "@shirase/core/prepare";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { sampleEvent } from "@shirase/testkit/events";
import { openReads } from "./console/reads-sqlite.ts";
import { type Digesting, writeDue } from "./digests.ts";
import { openSqliteStore } from "./store/sqlite.ts";

suite("digests", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "shirase-digest-"));
  const customers = SAMPLE_CONFIG.customers.map((one) =>
    one.id === "acme" ? { ...one, timezone: "Asia/Tokyo", digest: { daily: "09:00" } } : one,
  );
  const prepared = prepare(Config.parse({ ...SAMPLE_CONFIG, customers }));
  const channelId = prepared.customers.get("acme")?.slack.channel ?? "";
  let store = openSqliteStore({ dataDir });
  const reads = openReads(dataDir);
  after(async () => {
    await reads.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const told: string[] = [];
  const at = (now: string): Digesting => ({
    store,
    reads,
    customers: prepared.customers,
    silencers: () => prepared.silencers,
    pulses: () => Promise.resolve([]),
    clock: { now: () => new Date(now), elapsedMs: () => 0, wait: () => Promise.resolve() },
    onWritten: ({ id }) => told.push(id),
  });

  test("one is written at its time, for who wants one, with what the store knows", async () => {
    const read = readEnvelope(sampleEvent("securityhub/lifecycle/01-new.json"));
    assert.ok("event" in read);
    const heard = hear(read.event, {}, prepared);
    await store.tell([{ heard, body: () => "" }], new Date("2026-11-26T12:00:00Z"));
    await writeDue(at("2026-11-26T23:59:00Z"), new Set());
    assert.deepEqual(told, []);
    await writeDue(at("2026-11-27T00:00:30Z"), new Set());
    assert.deepEqual(told, ["digest-acme-daily-2026-11-27"]);
    const message = await store.nextMessage(channelId);
    assert.deepEqual([message?.id, message?.customerId, message?.kind], [told[0], "acme", "note"]);
    assert.match(message?.body ?? "", /2026-11-27/);
    assert.match(message?.body ?? "", /CRITICAL/);
  });

  test("a relay that starts again, before it was sent or after, writes no second one", async () => {
    await store.close();
    store = openSqliteStore({ dataDir });
    await writeDue(at("2026-11-27T00:01:00Z"), new Set());
    assert.equal(await store.nextMessage(channelId, told), undefined);
    await store.markSent(told[0] ?? "", "1.1", new Date("2026-11-27T00:01:30Z"));
    await writeDue(at("2026-11-27T00:02:00Z"), new Set());
    assert.equal(await store.nextMessage(channelId), undefined);
  });

  test("what was written needs no second look, the next day's does", async () => {
    const written = new Set<string>();
    const before = told.length;
    for (const now of ["2026-11-28T00:00:00Z", "2026-11-28T00:01:00Z"]) await writeDue(at(now), written);
    assert.deepEqual(told.slice(before), ["digest-acme-daily-2026-11-28"]);
  });
});
