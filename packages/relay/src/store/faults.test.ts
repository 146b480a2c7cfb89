/** What the store does when its file is damaged, removed or replaced, or when its thread dies. Real files, real bytes. */
import assert from "node:assert/strict";
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { readinessOf } from "../readiness.ts";
import { ACME, at, opened, resourceNames } from "./samples.contract.ts";
import { openSqliteStore } from "./sqlite.ts";
import { openSqliteThread, startThread, storeOnThread } from "./sqlite-thread.ts";
import { type Store, StoreFullError } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-faults-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const events = (from: number, count: number) =>
  resourceNames(from + count)
    .slice(from)
    .map((name, index) => opened(`e${from + index}`, [name]));

const readiness = (store: Store) =>
  readinessOf({
    store,
    destination: { check: async () => undefined },
    queues: () => [],
    clock: { now: () => at(0), elapsedMs: () => 0, wait: async () => {} },
  })();

/** Overwrites every page of an index with noise, or puts the bytes of before back. */
function damage(dataDir: string, index: string): () => void {
  const file = join(dataDir, "relay.sqlite");
  const database = new DatabaseSync(file);
  const page = Number(database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(index)?.["rootpage"]);
  const size = Number(database.prepare("PRAGMA page_size").get()?.["page_size"]);
  database.close();
  const before = readFileSync(file).subarray((page - 1) * size, page * size);
  const write = (bytes: Uint8Array): void => {
    const handle = openSync(file, "r+");
    writeSync(handle, bytes, 0, size, (page - 1) * size);
    closeSync(handle);
  };
  write(Buffer.alloc(size, 0xa5));
  return () => write(before);
}

suite("a damaged page", () => {
  test("events are refused whole, /readyz says why and what to do, and all goes on once the file is mended", async () => {
    const dataDir = join(folder, "damaged");
    const first = openSqliteStore({ dataDir });
    await first.tell(events(0, 300), at(0));
    await first.close();
    const mend = damage(dataDir, "findings_by_key");
    const store = openSqliteStore({ dataDir });
    await assert.rejects(store.tell(events(300, 2), at(1)), /malformed/);
    await assert.rejects(store.tell(events(300, 2), at(1)), /malformed/);
    assert.match(String(await readiness(store)), /malformed.*shirase data check/);
    assert.equal((await store.view(ACME.channelId, ACME.customerId, at(1))).pendingCount, 300, "what is whole is told");
    await store.close();
    mend();
    const mended = openSqliteStore({ dataDir });
    assert.equal(await readiness(mended), undefined);
    const told = await mended.tell([...events(0, 300), ...events(300, 2)], at(2));
    assert.equal(told.filter(({ isNew }) => isNew).length, 2, "what was refused was not kept; what was kept is there");
    assert.equal((await mended.view(ACME.channelId, ACME.customerId, at(2))).pendingCount, 302);
    await mended.close();
  });
});

suite("a file that goes away while the relay runs", () => {
  for (const name of ["relay.sqlite", "relay.sqlite-wal"]) {
    test(`${name}: nothing is acknowledged until it is back`, async () => {
      const dataDir = join(folder, `gone-${name}`);
      const store = await openSqliteThread({ dataDir });
      await store.tell(events(0, 5), at(0));
      const file = join(dataDir, name);
      renameSync(file, `${file}.away`);
      await assert.rejects(store.tell(events(5, 1), at(1)), { name: "FileGoneError", message: /was removed/ });
      assert.match(String(await readiness(store)), /relay\.sqlite.* was removed while the relay runs; put it back/);
      copyFileSync(`${file}.away`, file);
      await assert.rejects(store.tell(events(5, 1), at(1)), { name: "FileGoneError", message: /was replaced/ });
      renameSync(`${file}.away`, file);
      assert.equal((await store.tell(events(5, 1), at(2)))[0]?.isNew, true);
      assert.equal(await readiness(store), undefined);
      await store.close();
      const again = openSqliteStore({ dataDir });
      assert.equal((await again.view(ACME.channelId, ACME.customerId, at(2))).pendingCount, 6);
      await again.close();
    });
  }
});

suite("the store's thread", () => {
  test("when it dies, all that was asked is refused with the reason, and so is what is asked then", async () => {
    const dataDir = join(folder, "dies");
    const worker = startThread({ dataDir });
    const store = await storeOnThread(worker);
    assert.equal((await store.tell(events(0, 3), at(0)))[2]?.isNew, true);
    const asked = [store.tell(events(3, 1), at(1)), store.stats(), store.probe(at(1))];
    const settled = Promise.allSettled(asked);
    await worker.terminate();
    for (const one of await settled) {
      assert.equal(one.status, "rejected");
      assert.match(String(one.status === "rejected" && one.reason), /StoreGoneError.*thread ended.*Restart the relay/);
    }
    assert.match(String(await readiness(store)), /the store's thread ended \(exit code 1\)\. Restart the relay/);
    await assert.rejects(store.tell(events(3, 1), at(1)), { code: "store-gone" });
    await store.close();
    const again = openSqliteStore({ dataDir });
    assert.deepEqual(
      (await again.tell(events(0, 3), at(2))).map(({ isNew }) => isNew),
      [false, false, false],
      "what it promised is on disk",
    );
    await again.close();
  });

  test("more than it can take is refused at once, as a store that is full", async () => {
    const store = await openSqliteThread({ dataDir: join(folder, "full") });
    const first = store.tell(events(0, 2), at(0));
    const stranger = events(0, 1)[0];
    assert.ok(stranger);
    const tooMany = Array.from({ length: 10_000 }, () => stranger);
    await assert.rejects(store.tell(tooMany, at(0)), StoreFullError);
    assert.equal((await first)[1]?.isNew, true);
    await store.close();
  });

  test("what cannot travel harms nobody but its own call", async () => {
    const store = await openSqliteThread({ dataDir: join(folder, "travel") });
    const untold = (() => "a function") as never;
    await assert.rejects(store.setAside("x", untold, "body", at(0)), /could not be cloned/);
    assert.equal((await store.tell(events(0, 1), at(0)))[0]?.isNew, true);
    await store.close();
  });

  test("closed twice is closed once", async () => {
    const store = await openSqliteThread({ dataDir: join(folder, "closed") });
    await Promise.all([store.close(), store.close()]);
    await store.close();
    await assert.rejects(store.stats());
  });
});
