/**
 * A table's journal as the file that the console reads: the shape that the embedded relay writes, so that every page is
 * the same. It holds no more than the table does and may be thrown away; it is made anew then.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { severityRank } from "@shirase/core/finding";
import { standsAs } from "@shirase/core/observe";
import { DataDirError } from "../store/data-dir-error.ts";
import type { Change, Entry } from "../store/dynamodb-journal.ts";
import { knownFrom } from "../store/dynamodb-problem.ts";
import { hashOf } from "../store/hash.ts";
import { type HistoryStep, stepFrom, withStep } from "../store/history.ts";
import { inTransaction, lockFolder, openDatabase } from "../store/sqlite-open.ts";
import { type Tally, tallier } from "../store/sqlite-tally.ts";
import { type MirroredMessage, messageKeeper, restyler } from "./mirror-messages.ts";

/** What was read of a journal at once. */
export type JournalPage = readonly Extract<Entry, { readonly changes: unknown }>[];

/** Entries `since` then may come again. Messages that were sent before the other may be in the table no more. */
export type JournalMoments = { readonly since: Date; readonly messagesSince: Date };

/** A problem whose event is to be fetched. */
export type Eventless = { readonly id: number; readonly hash: string };

/** A problem's newest event, as it came. */
export type KeptEvent = { readonly id: number; readonly at: Date; readonly body: string };

/** The file. Everything is written at once, on the caller's thread. */
export type MirrorFile = {
  /** Up to when the journal is in it; undefined: it is new. */
  readonly upTo: () => Date | undefined;
  /** Those that it has already change nothing. */
  readonly addChanges: (page: JournalPage, moments: JournalMoments) => void;
  readonly putMessages: (messages: readonly MirroredMessage[]) => void;
  /** Messages whose fate may have changed. */
  readonly unsettled: () => { readonly waiting: readonly string[]; readonly dead: readonly string[] };
  /** A message that waited is in the table no more: it was sent, some time ago. */
  readonly wasSent: (ids: readonly string[]) => void;
  readonly finish: (upTo: Date, forgetBefore: Date) => void;
  /** Problems that changed since then, the newest first, whose newest event it does not have. */
  readonly eventless: (customerId: string, since: Date, limit: number) => readonly Eventless[];
  readonly eventlessOne: (id: number) => Eventless | undefined;
  /** By which the table knows a problem; undefined: there is none of that number. */
  readonly hashOf: (id: number) => string | undefined;
  /** Of those that were asked for, the ones that were there. */
  readonly putEvents: (asked: readonly Eventless[], events: readonly KeptEvent[], now: Date) => void;
  readonly close: () => void;
};

const TABLES = `
  CREATE TABLE IF NOT EXISTS mirror (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    table_name TEXT NOT NULL,
    upto       INTEGER
  ) STRICT;
  -- changed_at: when the journal said so; it orders events and asks for those that are newer than what is here.
  CREATE TABLE IF NOT EXISTS mirror_problems (
    hash       TEXT PRIMARY KEY,
    finding_id INTEGER NOT NULL UNIQUE,
    version    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    asked_at   INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mirror_entries (
    name TEXT PRIMARY KEY,
    at   INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- What it holds is in the table as well.
  PRAGMA synchronous = OFF;`;

/**
 * Opens it, or makes it.
 *
 * @throws DataDirError when the folder cannot be used, is in use, or mirrors another table.
 */
export function openMirrorFile(dataDir: string, tableName: string): MirrorFile {
  const lock = lockFolder(dataDir);
  try {
    return mirrorIn(openOwn(dataDir, tableName), lock);
  } catch (error) {
    lock.close();
    throw error;
  }
}

function openOwn(dataDir: string, tableName: string): DatabaseSync {
  const database = openDatabase(dataDir);
  const isMirror = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'mirror'").get() !== undefined;
  const isUsed =
    database.prepare("SELECT 1 FROM findings UNION ALL SELECT 1 FROM messages LIMIT 1").get() !== undefined;
  const refuse = (what: string): never => {
    database.close();
    throw new DataDirError(`${dataDir} holds ${what}. Give the console of table ${tableName} its own: --data DIR`);
  };
  if (!isMirror && isUsed) refuse("what a relay knows");
  database.exec(TABLES);
  database.prepare("INSERT OR IGNORE INTO mirror (one, table_name) VALUES (1, ?)").run(tableName);
  const mirrored = String(database.prepare("SELECT table_name FROM mirror").get()?.["table_name"]);
  if (mirrored !== tableName) refuse(`what table ${mirrored} knows`);
  return database;
}

function mirrorIn(database: DatabaseSync, lock: DatabaseSync): MirrorFile {
  const upTo = database.prepare("SELECT upto FROM mirror");
  const setUpTo = database.prepare("UPDATE mirror SET upto = ?");
  const isNewEntry = database.prepare("INSERT OR IGNORE INTO mirror_entries (name, at) VALUES (?, ?)");
  const forgetEntries = database.prepare("DELETE FROM mirror_entries WHERE at < ?");
  const change = changeKeeper(database);
  const putMessage = messageKeeper(database);
  const unsettled = database.prepare("SELECT id, state FROM messages WHERE state <> 'sent'");
  const wasSent = database.prepare(
    "UPDATE messages SET state = 'sent', in_doubt = 0 WHERE id = ? AND state = 'waiting'",
  );
  const hashOf = database.prepare("SELECT hash FROM mirror_problems WHERE finding_id = ?");
  const { putEvent, asked: wereAsked, ...lacking } = eventStatements(database);
  return {
    upTo: () => {
      const at = upTo.get()?.["upto"];
      return typeof at === "number" ? new Date(at) : undefined;
    },
    addChanges: (page, { since, messagesSince }) =>
      inTransaction(database, () => {
        for (const { name, at, changes } of page) {
          if (at >= since && isNewEntry.run(name, at.getTime()).changes === 0) continue;
          for (const one of changes) change(one, at, messagesSince);
        }
      }),
    putMessages: (messages) =>
      inTransaction(database, () => {
        for (const message of messages) putMessage(message);
      }),
    unsettled: () => {
      const rows = unsettled.all();
      const idsIn = (state: string): readonly string[] =>
        rows.filter((row) => row["state"] === state).map((row) => String(row["id"]));
      return { waiting: idsIn("waiting"), dead: idsIn("dead") };
    },
    wasSent: (ids) =>
      inTransaction(database, () => {
        for (const id of ids) wasSent.run(id);
      }),
    finish: (time, forgetBefore) =>
      inTransaction(database, () => {
        forgetEntries.run(forgetBefore.getTime());
        setUpTo.run(time.getTime());
      }),
    ...lacking,
    hashOf: (id) => {
      const hash = hashOf.get(id)?.["hash"];
      return typeof hash === "string" ? hash : undefined;
    },
    putEvents: (asked, events, now) =>
      inTransaction(database, () => {
        for (const { id } of asked) wereAsked.run(now.getTime(), id);
        for (const { id, at, body } of events) putEvent.run(id, at.getTime(), body);
      }),
    close: () => {
      database.close();
      lock.close();
    },
  };
}

type KeepChange = (change: Change, at: Date, messagesSince: Date) => void;

function changeKeeper(database: DatabaseSync): KeepChange {
  const look = database.prepare(
    `SELECT p.finding_id AS id, p.version AS version, f.history AS history, f.told_in AS told_in, f.standing AS standing,
       f.severity_rank AS severity_rank
     FROM mirror_problems p JOIN findings f ON f.id = p.finding_id WHERE p.hash = ?`,
  );
  const insert = database.prepare(
    `INSERT INTO findings (key_hash, seen_day, standing, severity_rank, opened_at, changed_at, told_in, customer_id, key, known,
                           resource, title, history)
     VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const name = database.prepare(
    "INSERT INTO mirror_problems (hash, finding_id, version, changed_at) VALUES (?, ?, ?, ?)",
  );
  const update = database.prepare(
    `UPDATE findings SET standing = ?, severity_rank = ?, opened_at = ?, changed_at = ?, known = ?, resource = ?, title = ?
     WHERE id = ?`,
  );
  const renew = database.prepare("UPDATE mirror_problems SET version = ?, changed_at = ? WHERE hash = ?");
  const record = database.prepare("UPDATE findings SET history = ?, told_in = coalesce(told_in, ?) WHERE id = ?");
  const restyle = restyler(database);
  const tally: Tally = tallier(database);
  return ({ customerId, hash, version, key, title, resource, known: text, wasOpen, step: line }, at, messagesSince) => {
    const known = knownFrom(text);
    const [standing, rank] = [standsAs(known), severityRank(known.severity)];
    const stands = [standing, rank, known.openedAt, known.changedAt] as const;
    const row = look.get(hash);
    const { history: before = "" } = row ?? {};
    const step = line === "" ? undefined : stepFrom(line);
    const history = inOrder(String(before), step);
    const toldIn = at < messagesSince ? someMessage(step) : null;
    if (step) tally(customerId, wasOpen, known, at);
    if (!row) {
      const words = [customerId, key, JSON.stringify(known), resource, title, history] as const;
      const { lastInsertRowid: id } = insert.run(hashOf(customerId, key), ...stands, toldIn, ...words);
      name.run(hash, id, version, at.getTime());
      return;
    }
    const id = Number(row["id"]);
    record.run(history, toldIn, id);
    if (version < Number(row["version"])) return;
    update.run(...stands, JSON.stringify(known), resource, title, id);
    renew.run(version, at.getTime(), hash);
    const looksOther = row["standing"] !== standing || row["severity_rank"] !== rank;
    if (looksOther && typeof row["told_in"] === "string") restyle.run(row["told_in"]);
  };
}

/** Somebody was told, by a message that the table may have forgotten; null: nobody was. */
function someMessage(step: HistoryStep | undefined): "" | null {
  return step !== undefined && step.told > 0 ? "" : null;
}

/** The history with a step more, if there is one. Two writers' clocks may differ: what comes late goes where it belongs. */
function inOrder(history: string, step: HistoryStep | undefined): string {
  if (!step) return history;
  const longer = withStep(history, step);
  const last = history.slice(history.lastIndexOf("\n") + 1);
  if (last === "" || stepFrom(last).at <= step.at) return longer;
  return longer
    .split("\n")
    .toSorted((a, b) => stepFrom(a).at.getTime() - stepFrom(b).at.getTime())
    .join("\n");
}

type EventStatements = Pick<MirrorFile, "eventless" | "eventlessOne"> & {
  readonly putEvent: StatementSync;
  readonly asked: StatementSync;
};

/** So long after a change its event may still be on its way into the table. */
const EVENT_COMES_WITHIN_MS = 60_000;

function eventStatements(database: DatabaseSync): EventStatements {
  const isLacking = `NOT EXISTS (SELECT 1 FROM finding_events e WHERE e.finding_id = p.finding_id AND e.at >= p.changed_at)
    AND p.asked_at < p.changed_at + ${EVENT_COMES_WITHIN_MS}`;
  const newest = database.prepare(
    `SELECT p.finding_id AS id, p.hash AS hash, ${isLacking} AS is_lacking
     FROM mirror_problems p JOIN findings f ON f.id = p.finding_id
     WHERE f.customer_id = ? AND p.changed_at >= ? ORDER BY p.changed_at DESC LIMIT ?`,
  );
  const one = database.prepare(
    `SELECT p.finding_id AS id, p.hash AS hash FROM mirror_problems p WHERE p.finding_id = ? AND ${isLacking}`,
  );
  const eventlessOf = (row: Readonly<Record<string, unknown>>): Eventless => ({
    id: Number(row["id"]),
    hash: String(row["hash"]),
  });
  return {
    eventless: (customerId, since, limit) =>
      newest
        .all(customerId, since.getTime(), limit)
        .filter((row) => row["is_lacking"] === 1)
        .map(eventlessOf),
    eventlessOne: (id) => {
      const row = one.get(id);
      return row && eventlessOf(row);
    },
    putEvent: database.prepare("INSERT OR REPLACE INTO finding_events (finding_id, at, body) VALUES (?, ?, ?)"),
    asked: database.prepare("UPDATE mirror_problems SET asked_at = ? WHERE finding_id = ?"),
  };
}
