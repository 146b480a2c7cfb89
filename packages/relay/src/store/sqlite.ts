/**
 * The store on SQLite, Node's own. One file, one writer.
 *
 * Durable is `synchronous=FULL` with WAL: a commit returns after fsync. An fsync costs the same for one event as for a
 * thousand, so requests that arrive while one commit runs share the next (group commit).
 *
 * @see https://www.sqlite.org/pragma.html#pragma_synchronous
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { groupCommit } from "./group-commit.ts";
import { MIGRATIONS } from "./migrations.ts";
import { sqliteMessages } from "./sqlite-messages.ts";
import { sqliteRest } from "./sqlite-rest.ts";
import { quarantiner, teller } from "./sqlite-tell.ts";
import { sqliteViews } from "./sqlite-view.ts";
import type { Store } from "./store.ts";

const FILE = "relay.sqlite";
const LOCK_FILE = "relay.lock";

/** Where the store lives, and whether this is the process that owns it. */
export type SqliteOptions = {
  /** A folder; made when it is missing, readable by its owner only. */
  readonly dataDir: string;
  /** False for commands that look in while a relay runs. Default true: a second owner is refused. */
  readonly isOwner?: boolean;
};

/**
 * Opens the store, bringing an older file to this version's shape.
 *
 * @throws DataDirError when the folder cannot be used, another relay owns it, or a newer version wrote it.
 */
export function openSqliteStore({ dataDir, isOwner = true }: SqliteOptions): Store {
  const lock = isOwner ? lockFolder(dataDir) : undefined;
  const database = openDatabase(dataDir);
  const tell = teller(database);
  const views = sqliteViews(database);
  const messages = sqliteMessages(database);
  const rest = sqliteRest(database);
  const isolate = quarantiner(database);
  const see = database.prepare("INSERT OR IGNORE INTO events (customer_id, event_id, seen_at) VALUES ('', ?, ?)");
  const commits = groupCommit((works) => inTransaction(database, () => works.map((work) => work())));
  const written = <T>(work: () => T, size = 1): Promise<T> => commits.add(work, size) as Promise<T>;
  return {
    tell: (events, now) => written(() => events.map((event) => tell(event, now)), events.length),
    setAside: (eventId, reason, body, now) =>
      written(() => {
        const isNew = see.run(eventId, now.getTime()).changes > 0;
        if (isNew) isolate(eventId, reason, body, now);
        return isNew;
      }),
    waiting: async () => views.waiting(),
    view: async (channelId, customerId, now) => views.view(channelId, customerId, now),
    staleRoots: async (now, limit) => views.staleRoots(now, limit),
    nextStaleAt: async () => views.nextStaleAt(),
    nextMessage: async (channelId, except) => messages.nextMessage(channelId, except),
    claim: (message, covers, now) => written(() => messages.claim(message, covers, now)),
    trying: (id) => written(() => messages.trying(id)),
    markSent: (id, ts, now) => written(() => messages.markSent(id, ts, now)),
    markTried: (id, why, now) => written(() => messages.markTried(id, why, now)),
    markDead: (id, reason, now) => written(() => messages.markDead(id, reason, now)),
    enqueue: (message, now) => written(() => messages.enqueue(message, now)),
    rewrite: (id, body, reason) => written(() => messages.rewrite(id, body, reason)),
    edited: (root, now) => written(() => messages.edited(root, now)),
    makeStale: (id, now) => written(() => messages.makeStale(id, now)),
    deadLetters: async (channelId) => messages.deadLetters(channelId),
    redrive: (channelId) => written(() => messages.redrive(channelId)),
    pause: (pause) => written(() => rest.pause(pause)),
    resume: (channelId) => written(() => rest.resume(channelId)),
    pauses: async () => rest.pauses(),
    quarantined: async (limit) => rest.quarantined(limit),
    beats: async () => rest.beats(),
    tellSilence: (beat, message, now) =>
      written(() => {
        const isNew = rest.markSilence(beat, now);
        if (isNew && message) messages.enqueue(message, now);
        return isNew;
      }),
    stats: async () => rest.stats(),
    prune: (retention) => written(() => rest.prune(retention)),
    probe: (now) => written(() => rest.probe(now)),
    close: async () => {
      await commits.settle();
      database.close();
      lock?.close();
    },
  };
}

/** The data folder cannot be used. The message says why and what to do. */
export class DataDirError extends Error {
  override readonly name = "DataDirError";
}

/** A lock that the operating system lets go of even after kill -9: an open transaction on a file of its own. */
function lockFolder(dataDir: string): DatabaseSync {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const lock = new DatabaseSync(join(dataDir, LOCK_FILE));
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (/locked/.test(text)) {
      throw new DataDirError(
        `the data folder ${dataDir} is in use by another relay. Stop that one first, or give this one its own: --data DIR`,
        { cause: error },
      );
    }
    throw new DataDirError(`the data folder ${dataDir} cannot be used: ${text}. Give another: --data DIR`, {
      cause: error,
    });
  }
}

function openDatabase(dataDir: string): DatabaseSync {
  try {
    const database = new DatabaseSync(join(dataDir, FILE));
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
    migrate(database, dataDir);
    return database;
  } catch (error) {
    if (error instanceof DataDirError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new DataDirError(`${join(dataDir, FILE)} cannot be opened: ${text}`, { cause: error });
  }
}

function migrate(database: DatabaseSync, dataDir: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > MIGRATIONS.length) {
    throw new DataDirError(
      `${join(dataDir, FILE)} was written by a newer shirase (version ${version}, this one knows ${MIGRATIONS.length}). ` +
        "Run that newer one, or give another folder: --data DIR",
    );
  }
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue;
    inTransaction(database, () => database.exec(`${step}; PRAGMA user_version = ${index + 1}`));
  }
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
