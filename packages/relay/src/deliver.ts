/**
 * What is to be told, to Slack: as fast as the pace allows, the worst first, one message at a time in a channel and
 * several channels at once, recorded only after Slack said ok.
 *
 * One channel's trouble stays its own: its 429, its outage, its pause delay no other channel. Nothing is lost: what
 * cannot be sent waits, is paused with its channel, or becomes a dead letter with its reason. Nothing is told twice: a
 * message that Slack may have taken is looked for before it is sent again (channel-turn.ts).
 *
 * Not here: whose turn it is (turns.ts), how fast (pacer.ts), how long to rest after failures (patience.ts), what is
 * said (core's compose.ts).
 */
import { takeTurn } from "./channel-turn.ts";
import type { Delivering, Run } from "./delivering.ts";
import { editOne } from "./edit-turn.ts";
import { createOpsTeller } from "./ops-teller.ts";
import { createPatience } from "./patience.ts";
import type { Pause } from "./store/store.ts";
import { createTurns, type Turn } from "./turns.ts";

/** A running deliverer. */
export type Deliverer = {
  /** Something new waits. */
  readonly wake: () => void;
  /** Stops starting; resolves when what is under way has been recorded. */
  readonly stop: () => Promise<void>;
};

const MOST_IN_FLIGHT = 16;
/** Another process may have redriven: look again at least this often. */
const LOOK_AGAIN_AFTER_MS = 15_000;
const AFTER_FAULT_MS = 1000;
/** In a flood every event wakes the deliverer; looking around must not keep the store from taking them. */
const REST_FOR_A_LOOK = 8;
const LONGEST_REST_MS = 100;

/** Starts delivering. */
export function startDelivering(delivering: Delivering): Deliverer {
  const stopping = new AbortController();
  let alarm = new AbortController();
  // With a reason of its own, and once: an error made for each event that comes in would cost more than the event.
  const wake = (): void => {
    if (!alarm.signal.aborted) alarm.abort("something new waits");
  };
  const run: Run = {
    ...delivering,
    inFlight: new Map(),
    notBefore: new Map(),
    turns: createTurns(),
    patience: createPatience(),
    tellOps: createOpsTeller({ ...delivering, onKept: wake }),
    pausesTried: new Set(),
    sentHere: new Set(),
    stopping: stopping.signal,
    startedAtMs: delivering.clock.elapsedMs(),
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      alarm = new AbortController();
      const lookedAtMs = run.clock.elapsedMs();
      const waitMs = await lookAround(run, wake);
      const tookMs = run.clock.elapsedMs() - lookedAtMs;
      await run.clock.wait(Math.min(tookMs * REST_FOR_A_LOOK, LONGEST_REST_MS), stopping.signal);
      await run.clock.wait(waitMs, AbortSignal.any([alarm.signal, stopping.signal]));
    }
    await Promise.all(run.inFlight.values());
  };
  const ended = loop();
  return {
    wake,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** Starts what may be sent now. @returns how long until something more may be. */
async function lookAround(run: Run, wake: () => void): Promise<number> {
  try {
    const edits = await startEdit(run, wake);
    return Math.min(edits, await startTurns(run, wake));
  } catch (error) {
    run.onFault(error);
    return AFTER_FAULT_MS;
  }
}

async function startTurns(run: Run, wake: () => void): Promise<number> {
  const { store, inFlight, turns } = run;
  const pauses = new Map((await store.pauses()).map((pause) => [pause.channelId, pause]));
  const waiting = await store.waiting();
  let nextMs = LOOK_AGAIN_AFTER_MS;
  for (const turn of turns.order(waiting)) {
    if (run.stopping.aborted || inFlight.size >= MOST_IN_FLIGHT) break;
    if (inFlight.has(turn.channelId)) continue;
    const pause = pauses.get(turn.channelId);
    const waitMs = untilOpen(run, turn.channelId, pause);
    if (waitMs > 0) nextMs = Math.min(nextMs, waitMs);
    else startTurn(run, turn, pause, wake);
  }
  return nextMs;
}

/** Milliseconds until a channel may be posted to, by pace, by pause, and by what waits there. */
function untilOpen(run: Run, channelId: string, pause: Pause | undefined): number {
  const elapsedMs = run.clock.elapsedMs();
  const isLeftAlone = pause !== undefined && run.pausesTried.has(channelId);
  const pauseMs = isLeftAlone ? pause.recheckAt.getTime() - run.clock.now().getTime() : 0;
  const notBefore = run.notBefore.get(channelId) ?? Number.NEGATIVE_INFINITY;
  return Math.max(
    run.pacer.waitMs(channelId, elapsedMs),
    run.patience.restMs(channelId, elapsedMs),
    pauseMs,
    notBefore - elapsedMs,
  );
}

function startTurn(run: Run, turn: Turn, pause: Pause | undefined, wake: () => void): void {
  const { pacer, inFlight, clock } = run;
  const { channelId } = turn;
  run.notBefore.delete(channelId);
  pacer.take(channelId, clock.elapsedMs());
  run.patience.tries(clock.elapsedMs());
  run.turns.took(turn);
  const turning = takeTurn(run, turn, pause)
    .then((taken) => {
      if (taken.hasPosted) return;
      pacer.giveBack(channelId);
      run.notBefore.set(channelId, clock.elapsedMs() + taken.waitMs);
    })
    .catch((error: unknown) => {
      run.onFault(error);
      pacer.block(channelId, clock.elapsedMs() + AFTER_FAULT_MS);
    })
    .finally(() => {
      inFlight.delete(channelId);
      wake();
    });
  inFlight.set(channelId, turning);
}

const EDITING = "(edits)";

/** Edits are one lane of their own, beside the channels: late ones harm nobody. */
async function startEdit(run: Run, wake: () => void): Promise<number> {
  const { store, clock, pacer, inFlight } = run;
  if (inFlight.has(EDITING)) return LOOK_AGAIN_AFTER_MS;
  const now = clock.now();
  const dueAt = await store.nextStaleAt();
  if (dueAt === undefined) return LOOK_AGAIN_AFTER_MS;
  const waitMs = Math.max(dueAt.getTime() - now.getTime(), pacer.editWaitMs(clock.elapsedMs()));
  if (waitMs > 0) return Math.min(waitMs, LOOK_AGAIN_AFTER_MS);
  const editing = editOne(run)
    .then((hasEdited) => {
      // Whoever says that one is due and then has none must not be asked again and again.
      if (!hasEdited) pacer.blockEdits(clock.elapsedMs() + AFTER_FAULT_MS);
    })
    .catch((error: unknown) => {
      run.onFault(error);
      pacer.blockEdits(clock.elapsedMs() + AFTER_FAULT_MS);
    })
    .finally(() => {
      inFlight.delete(EDITING);
      wake();
    });
  inFlight.set(EDITING, editing);
  return LOOK_AGAIN_AFTER_MS;
}
