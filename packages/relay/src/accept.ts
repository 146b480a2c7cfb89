/**
 * Bytes that became JSON, in; durable, out. Once `accept` returns, the events may be acknowledged; if it throws, they
 * must not be.
 *
 * All or nothing: a request with one bad event is refused whole, so that a sender who fixes and repeats it doubles
 * nothing. What an event says is heard before the transaction; what is new about it is decided within.
 */
import { createHash } from "node:crypto";
import { type Envelope, readEnvelope } from "@shirase/core/event";
import { type Heard, hear } from "@shirase/core/hear";
import type { Arrival } from "@shirase/core/owner";
import type { Prepared } from "@shirase/core/prepare";
import type { Silencers } from "@shirase/core/silence";
import { type ChangingEvent, type HeardWithBody, type Store, type Told, toldBy } from "./store/store.ts";

/** What accept works with; made once in main.ts. */
export type Acceptor = {
  readonly prepared: Prepared;
  readonly store: Store;
  /** Silences by now, the config's and those that were made since; without it the config's alone. */
  readonly silencers?: () => Silencers;
  /** Hears what became of each event, for the log and the counters. */
  readonly onTold?: (heard: Heard, told: Told) => void;
};

/** The first event that is none: which one, which field, why. */
export type BadEvent = { readonly index: number; readonly field: string; readonly message: string };

/** What became of a request's events. */
export type Accepted = {
  readonly accepted: number;
  /** Redelivered ones among them; they changed nothing. */
  readonly duplicates: number;
  readonly quarantined: number;
  /** News that somebody will hear because of them. */
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
 * @param texts - each event's text as it came; none: it is written anew where it is kept.
 * @throws UndecidedError, or what the store throws: then nothing was kept.
 */
export async function accept(
  values: readonly unknown[],
  arrival: Arrival,
  acceptor: Acceptor,
  now: Date,
  texts: readonly string[] = [],
): Promise<Accepted | { readonly bad: BadEvent }> {
  const events: Envelope[] = [];
  for (const [index, value] of values.entries()) {
    const read = readEnvelope(value);
    if ("problem" in read) return { bad: { index, ...read.problem } };
    events.push(read.event);
  }
  const heard = events.map((event, index) => hearOne(event, texts[index], arrival, { acceptor, now }));
  const told = await acceptor.store.tell(heard, now);
  keepChanging(heard, told, acceptor.store, now);
  for (const [index, one] of told.entries()) {
    const event = heard[index];
    if (event) acceptor.onTold?.(event.heard, one);
  }
  const fresh = told.filter(({ isNew }) => isNew);
  return {
    accepted: told.length,
    duplicates: told.length - fresh.length,
    quarantined: heard.filter((event, index) => told[index]?.isNew && isIsolated(event.heard)).length,
    told: fresh.reduce((sum, one) => sum + toldBy(one), 0),
  };
}

/** A larger event is not kept whole: what there is to see of it is in its finding. */
const LARGEST_KEPT = 64_000;

/** What changed something is kept for people to look at. Nobody waits for it, and nothing is lost without it. */
function keepChanging(heard: readonly HeardWithBody[], told: readonly Told[], store: Store, now: Date): void {
  const events = heard.flatMap(({ heard: one, body }, index): readonly ChangingEvent[] => {
    if ("quarantine" in one) return [];
    const { customerId, findings } = one;
    const changed = findings.filter((_, at) => {
      const news = told[index]?.findings[at]?.news;
      return news !== undefined && news !== "repeated";
    });
    const text = changed.length === 0 ? "" : body();
    if (text === "" || text.length > LARGEST_KEPT) return [];
    return changed.map(({ finding }) => ({ customerId, key: finding.key, body: text }));
  });
  if (events.length > 0) store.keepEvents(events, now).catch(() => undefined);
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
  const isNew = await store.setAside(eventId, reason, text, now);
  return { accepted: 1, duplicates: isNew ? 0 : 1, quarantined: isNew ? 1 : 0, told: 0 };
}

type With = { readonly acceptor: Acceptor; readonly now: Date };

function hearOne(event: Envelope, text: string | undefined, arrival: Arrival, { acceptor, now }: With): HeardWithBody {
  const { prepared, silencers = () => prepared.silencers } = acceptor;
  try {
    return {
      heard: hear(event, arrival, prepared, { silencers: silencers(), now }),
      body: () => text ?? JSON.stringify(event.raw),
    };
  } catch (cause) {
    throw new UndecidedError(`event ${event.id} of ${event.source} could not be decided`, { cause });
  }
}

function isIsolated(heard: Heard): boolean {
  return "quarantine" in heard || heard.findings.some(({ quarantine }) => quarantine !== undefined);
}
