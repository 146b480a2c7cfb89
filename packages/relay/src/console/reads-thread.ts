/** The console's questions, answered on a thread of their own. */
import { Worker } from "node:worker_threads";
import { unpackedError } from "../store/sqlite-wire.ts";
import type { Reads } from "./reads.ts";

type Waiter = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: Parameters<typeof unpackedError>[0] };

/** Opens the store's file on another thread; what cannot be answered is refused with the reason. */
export function openReadsThread(dataDir: string): Reads {
  const file = import.meta.url.endsWith(".ts") ? "./reads-worker.ts" : "./reads-worker.js";
  const worker = new Worker(new URL(file, import.meta.url), { workerData: dataDir });
  const waiters = new Map<number, Waiter>();
  let ids = 0;
  let gone: Error | undefined;
  const dies = (why: string): void => {
    gone ??= new Error(`the console's thread ended (${why}); the relay goes on, restart it to have the console back`);
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
  const call = (method: keyof Reads, args: readonly unknown[]): Promise<never> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      ids += 1;
      if (waiters.size === 0) worker.ref();
      waiters.set(ids, { resolve: resolve as (result: unknown) => void, reject });
      worker.postMessage({ id: ids, method, args });
    });
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
      if (gone === undefined) await call("close", []);
      await worker.terminate();
    },
  };
}
