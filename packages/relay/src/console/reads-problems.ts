/**
 * The console's questions about problems, in SQL, and its search.
 *
 * The search's index is the console's own: a temporary table, made from the store's file when somebody searches first and
 * brought up to date with each search. So no event pays for it. It knows parts of words (trigrams), because people search
 * for the end of an ARN and the middle of a Japanese title.
 */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { timeOf } from "../store/sqlite-view.ts";
import type { ProblemFilter, ProblemLine, Slice, Tally } from "./reads.ts";

type Row = Record<string, SQLOutputValue>;

/** The index cannot tell shorter parts of words. */
const SHORTEST_WORD = 3;
const HOUR_MS = 3_600_000;
const LINE = "f.id, f.customer_id, f.key, f.title, f.standing, f.severity_rank, f.opened_at, f.changed_at, f.told_in";

/** What problems are asked for. */
export type ProblemReads = {
  readonly problems: (filter: ProblemFilter) => Slice<ProblemLine>;
  readonly tallies: (customerId: string, since: Date, until: Date) => readonly Tally[];
};

/** Statements prepared once. */
export function problemReads(database: DatabaseSync): ProblemReads {
  const where = `f.customer_id = ?1 AND f.standing = ?2 AND f.severity_rank IN (SELECT value FROM json_each(?3))`;
  const order = "ORDER BY f.severity_rank DESC, f.changed_at DESC LIMIT ?4 OFFSET ?5";
  const list = database.prepare(
    `SELECT ${LINE} FROM findings f WHERE f.customer_id = ?1 AND f.standing = ?2 AND (?3 IS NULL OR f.severity_rank = ?3)
     ${order}`,
  );
  const search = searcher(database, where, order);
  const tallies = database.prepare(
    `SELECT hour, severity_rank, opened, ended, resolved, fixed_ms FROM tallies
     WHERE customer_id = ? AND hour >= ? AND hour < ? ORDER BY hour`,
  );
  return {
    problems: (filter) => {
      const { customerId, standing, severityRank, words = [], limit, offset } = filter;
      const rows =
        words.length > 0 ? search(filter) : list.all(customerId, standing, severityRank ?? null, limit + 1, offset);
      return { items: rows.slice(0, limit).map(problemOf), more: rows.length > limit };
    },
    tallies: (customerId, since, until) =>
      tallies.all(customerId, hourOf(since), Math.ceil(until.getTime() / HOUR_MS)).map(
        (row): Tally => ({
          at: new Date(Number(row["hour"]) * HOUR_MS),
          severityRank: Number(row["severity_rank"]),
          opened: Number(row["opened"]),
          ended: Number(row["ended"]),
          resolved: Number(row["resolved"]),
          fixedMs: Number(row["fixed_ms"]),
        }),
      ),
  };
}

function hourOf(time: Date): number {
  return Math.floor(time.getTime() / HOUR_MS);
}

type Search = (filter: ProblemFilter) => readonly Row[];

function searcher(database: DatabaseSync, where: string, order: string): Search {
  database.exec("CREATE VIRTUAL TABLE temp.search USING fts5(said, content = '', tokenize = 'trigram')");
  const fresh = database.prepare("SELECT id, key, title, resource FROM findings WHERE id > ? ORDER BY id");
  const add = database.prepare("INSERT INTO temp.search (rowid, said) VALUES (?, ?)");
  let upTo = 0;
  const catchUp = (): void => {
    database.exec("BEGIN");
    for (const row of fresh.iterate(upTo)) {
      upTo = Number(row["id"]);
      add.run(upTo, `${row["key"]} ${row["title"]} ${row["resource"]}`);
    }
    database.exec("COMMIT");
  };
  // The plus keeps SQLite on the index that has them in order: it stops at the page's end, however many match.
  const find = database.prepare(
    `SELECT ${LINE} FROM findings f WHERE ${where} AND +f.id IN (SELECT rowid FROM temp.search WHERE search MATCH ?6) ${order}`,
  );
  const scan = database.prepare(
    `SELECT ${LINE} FROM findings f WHERE ${where}
       AND NOT EXISTS (SELECT 1 FROM json_each(?6) WHERE instr(lower(f.key || ' ' || f.title || ' ' || f.resource), value) = 0)
     ${order}`,
  );
  return ({ customerId, standing, severityRank, words = [], limit, offset }) => {
    const ranks = JSON.stringify(severityRank === undefined ? [0, 1, 2, 3, 4] : [severityRank]);
    const args = [customerId, standing, ranks, limit + 1, offset] as const;
    const isShort = words.some((word) => [...word].length < SHORTEST_WORD);
    if (isShort) return scan.all(...args, JSON.stringify(words.map((word) => word.toLowerCase())));
    catchUp();
    return find.all(...args, words.map((word) => `"${word.replaceAll('"', '""')}"`).join(" AND "));
  };
}

/** A row of a problem. */
export function problemOf(row: Row): ProblemLine {
  return {
    id: Number(row["id"]),
    customerId: String(row["customer_id"]),
    key: String(row["key"]),
    title: String(row["title"]),
    standing: String(row["standing"]) as ProblemLine["standing"],
    severityRank: Number(row["severity_rank"]),
    openedAt: timeOf(row["opened_at"]),
    changedAt: timeOf(row["changed_at"]),
    isTold: row["told_in"] !== null,
  };
}
