/** Silences in SQLite, and which problems each held back. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Silence } from "@shirase/core/silence";
import { timeOf } from "./sqlite-view.ts";

export type Silences = {
  readonly add: (silence: Silence) => void;
  readonly end: (id: string, now: Date) => boolean;
  readonly all: (endAfter: Date) => readonly Silence[];
  readonly counts: (ids: readonly string[]) => ReadonlyMap<string, number>;
};

/** Statements prepared once. */
export function sqliteSilences(database: DatabaseSync): Silences {
  const add = database.prepare(
    `INSERT OR IGNORE INTO silences (id, customer_id, match, owner, reason, from_at, until_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const end = database.prepare("UPDATE silences SET until_at = ?1 WHERE id = ?2 AND until_at > ?1");
  const all = database.prepare("SELECT * FROM silences WHERE until_at > ? ORDER BY until_at, id");
  const count = database.prepare("SELECT count(*) AS n FROM silenced WHERE silence_id = ?");
  return {
    add: ({ id, customerId, match, owner, reason, from, until }) =>
      void add.run(id, customerId, match, owner, reason, from.getTime(), until.getTime()),
    end: (id, now) => end.run(now.getTime(), id).changes > 0,
    all: (endAfter) => all.all(endAfter.getTime()).map(silenceOf),
    counts: (ids) => new Map(ids.map((id) => [id, Number(count.get(id)?.["n"])])),
  };
}

/** Notes that a silence held a problem back. Once a problem, however often it comes. */
export function silencedWriter(database: DatabaseSync): (silenceId: string, key: string, now: Date) => void {
  const put = database.prepare("INSERT OR IGNORE INTO silenced (silence_id, key, at) VALUES (?, ?, ?)");
  return (silenceId, key, now) => void put.run(silenceId, key, now.getTime());
}

function silenceOf(row: Record<string, SQLOutputValue>): Silence {
  return {
    id: String(row["id"]),
    customerId: String(row["customer_id"]),
    match: String(row["match"]),
    owner: String(row["owner"]),
    reason: String(row["reason"]),
    from: timeOf(row["from_at"]),
    until: timeOf(row["until_at"]),
  };
}
