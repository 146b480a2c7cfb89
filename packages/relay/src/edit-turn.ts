/** Brings one root message up to date: how its problems stand by now, in its colour. */
import { recompose } from "@shirase/core/compose";
import type { Run } from "./delivering.ts";

/** What an edit needs of a deliverer. */
export type Editing = Pick<Run, "store" | "clock" | "pacer" | "destination" | "customerOf">;

const AFTER_OUTAGE_MS = 15_000;
const AFTER_STOP_MS = 3_600_000;

/**
 * Edits the root that is due longest.
 *
 * @returns false when there is none.
 * @throws what the store throws.
 */
export async function editOne(run: Editing): Promise<boolean> {
  const { store, clock, pacer, destination } = run;
  const now = clock.now();
  const [root] = await store.staleRoots(now, 1);
  if (!root) return false;
  pacer.takeEdit(clock.elapsedMs());
  const message = recompose(root, run.customerOf(root.customerId, root.channelId));
  const failure = await destination.edit({ channelId: root.channelId, ts: root.ts }, message);
  if (failure === undefined || failure.kind === "reject") {
    // Gone, or too old to be edited: its thread says what its face does not.
    await store.edited(root, clock.now());
  } else if (failure.kind === "stop") {
    // Its channel is closed to us: once somebody opens it, what stands there should be true.
    await store.makeStale(root.id, new Date(now.getTime() + AFTER_STOP_MS));
  } else {
    const restMs = failure.kind === "wait" ? failure.afterMs : AFTER_OUTAGE_MS;
    pacer.blockEdits(clock.elapsedMs() + restMs);
    await store.makeStale(root.id, now);
  }
  return true;
}
