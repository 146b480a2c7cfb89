/** What is due once a minute. Each part by itself: one that fails delays no other. */
import type { Clock } from "../clock.ts";
import type { Run } from "../delivering.ts";
import { editOne } from "../edit-turn.ts";
import type { Pacer } from "../pacer.ts";
import type { DynamoStore } from "../store/dynamodb.ts";
import { keyOf } from "../store/dynamodb-keys.ts";
import type { Table } from "../store/dynamodb-table.ts";
import { type Looking, lookForSilence } from "../watch.ts";

/** What a tick works with. */
export type Ticking = Pick<Looking, "customers" | "language" | "timezone" | "opsNotice"> &
  Pick<Run, "destination" | "customerOf" | "newId"> & {
    readonly store: DynamoStore;
    readonly table: Table;
    readonly pacer: Pacer;
    readonly clock: Clock;
    readonly wake: (channelIds: readonly string[]) => Promise<void>;
    readonly onFault: (error: unknown, what: string) => void;
    /** When this process is killed, in epoch milliseconds. */
    readonly endsAt: number;
  };

/** What was done. */
export type Ticked = { readonly edited: number; readonly woken: number };

/** One edit may take so long. */
const EDIT_MS = 10_000;
/** A clock that stood longer than this has not been listening. */
const STOOD_STILL_MS = 15 * 60_000;

/** Does it. */
export async function tick(ticking: Ticking): Promise<Ticked> {
  const { onFault } = ticking;
  const faulty =
    <T>(what: string, instead: T) =>
    (error: unknown): T => {
      onFault(error, what);
      return instead;
    };
  // What waits goes first: an edit can be late.
  await silence(ticking).catch(faulty("looking for heartbeats", undefined));
  const woken = await wakeAll(ticking).catch(faulty("waking channels", 0));
  const edited = await edits(ticking).catch(faulty("editing", 0));
  return { edited, woken };
}

async function silence(ticking: Ticking): Promise<void> {
  const { table, clock } = ticking;
  const now = clock.now().getTime();
  const [known] = await table.get([keyOf.clock]);
  const isNew = known === undefined || now - Number(known["tickedAt"]) > STOOD_STILL_MS;
  const since = isNew ? now : Number(known["since"]);
  await table.write({ put: { ...keyOf.clock, since, tickedAt: now } });
  await lookForSilence({ ...ticking, onNews: () => undefined }, new Date(since));
}

/** Every channel where something waits, but for those that Slack closed and that are left alone still. */
async function wakeAll({ store, clock, wake }: Ticking): Promise<number> {
  const now = clock.now().getTime();
  const pauses = await store.pauses();
  const closed = new Set(pauses.flatMap((one) => (one.recheckAt.getTime() > now ? [one.channelId] : [])));
  const waiting = await store.waiting();
  const channels = [...new Set(waiting.map(({ channelId }) => channelId))].filter((id) => !closed.has(id));
  await wake(channels);
  return channels.length;
}

async function edits(ticking: Ticking): Promise<number> {
  const { pacer, clock, endsAt } = ticking;
  const never = new AbortController().signal;
  for (let edited = 0; ; edited += 1) {
    const waitMs = pacer.editWaitMs(clock.elapsedMs());
    if (clock.elapsedMs() + waitMs + EDIT_MS > endsAt) return edited;
    const dueAt = await ticking.store.nextStaleAt();
    if (dueAt === undefined || dueAt.getTime() > clock.now().getTime() + waitMs) return edited;
    await clock.wait(waitMs, never);
    if (!(await editOne(ticking))) return edited;
  }
}
