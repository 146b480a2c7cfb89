/** Forgetting never holds the writer for long: what matters is counted in rows and slices, not in time. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { at, DAY, retention } from "./samples.contract.ts";
import { inTransaction, openDatabase } from "./sqlite-open.ts";
import { PRUNE_START, type PruneCursor, pruner, SLICE_ROWS } from "./sqlite-prune.ts";
import type { Retention } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-prune-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const OLD = at(0).getTime();
const OLD_DAY = Math.floor(OLD / 86_400_000);
const LATER = at(10 * DAY);

function filled(name: string, sql: string): DatabaseSync {
  const dataDir = join(folder, name);
  mkdirSync(dataDir);
  const database = openDatabase(dataDir);
  // How the rows came there is no matter here.
  database.exec(`PRAGMA synchronous = OFF; BEGIN; ${sql}; COMMIT`);
  return database;
}

/** Every slice's number of changed rows, each in a transaction of its own. */
function slicesOf(database: DatabaseSync, keep: Retention): readonly number[] {
  const slices: number[] = [];
  const changes = (): number => Number(database.prepare("SELECT total_changes() AS n").get()?.["n"]);
  for (const task of pruner(database)(keep)) {
    let from: PruneCursor = PRUNE_START;
    while (from) {
      const start: readonly [number, number] = from;
      const before = changes();
      from = inTransaction(database, () => task(start));
      slices.push(changes() - before);
    }
  }
  return slices;
}

const series = (count: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;

suite("pruning in slices", () => {
  test("a million old event ids go, a thousand at a time, and the young ones stay", () => {
    const database = filled(
      "events",
      `INSERT INTO events (id_hash, seen_at, customer_id, event_id)
         ${series(1_000_000)} SELECT i, ${OLD}, 'acme', i FROM n;
       INSERT INTO events (id_hash, seen_at, customer_id, event_id)
         ${series(500)} SELECT i, ${LATER.getTime()}, 'acme', 'young' || i FROM n`,
    );
    const slices = slicesOf(database, retention({ sentBefore: LATER }));
    assert.ok(slices.length >= 1000, `${slices.length} slices`);
    assert.ok(Math.max(...slices) <= SLICE_ROWS, `${Math.max(...slices)} rows in one slice`);
    assert.equal(database.prepare("SELECT count(*) AS n FROM events").get()?.["n"], 500);
    database.close();
  });

  test("problems are looked through in slices, once a day", () => {
    const database = filled(
      "findings",
      `INSERT INTO findings (key_hash, seen_day, standing, severity_rank, opened_at, changed_at, customer_id, key, known, resource)
         ${series(20_000)} SELECT i, ${OLD_DAY}, iif(i % 2, 'open', 'resolved'), 3, 0, 0, 'acme', i, '{}', 'null' FROM n`,
    );
    const keep = retention({ endedBefore: LATER });
    const slices = slicesOf(database, keep);
    assert.equal(slices.filter((rows) => rows > 0).length, 21, "twenty slices, and the note that it is done");
    assert.ok(Math.max(...slices) <= SLICE_ROWS);
    assert.equal(database.prepare("SELECT count(*) AS n FROM findings").get()?.["n"], 10_000);
    assert.equal(slicesOf(database, keep).length, 6, "nothing to do again for the same days: a slice for each task");
    database.close();
  });

  test("a burst of ten thousand, named and over, goes in slices with all its names", () => {
    const database = filled(
      "burst",
      `INSERT INTO messages (id, customer_id, channel_id, kind, severity_rank, counted, created_at, state, ts, ended_at, body)
         VALUES ('burst', 'acme', 'C0ACME00000', 'burst', 3, 10000, ${OLD}, 'sent', '1.1', ${OLD}, '{}');
       INSERT INTO messages (id, customer_id, channel_id, kind, severity_rank, counted, created_at, state, ts, ended_at, body, root_id)
         ${series(100)} SELECT 'names' || i, 'acme', 'C0ACME00000', 'names', 3, 0, ${OLD}, 'sent', '2.' || i, ${OLD}, '{}', 'burst' FROM n;
       INSERT INTO notices (state, severity_rank, created_at, finding_id, customer_id, channel_id, cause_key, news, title, burst_id, message_id)
         ${series(10_000)} SELECT 2, 3, ${OLD}, i, 'acme', 'C0ACME00000', 'cause', 'opened', 'title', 'burst', 'names' || (1 + i % 100) FROM n;
       INSERT INTO notice_bodies (seq, body) SELECT seq, '{}' FROM notices`,
    );
    const slices = slicesOf(database, retention({ sentBefore: LATER }));
    assert.ok(slices.length > 10 && Math.max(...slices) <= 3 * SLICE_ROWS, `${Math.max(...slices)} rows in one slice`);
    for (const table of ["messages", "notices", "notice_bodies"]) {
      assert.equal(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"], 0, table);
    }
    database.close();
  });
});
