/** Tells pages that something changed: server-sent events, one for however much happened since the last. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Desk } from "./desk.ts";
import type { Reads } from "./reads.ts";
import { isStillIn } from "./visitor.ts";

/** How often the store is asked, while somebody looks. */
const LOOK_EVERY_MS = 1000;
/** What changes by the clock alone (ages, heartbeats that stop) is shown after this long. */
const ANYWAY_AFTER_MS = 30_000;
/** How often a page of some customers only is made anew. */
const BY_CLOCK_MS = 5000;

/**
 * A stream of `changed`. Who sees some customers only hears it by the clock: else the stream itself would say when
 * something happens to the others.
 */
export function announce(context: Context, { reads, seesAll }: Pick<Desk, "reads" | "seesAll">): Response {
  return seesAll ? announceChanges(context, reads) : announceByClock(context);
}

function announceByClock(context: Context): Response {
  return streamSSE(context, async (stream) => {
    await stream.write(": here\n\n");
    while (!stream.aborted && !stream.closed && isStillIn(context)) {
      await wait(BY_CLOCK_MS);
      await stream.writeSSE({ data: "changed" });
    }
  });
}

function announceChanges(context: Context, reads: Pick<Reads, "version">): Response {
  return streamSSE(context, async (stream) => {
    let seen = await version(reads);
    let saidAt = performance.now();
    await stream.write(": here\n\n");
    while (!stream.aborted && !stream.closed && isStillIn(context)) {
      await wait(LOOK_EVERY_MS);
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

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

async function version(reads: Pick<Reads, "version">): Promise<number | undefined> {
  return reads.version().catch(() => undefined);
}
