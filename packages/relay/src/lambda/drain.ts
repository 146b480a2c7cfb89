/**
 * All that waits in one channel, told: turn by turn as in one process (channel-turn.ts), for as long as this run may.
 *
 * Short waits are slept: less than a new start costs. A longer one ends the run, and says when the next may begin.
 */
import { takeTurn } from "../channel-turn.ts";
import type { Delivering, Run } from "../delivering.ts";
import { createOpsTeller } from "../ops-teller.ts";
import type { Pace } from "../pacer.ts";
import { createPatience } from "../patience.ts";
import type { DynamoStore } from "../store/dynamodb.ts";
import type { Table } from "../store/dynamodb-table.ts";
import { createTurns, type Turn } from "../turns.ts";
import { enterLane, type Lane } from "./lane.ts";

/** What draining works with. Its clock counts elapsed milliseconds from the epoch: other machines have the same. */
export type Draining = Omit<Delivering, "store" | "pacer"> & {
  readonly store: DynamoStore;
  readonly table: Table;
  readonly pace: Pace;
  /** Something waits in another channel: the one of the people who run shirase. */
  readonly wake: (channelIds: readonly string[]) => Promise<void>;
  readonly opsChannelId: string | undefined;
};

/** What became of a channel: undefined, nothing more to do; else when to come again. */
export type Drained = { readonly againMs: number } | undefined;

/** One turn may take so long: a look through a channel's history, then a post, each within its time. */
const TURN_MS = 30_000;
/** Slept rather than ended: two posts of one channel are about a second apart. */
const SHORT_MS = 1100;
const LAST_WORD_MS = 2000;

/**
 * Empties a channel.
 *
 * @param endsAt - when the process is killed, in epoch milliseconds.
 * @throws what the store throws.
 */
export async function drain(draining: Draining, channelId: string, endsAt: number): Promise<Drained> {
  const { table, pace, clock, newId } = draining;
  const holder = newId();
  const entered = await enterLane({ table, channelId, holder, pace, now: clock.elapsedMs(), until: endsAt });
  if ("heldMs" in entered) return { againMs: entered.heldMs };
  const words: Promise<unknown>[] = [];
  const run = runIn(draining, { lane: entered, channelId, words, endsAt });
  try {
    return await turnByTurn(draining, { run, lane: entered, channelId, endsAt });
  } finally {
    await Promise.allSettled(words);
    // A run that dies does not come here, and the next one sees it.
    await entered.leave();
  }
}

type Place = { readonly lane: Lane; readonly channelId: string; readonly endsAt: number };

function runIn(draining: Draining, { lane, channelId, words, endsAt }: Place & { words: Promise<unknown>[] }): Run {
  const { store, clock, wake, opsChannelId, onFault, ...rest } = draining;
  // A function is frozen when it has answered: what it says to people is kept before.
  const enqueue: DynamoStore["enqueue"] = (message, now) => {
    const kept = store.enqueue(message, now);
    words.push(kept.then(() => (opsChannelId === undefined ? undefined : wake([opsChannelId]))));
    return kept;
  };
  const given = { ...rest, store, clock, onFault, pacer: lane.pacer };
  return {
    ...given,
    inFlight: new Map(),
    notBefore: new Map(),
    turns: createTurns(),
    patience: createPatience(new Map([[channelId, lane.memory]])),
    tellOps: createOpsTeller({ ...given, store: { enqueue }, onKept: () => undefined }),
    pausesTried: new Set([channelId]),
    sentHere: new Set(),
    stopping: AbortSignal.timeout(Math.max(1, endsAt - clock.elapsedMs() - LAST_WORD_MS)),
    // A run that left heard Slack's answer, or that none came in time. Of one that died nobody knows.
    startedAtMs: lane.leftBehindAt,
  };
}

async function turnByTurn(
  draining: Draining,
  { run, lane, channelId, endsAt }: Place & { run: Run },
): Promise<Drained> {
  const { store, clock } = draining;
  const turns = createTurns();
  for (;;) {
    const now = clock.elapsedMs();
    if (now + TURN_MS > endsAt) return { againMs: 0 };
    const pause = (await store.pauses()).find((one) => one.channelId === channelId);
    // The clock tick wakes it when it may be tried again, or when somebody lifted the pause.
    if (pause && pause.recheckAt.getTime() > now) return undefined;
    const [turn] = turns.order(await store.waitingIn(channelId));
    if (!turn) return undefined;
    const waitMs = (await lane.take(reserveFor(turn), now)) || (await oneTurn(run, { lane, turn, pause }));
    if (waitMs <= 0) continue;
    if (waitMs > SHORT_MS || now + waitMs + TURN_MS > endsAt) return { againMs: waitMs };
    await clock.wait(waitMs, run.stopping);
  }
}

/** @returns how long to wait before the next. */
async function oneTurn(
  run: Run,
  { lane, turn, pause }: { readonly lane: Lane; readonly turn: Turn; readonly pause: Parameters<typeof takeTurn>[2] },
): Promise<number> {
  const taken = await takeTurn(run, turn, pause);
  await lane.keep(run.patience.memoryOf(turn.channelId));
  if (taken.hasPosted) return 0;
  await lane.giveBack();
  return taken.waitMs;
}

/** Of the workspace's twenty posts at once: names leave ten to others, and what is not critical leaves four. */
function reserveFor({ stage, severityRank, hasMessage }: Turn): number {
  if (stage === "names" && !hasMessage) return 10;
  return severityRank < 4 ? 4 : 0;
}
