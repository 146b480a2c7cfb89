/**
 * What must survive: which events were seen, what is to be told, what could not be, and whose nobody knew.
 *
 * An interface of plain functions; sqlite.ts implements it, store.contract.ts says what every implementation must do.
 * What a promise here resolves with is on disk.
 */

/** A message to be sent, made when its event was accepted. */
export type NewDelivery = {
  /** Unique; travels in Slack's message metadata. */
  readonly id: string;
  readonly customerId: string;
  readonly channelId: string;
  /** 0 (INFORMATIONAL) to 4 (CRITICAL): the worst is sent first. */
  readonly severityRank: number;
  /** The body of chat.postMessage as JSON, less channel and metadata. */
  readonly message: string;
};

/** An event that was decided. */
export type DecidedEvent = {
  readonly eventId: string;
  /** Whose it is; "" when nobody's. An event id is unique within a customer. */
  readonly customerId: string;
  readonly deliveries: readonly NewDelivery[];
  /** Why it (or a finding in it) is nobody's, with the whole event as it came; kept, shown, never posted. */
  readonly quarantine?: { readonly reason: string; readonly body: string };
};

/** What became of an event: a redelivered one changes nothing. */
export type Acceptance = "new" | "duplicate";

/** A delivery that waits. */
export type Delivery = NewDelivery & {
  readonly createdAt: Date;
  /** Times it was tried. */
  readonly attempts: number;
  /** When it was tried first; undefined before. */
  readonly firstTriedAt: Date | undefined;
};

/** A channel with something waiting, and the worst of it. */
export type Waiting = { readonly channelId: string; readonly severityRank: number; readonly customerId: string };

/** A delivery given up, with its reason; `redrive` makes it wait again. */
export type DeadLetter = {
  readonly id: string;
  readonly customerId: string;
  readonly channelId: string;
  readonly reason: string;
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

/** Sizes, for metrics. */
export type StoreStats = {
  readonly waitingByCustomer: ReadonlyMap<string, number>;
  readonly deadByCustomer: ReadonlyMap<string, number>;
  readonly oldestWaitingAt: Date | undefined;
  readonly quarantined: number;
  readonly paused: number;
};

/** The durable part of the relay. */
export type Store = {
  /**
   * Keeps events with all that follows from them. Calls that come close together share one commit.
   *
   * @returns for each event whether it was new, once all are on disk.
   * @throws StoreFullError when too much waits to be written; then nothing of the batch was kept. Any other error is
   *   the disk's; then nothing of the batch was kept either.
   */
  readonly accept: (events: readonly DecidedEvent[], now: Date) => Promise<readonly Acceptance[]>;
  /** Every channel with something waiting, each once; the worst first, among equals the one that waits longest. */
  readonly waiting: () => readonly Waiting[];
  /**
   * The next delivery of a channel: the worst, among equals the oldest.
   *
   * @param except - ids to pass over; a handful.
   */
  readonly next: (channelId: string, except?: readonly string[]) => Delivery | undefined;
  /** Slack said ok. @param ts - Slack's name of the message. */
  readonly markSent: (id: string, ts: string, now: Date) => void;
  /** It was tried and will be tried again. */
  readonly markTried: (id: string, reason: string, now: Date) => void;
  /** It is given up, with its reason. */
  readonly markDead: (id: string, reason: string, now: Date) => void;
  /** Adds a delivery that follows from no event: a word to the ops channel. */
  readonly enqueue: (delivery: NewDelivery, now: Date) => void;
  readonly pause: (pause: Pause) => void;
  readonly resume: (channelId: string) => void;
  readonly pauses: () => readonly Pause[];
  readonly deadLetters: (channelId?: string) => readonly DeadLetter[];
  /** Makes dead letters wait again and lifts the pause. @returns how many letters. */
  readonly redrive: (channelId: string | undefined) => number;
  readonly quarantined: (limit: number) => readonly Quarantined[];
  readonly stats: () => StoreStats;
  /** Forgets event ids and sent deliveries older than `before`. Nothing that was not told is ever forgotten. */
  readonly prune: (before: Date) => void;
  /** Waits for what is being written, then closes. */
  readonly close: () => Promise<void>;
};

/** Too much waits to be written: the sender should try again. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
  readonly code = "store-full";
}
