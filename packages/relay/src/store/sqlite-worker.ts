/**
 * The store's own thread: takes calls, answers them. What came in while a commit ran is in the next one, and all of its
 * answers go back together. Started by sqlite-thread.ts.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openSqliteStore, type SqliteStore } from "./sqlite.ts";
import { type Answer, type Call, type Opened, type PackedEvent, packedError, unpacked } from "./sqlite-wire.ts";

if (!parentPort) throw new Error("this is the store's thread; openSqliteThread starts it");
const port = parentPort;
let answers: Answer[] = [];
const opened = open();
if ("store" in opened) serve(opened.store);
port.postMessage(opened.said);

function open(): { readonly said: Opened; readonly store?: SqliteStore } {
  try {
    return { said: { opened: true }, store: openSqliteStore(workerData) };
  } catch (error) {
    return { said: { opened: false, error: packedError(error) } };
  }
}

function serve(store: SqliteStore): void {
  port.on("message", (calls: readonly Call[]) => {
    for (const { id, method, args } of calls) {
      work(store, method, args).then(
        (result) => answer({ id, result }),
        (error: unknown) => answer({ id, error: packedError(error) }),
      );
    }
  });
}

async function work(store: SqliteStore, method: Call["method"], args: Call["args"]): Promise<unknown> {
  if (method === "tell") {
    const [events, now] = args as [readonly PackedEvent[], Date];
    return store.tell(events.map(unpacked), now);
  }
  const call = store[method] as (...of: readonly unknown[]) => Promise<unknown>;
  return call(...args);
}

function answer(one: Answer): void {
  if (answers.length === 0) queueMicrotask(flush);
  answers.push(one);
}

function flush(): void {
  const all = answers;
  answers = [];
  port.postMessage(all);
}
