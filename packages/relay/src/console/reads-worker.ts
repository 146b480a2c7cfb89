/** The console's own thread: a long search holds up nobody who sends events. Started by reads-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { packedError } from "../store/sqlite-wire.ts";
import type { Reads } from "./reads.ts";
import { openReads } from "./reads-sqlite.ts";

if (!parentPort) throw new Error("this is the console's thread; openReadsThread starts it");
const port = parentPort;
const reads = openReads(String(workerData));

port.on("message", ({ id, method, args }: { id: number; method: keyof Reads; args: readonly unknown[] }) => {
  const asked = reads[method] as (...of: readonly unknown[]) => Promise<unknown>;
  asked(...args).then(
    (result) => port.postMessage({ id, result }),
    (error: unknown) => port.postMessage({ id, error: packedError(error) }),
  );
});

/** Between two slices whoever asked is answered. */
function warmUp(): void {
  reads.warm().then(
    (isDone) => void (isDone || setImmediate(warmUp)),
    // The search that comes first meets the same trouble, and says so.
    () => undefined,
  );
}
warmUp();
