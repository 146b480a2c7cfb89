/**
 * What may be forgotten, forgotten in slices: each is short, and events are told between two of them.
 *
 * What is gone leaves room in the file that is used again; when more than a quarter of the file is such room, it is
 * given back to the disk.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Retention } from "./store.ts";

/** Rows that one slice deletes at most, and looks at: some milliseconds. */
export const SLICE_ROWS = 1000;
/** Bodies in quarantine are large. */
const SLICE_BODIES = 100;
const SLICE_PAGES = 250;
const FREE_PAGES_KEPT = 1000;
const DAY_MS = 24 * 3_600_000;

/** Where a task goes on; `undefined`: it is done. */
export type PruneCursor = readonly [number, number] | undefined;
/** One slice of a task, within a transaction. */
export type PruneTask = (from: readonly [number, number]) => PruneCursor;

/** Where every task begins. */
export const PRUNE_START = [-1, -1] as const;

/** The tasks, statements prepared once. */
export function pruner(database: DatabaseSync): (retention: Retention) => readonly PruneTask[] {
  const events = eventPruner(database);
  const findings = findingPruner(database);
  const messages = messagePruner(database);
  const quarantine = quarantinePruner(database);
  const silences = silencePruner(database);
  const vacuum = vacuumer(database);
  return (retention) => [
    () => events(retention),
    (from) => findings(retention, from),
    (from) => messages(retention, from),
    () => quarantine(retention),
    () => silences(retention),
    () => vacuum(),
  ];
}

const AGAIN = PRUNE_START;

function eventPruner(database: DatabaseSync): (retention: Retention) => PruneCursor {
  // They lie in the order in which they came, so no index by age is needed.
  const oldest = database.prepare(`SELECT id, seen_at FROM events ORDER BY id LIMIT ${SLICE_ROWS}`);
  const remove = database.prepare("DELETE FROM events WHERE id <= ?");
  return ({ sentBefore }) => {
    const rows = oldest.all();
    const firstKept = rows.findIndex((row) => Number(row["seen_at"]) >= sentBefore.getTime());
    const last = firstKept === -1 ? rows.at(-1) : rows[firstKept - 1];
    if (last) remove.run(Number(last["id"]));
    return firstKept === -1 && rows.length === SLICE_ROWS ? AGAIN : undefined;
  };
}

function findingPruner(database: DatabaseSync): (retention: Retention, from: readonly [number, number]) => PruneCursor {
  const upto = database.prepare("SELECT upto FROM pruned WHERE what = 'findings'");
  const reached = database.prepare("INSERT OR REPLACE INTO pruned (what, upto) VALUES ('findings', ?)");
  const newest = database.prepare("SELECT max(id) AS id FROM findings");
  const remove = database.prepare(
    `DELETE FROM findings WHERE id > ?1 AND id <= ?2 AND seen_day < ?3 AND (standing <> 'open' OR seen_day < ?4)`,
  );
  const removeEvents = database.prepare(
    `DELETE FROM finding_events WHERE finding_id > ?1 AND finding_id <= ?2
     AND NOT EXISTS (SELECT 1 FROM findings WHERE id = finding_id)`,
  );
  return ({ endedBefore, silentBefore }, [after]) => {
    const days = [endedBefore, silentBefore].map((date) => Math.floor(date.getTime() / DAY_MS)) as [number, number];
    // All are looked through once a day: no index needs to be written each time one is heard of again.
    if (after === PRUNE_START[0] && upto.get()?.["upto"] === days.join("/")) return undefined;
    const last = Number(newest.get()?.["id"] ?? 0);
    const end = after + SLICE_ROWS;
    remove.run(after, end, ...days);
    removeEvents.run(after, end);
    if (end < last) return [end, -1];
    reached.run(days.join("/"));
    return undefined;
  };
}

type Message = { readonly id: string; readonly isRoot: boolean };

function messagePruner(database: DatabaseSync): (retention: Retention, from: readonly [number, number]) => PruneCursor {
  const old = database.prepare(
    `SELECT seq, id, kind, ended_at FROM messages
     WHERE state = 'sent' AND ended_at < ?1 AND ended_at >= ?2 AND (ended_at > ?2 OR seq > ?3)
     ORDER BY ended_at, seq LIMIT ${SLICE_ROWS}`,
  );
  const forget = messageForgetter(database);
  return ({ sentBefore }, [endedAt, seq]) => {
    const rows = old.all(sentBefore.getTime(), endedAt, seq);
    let left = SLICE_ROWS;
    let at: readonly [number, number] = [endedAt, seq];
    for (const row of rows) {
      const isRoot = row["kind"] === "card" || row["kind"] === "burst";
      left -= forget({ id: String(row["id"]), isRoot }, left);
      // The one that used up the slice may have more: it is looked at once more.
      if (left <= 0) return at;
      at = [Number(row["ended_at"]), Number(row["seq"])];
    }
    return rows.length === SLICE_ROWS ? at : undefined;
  };
}

/** Forgets a message with what it told, as far as that goes. @returns how many rows went. */
function messageForgetter(database: DatabaseSync): (message: Message, most: number) => number {
  const told = database.prepare("SELECT seq, burst_id FROM notices WHERE message_id = ? LIMIT ?");
  const counted = database.prepare("SELECT seq FROM notices WHERE burst_id = ? LIMIT ?");
  const removeNotice = database.prepare("DELETE FROM notices WHERE seq = ?");
  const removeBody = database.prepare("DELETE FROM notice_bodies WHERE seq = ?");
  // A burst says for as long as it stands what it counted; in which message each was named is no matter any more.
  const keepCounted = database.prepare("UPDATE notices SET message_id = NULL WHERE seq = ?");
  // A root is kept for as long as somebody may hang something under it: as its problems are.
  const holds = database.prepare(
    `SELECT EXISTS (SELECT 1 FROM findings WHERE told_in = ?1)
         OR EXISTS (SELECT 1 FROM notices WHERE burst_id = ?1 AND state = 1) AS holds`,
  );
  const remove = database.prepare("DELETE FROM messages WHERE id = ?");
  return ({ id, isRoot }, most) => {
    const mine = told.all(id, most);
    for (const row of mine) {
      const seq = Number(row["seq"]);
      removeBody.run(seq);
      (row["burst_id"] === null ? removeNotice : keepCounted).run(seq);
    }
    if (mine.length === most || (isRoot && holds.get(id)?.["holds"] === 1)) return mine.length;
    const rest = isRoot ? counted.all(id, most - mine.length) : [];
    for (const row of rest) {
      const seq = Number(row["seq"]);
      removeBody.run(seq);
      removeNotice.run(seq);
    }
    const gone = mine.length + rest.length;
    if (gone === most) return gone;
    remove.run(id);
    return gone + 1;
  };
}

function quarantinePruner(database: DatabaseSync): (retention: Retention) => PruneCursor {
  const old = database.prepare(
    `DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine WHERE at < ? LIMIT ${SLICE_BODIES})`,
  );
  const tooMany = database.prepare(
    `DELETE FROM quarantine WHERE id IN (
       SELECT id FROM quarantine WHERE id <= (SELECT id FROM quarantine ORDER BY id DESC LIMIT 1 OFFSET ?)
       ORDER BY id LIMIT ${SLICE_BODIES})`,
  );
  return ({ quarantinedBefore, mostQuarantined }) => {
    const gone = Number(old.run(quarantinedBefore.getTime()).changes) + Number(tooMany.run(mostQuarantined).changes);
    return gone >= SLICE_BODIES ? AGAIN : undefined;
  };
}

/** A silence is kept as long after its end as a problem is. */
function silencePruner(database: DatabaseSync): (retention: Retention) => PruneCursor {
  const ended = database.prepare("DELETE FROM silences WHERE until_at < ?");
  const silenced = database.prepare(
    `DELETE FROM silenced WHERE (silence_id, key) IN (
       SELECT silence_id, key FROM silenced WHERE at < ? LIMIT ${SLICE_ROWS})`,
  );
  return ({ endedBefore, silentBefore }) => {
    ended.run(endedBefore.getTime());
    return silenced.run(silentBefore.getTime()).changes === SLICE_ROWS ? AGAIN : undefined;
  };
}

/** Gives room back to the disk, when much of the file is empty. A file of before 0.2 keeps its size. */
function vacuumer(database: DatabaseSync): () => PruneCursor {
  const free = database.prepare("PRAGMA freelist_count");
  const pages = database.prepare("PRAGMA page_count");
  let isAtIt = false;
  return () => {
    const count = Number(free.get()?.["freelist_count"]);
    const isMuch = count > FREE_PAGES_KEPT && (isAtIt || count > Number(pages.get()?.["page_count"]) / 4);
    if (!isMuch) {
      isAtIt = false;
      return undefined;
    }
    database.exec(`PRAGMA incremental_vacuum(${SLICE_PAGES})`);
    isAtIt = Number(free.get()?.["freelist_count"]) < count;
    return isAtIt ? AGAIN : undefined;
  };
}
