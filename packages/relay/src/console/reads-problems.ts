/**
 * The console's questions about problems, in SQL, and its search.
 *
 * The search's index is the console's own: a temporary table, made from the store's file, slice by slice, once the
 * console is open, and brought up to date with each search. So no event pays for it. It knows parts of words (trigrams), because people search
 * for the end of an ARN and the middle of a Japanese title.
 */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { timeOf } from "../store/sqlite-view.ts";
import type { ProblemFilter, ProblemLine, Slice, Tally } from "./reads.ts";

type Row = Record<string, SQLOutputValue>;

/** The index cannot tell shorter parts of words. */
const SHORTEST_WORD = 3;
/** So many of the first problems are looked at one by one … */
const LOOKED_AT_FIRST = 2000;
/** … as long as one in so many has the words, which is not asked of the first few. */
const RAREST = 20;
const NOT_YET_ASKED = 100;
/** What a problem is found by, of findings named f. */
const SAID = "concat_ws(' ', f.key, f.title, f.resource ->> '$.id', f.resource ->> '$.name')";
/** How much is indexed at once, while others may wait for an answer. */
const SLICE_ROWS = 1000;
const HOUR_MS = 3_600_000;
/** Columns of a line, of findings named f. */
export const PROBLEM_LINE =
  "f.id, f.customer_id, f.key, f.title, f.standing, f.severity_rank, f.opened_at, f.changed_at, f.told_in";

/** What problems are asked for. */
export type ProblemReads = {
  readonly problems: (filter: ProblemFilter) => Slice<ProblemLine>;
  readonly tallies: (customerId: string, since: Date, until: Date) => readonly Tally[];
  /** Indexes a slice of what the search does not know yet. @returns true when it knows all. */
  readonly warm: () => boolean;
};

/** Statements prepared once. */
export function problemReads(database: DatabaseSync): ProblemReads {
  const where = `f.customer_id = ?1 AND f.standing = ?2 AND f.severity_rank IN (SELECT value FROM json_each(?3))`;
  const order = "ORDER BY f.severity_rank DESC, f.changed_at DESC, f.id DESC LIMIT ?4 OFFSET ?5";
  const list = database.prepare(
    `SELECT ${PROBLEM_LINE} FROM findings f WHERE f.customer_id = ?1 AND f.standing = ?2 AND (?3 IS NULL OR f.severity_rank = ?3)
     ${order}`,
  );
  const search = searcher(database, where, order);
  const tallies = database.prepare(
    `SELECT hour, severity_rank, opened, ended, resolved, fixed_ms FROM tallies
     WHERE customer_id = ? AND hour >= ? AND hour < ? ORDER BY hour`,
  );
  return {
    warm: search.warm,
    problems: (filter) => {
      const { customerId, standing, severityRank, limit, offset } = filter;
      // A control code ends a statement's text early; nobody types one on purpose.
      const words = filter.words?.map((word) => word.replace(/\p{Cc}/gu, "")).filter((word) => word !== "") ?? [];
      const rows =
        words.length > 0
          ? search({ ...filter, words })
          : list.all(customerId, standing, severityRank ?? null, limit + 1, offset);
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

function searcher(database: DatabaseSync, where: string, order: string): Search & { readonly warm: () => boolean } {
  database.exec("CREATE VIRTUAL TABLE temp.search USING fts5(said, tokenize = 'trigram')");
  const fresh = database.prepare(
    `SELECT f.id, ${SAID} AS said FROM findings f WHERE f.id > ? ORDER BY f.id LIMIT ${SLICE_ROWS}`,
  );
  const add = database.prepare("INSERT INTO temp.search (rowid, said) VALUES (?, ?)");
  let upTo = 0;
  /** @returns true when nothing is left. */
  const warm = (): boolean => {
    const rows = fresh.all(upTo);
    database.exec("BEGIN");
    for (const row of rows) add.run(Number(row["id"]), String(row["said"]));
    database.exec("COMMIT");
    upTo = Number(rows.at(-1)?.["id"] ?? upTo);
    return rows.length < SLICE_ROWS;
  };
  // The plus keeps SQLite on the index that has them in order: it stops at the page's end, however many match.
  const found = (of: string): string =>
    `SELECT ${PROBLEM_LINE} FROM findings f WHERE ${where} AND +f.id IN (${of}) ${order}`;
  const match = database.prepare(found("SELECT rowid FROM temp.search WHERE search MATCH ?6"));
  const inOrder = database.prepare(
    `SELECT ${PROBLEM_LINE}, ${SAID} AS said FROM findings f WHERE ${where}
     ORDER BY f.severity_rank DESC, f.changed_at DESC, f.id DESC LIMIT ${LOOKED_AT_FIRST}`,
  );
  /**
   * What many have fills the page from the first ones, read as they are: to ask the index of each, or to list all that
   * match, would take a tenth of a second.
   *
   * @returns as many as are wanted; undefined when they are rarer than that.
   */
  const common = (
    of: readonly (string | number)[],
    words: readonly string[],
    wanted: number,
  ): readonly Row[] | undefined => {
    const lower = words.map((word) => word.toLowerCase());
    const rows: Row[] = [];
    let looked = 0;
    for (const row of inOrder.iterate(...of)) {
      looked += 1;
      const said = String(row["said"]).toLowerCase();
      if (lower.every((word) => said.includes(word))) rows.push(row);
      if (rows.length === wanted) return rows;
      if (looked >= NOT_YET_ASKED && rows.length * RAREST < looked) return undefined;
    }
    return undefined;
  };
  const scan = database.prepare(
    found(
      `SELECT rowid FROM temp.search
       WHERE NOT EXISTS (SELECT 1 FROM json_each(?6) WHERE instr(lower(said), value) = 0)`,
    ),
  );
  const search: Search = ({ customerId, standing, severityRank, words = [], limit, offset }) => {
    while (!warm());
    const ranks = JSON.stringify(severityRank === undefined ? [0, 1, 2, 3, 4] : [severityRank]);
    const args = [customerId, standing, ranks, limit + 1, offset] as const;
    const isShort = words.some((word) => [...word].length < SHORTEST_WORD);
    if (isShort) return scan.all(...args, JSON.stringify(words.map((word) => word.toLowerCase())));
    const asked = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(" AND ");
    const few = common([customerId, standing, ranks], words, offset + limit + 1);
    return few?.slice(offset) ?? match.all(...args, asked);
  };
  return Object.assign(search, { warm });
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
