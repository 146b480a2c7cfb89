import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import {
  ACME,
  at,
  claimAll,
  message,
  opened,
  resourcesOf,
  retention,
  tellAndSend,
  tellInBurst,
} from "./samples.contract.ts";
import { openSqliteStore } from "./sqlite.ts";
import { backUpData, checkCopy, checkData, sizesOf } from "./sqlite-check.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A store with a card, a burst half named, a dead letter, something that waits, and something forgotten. */
async function filled(name: string): Promise<string> {
  const dataDir = join(folder, name);
  const store = openSqliteStore({ dataDir });
  await tellAndSend(store, "old", ["sg-old"], 0);
  await store.prune(retention({ sentBefore: at(10), silentBefore: at(86_400), endedBefore: at(86_400) }));
  await tellAndSend(store, "card", ["sg-1"], 100);
  await tellInBurst(store, "burst", ["sg-2", "sg-3"], 100);
  const { burst } = await store.view(ACME.channelId, ACME.customerId, at(101));
  const names = message("names", { kind: "names", root: { id: "burst", ts: "burst.ts" } });
  await store.claim(names, { seqs: [burst?.toName[0]?.seq ?? 0] }, at(101));
  await store.markSent("names", "names.ts", at(101));
  await store.tell([opened("e-dead", ["sg-4"])], at(102));
  await claimAll(store, message("dead"), 102);
  await store.markDead("dead", "no", at(103));
  await store.tell([opened("e-waits", ["sg-5"])], at(104));
  await store.close();
  return dataDir;
}

suite("checkData", () => {
  test("finds nothing in what a relay left, also while one runs", async () => {
    const dataDir = await filled("sound");
    assert.deepEqual(checkData(dataDir), []);
    const store = openSqliteStore({ dataDir });
    await store.tell([opened("e9", ["sg-9"])], at(200));
    assert.deepEqual(checkData(dataDir), []);
    await store.close();
  });

  const BROKEN: ReadonlyArray<readonly [why: string, sql: string, says: RegExp]> = [
    [
      "a burst that is gone",
      "DELETE FROM messages WHERE id = 'burst'",
      /^findings that are counted in a burst that is not.*: 1$/,
    ],
    [
      "a message that is gone",
      "DELETE FROM messages WHERE id = 'dead'",
      /^findings that are in a message that is not there: 1$/,
    ],
    [
      "in no place",
      "UPDATE notices SET message_id = NULL WHERE message_id = 'dead'",
      /^findings that are in no message and do not wait: 1$/,
    ],
    [
      "in two places",
      "UPDATE notices SET message_id = 'card' WHERE state = 0",
      /^findings that wait and are in a message as well: 1$/,
    ],
    [
      "no words",
      "DELETE FROM notice_bodies WHERE seq = (SELECT max(seq) FROM notices)",
      /^findings that wait and of which .*: 1$/,
    ],
    ["words of nothing", "INSERT INTO notice_bodies VALUES (999, '{}')", /^texts that belong to no finding: 1$/],
    [
      "a root that is gone",
      "DELETE FROM messages WHERE id = 'card'",
      /^problems that were told in a message that is not there: 1$/,
    ],
    ["a wrong hash", "UPDATE findings SET key_hash = 1 WHERE told_in = 'card'", /^problems that cannot be found.*: 1$/],
    [
      "twice",
      "INSERT INTO findings (id, key_hash, seen_day, standing, severity_rank, opened_at, changed_at, told_in, customer_id, key, known, resource) SELECT id + 100, key_hash, seen_day, standing, severity_rank, opened_at, changed_at, told_in, customer_id, key, known, resource FROM findings WHERE told_in = 'card'",
      /^problems that are kept more than once: 1$/,
    ],
    [
      "an event's hash",
      "UPDATE events SET id_hash = 1 WHERE event_id = 'e-waits'",
      /^events that would not be known.*: 1$/,
    ],
    [
      "sent to nowhere",
      "UPDATE messages SET ts = NULL WHERE id = 'names'",
      /^messages that were sent, and where is not known: 1$/,
    ],
  ];
  for (const [index, [why, sql, says]] of BROKEN.entries()) {
    test(`says what does not hang together: ${why}`, async () => {
      const dataDir = await filled(`broken-${index}`);
      const database = new DatabaseSync(join(dataDir, "relay.sqlite"));
      assert.ok(Number(database.prepare(sql).run().changes) > 0);
      database.close();
      const problems = checkData(dataDir);
      assert.ok(
        problems.some(({ problem }) => says.test(problem)),
        JSON.stringify(problems),
      );
      for (const { remedy } of problems) assert.match(remedy, /^[A-Z].*\.$/);
    });
  }

  test("a folder without a store, and one of another version, are said so", async () => {
    assert.throws(() => checkData(folder), { name: "DataDirError", message: /is no data folder.*--data DIR/ });
    const dataDir = await filled("versions");
    for (const [version, says] of [
      [2, /version 2\)\. Start this version's relay/],
      [99, /Use that newer one/],
    ] as const) {
      const database = new DatabaseSync(join(dataDir, "relay.sqlite"));
      database.exec(`PRAGMA user_version = ${version}`);
      database.close();
      assert.throws(() => checkData(dataDir), { name: "DataDirError", message: says });
    }
  });
});

suite("backUpData", () => {
  test("copies a store while a relay writes to it; the copy opens as a store and knows all", async () => {
    const dataDir = await filled("source");
    const store = openSqliteStore({ dataDir });
    await store.tell([opened("e8", ["sg-8"])], at(200));
    const file = join(folder, "copy.sqlite");
    backUpData(dataDir, file);
    await store.tell([opened("after", ["sg-after"])], at(201));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!existsSync(`${file}.partial`));
    assert.equal(checkCopy(file), statSync(file).size);
    const restoredDir = join(folder, "restored");
    mkdirSync(restoredDir);
    renameSync(file, join(restoredDir, "relay.sqlite"));
    const restored = openSqliteStore({ dataDir: restoredDir });
    const { pending, burst } = await restored.view(ACME.channelId, ACME.customerId, at(202));
    assert.deepEqual([resourcesOf(pending), burst?.left], [["sg-5", "sg-8"], 1]);
    assert.equal((await restored.tell([opened("e8", ["sg-8"])], at(203)))[0]?.isNew, false);
    assert.equal((await restored.deadLetters()).length, 1);
    await restored.close();
    await store.close();
  });

  test("writes over nothing, and leaves nothing half made", async () => {
    const dataDir = await filled("again");
    const file = join(folder, "again.sqlite");
    backUpData(dataDir, file);
    const { mtimeMs } = statSync(file);
    assert.throws(() => backUpData(dataDir, file), { name: "DataDirError", message: /exists/ });
    assert.equal(statSync(file).mtimeMs, mtimeMs);
    const nowhere = join(folder, "no", "such", "folder.sqlite");
    assert.throws(() => backUpData(dataDir, nowhere), { name: "DataDirError", message: /could not be written/ });
  });
});

suite("sizesOf", () => {
  test("counts the file and its WAL", async () => {
    const dataDir = await filled("sizes");
    const { bytes, freeBytes } = sizesOf(dataDir);
    assert.ok(bytes >= statSync(join(dataDir, "relay.sqlite")).size && freeBytes >= 0 && freeBytes < bytes);
  });
});
