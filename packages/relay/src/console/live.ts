/** Tells pages that something changed: server-sent events, one for however much happened since the last. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Reads } from "./reads.ts";
import { isStillIn } from "./visitor.ts";

/** How often the store is asked, while somebody looks. */
const LOOK_EVERY_MS = 1000;
/** What changes by the clock alone (ages, heartbeats that stop) is shown after this long. */
const ANYWAY_AFTER_MS = 30_000;

/** A stream of `changed`. */
export function announce(context: Context, reads: Pick<Reads, "version">): Response {
  return streamSSE(context, async (stream) => {
    let seen = await version(reads);
    let saidAt = performance.now();
    await stream.write(": here\n\n");
    while (!stream.aborted && !stream.closed && isStillIn(context)) {
      await new Promise<void>((resolve) => void setTimeout(resolve, LOOK_EVERY_MS).unref());
      const next = await version(reads);
      // The relay is stopping: the page says that it is not connected and comes back by itself.
      if (next === undefined) return;
      if (next === seen && performance.now() - saidAt < ANYWAY_AFTER_MS) continue;
      seen = next;
      saidAt = performance.now();
      await stream.writeSSE({ data: "changed" });
    }
  });
}

async function version(reads: Pick<Reads, "version">): Promise<number | undefined> {
  return reads.version().catch(() => undefined);
}
