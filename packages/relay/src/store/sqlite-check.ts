/**
 * Is a data folder sound, and a copy of it while a relay runs. Looks in from outside: nothing here needs the relay to
 * stand still, and `check` writes nothing.
 *
 * SQLite's own check says whether the file is whole; ours, whether what it says hangs together: each finding that is to
 * be told is in exactly one place.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DataDirError } from "./data-dir-error.ts";
import { hashOf } from "./hash.ts";
import { MIGRATIONS } from "./migrations.ts";
import { SQLITE_FILE } from "./sqlite-open.ts";

/** Something that is not as it must be. */
export type DataProblem = {
  /** What, with how many: "findings that are in a message that is not there: 3". */
  readonly problem: string;
  /** What to do, a sentence. */
  readonly remedy: string;
};

/** Sizes of the file. */
export type DataSizes = {
  readonly bytes: number;
  /** Room within it that is used again before it grows. */
  readonly freeBytes: number;
};

const RESTORE = "Stop the relay and put a backup in its place; without one, move the folder away and start anew.";
const UNTOLD = "They may never be told. Look for them in Security Hub, and report this: it is a bug in shirase.";
const HARMLESS = "Nothing is lost by it, but report it: it is a bug in shirase.";

/** Every invariant: what counts the rows that break it, how that is said, what to do. */
const INVARIANTS: ReadonlyArray<readonly [count: string, what: string, remedy: string]> = [
  [
    "SELECT count(*) AS n FROM notices WHERE state = 0 AND (burst_id IS NOT NULL OR message_id IS NOT NULL)",
    "findings that wait and are in a message as well",
    "They may be told twice. Report this: it is a bug in shirase.",
  ],
  [
    `SELECT count(*) AS n FROM notices WHERE state = 1 AND (burst_id IS NULL OR NOT EXISTS (
       SELECT 1 FROM messages WHERE messages.id = burst_id AND kind = 'burst'))`,
    "findings that are counted in a burst that is not there, and would not be named",
    UNTOLD,
  ],
  [
    `SELECT count(*) AS n FROM notices WHERE state = 2 AND message_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = message_id)`,
    "findings that are in a message that is not there",
    UNTOLD,
  ],
  [
    "SELECT count(*) AS n FROM notices WHERE state NOT IN (0, 1, 2) OR (state = 2 AND message_id IS NULL AND burst_id IS NULL)",
    "findings that are in no message and do not wait",
    UNTOLD,
  ],
  [
    `SELECT count(*) AS n FROM notices WHERE state < 2
       AND NOT EXISTS (SELECT 1 FROM notice_bodies WHERE notice_bodies.seq = notices.seq)`,
    "findings that wait and of which it is not known what to say",
    UNTOLD,
  ],
  [
    "SELECT count(*) AS n FROM notice_bodies WHERE NOT EXISTS (SELECT 1 FROM notices WHERE notices.seq = notice_bodies.seq)",
    "texts that belong to no finding",
    HARMLESS,
  ],
  [
    `SELECT count(*) AS n FROM findings WHERE told_in IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = told_in)`,
    "problems that were told in a message that is not there",
    "Their next news come as a card of their own. Report this: it is a bug in shirase.",
  ],
  [
    "SELECT count(*) AS n FROM findings WHERE key_hash <> hash_of(customer_id, key)",
    "problems that cannot be found by their key, and would be told again",
    "Report this: it is a bug in shirase.",
  ],
  [
    "SELECT count(*) AS n FROM (SELECT 1 FROM findings GROUP BY key_hash, customer_id, key HAVING count(*) > 1)",
    "problems that are kept more than once",
    "Report this: it is a bug in shirase.",
  ],
  [
    "SELECT count(*) AS n FROM events WHERE id_hash <> hash_of(customer_id, event_id)",
    "events that would not be known when they come again",
    HARMLESS,
  ],
  [
    "SELECT count(*) AS n FROM messages WHERE state = 'sent' AND ts IS NULL",
    "messages that were sent, and where is not known",
    "News of their problems come as cards of their own. Report this: it is a bug in shirase.",
  ],
];

/**
 * Looks whether the data folder is sound.
 *
 * @returns what is not, the worst first; empty when all is well.
 * @throws DataDirError when there is no store, or one of another version.
 */
export function checkData(dataDir: string): readonly DataProblem[] {
  const database = lookIn(dataDir);
  try {
    return problemsOf(database);
  } finally {
    database.close();
  }
}

/** The same of a backup. @returns its size in bytes. @throws DataDirError when it is not sound. */
export function checkCopy(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [first] = problemsOf(database);
    if (first) throw new DataDirError(`${file} is not sound: ${first.problem}. Ask: shirase data check`);
    return statSync(file).size;
  } finally {
    database.close();
  }
}

function problemsOf(database: DatabaseSync): readonly DataProblem[] {
  const damage = damageOf(database);
  if (damage.length > 0) return damage;
  database.function("hash_of", { deterministic: true }, (customerId, id) => hashOf(String(customerId), String(id)));
  return INVARIANTS.flatMap(([count, what, remedy]) => {
    const n = Number(database.prepare(count).get()?.["n"]);
    return n === 0 ? [] : [{ problem: `${what}: ${n}`, remedy }];
  });
}

const MOST_DAMAGE = 10;

function damageOf(database: DatabaseSync): readonly DataProblem[] {
  try {
    const rows = database.prepare(`PRAGMA integrity_check(${MOST_DAMAGE})`).all();
    const said = rows.map((row) => String(row["integrity_check"])).filter((line) => line !== "ok");
    return said.map((line) => ({ problem: `the file is damaged: ${line.trim()}`, remedy: RESTORE }));
  } catch (error) {
    return [{ problem: `the file is damaged: ${textOf(error)}`, remedy: RESTORE }];
  }
}

/** How large the file is. @throws DataDirError as {@link checkData}. */
export function sizesOf(dataDir: string): DataSizes {
  const database = lookIn(dataDir);
  try {
    const of = (name: string): number => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
    const wal = statSync(join(dataDir, `${SQLITE_FILE}-wal`), { throwIfNoEntry: false });
    const bytes = of("page_count") * of("page_size") + (wal?.size ?? 0);
    return { bytes, freeBytes: of("freelist_count") * of("page_size") };
  } finally {
    database.close();
  }
}

/**
 * Writes a copy of the store, as it is at this moment, to a file: whole, on disk, and without the room that is free. A
 * relay may run meanwhile.
 *
 * @param file - must not exist; there is nothing at this path until the copy is whole.
 * @throws DataDirError as {@link checkData}, or when the copy cannot be written.
 */
export function backUpData(dataDir: string, file: string): void {
  if (existsSync(file)) throw new DataDirError(`${file} exists. Give the backup a name of its own`);
  const database = lookIn(dataDir);
  const partial = `${file}.partial`;
  try {
    rmSync(partial, { force: true });
    closeSync(openSync(partial, "w", 0o600));
    database.prepare("VACUUM INTO ?").run(partial);
    onDisk(partial);
    renameSync(partial, file);
    onDisk(dirname(file));
  } catch (error) {
    rmSync(partial, { force: true });
    throw new DataDirError(`the backup could not be written to ${file}: ${textOf(error)}`, { cause: error });
  } finally {
    database.close();
  }
}

function onDisk(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function lookIn(dataDir: string): DatabaseSync {
  const file = join(dataDir, SQLITE_FILE);
  if (!existsSync(file)) {
    throw new DataDirError(`${dataDir} is no data folder of a relay. Name it with --data DIR or SHIRASE_DATA`);
  }
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    database.exec("PRAGMA busy_timeout = 5000");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version !== MIGRATIONS.length) {
      database.close();
      const what = version < MIGRATIONS.length ? "Start this version's relay on it once" : "Use that newer one";
      throw new DataDirError(`${file} was written by another shirase (version ${version}). ${what}`);
    }
    return database;
  } catch (error) {
    if (error instanceof DataDirError) throw error;
    throw new DataDirError(`${file} cannot be read: ${textOf(error)}. ${RESTORE}`, { cause: error });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
