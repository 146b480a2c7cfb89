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
import { sqliteReads } from "./sqlite-reads.ts";
import type { Acceptance, DecidedEvent, NewDelivery, Store } from "./store.ts";

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
  const keep = keeper(database);
  const commits = groupCommit<Batch, readonly Acceptance[]>((batches) => {
    return inTransaction(database, () => batches.map((batch) => batch.events.map((event) => keep(event, batch.now))));
  });
  return {
    ...sqliteReads(database),
    ...sqliteWrites(database),
    accept: (events, now) => commits.add({ events, now }, events.length),
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

type Batch = { readonly events: readonly DecidedEvent[]; readonly now: Date };

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

/** Writes one decided event, unless it was seen. */
function keeper(database: DatabaseSync): (event: DecidedEvent, now: Date) => Acceptance {
  const see = database.prepare("INSERT OR IGNORE INTO events (customer_id, event_id, seen_at) VALUES (?, ?, ?)");
  const isolate = database.prepare("INSERT INTO quarantine (event_id, reason, body, at) VALUES (?, ?, ?, ?)");
  const put = deliveryWriter(database);
  return (event, now) => {
    if (see.run(event.customerId, event.eventId, now.getTime()).changes === 0) return "duplicate";
    for (const delivery of event.deliveries) put(delivery, now);
    const { quarantine } = event;
    if (quarantine) isolate.run(event.eventId, quarantine.reason, quarantine.body, now.getTime());
    return "new";
  };
}

function deliveryWriter(database: DatabaseSync): (delivery: NewDelivery, now: Date) => void {
  const put = database.prepare(
    `INSERT OR IGNORE INTO outbox (id, customer_id, channel_id, severity_rank, message, created_at, state)
     VALUES (?, ?, ?, ?, ?, ?, 'waiting')`,
  );
  return ({ id, customerId, channelId, severityRank, message }, now) => {
    put.run(id, customerId, channelId, severityRank, message, now.getTime());
  };
}

type Writes = Pick<
  Store,
  "markSent" | "markTried" | "markDead" | "enqueue" | "pause" | "resume" | "redrive" | "prune" | "probe"
>;

function sqliteWrites(database: DatabaseSync): Writes {
  const put = deliveryWriter(database);
  const sent = database.prepare(
    "UPDATE outbox SET state = 'sent', slack_ts = ?, ended_at = ?, reason = NULL WHERE id = ?",
  );
  const tried = database.prepare(
    "UPDATE outbox SET attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, ?), reason = ? WHERE id = ?",
  );
  const dead = database.prepare("UPDATE outbox SET state = 'dead', reason = ?, ended_at = ? WHERE id = ?");
  const pause = database.prepare(
    "INSERT OR REPLACE INTO pauses (channel_id, reason, remedy, paused_at, recheck_at) VALUES (?, ?, ?, ?, ?)",
  );
  const resume = database.prepare("DELETE FROM pauses WHERE channel_id = ?");
  const revive = database.prepare(
    `UPDATE outbox SET state = 'waiting', attempts = 0, first_tried_at = NULL, ended_at = NULL
     WHERE state = 'dead' AND (?1 IS NULL OR channel_id = ?1)`,
  );
  const resumeAny = database.prepare("DELETE FROM pauses WHERE ?1 IS NULL OR channel_id = ?1");
  const forgetEvents = database.prepare("DELETE FROM events WHERE seen_at < ?");
  const forgetSent = database.prepare("DELETE FROM outbox WHERE state = 'sent' AND ended_at < ?");
  const forgetQuarantine = database.prepare("DELETE FROM quarantine WHERE at < ?");
  const shortenQuarantine = database.prepare(
    "DELETE FROM quarantine WHERE id <= (SELECT id FROM quarantine ORDER BY id DESC LIMIT 1 OFFSET ?)",
  );
  const probe = database.prepare("INSERT OR REPLACE INTO probe (one, at) VALUES (1, ?)");
  return {
    markSent: (id, ts, now) => void sent.run(ts, now.getTime(), id),
    markTried: (id, reason, now) => void tried.run(now.getTime(), reason, id),
    markDead: (id, reason, now) => void dead.run(reason, now.getTime(), id),
    enqueue: put,
    pause: (it) => void pause.run(it.channelId, it.reason, it.remedy, it.pausedAt.getTime(), it.recheckAt.getTime()),
    resume: (channelId) => void resume.run(channelId),
    redrive: (channelId) =>
      inTransaction(database, () => {
        resumeAny.run(channelId ?? null);
        return Number(revive.run(channelId ?? null).changes);
      }),
    prune: ({ sentBefore, quarantinedBefore, mostQuarantined }) =>
      inTransaction(database, () => {
        forgetEvents.run(sentBefore.getTime());
        forgetSent.run(sentBefore.getTime());
        forgetQuarantine.run(quarantinedBefore.getTime());
        shortenQuarantine.run(mostQuarantined);
      }),
    probe: (now) => void probe.run(now.getTime()),
  };
}
