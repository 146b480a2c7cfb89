/**
 * What waits in the outbox, to Slack: as fast as the pace allows, the worst first, one message at a time in a channel
 * and several channels at once, recorded only after Slack said ok.
 *
 * One channel's trouble stays its own: its 429, its outage, its pause delay no other channel. Nothing is lost: what
 * cannot be sent waits, is paused with its channel, or becomes a dead letter with its reason.
 */
import type { Clock } from "./clock.ts";
import type { Pacer } from "./pacer.ts";
import type { DeliveryFailure, Destination } from "./send/destination.ts";
import type { Delivery, NewDelivery, Store } from "./store/store.ts";

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
const LONGEST_BACKOFF_MS = 5 * 60_000;
/** Another process may have redriven: look again at least this often. */
const LOOK_AGAIN_AFTER_MS = 15_000;

/** Starts delivering. */
export function startDelivering(delivering: Delivering): Deliverer {
  const inFlight = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let alarm = new AbortController();
  const wake = (): void => alarm.abort();

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      alarm = new AbortController();
      const waitMs = startDue(delivering, inFlight, wake);
      await delivering.clock.wait(waitMs, AbortSignal.any([alarm.signal, stopping.signal]));
    }
    await Promise.all(inFlight.values());
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

/** Starts all that may be sent now. @returns how long until the next may be. */
function startDue(delivering: Delivering, inFlight: Map<string, Promise<void>>, wake: () => void): number {
  const { store, pacer, clock } = delivering;
  const now = clock.now().getTime();
  const paused = new Map(store.pauses().map((pause) => [pause.channelId, pause.recheckAt.getTime()]));
  let nextMs = LOOK_AGAIN_AFTER_MS;
  for (const { channelId } of store.waiting()) {
    if (inFlight.size >= MOST_IN_FLIGHT) break;
    if (inFlight.has(channelId)) continue;
    const waitMs = Math.max(pacer.waitMs(channelId, now), (paused.get(channelId) ?? 0) - now);
    if (waitMs > 0) {
      nextMs = Math.min(nextMs, waitMs);
      continue;
    }
    const delivery = store.next(channelId);
    if (delivery === undefined) continue;
    pacer.take(channelId, now);
    const trying = tryOne(delivering, delivery, paused.has(channelId)).finally(() => {
      inFlight.delete(channelId);
      wake();
    });
    inFlight.set(channelId, trying);
  }
  return nextMs;
}

async function tryOne(delivering: Delivering, delivery: Delivery, wasPaused: boolean): Promise<void> {
  const { store, destination, clock, onOutcome } = delivering;
  const sent = await destination.send(delivery);
  const now = clock.now();
  if ("ts" in sent) {
    store.markSent(delivery.id, sent.ts, now);
    if (wasPaused) store.resume(delivery.channelId);
    const afterMs = now.getTime() - delivery.createdAt.getTime();
    onOutcome?.(delivery, { kind: "sent", ts: sent.ts, afterMs });
    return;
  }
  const gaveUp = recordFailure(delivering, { delivery, failure: sent.failure, now, wasPaused });
  onOutcome?.(delivery, { ...sent.failure, gaveUp });
}

type Failed = {
  readonly delivery: Delivery;
  readonly failure: DeliveryFailure;
  readonly now: Date;
  readonly wasPaused: boolean;
};

/** @returns whether the delivery was given up. */
function recordFailure(delivering: Delivering, { delivery, failure, now, wasPaused }: Failed): boolean {
  const { store, pacer, random } = delivering;
  const { id, channelId } = delivery;
  switch (failure.kind) {
    case "wait":
      // Nothing was posted and nothing is wrong with the message: this does not count as a try.
      pacer.block(channelId, now.getTime() + failure.afterMs);
      return false;
    case "stop": {
      const recheckAt = new Date(now.getTime() + RECHECK_PAUSED_AFTER_MS);
      store.pause({ channelId, reason: failure.reason, remedy: failure.remedy, pausedAt: now, recheckAt });
      if (!wasPaused)
        tellOps(delivering, channelId, `Slack refuses <#${channelId}>: ${failure.reason}. ${failure.remedy}`);
      return false;
    }
    case "reject":
      store.markDead(id, `${failure.reason}. ${failure.remedy}`, now);
      tellOps(
        delivering,
        channelId,
        `Slack refused a message for <#${channelId}>: ${failure.reason}. ${failure.remedy}`,
      );
      return true;
    case "retry": {
      const triedForMs = now.getTime() - (delivery.firstTriedAt ?? now).getTime();
      if (triedForMs >= GIVE_UP_AFTER_MS) {
        store.markDead(id, `not delivered within 24 h; last: ${failure.reason}`, now);
        tellOps(delivering, channelId, `A message for <#${channelId}> was given up after 24 h: ${failure.reason}`);
        return true;
      }
      store.markTried(id, failure.reason, now);
      pacer.block(channelId, now.getTime() + backoffMs(delivery.attempts, random()));
      return false;
    }
  }
}

/** Once for each trouble, and never about the ops channel itself: it could not be told there. */
function tellOps({ store, clock, opsNotice }: Delivering, aboutChannelId: string, text: string): void {
  const notice = opsNotice(text);
  if (notice && notice.channelId !== aboutChannelId) store.enqueue(notice, clock.now());
}

/** 0.5 to 1 s after the first failure, doubling up to 5 minutes; half of it is jitter. */
export function backoffMs(attempts: number, random: number): number {
  const full = Math.min(1000 * 2 ** Math.min(attempts, 20), LONGEST_BACKOFF_MS);
  return Math.round(full / 2 + (full / 2) * random);
}
