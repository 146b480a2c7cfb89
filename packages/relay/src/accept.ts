/**
 * Bytes that became JSON, in; durable, out. Once `accept` returns, the events may be acknowledged; if it throws, they
 * must not be.
 *
 * All or nothing: a request with one bad event is refused whole, so that a sender who fixes and repeats it doubles
 * nothing. Deciding and composing happen before the transaction: they depend on nothing stored.
 */
import { createHash } from "node:crypto";
import { compose } from "@shirase/core/compose";
import { type Decision, decide, type Notice, type Prepared } from "@shirase/core/decide";
import { type Envelope, readEnvelope } from "@shirase/core/event";
import { severityRank } from "@shirase/core/finding";
import type { Arrival } from "@shirase/core/owner";
import type { DecidedEvent, NewDelivery, Store } from "./store/store.ts";

/** What accept works with; made once in main.ts. */
export type Acceptor = {
  readonly prepared: Prepared;
  readonly store: Store;
  /** Unique ids for deliveries. */
  readonly newId: () => string;
  /** Hears of each decision, for the log and the counters. */
  readonly onDecided?: (decision: Decision, isNew: boolean) => void;
};

/** The first event that is none: which one, which field, why. */
export type BadEvent = { readonly index: number; readonly field: string; readonly message: string };

/** What became of a request's events. */
export type Accepted = {
  readonly accepted: number;
  /** Redelivered ones among them; they changed nothing. */
  readonly duplicates: number;
  readonly quarantined: number;
  /** Messages that will be sent because of them. */
  readonly told: number;
};

/** An event that could not be decided: a fault of ours, not of the disk. Its message names the event. */
export class UndecidedError extends Error {
  override readonly name = "UndecidedError";
}

/**
 * Decides and keeps the events of one request.
 *
 * @param values - parsed JSON, one value an event.
 * @throws UndecidedError, or what the store throws: then nothing was kept.
 */
export async function accept(
  values: readonly unknown[],
  arrival: Arrival,
  acceptor: Acceptor,
  now: Date,
): Promise<Accepted | { readonly bad: BadEvent }> {
  const events: Envelope[] = [];
  for (const [index, value] of values.entries()) {
    const read = readEnvelope(value);
    if ("problem" in read) return { bad: { index, ...read.problem } };
    events.push(read.event);
  }
  const decisions = events.map((event) => decisionOn(event, arrival, acceptor, now));
  const decided = decisions.map(({ kept }) => kept);
  const acceptances = await acceptor.store.accept(decided, now);
  for (const [index, { decision }] of decisions.entries()) {
    acceptor.onDecided?.(decision, acceptances[index] === "new");
  }
  const fresh = decided.filter((_, index) => acceptances[index] === "new");
  return {
    accepted: decided.length,
    duplicates: decided.length - fresh.length,
    quarantined: fresh.filter(({ quarantine }) => quarantine !== undefined).length,
    told: fresh.reduce((sum, { deliveries }) => sum + deliveries.length, 0),
  };
}

/**
 * Keeps in quarantine what a trusted sender delivered but cannot mend: refused, it would be gone. The same text twice
 * is kept once.
 *
 * @param text - whole, as it came.
 * @throws what the store throws: then it was not kept.
 */
export async function setAside(text: string, reason: string, store: Store, now: Date): Promise<Accepted> {
  const eventId = `unreadable-${createHash("sha256").update(text).digest("hex")}`;
  const kept = { eventId, customerId: "", deliveries: [], quarantine: { reason, body: text } };
  const [acceptance] = await store.accept([kept], now);
  const isNew = acceptance === "new";
  return { accepted: 1, duplicates: isNew ? 0 : 1, quarantined: isNew ? 1 : 0, told: 0 };
}

type Decided = { readonly decision: Decision; readonly kept: DecidedEvent };

function decisionOn(event: Envelope, arrival: Arrival, acceptor: Acceptor, now: Date): Decided {
  try {
    const decision = decide(event, arrival, acceptor.prepared, now);
    return { decision, kept: decidedEvent(decision, acceptor) };
  } catch (cause) {
    throw new UndecidedError(`event ${event.id} of ${event.source} could not be decided`, { cause });
  }
}

type Quarantine = Required<DecidedEvent>["quarantine"];

function decidedEvent(decision: Decision, acceptor: Acceptor): DecidedEvent {
  const { event } = decision;
  const isolated = (reason: string): Quarantine => ({ reason, body: JSON.stringify(event.raw) });
  if ("quarantine" in decision) {
    return { eventId: event.id, customerId: "", deliveries: [], quarantine: isolated(decision.quarantine) };
  }
  const { customerId, verdicts } = decision;
  const deliveries = verdicts.flatMap(({ notices }) => notices.map((notice) => deliveryOf(notice, acceptor)));
  const foreign = verdicts.find(({ quarantine }) => quarantine !== undefined)?.quarantine;
  const kept = { eventId: event.id, customerId, deliveries };
  return foreign === undefined ? kept : { ...kept, quarantine: isolated(foreign) };
}

function deliveryOf(notice: Notice, { prepared, newId }: Acceptor): NewDelivery {
  const customer = prepared.customers.get(notice.customerId);
  if (!customer) throw new Error(`customer ${notice.customerId} is not in the prepared config`);
  return {
    id: newId(),
    customerId: notice.customerId,
    channelId: notice.channelId,
    severityRank: severityRank(notice.finding.severity),
    message: JSON.stringify(compose(notice, customer)),
  };
}
