/**
 * What must survive: what is known of each problem, what is to be told of it, which messages told it, and whose nobody
 * knew.
 *
 * An interface of plain functions; sqlite.ts and dynamodb.ts implement it, store.contract.ts says what every implementation must do.
 * What a promise here resolves with is on disk.
 */
import type { ChannelView, StaleRoot } from "@shirase/core/channel-view";
import type { MessageKind } from "@shirase/core/compose";
import type { Finding } from "@shirase/core/finding";
import type { Heard } from "@shirase/core/hear";
import type { News } from "@shirase/core/observe";
import type { Silence } from "@shirase/core/silence";

/** An event that was heard, and the whole of it as it came, in case it belongs in quarantine. */
export type HeardWithBody = { readonly heard: Heard; readonly body: () => string };

/** What became of an event: a redelivered one changes nothing, and says nothing of its findings. */
export type Told = { readonly isNew: boolean; readonly findings: readonly ToldFinding[] };

/** What became of one finding of an event, in the event's order. No more than the log needs: it crosses threads. */
export type ToldFinding = {
  /** What is new about it; undefined when it is not remembered. */
  readonly news?: News;
  /** How many notices it made. */
  readonly told: number;
  /** The last reason, as a sentence. */
  readonly because?: string;
};

/** How many notices an event made. */
export function toldBy({ findings }: Told): number {
  return findings.reduce((sum, { told }) => sum + told, 0);
}

/** A message to be sent. */
export type NewMessage = {
  /** Unique; travels in Slack's message metadata. */
  readonly id: string;
  /** "" for a word to the people who run shirase. */
  readonly customerId: string;
  readonly channelId: string;
  /** What it is in its channel; `note`: said by shirase itself. */
  readonly kind: MessageKind | "note";
  /** 0 (INFORMATIONAL) to 4 (CRITICAL). */
  readonly severityRank: number;
  /** The body of chat.postMessage as JSON, less channel, thread and metadata. */
  readonly body: string;
  /** How many findings it accounts for. */
  readonly counted: number;
  /** The root it hangs under, and that root's name in Slack. */
  readonly root?: { readonly id: string; readonly ts: string };
  readonly isBroadcast: boolean;
  /** Whose problems more of their kind may join; only of a card. */
  readonly causeKey?: string;
  /** In whose words its root (itself, for a card) is brought up to date. */
  readonly face?: Finding;
};

/** What a claimed message tells: these notices, or it counts all up to one, to be named later. */
export type Covers = { readonly seqs: readonly number[] } | { readonly countedUpTo: number };

/** A message that waits to be sent, or may have been. */
export type Delivery = NewMessage & {
  readonly createdAt: Date;
  /** Times it was tried. */
  readonly attempts: number;
  /** When it was tried first; undefined before. */
  readonly firstTriedAt: Date | undefined;
  /** Why the last try failed; absent before. */
  readonly lastReason?: string;
  /** It was tried and nobody knows whether Slack took it: look before it is sent again. */
  readonly isInDoubt: boolean;
};

/**
 * Something to do in a channel. `message`: one is made and waits; `notices`: something is new there; `names`: what was
 * counted is to be named, which can wait for others.
 */
export type Waiting = {
  readonly channelId: string;
  readonly customerId: string;
  readonly stage: "message" | "notices" | "names";
  /** The worst of it. */
  readonly severityRank: number;
  readonly oldestAt: Date;
};

/** A message given up, with its reason; `redrive` makes it wait again. */
export type DeadLetter = {
  readonly id: string;
  readonly customerId: string;
  readonly channelId: string;
  readonly reason: string;
  /** How many findings it accounts for. */
  readonly counted: number;
  readonly createdAt: Date;
  readonly diedAt: Date;
};

/** A channel that Slack refuses: nothing is sent, everything is kept. */
export type Pause = {
  readonly channelId: string;
  readonly reason: string;
  readonly remedy: string;
  readonly pausedAt: Date;
  /** When it is tried again unasked. */
  readonly recheckAt: Date;
};

/** Something kept in quarantine. */
export type Quarantined = {
  readonly id: number;
  readonly eventId: string;
  readonly reason: string;
  readonly body: string;
  readonly at: Date;
};

/** A sign of life, the last of its account and region. */
export type Beat = {
  readonly customerId: string;
  readonly accountId: string;
  readonly region: string;
  readonly at: Date;
  /** Its silence was told to the people who run shirase. */
  readonly isMissed: boolean;
};

/** A place whose silence (or its end) is told. */
export type BeatMark = Pick<Beat, "customerId" | "accountId" | "region" | "isMissed">;

/** The event that changed a problem, as it came. */
export type ChangingEvent = {
  readonly customerId: string;
  /** The problem's key. */
  readonly key: string;
  /** JSON. */
  readonly body: string;
};

/** Something that a person did. */
export type Deed = {
  readonly at: Date;
  /** Who, as they are logged in; `local` on a console without login. */
  readonly who: string;
  readonly action: "redrive" | "resume" | "test" | "silence" | "end-silence";
  /** To what: ids and counts, never a finding's words. */
  readonly subject: string;
};

/** Sizes, for metrics. */
export type StoreStats = {
  /** Findings that wait to be told, by customer. */
  readonly waitingByCustomer: ReadonlyMap<string, number>;
  /** Messages given up, by customer. */
  readonly deadByCustomer: ReadonlyMap<string, number>;
  readonly oldestWaitingAt: Date | undefined;
  readonly quarantined: number;
  readonly paused: number;
  /** Problems that are remembered. */
  readonly known: number;
};

/** Until when things are kept that no longer lead to a message. */
export type Retention = {
  /** Event ids, and messages that were sent before then, are forgotten: until then a redelivery changes nothing. */
  readonly sentBefore: Date;
  /** Problems that are over and were not heard of since then are forgotten … */
  readonly endedBefore: Date;
  /** … and open ones that were not: nobody tells of them any more. */
  readonly silentBefore: Date;
  /** What came into quarantine before then is forgotten … */
  readonly quarantinedBefore: Date;
  /** … and what is more than this many, the oldest first: a stranger's events must not fill the disk. */
  readonly mostQuarantined: number;
};

/** The durable part of the relay. */
export type Store = {
  /**
   * Decides what was heard against what is known, and keeps all that follows. What becomes of a finding and the notice
   * that tells of it are kept together or not at all, and whoever tells the batch again doubles nothing. SQLite keeps a
   * batch in one transaction, and calls that come close together share one commit; DynamoDB keeps it part by part,
   * because a transaction there holds a hundred items.
   *
   * @returns what became of each event, once all is on disk.
   * @throws StoreFullError when too much waits to be written. Any other error is the disk's, or an event's of which no
   *   text can be made; then nothing of the batch was kept. After an error of the disk's, SQLite has kept nothing.
   */
  readonly tell: (events: readonly HeardWithBody[], now: Date) => Promise<readonly Told[]>;
  /** Keeps the events that changed problems, in place of earlier ones. For people who look closer; nothing needs them. */
  readonly keepEvents: (events: readonly ChangingEvent[], now: Date) => Promise<void>;
  /** Keeps in quarantine what is no event. @returns false when it is there already. */
  readonly setAside: (eventId: string, reason: string, body: string, now: Date) => Promise<boolean>;
  /** All there is to do, each channel and customer once for each stage. In no order. */
  readonly waiting: () => Promise<readonly Waiting[]>;
  /**
   * The oldest message that waits in a channel.
   *
   * @param except - ids to pass over; a handful.
   */
  readonly nextMessage: (channelId: string, except?: readonly string[]) => Promise<Delivery | undefined>;
  /** What there is to tell in a channel for a customer. */
  readonly view: (channelId: string, customerId: string, now: Date) => Promise<ChannelView>;
  /** Keeps a message with all that it tells, as one being sent: from now on it is in doubt. */
  readonly claim: (message: NewMessage, covers: Covers, now: Date) => Promise<Delivery>;
  /** A message is about to be sent again: in doubt. */
  readonly trying: (id: string) => Promise<void>;
  /** Slack said ok. @param ts - Slack's name of the message. */
  readonly markSent: (id: string, ts: string, now: Date) => Promise<void>;
  /** It was not sent. @param isInDoubt - or it may have been. @param counts - as a try. */
  readonly markTried: (
    id: string,
    why: { readonly reason: string; readonly isInDoubt: boolean; readonly counts: boolean },
    now: Date,
  ) => Promise<void>;
  /** It was refused as it is, and is to be sent otherwise. */
  readonly rewrite: (id: string, body: string, reason: string) => Promise<void>;
  /** It is given up, with its reason. */
  readonly markDead: (id: string, reason: string, now: Date) => Promise<void>;
  /** Adds a message that follows from no event: a word to the ops channel. */
  readonly enqueue: (message: NewMessage, now: Date) => Promise<void>;
  /** Roots to be brought up to date by now, the longest due first. */
  readonly staleRoots: (now: Date, limit: number) => Promise<readonly StaleRoot[]>;
  /** When the next one is due. */
  readonly nextStaleAt: () => Promise<Date | undefined>;
  /** It was brought up to date with how things stood when it was read; what changed since makes it due again. */
  readonly edited: (root: Pick<StaleRoot, "id" | "dueAt" | "changes">, now: Date) => Promise<void>;
  /** It could not be: later again, some time after `now`. */
  readonly makeStale: (id: string, now: Date) => Promise<void>;
  readonly pause: (pause: Pause) => Promise<void>;
  readonly resume: (channelId: string) => Promise<void>;
  readonly pauses: () => Promise<readonly Pause[]>;
  readonly deadLetters: (channelId?: string) => Promise<readonly DeadLetter[]>;
  /** Makes dead letters wait again and lifts the pause. @returns how many letters. */
  readonly redrive: (channelId: string | undefined) => Promise<number>;
  /** The same for these letters alone; the pauses of their channels are lifted. */
  readonly redriveOnly: (ids: readonly string[]) => Promise<number>;
  /** Keeps a silence that somebody made. A second one of its id changes nothing. */
  readonly addSilence: (silence: Silence) => Promise<void>;
  /** Lets a silence end by now. @returns false when it has ended already, or there is none. */
  readonly endSilence: (id: string, now: Date) => Promise<boolean>;
  /** The silences that end after this moment, by their end. Those of the config are not among them. */
  readonly silences: (endAfter: Date) => Promise<readonly Silence[]>;
  /** How many problems these silences (the config's too) have held back, each counted once; by the silence's id. */
  readonly silencedCounts: (ids: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** Writes down what somebody did. Never forgotten. */
  readonly audit: (deed: Deed) => Promise<void>;
  readonly quarantined: (limit: number) => Promise<readonly Quarantined[]>;
  /** The last sign of life of each account and region that gave one. */
  readonly beats: () => Promise<readonly Beat[]>;
  /** Marks silences, or their end, as told, together with the message that tells of them. @returns false when all were. */
  readonly tellSilence: (beats: readonly BeatMark[], message: NewMessage | undefined, now: Date) => Promise<boolean>;
  readonly stats: () => Promise<StoreStats>;
  /** Forgets what is older than said. Nothing that is to be told, or was given up, is ever forgotten. */
  readonly prune: (retention: Retention) => Promise<void>;
  /** Writes, to see whether it can. @throws the disk's error when it cannot. */
  readonly probe: (now: Date) => Promise<void>;
  /** Waits for what is being written, then closes. */
  readonly close: () => Promise<void>;
};

/** Too much waits to be written: the sender should try again. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
  readonly code = "store-full";
}
