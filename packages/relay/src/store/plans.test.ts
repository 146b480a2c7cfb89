/**
 * No statement that runs for each event, turn or edit looks through a whole table. SQLite uses a partial index only when
 * the statement repeats the index's condition, and says nothing when it does not.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { sqliteMessages } from "./sqlite-messages.ts";
import { openDatabase } from "./sqlite-open.ts";
import { pruner } from "./sqlite-prune.ts";
import { sqliteRest } from "./sqlite-rest.ts";
import { teller } from "./sqlite-tell.ts";
import { sqliteViews } from "./sqlite-view.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-plans-"));
const database = openDatabase(folder);
after(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Tables that are looked through whole, and why that is no matter. */
const MAY_BE_SCANNED: ReadonlyArray<readonly [why: string, scan: RegExp]> = [
  ["a row for each channel that Slack refuses", /^SCAN pauses\b/],
  ["a row for each account and region that beats", /^SCAN beats\b/],
  ["ids that were handed in, a handful", /^SCAN json_each\b/],
  ["a constant", /^SCAN CONSTANT ROW\b/],
  [
    "what waits, from an index that holds nothing else",
    /^SCAN \w+ USING (COVERING )?INDEX (messages_waiting|messages_stale)\b/,
  ],
  ["the first or last rows only, by LIMIT", /^SCAN (events|quarantine)$/],
];
/** Asked by /metrics and by people, not by the way of a finding. */
const FOR_PEOPLE = [/count\(\*\)/, /sum\(counted\)/, /state = 'dead'/];

const PARTS: ReadonlyArray<readonly [name: string, prepareAll: (of: DatabaseSync) => unknown]> = [
  ["telling", teller],
  ["views", sqliteViews],
  ["messages", sqliteMessages],
  ["the rest", sqliteRest],
  ["pruning", pruner],
];

suite("every statement that runs often", () => {
  for (const [name, prepareAll] of PARTS) {
    test(`${name}: searches, and does not look through`, () => {
      const statements = statementsOf(prepareAll);
      assert.ok(statements.length > 2, "statements were seen");
      for (const sql of statements) {
        const scans = planOf(sql).filter((step) => step.startsWith("SCAN"));
        const bad = scans.filter((step) => !MAY_BE_SCANNED.some(([, allowed]) => allowed.test(step)));
        const isForPeople = name !== "views" && FOR_PEOPLE.some((sign) => sign.test(sql));
        if (!isForPeople) assert.deepEqual(bad, [], sql);
      }
    });
  }
});

/** What a part prepares, as it prepares it. */
function statementsOf(prepareAll: (of: DatabaseSync) => unknown): readonly string[] {
  const seen: string[] = [];
  const recording = new Proxy(database, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "prepare") {
        return (sql: string) => {
          seen.push(sql);
          return target.prepare(sql);
        };
      }
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  prepareAll(recording);
  return seen.filter((sql) => !sql.startsWith("PRAGMA"));
}

function planOf(sql: string): readonly string[] {
  return database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map((row) => String(row["detail"]));
}
