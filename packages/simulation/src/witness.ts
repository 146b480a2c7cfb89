/**
 * Sees what the store really did, whether or not the relay lived to hear of it: what is to be told, which message tells
 * what, what became of each message. The invariants are asked of this and of Slack's ledger.
 */
import { decideOne, isAlone, type Notice } from "@shirase/core/decide";
import type { Finding } from "@shirase/core/finding";
import type { Heard } from "@shirase/core/hear";
import { shortResource } from "@shirase/core/identity";
import type { Known } from "@shirase/core/observe";
import type { NewMessage, Store, Told } from "@shirase/relay/store/store";

/** Something that somebody is to be told. */
type Due = {
  readonly id: string;
  readonly customerId: string;
  readonly channelId: string;
  readonly key: string;
  readonly resource: string;
  readonly words: string;
  /** Messages that tell it by name. */
  readonly toldIn: string[];
};

/** A message as the relay made it. */
export type Made = {
  readonly message: NewMessage;
  /** Ids of what it tells by name; empty of one that counts. */
  readonly tells: readonly string[];
  readonly isCount: boolean;
  sentTs?: string;
};

/** One telling that was heard. */
export type HeardTelling = { readonly finding: Finding; readonly sentAt: Date };

/** What was seen. */
export type Witness = {
  readonly dues: Map<string, Due>;
  readonly made: Map<string, Made>;
  /** By customer and key: every telling that was remembered, in the order of their commits. */
  readonly heard: Map<string, HeardTelling[]>;
  /** By customer and key, as of the last commit. */
  readonly known: Map<string, Known>;
  /** Ids of events that were committed, whatever they said. */
  readonly committed: Set<string>;
  /** Which message stands for a problem, by customer and key. */
  readonly rootOf: Map<string, string>;
  /** The same store, watched. */
  readonly watch: (store: Store) => Store;
};

/** Has seen nothing yet. */
export function createWitness(): Witness {
  const seqs = new Map<number, string>();
  const seen: Omit<Witness, "watch"> = {
    dues: new Map(),
    made: new Map(),
    heard: new Map(),
    known: new Map(),
    committed: new Set(),
    rootOf: new Map(),
  };
  return { ...seen, watch: (store) => ({ ...store, ...watched(store, seen, seqs) }) };
}

type Seen = Omit<Witness, "watch">;

function watched(store: Store, seen: Seen, seqs: Map<number, string>): Partial<Store> {
  return {
    tell: async (events, now) => {
      const told = await store.tell(events, now);
      for (const [index, one] of told.entries()) noteHeard(events[index]?.heard, one, now, seen);
      for (const { heard } of events) seen.committed.add(heard.eventId);
      return told;
    },
    view: async (channelId, customerId, now) => {
      const view = await store.view(channelId, customerId, now);
      for (const { seq, notice } of [...view.pending, ...(view.burst?.toName ?? [])]) seqs.set(seq, dueId(notice));
      return view;
    },
    claim: async (message, covers, now) => {
      const delivery = await store.claim(message, covers, now);
      const isCount = "countedUpTo" in covers;
      const tells = isCount ? [] : covers.seqs.map((seq) => seqs.get(seq) ?? `seq ${seq}`);
      seen.made.set(message.id, { message, tells, isCount });
      for (const due of tells) noteTold(due, message, seen);
      return delivery;
    },
    enqueue: async (message, now) => {
      await store.enqueue(message, now);
      seen.made.set(message.id, { message, tells: [], isCount: false });
    },
    markSent: async (id, ts, now) => {
      await store.markSent(id, ts, now);
      const made = seen.made.get(id);
      if (made) made.sentTs = ts;
    },
  };
}

/** Decides once more what the store decided: it says no more of it than the log needs. Answers come in commit order. */
function noteHeard(heard: Heard | undefined, { isNew }: Told, now: Date, seen: Seen): void {
  if (!isNew || !heard || "quarantine" in heard) return;
  for (const one of heard.findings) {
    const { finding } = one;
    const id = `${heard.customerId}|${finding.key}`;
    const { known, notices } = decideOne(heard, one, seen.known.get(id), now);
    if (known) {
      seen.known.set(id, known);
      seen.heard.set(id, [...(seen.heard.get(id) ?? []), { finding, sentAt: heard.sentAt }]);
    }
    for (const notice of notices) seen.dues.set(dueId(notice), dueOf(notice));
  }
}

function noteTold(dueName: string, message: NewMessage, { dues, rootOf, made }: Seen): void {
  const due = dues.get(dueName);
  if (!due) return;
  due.toldIn.push(message.id);
  const id = `${due.customerId}|${due.key}`;
  const root = made.get(rootOf.get(id) ?? "");
  const isStanding = root !== undefined && root.message.channelId === message.channelId;
  if (!isStanding) rootOf.set(id, message.root?.id ?? message.id);
}

function dueId({ customerId, key, eventId, news }: Notice): string {
  return `${customerId} ${key} ${eventId} ${news}`;
}

function dueOf(notice: Notice): Due {
  const { customerId, channelId, finding, key, news } = notice;
  const words = `${news} of ${customerId}'s ${shortResource(finding.resources[0]?.id ?? "")} in event ${notice.eventId}`;
  const resource = shortResource(finding.resources[0]?.id ?? "");
  return { id: dueId(notice), customerId, channelId, key: isAlone(notice) ? "" : key, resource, words, toldIn: [] };
}
