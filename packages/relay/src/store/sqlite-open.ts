/** The store's files: the folder and its lock, the database brought to this version's shape, and whether they are there. */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DataDirError } from "./data-dir-error.ts";
import { hashOf } from "./hash.ts";
import { MIGRATIONS } from "./migrations.ts";

/** The database's file in the data folder. */
export const SQLITE_FILE = "relay.sqlite";
const LOCK_FILE = "relay.lock";

/**
 * auto_vacuum counts only for a file that is made now. The WAL is taken over every 64 MB: a page that changed a hundred
 * times since is then written once. How long to wait for others comes first: the next may meet one.
 */
const PRAGMAS = `PRAGMA busy_timeout = 5000; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY`;

/** A lock that the operating system lets go of even after kill -9: an open transaction on a file of its own. */
export function lockFolder(dataDir: string): DatabaseSync {
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

/** @throws DataDirError when it cannot be opened, or a newer version wrote it. */
export function openDatabase(dataDir: string): DatabaseSync {
  try {
    const database = new DatabaseSync(join(dataDir, SQLITE_FILE));
    database.exec(PRAGMAS);
    migrate(database, dataDir);
    return database;
  } catch (error) {
    if (error instanceof DataDirError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new DataDirError(`${join(dataDir, SQLITE_FILE)} cannot be opened: ${text}`, { cause: error });
  }
}

function migrate(database: DatabaseSync, dataDir: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > MIGRATIONS.length) {
    throw new DataDirError(
      `${join(dataDir, SQLITE_FILE)} was written by a newer shirase (version ${version}, this one knows ${MIGRATIONS.length}). ` +
        "Run that newer one, or give another folder: --data DIR",
    );
  }
  database.function("hash_of", { deterministic: true }, (customerId, id) => hashOf(String(customerId), String(id)));
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue;
    inTransaction(database, () => database.exec(`${step}; PRAGMA user_version = ${index + 1}`));
  }
}

/** @throws what the work or the disk throws; then nothing was written. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // After some of the disk's errors SQLite has rolled back already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** The database's files were removed or replaced: what would be written to them is gone when the relay ends. */
export class FileGoneError extends Error {
  override readonly name = "FileGoneError";
  readonly code = "file-gone";
}

/**
 * Makes a function that throws when the files at the database's path are no longer those that are open. The system lets
 * one write to a deleted file: a commit would be durable nowhere.
 */
export function fileGuard(dataDir: string): () => void {
  const files = [SQLITE_FILE, `${SQLITE_FILE}-wal`].map((name) => {
    const path = join(dataDir, name);
    return { path, inode: statSync(path).ino };
  });
  return () => {
    for (const { path, inode } of files) {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found?.ino === inode) continue;
      const what = found === undefined ? "was removed" : "was replaced";
      throw new FileGoneError(`${path} ${what} while the relay runs; put it back, or start the relay again`);
    }
  };
}
