/**
 * One channel's turn: a message that waits there, or the next one made of what is new; sent once, and what came of it
 * on disk.
 *
 * A message is on disk before it is sent, marked as in doubt. Only an answer of Slack's takes the mark away. So after a
 * crash, a lost answer or an outage it is known which messages Slack may have taken, and those are looked for by the id
 * they carry before they are sent again.
 */
import { composeNext } from "@shirase/core/compose";
import { severityRank } from "@shirase/core/finding";
import { plainer } from "@shirase/core/plainer";
import type { Run } from "./delivering.ts";
import { DOUBT_RESTS_MS } from "./patience.ts";
import type { DeliveryFailure, Sent } from "./send/destination.ts";
import type { Delivery, NewMessage, Pause } from "./store/store.ts";
import type { Turn } from "./turns.ts";

/** Whether Slack was asked to post; if not, how long until there may be something. */
export type Taken = { readonly hasPosted: true } | { readonly hasPosted: false; readonly waitMs: number };

const POSTED: Taken = { hasPosted: true };
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
const RECHECK_PAUSED_AFTER_MS = 5 * 60_000;
const LOOK_AGAIN_AFTER_MS = 15_000;
const AFTER_FAULT_MS = 1000;
/** What the process before this one asked for as it died may still be under way: its client waits 8 s for an answer. */
const LAST_LIFE_RESTS_MS = 8000 + DOUBT_RESTS_MS;
/** Who may not read the channel cannot look: after so long it is sent, and might be twice. */
const LOOK_IN_VAIN_FOR_MS = 60_000;

/** Takes the turn. @throws what the store throws. */
export async function takeTurn(run: Run, turn: Turn, pause: Pause | undefined): Promise<Taken> {
  const { store, clock, patience } = run;
  const { channelId } = turn;
  const now = clock.now();
  if (turn.hasMessage) {
    const delivery = await store.nextMessage(channelId, patience.held(channelId, clock.elapsedMs()));
    if (delivery) return sendAgain(run, delivery, pause);
  }
  if (turn.stage === "message" && turn.customerId === "") return notYet(run, channelId);
  const view = await store.view(channelId, turn.customerId, now);
  const plan = composeNext(view, run.customerOf(turn.customerId, channelId), now);
  if (plan === undefined) return notYet(run, channelId);
  if ("waitMs" in plan) return { hasPosted: false, waitMs: plan.waitMs };
  const message: NewMessage = {
    id: run.newId(),
    customerId: turn.customerId,
    channelId,
    kind: plan.kind,
    severityRank: severityRank(plan.severity),
    body: JSON.stringify(plan.message),
    counted: plan.counted,
    isBroadcast: plan.isBroadcast,
    ...(plan.root ? { root: { id: plan.root.id, ts: plan.root.ts } } : {}),
    ...(plan.causeKey === undefined ? {} : { causeKey: plan.causeKey }),
    ...(plan.face ? { face: plan.face } : {}),
  };
  const delivery = await store.claim(message, plan.covers, now);
  await sendOnce(run, delivery, pause);
  return POSTED;
}

function notYet({ patience, clock }: Run, channelId: string): Taken {
  const release = patience.nextRelease(channelId);
  const waitMs = release === undefined ? LOOK_AGAIN_AFTER_MS : release - clock.elapsedMs();
  return { hasPosted: false, waitMs: Math.max(0, Math.min(waitMs, LOOK_AGAIN_AFTER_MS)) };
}

/** A message of before. One that is in doubt is looked for first. */
async function sendAgain(run: Run, delivery: Delivery, pause: Pause | undefined): Promise<Taken> {
  if (!delivery.isInDoubt) {
    await run.store.trying(delivery.id);
  } else {
    const settled = await settleDoubt(run, delivery, pause);
    if (settled) return settled;
  }
  const now = run.clock.now();
  // Only here, where it is known that Slack does not have it: given up right after a try, it might be there and dead.
  if (now.getTime() - (delivery.firstTriedAt ?? now).getTime() >= GIVE_UP_AFTER_MS) {
    await giveUp(run, delivery, now);
    return { hasPosted: false, waitMs: 0 };
  }
  await sendOnce(run, delivery, pause);
  return POSTED;
}

async function giveUp(run: Run, { id, channelId, lastReason = "unknown" }: Delivery, now: Date): Promise<void> {
  await run.store.markDead(id, `not delivered within 24 h; last: ${lastReason}`, now);
  run.tellOps.gaveUp(channelId, lastReason, "It was tried for 24 h.");
}

/** @returns what came of it when it is not to be sent now. */
async function settleDoubt(run: Run, delivery: Delivery, pause: Pause | undefined): Promise<Taken | undefined> {
  const elapsedMs = run.clock.elapsedMs();
  const restMs = run.sentHere.has(delivery.id) ? 0 : run.startedAtMs + LAST_LIFE_RESTS_MS - elapsedMs;
  const waitMs = Math.max(restMs, run.pacer.lookWaitMs(elapsedMs));
  if (waitMs > 0) return { hasPosted: false, waitMs };
  run.pacer.takeLook(elapsedMs);
  const found = await run.destination.find(delivery);
  if (found === undefined) return undefined;
  const now = run.clock.now();
  if ("ts" in found) {
    await recordSent(run, { delivery, ts: found.ts, pause, wasFound: true });
    return { hasPosted: false, waitMs: 0 };
  }
  const { failure } = found;
  const isLookingInVain = now.getTime() - delivery.createdAt.getTime() >= LOOK_IN_VAIN_FOR_MS;
  if ((failure.kind === "stop" || failure.kind === "reject") && isLookingInVain) return undefined;
  if (failure.kind === "wait") run.pacer.block(delivery.channelId, run.clock.elapsedMs() + failure.afterMs);
  else await tryAgainLater(run, delivery, failureWords(failure), now);
  return { hasPosted: false, waitMs: 0 };
}

function failureWords(failure: DeliveryFailure): string {
  return "reason" in failure ? `it may have been sent, and cannot be looked for: ${failure.reason}` : failure.kind;
}

async function sendOnce(run: Run, delivery: Delivery, pause: Pause | undefined): Promise<void> {
  run.sentHere.add(delivery.id);
  const sent: Sent = await run.destination.send(delivery);
  if ("ts" in sent) {
    await recordSent(run, { delivery, ts: sent.ts, pause, wasFound: false });
    return;
  }
  const gaveUp = await recordFailure(run, { delivery, failure: sent.failure, pause });
  run.onOutcome?.(delivery, { ...sent.failure, gaveUp });
}

type Success = {
  readonly delivery: Delivery;
  readonly ts: string;
  readonly pause: Pause | undefined;
  readonly wasFound: boolean;
};

/** Until it is on disk: its channel waits meanwhile. */
async function recordSent(run: Run, { delivery, ts, pause, wasFound }: Success): Promise<void> {
  const { store, clock, patience, pausesTried, sentHere, tellOps, stopping } = run;
  const { id, channelId, createdAt } = delivery;
  const now = clock.now();
  for (;;) {
    try {
      await store.markSent(id, ts, now);
      if (pause) await store.resume(channelId);
      break;
    } catch (error) {
      // It stays in doubt, so the next relay looks for it and does not tell it again.
      if (stopping.aborted) throw error;
      run.onFault(error);
    }
    await clock.wait(AFTER_FAULT_MS, stopping);
  }
  pausesTried.delete(channelId);
  sentHere.delete(id);
  patience.worked(channelId, clock.elapsedMs());
  tellOps.slackWorks();
  run.onOutcome?.(delivery, { kind: "sent", ts, afterMs: now.getTime() - createdAt.getTime(), wasFound });
}

type Failed = {
  readonly delivery: Delivery;
  readonly failure: DeliveryFailure;
  readonly pause: Pause | undefined;
};

/** @returns whether the delivery was given up. */
async function recordFailure(run: Run, { delivery, failure, pause }: Failed): Promise<boolean> {
  const { store, pacer, clock } = run;
  const { id, channelId } = delivery;
  const now = clock.now();
  switch (failure.kind) {
    case "wait":
      // Nothing was posted and nothing is wrong with the message: this does not count as a try.
      pacer.refused(channelId, clock.elapsedMs(), clock.elapsedMs() + failure.afterMs);
      await store.markTried(id, { reason: "rate limited", isInDoubt: false, counts: false }, now);
      return false;
    case "stop": {
      const { reason, remedy, scope } = failure;
      const recheckAt = new Date(now.getTime() + RECHECK_PAUSED_AFTER_MS);
      run.pausesTried.add(channelId);
      await store.pause({ channelId, reason, remedy, pausedAt: pause?.pausedAt ?? now, recheckAt });
      await store.markTried(id, { reason, isInDoubt: false, counts: false }, now);
      if (pause === undefined) run.tellOps.stopped(channelId, { scope, reason, remedy });
      return false;
    }
    case "reject":
      return reject(run, delivery, failure, now);
    case "retry":
      await tryAgainLater(run, delivery, failure.reason, now);
      return false;
  }
}

/** Slack does not like how it is said: said plainly then. What it refuses even so is given up. */
async function reject(
  run: Run,
  { id, channelId, body }: Delivery,
  { reason, remedy }: Extract<DeliveryFailure, { kind: "reject" }>,
  now: Date,
): Promise<boolean> {
  const plain = plainer(body);
  if (plain !== undefined) {
    await run.store.rewrite(id, plain, `${reason}; sent as plain text`);
    return false;
  }
  await run.store.markDead(id, `${reason}. ${remedy}`, now);
  run.tellOps.gaveUp(channelId, reason, remedy);
  return true;
}

async function tryAgainLater(run: Run, delivery: Delivery, reason: string, now: Date): Promise<void> {
  const { id, channelId, attempts } = delivery;
  await run.store.markTried(id, { reason, isInDoubt: true, counts: true }, now);
  run.patience.failed({
    id,
    channelId,
    tries: attempts + 1,
    now: run.clock.elapsedMs(),
    random: run.random(),
  });
}
