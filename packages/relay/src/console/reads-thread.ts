/** The console's questions, answered on a thread of their own that is there while somebody looks. */
import { Worker } from "node:worker_threads";
import { unpackedError } from "../store/sqlite-wire.ts";
import type { Reads } from "./reads.ts";

type Waiter = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: Parameters<typeof unpackedError>[0] };
type Thread = {
  readonly call: (method: keyof Reads, args: readonly unknown[]) => Promise<unknown>;
  readonly isGone: () => boolean;
  readonly end: () => Promise<void>;
};

/** A thread takes 15 MB and more: one that nobody asked for so long ends, and the next question starts another. */
const ENDS_AFTER_MS = 10 * 60_000;

/**
 * Opens the store's file on another thread with the first question; what cannot be answered is refused with the reason.
 * A thread that ended before its time is started anew with the next question.
 */
export function openReadsThread(dataDir: string): Reads {
  let thread: Thread | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;
  const end = async (): Promise<void> => {
    const ending = thread;
    thread = undefined;
    clearTimeout(idle);
    await ending?.end();
  };
  const call = async (method: keyof Reads, args: readonly unknown[]): Promise<never> => {
    if (isClosed) throw new Error("the console is closed");
    if (thread?.isGone() !== false) thread = startThread(dataDir);
    clearTimeout(idle);
    idle = setTimeout(() => void end(), ENDS_AFTER_MS).unref();
    return (await thread.call(method, args)) as never;
  };
  const asked =
    (method: keyof Reads) =>
    (...args: readonly unknown[]): Promise<never> =>
      call(method, args);
  return {
    version: asked("version"),
    figures: asked("figures"),
    restless: asked("restless"),
    messages: asked("messages"),
    deadIds: asked("deadIds"),
    posted: asked("posted"),
    quarantined: asked("quarantined"),
    problems: asked("problems"),
    problem: asked("problem"),
    events: asked("events"),
    topCauses: asked("topCauses"),
    oldest: asked("oldest"),
    warm: asked("warm"),
    tallies: asked("tallies"),
    channel: asked("channel"),
    backlogs: asked("backlogs"),
    deeds: asked("deeds"),
    close: async () => {
      isClosed = true;
      await end();
    },
  };
}

function startThread(dataDir: string): Thread {
  const file = import.meta.url.endsWith(".ts") ? "./reads-worker.ts" : "./reads-worker.js";
  const worker = new Worker(new URL(file, import.meta.url), { workerData: dataDir });
  const waiters = new Map<number, Waiter>();
  let ids = 0;
  let gone: Error | undefined;
  const dies = (why: string): void => {
    gone ??= new Error(`the console's thread ended (${why}); load the page again`);
    for (const waiter of waiters.values()) waiter.reject(gone);
    waiters.clear();
  };
  worker.on("message", ({ id, result, error }: Answer) => {
    const waiter = waiters.get(id);
    waiters.delete(id);
    // A thread that nobody waits for keeps no process alive; one that somebody waits for must.
    if (waiters.size === 0) worker.unref();
    if (error) waiter?.reject(unpackedError(error));
    else waiter?.resolve(result);
  });
  worker.on("error", (error: unknown) => dies(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => dies(`exit code ${code}`));
  worker.unref();
  const call: Thread["call"] = (method, args) =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      ids += 1;
      if (waiters.size === 0) worker.ref();
      waiters.set(ids, { resolve, reject });
      worker.postMessage({ id: ids, method, args });
    });
  return {
    call,
    isGone: () => gone !== undefined,
    end: async () => {
      if (gone === undefined) await call("close", []);
      await worker.terminate();
    },
  };
}
