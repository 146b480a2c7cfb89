/**
 * The store on SQLite, Node's own. One file, one writer.
 *
 * Durable is `synchronous=FULL` with WAL: a commit returns after fsync. An fsync costs the same for one event as for a
 * thousand, so requests that arrive while one commit runs share the next (group commit).
 *
 * @see https://www.sqlite.org/pragma.html#pragma_synchronous
 */
import type { DatabaseSync } from "node:sqlite";
import { groupCommit } from "./group-commit.ts";
import { sqliteMessages } from "./sqlite-messages.ts";
import { fileGuard, inTransaction, lockFolder, openDatabase } from "./sqlite-open.ts";
import { PRUNE_START, type PruneCursor, pruner } from "./sqlite-prune.ts";
import { silenceMarker, sqliteRest } from "./sqlite-rest.ts";
import { sqliteSilences } from "./sqlite-silences.ts";
import { eventKeeper, eventWriter, quarantiner, type ToTell, teller } from "./sqlite-tell.ts";
import { sqliteViews } from "./sqlite-view.ts";
import type { Store } from "./store.ts";

/** Where the store lives, and whether this is the process that owns it. */
export type SqliteOptions = {
  /** A folder; made when it is missing, readable by its owner only. */
  readonly dataDir: string;
  /** False for commands that look in while a relay runs. Default true: a second owner is refused. */
  readonly isOwner?: boolean;
};

/** The store, on this thread. It takes findings that are text already. */
export type SqliteStore = Omit<Store, "tell"> & {
  readonly tell: (events: readonly ToTell[], now: Date) => ReturnType<Store["tell"]>;
};

/**
 * Opens the store, bringing an older file to this version's shape.
 *
 * @throws DataDirError when the folder cannot be used, another relay owns it, or a newer version wrote it.
 */
export function openSqliteStore({ dataDir, isOwner = true }: SqliteOptions): SqliteStore {
  const lock = isOwner ? lockFolder(dataDir) : undefined;
  const database = openOrUnlock(dataDir, lock);
  const guard = fileGuard(dataDir);
  const fault = lastFault();
  const commits = groupCommit((works) =>
    fault.watch(() =>
      inTransaction(database, () => {
        guard();
        return works.map((work) => work());
      }),
    ),
  );
  const written: Written = (work, size = 1) => commits.add(work, size) as Promise<never>;
  const writtenLater: Written = (work, size = 1) => commits.addPatient(work, size) as Promise<never>;
  return {
    ...ways(database, { written, writtenLater }, fault),
    ...channels(database, written),
    ...upkeep(database, written, fault),
    close: async () => {
      await commits.settle();
      if (!database.isOpen) return;
      database.close();
      lock?.close();
    },
  };
}

/** Does the work in the next commit. @param size - how many events it is. */
type Written = <T>(work: () => T, size?: number) => Promise<T>;

/** What comes in. */
function ways(
  database: DatabaseSync,
  { written, writtenLater }: { readonly written: Written; readonly writtenLater: Written },
  fault: LastFault,
): Pick<SqliteStore, "tell" | "keepEvents" | "setAside"> {
  const tell = teller(database);
  const isolate = quarantiner(database);
  const see = eventWriter(database);
  const keep = eventKeeper(database);
  return {
    tell: (events, now) =>
      written(() => {
        const told = events.map((event) => tell(event, now));
        fault.mended();
        return told;
      }, events.length),
    keepEvents: (events, now) =>
      writtenLater(() => {
        for (const event of events) keep(event, now);
      }),
    setAside: (eventId, reason, body, now) =>
      written(() => {
        const isNew = see("", eventId, now);
        if (isNew) isolate(eventId, reason, body, now);
        return isNew;
      }),
  };
}

type Channels =
  | keyof ReturnType<typeof sqliteViews>
  | "nextMessage"
  | "claim"
  | "trying"
  | "markSent"
  | "markTried"
  | "markDead"
  | "enqueue"
  | "rewrite"
  | "edited"
  | "makeStale"
  | "deadLetters"
  | "redrive"
  | "redriveOnly"
  | "tellSilence";

/** What is told. */
function channels(database: DatabaseSync, written: Written): Pick<Store, Channels> {
  const views = sqliteViews(database);
  const messages = sqliteMessages(database);
  const silence = silenceMarker(database);
  return {
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
    redriveOnly: (ids) => written(() => messages.redriveOnly(ids)),
    tellSilence: (beats, message, now) =>
      written(() => {
        const isNew = beats.filter(silence).length > 0;
        if (isNew && message) messages.enqueue(message, now);
        return isNew;
      }),
  };
}

type Upkeep =
  | "addSilence"
  | "endSilence"
  | "silences"
  | "silencedCounts"
  | "audit"
  | "pause"
  | "resume"
  | "pauses"
  | "quarantined"
  | "beats"
  | "stats"
  | "prune"
  | "probe";

/** What else is kept, how much there is, and what is forgotten. */
function upkeep(database: DatabaseSync, written: Written, fault: LastFault): Pick<Store, Upkeep> {
  const rest = sqliteRest(database);
  const silences = sqliteSilences(database);
  const prune = pruner(database);
  return {
    addSilence: (silence) => written(() => silences.add(silence)),
    endSilence: (id, now) => written(() => silences.end(id, now)),
    silences: async (endAfter) => silences.all(endAfter),
    silencedCounts: async (ids) => silences.counts(ids),
    audit: (deed) => written(() => rest.audit(deed)),
    pause: (pause) => written(() => rest.pause(pause)),
    resume: (channelId) => written(() => rest.resume(channelId)),
    pauses: async () => rest.pauses(),
    quarantined: async (limit) => rest.quarantined(limit),
    beats: async () => rest.beats(),
    stats: async () => rest.stats(),
    prune: async (retention) => {
      for (const task of prune(retention)) {
        let from: PruneCursor = PRUNE_START;
        while (from) {
          const start: readonly [number, number] = from;
          from = await written<PruneCursor>(() => task(start));
        }
      }
    },
    probe: (now) =>
      written(() => {
        fault.throwIfDamaged();
        rest.probe(now, fault.roomToAsk());
      }),
  };
}

type LastFault = {
  /** Runs the work, and remembers what the disk said against it. */
  readonly watch: <T>(work: () => T) => T;
  /** An event was kept. */
  readonly mended: () => void;
  readonly throwIfDamaged: () => void;
  /** How much a probe must be able to write: after a refusal more than the byte that fits always. */
  readonly roomToAsk: () => number;
};

/** Of SQLite's result codes. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);
const NO_ROOM: ReadonlySet<number> = new Set([8, 10, 13, 14]);
const ROOM_BYTES = 1_000_000;

/**
 * A full disk heals when there is room; a damaged file does not, and may still take a probe while it refuses every event.
 * So what showed the damage is remembered until an event was kept, and a refusal until a probe of some size was.
 */
function lastFault(): LastFault {
  let damage: unknown;
  let isRefusing = false;
  return {
    watch: (work) => {
      try {
        return work();
      } catch (error) {
        const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
        if (DAMAGE.has(code)) damage ??= error;
        isRefusing ||= NO_ROOM.has(code);
        throw error;
      }
    },
    mended: () => {
      damage = undefined;
      isRefusing = false;
    },
    throwIfDamaged: () => {
      if (damage !== undefined) throw damage;
    },
    roomToAsk: () => (isRefusing ? ROOM_BYTES : 0),
  };
}

function openOrUnlock(dataDir: string, lock: { readonly close: () => void } | undefined): DatabaseSync {
  try {
    return openDatabase(dataDir);
  } catch (error) {
    lock?.close();
    throw error;
  }
}
