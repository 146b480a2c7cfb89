/**
 * The SQLite store on a thread of its own: hearing and HTTP have one core, SQLite and its fsync the other.
 *
 * Calls of one turn travel together. A thread that dies takes no promise with it: whatever was asked of it is refused,
 * and so is all that is asked afterwards, with the reason; `/readyz` says it, and nothing that was promised is lost,
 * because what a promise resolved with was on disk.
 */
import { Worker } from "node:worker_threads";
import { DataDirError } from "./data-dir-error.ts";
import type { SqliteOptions } from "./sqlite.ts";
import { type Answer, type Call, type Method, type Opened, packed, unpackedError } from "./sqlite-wire.ts";
import { type HeardWithBody, type Store, StoreFullError } from "./store.ts";

/** Events that were told and not answered yet; beyond it memory, not disk, would hold them. */
const MOST_WAITING = 10_000;

/** The store's thread ended before its time. A restart of the relay opens the store again. */
export class StoreGoneError extends Error {
  override readonly name = "StoreGoneError";
  readonly code = "store-gone";
}

/**
 * Opens the store as `openSqliteStore` does, on a thread of its own.
 *
 * @throws DataDirError as that does.
 */
export async function openSqliteThread(options: SqliteOptions): Promise<Store> {
  return storeOnThread(startThread(options));
}

/** Starts the thread; it opens the store at once, and says whether it could. */
export function startThread(options: SqliteOptions): Worker {
  // Events pass through and are gone: a larger nursery would only be memory.
  return new Worker(workerFile(), { workerData: options, resourceLimits: { maxYoungGenerationSizeMb: 16 } });
}

/** The store on a thread that was just started. @throws DataDirError when it could not be opened there. */
export async function storeOnThread(worker: Worker): Promise<Store> {
  await isOpen(worker);
  return storeOf(caller(worker));
}

/** Node runs this file as it is written or as it was built; the thread's file lies beside it. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./sqlite-worker.ts" : "./sqlite-worker.js", import.meta.url);
}

function isOpen(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (said: Opened) => {
      worker.off("error", reject);
      if (said.opened) return resolve();
      const { name, message } = said.error;
      const error = name === "DataDirError" ? new DataDirError(message) : unpackedError(said.error);
      worker.once("exit", () => reject(error));
      void worker.terminate();
    });
  });
}

type Caller = {
  readonly call: (method: Method, args: readonly unknown[], size?: number) => Promise<unknown>;
  readonly end: () => Promise<void>;
};

type Waiter = {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly size: number;
};

function caller(worker: Worker): Caller {
  const waiters = new Map<number, Waiter>();
  let outgoing: Call[] = [];
  let waitingSize = 0;
  let ids = 0;
  let gone: Error | undefined;
  let ending: Promise<void> | undefined;

  const settle = (id: number): Waiter | undefined => {
    const waiter = waiters.get(id);
    waiters.delete(id);
    waitingSize -= waiter?.size ?? 0;
    // A thread that nobody waits for keeps no process alive.
    if (waiters.size === 0) worker.unref();
    return waiter;
  };
  const dies = (why: string): void => {
    gone ??= new StoreGoneError(
      `the store's thread ended (${why}). Restart the relay: what it acknowledged is on disk`,
    );
    for (const id of [...waiters.keys()]) settle(id)?.reject(gone);
  };
  worker.on("message", (answers: readonly Answer[]) => {
    for (const one of answers) {
      const waiter = settle(one.id);
      if ("error" in one) waiter?.reject(unpackedError(one.error));
      else waiter?.resolve(one.result);
    }
  });
  worker.on("error", (error: unknown) => dies(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => dies(ending ? "closed" : `exit code ${code}`));
  worker.unref();

  const flush = (): void => {
    const calls = outgoing;
    outgoing = [];
    if (gone !== undefined) return;
    try {
      worker.postMessage(calls);
    } catch (error) {
      // Something in one of them cannot travel: a fault of ours. None was sent.
      for (const { id } of calls) settle(id)?.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const call: Caller["call"] = (method, args, size = 0) =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      if (waitingSize + size > MOST_WAITING && waitingSize > 0) {
        return reject(new StoreFullError(`${waitingSize} events wait to be written; try again in a second`));
      }
      ids += 1;
      if (waiters.size === 0) worker.ref();
      waiters.set(ids, { resolve, reject, size });
      waitingSize += size;
      if (outgoing.length === 0) setImmediate(flush);
      outgoing.push({ id: ids, method, args });
    });
  return {
    call,
    end: () => {
      ending ??= gone === undefined ? call("close", []).then(async () => void (await worker.terminate())) : undefined;
      return ending ?? Promise.resolve();
    },
  };
}

/** Each function of the store as a call. */
function storeOf({ call, end }: Caller): Store {
  const asked =
    (method: Method) =>
    (...args: readonly unknown[]): Promise<never> =>
      call(method, args) as Promise<never>;
  return {
    tell: async (events: readonly HeardWithBody[], now: Date) =>
      (await call("tell", [events.map(packed), now], events.length)) as never,
    keepEvents: asked("keepEvents"),
    setAside: asked("setAside"),
    waiting: asked("waiting"),
    nextMessage: asked("nextMessage"),
    view: asked("view"),
    claim: asked("claim"),
    trying: asked("trying"),
    markSent: asked("markSent"),
    markTried: asked("markTried"),
    rewrite: asked("rewrite"),
    markDead: asked("markDead"),
    enqueue: asked("enqueue"),
    staleRoots: asked("staleRoots"),
    nextStaleAt: asked("nextStaleAt"),
    edited: asked("edited"),
    makeStale: asked("makeStale"),
    pause: asked("pause"),
    resume: asked("resume"),
    pauses: asked("pauses"),
    deadLetters: asked("deadLetters"),
    redrive: asked("redrive"),
    redriveOnly: asked("redriveOnly"),
    addSilence: asked("addSilence"),
    endSilence: asked("endSilence"),
    silences: asked("silences"),
    silencedCounts: asked("silencedCounts"),
    audit: asked("audit"),
    quarantined: asked("quarantined"),
    beats: asked("beats"),
    tellSilence: asked("tellSilence"),
    stats: asked("stats"),
    prune: asked("prune"),
    probe: asked("probe"),
    close: end,
  };
}
