/**
 * What waits in the outbox, to Slack: as fast as the pace allows, the worst first, one message at a time in a channel
 * and several channels at once, recorded only after Slack said ok.
 *
 * One channel's trouble stays its own: its 429, its outage, its pause delay no other channel. Nothing is lost: what
 * cannot be sent waits, is paused with its channel, or becomes a dead letter with its reason. Nothing is told twice
 * while this process lives: a message that was sent but cannot be recorded keeps its channel until it can.
 *
 * Not here: whose turn it is (turns.ts), how fast (pacer.ts), how long to rest after failures (patience.ts).
 */
import type { Clock } from "./clock.ts";
import { createOpsTeller, type OpsTeller } from "./ops-teller.ts";
import type { Pacer } from "./pacer.ts";
import { createPatience, type Patience } from "./patience.ts";
import type { DeliveryFailure, Destination } from "./send/destination.ts";
import type { Delivery, NewDelivery, Pause, Store, Waiting } from "./store/store.ts";
import { createTurns, type Turns } from "./turns.ts";

/** What the deliverer works with. */
export type Delivering = {
  readonly store: Store;
  readonly destination: Destination;
  readonly pacer: Pacer;
  readonly clock: Clock;
  /** 0 up to 1, for jitter. */
  readonly random: () => number;
  /** The message to the people who run shirase when a channel is paused or a message is given up. */
  readonly opsNotice: (text: string) => NewDelivery | undefined;
  readonly onOutcome?: (delivery: Delivery, outcome: Outcome) => void;
  /** Something of ours failed, the disk most likely. It is tried again; somebody should know. */
  readonly onFault: (error: unknown) => void;
};

/** What became of one try, for the log and the counters. */
export type Outcome =
  | { readonly kind: "sent"; readonly ts: string; readonly afterMs: number }
  | (DeliveryFailure & { readonly gaveUp: boolean });

/** A running deliverer. */
export type Deliverer = {
  /** Something new waits. */
  readonly wake: () => void;
  /** Stops starting; resolves when what is under way has been recorded. */
  readonly stop: () => Promise<void>;
};

const MOST_IN_FLIGHT = 16;
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
const RECHECK_PAUSED_AFTER_MS = 5 * 60_000;
/** Another process may have redriven: look again at least this often. */
const LOOK_AGAIN_AFTER_MS = 15_000;
const AFTER_FAULT_MS = 1000;

/** Starts delivering. */
export function startDelivering(delivering: Delivering): Deliverer {
  const stopping = new AbortController();
  let alarm = new AbortController();
  const wake = (): void => alarm.abort();
  const run: Run = {
    ...delivering,
    inFlight: new Map(),
    turns: createTurns(),
    patience: createPatience(),
    tellOps: createOpsTeller(delivering),
    pausesTried: new Set(),
    stopping: stopping.signal,
    wake,
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      alarm = new AbortController();
      await run.clock.wait(lookAround(run), AbortSignal.any([alarm.signal, stopping.signal]));
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

/** A deliverer's own memory, beside what it works with. */
type Run = Delivering & {
  /** By channel: one message at a time in each. */
  readonly inFlight: Map<string, Promise<void>>;
  readonly turns: Turns;
  readonly patience: Patience;
  readonly tellOps: OpsTeller;
  /** Paused channels that this process has tried. The others are tried at its start: perhaps that is why it started. */
  readonly pausesTried: Set<string>;
  readonly stopping: AbortSignal;
  readonly wake: () => void;
};

/** Starts what may be sent now. @returns how long until something more may be. */
function lookAround(run: Run): number {
  try {
    return startDue(run);
  } catch (error) {
    run.onFault(error);
    return AFTER_FAULT_MS;
  }
}

function startDue(run: Run): number {
  const { store, clock, inFlight, turns } = run;
  const now = clock.now().getTime();
  const pauses = new Map(store.pauses().map((pause) => [pause.channelId, pause]));
  let nextMs = LOOK_AGAIN_AFTER_MS;
  for (const waiting of turns.order(store.waiting())) {
    if (inFlight.size >= MOST_IN_FLIGHT) break;
    if (inFlight.has(waiting.channelId)) continue;
    const pause = pauses.get(waiting.channelId);
    const waitMs = untilOpen(run, waiting.channelId, pause, now);
    if (waitMs > 0) nextMs = Math.min(nextMs, waitMs);
    else nextMs = Math.min(nextMs, startNext(run, waiting, pause, now));
  }
  return nextMs;
}

/** Milliseconds until a channel may be posted to, by pace and by pause. */
function untilOpen(run: Run, channelId: string, pause: Pause | undefined, now: number): number {
  const isLeftAlone = pause !== undefined && run.pausesTried.has(channelId);
  const pauseMs = isLeftAlone ? pause.recheckAt.getTime() - now : 0;
  return Math.max(run.pacer.waitMs(channelId, now), pauseMs);
}

/** Starts the next of a channel that may be posted to. @returns how long until one that is held back is let go. */
function startNext(run: Run, waiting: Waiting, pause: Pause | undefined, now: number): number {
  const { store, pacer, turns, patience, inFlight } = run;
  const { channelId } = waiting;
  const delivery = store.next(channelId, patience.held(channelId, now));
  if (delivery === undefined) return (patience.nextRelease(channelId) ?? now + LOOK_AGAIN_AFTER_MS) - now;
  pacer.take(channelId, now);
  turns.took(waiting);
  const trying = tryOne(run, delivery, pause)
    .catch((error: unknown) => {
      run.onFault(error);
      pacer.block(channelId, run.clock.now().getTime() + AFTER_FAULT_MS);
    })
    .finally(() => {
      inFlight.delete(channelId);
      run.wake();
    });
  inFlight.set(channelId, trying);
  return LOOK_AGAIN_AFTER_MS;
}

async function tryOne(run: Run, delivery: Delivery, pause: Pause | undefined): Promise<void> {
  const sent = await run.destination.send(delivery);
  const now = run.clock.now();
  if ("ts" in sent) {
    await recordSent(run, { delivery, ts: sent.ts, now, pause });
    const afterMs = now.getTime() - delivery.createdAt.getTime();
    run.onOutcome?.(delivery, { kind: "sent", ts: sent.ts, afterMs });
    return;
  }
  const gaveUp = recordFailure(run, { delivery, failure: sent.failure, now, pause });
  run.onOutcome?.(delivery, { ...sent.failure, gaveUp });
}

type Told = {
  readonly delivery: Delivery;
  readonly ts: string;
  readonly now: Date;
  readonly pause: Pause | undefined;
};

/** Until it is on disk: let go sooner, the message would be told again. */
async function recordSent(run: Run, { delivery, ts, now, pause }: Told): Promise<void> {
  const { store, clock, patience, pausesTried, tellOps, stopping } = run;
  const { id, channelId } = delivery;
  for (;;) {
    try {
      store.markSent(id, ts, now);
      if (pause) store.resume(channelId);
      pausesTried.delete(channelId);
      patience.worked(channelId);
      tellOps.slackWorks();
      return;
    } catch (error) {
      if (stopping.aborted) throw error;
      run.onFault(error);
    }
    await clock.wait(AFTER_FAULT_MS, stopping);
  }
}

type Failed = {
  readonly delivery: Delivery;
  readonly failure: DeliveryFailure;
  readonly now: Date;
  readonly pause: Pause | undefined;
};

/** @returns whether the delivery was given up. */
function recordFailure(run: Run, { delivery, failure, now, pause }: Failed): boolean {
  const { id, channelId } = delivery;
  switch (failure.kind) {
    case "wait":
      // Nothing was posted and nothing is wrong with the message: this does not count as a try.
      run.pacer.block(channelId, now.getTime() + failure.afterMs);
      return false;
    case "stop": {
      const recheckAt = new Date(now.getTime() + RECHECK_PAUSED_AFTER_MS);
      const { reason, remedy } = failure;
      run.store.pause({ channelId, reason, remedy, pausedAt: pause?.pausedAt ?? now, recheckAt });
      run.pausesTried.add(channelId);
      if (pause === undefined) run.tellOps.stopped(channelId, failure);
      return false;
    }
    case "reject":
      run.store.markDead(id, `${failure.reason}. ${failure.remedy}`, now);
      run.tellOps.gaveUp(channelId, failure.reason, failure.remedy);
      return true;
    case "retry":
      return tryAgainLater(run, delivery, failure.reason, now);
  }
}

/** @returns whether it was given up instead. */
function tryAgainLater(run: Run, delivery: Delivery, reason: string, now: Date): boolean {
  const { id, channelId, firstTriedAt, attempts } = delivery;
  if (now.getTime() - (firstTriedAt ?? now).getTime() >= GIVE_UP_AFTER_MS) {
    run.store.markDead(id, `not delivered within 24 h; last: ${reason}`, now);
    run.tellOps.gaveUp(channelId, reason, "It was tried for 24 h.");
    return true;
  }
  run.store.markTried(id, reason, now);
  const failure = { id, channelId, tries: attempts + 1, now: now.getTime(), random: run.random() };
  run.pacer.block(channelId, run.patience.failed(failure));
  return false;
}
