/**
 * What the console asks of the store's file. Reading only, by a connection of its own: no page, however many look at it,
 * makes an event wait. What people change goes through the store like everything else.
 */
import type { StaleRoot } from "@shirase/core/channel-view";
import type { Severity } from "@shirase/core/finding";
import type { Posted } from "../send/destination.ts";
import type { HistoryStep } from "../store/history.ts";
import type { Deed, Quarantined } from "../store/store.ts";

/** How many problems are open, by severity; what is not there is none. */
export type OpenCounts = Readonly<Partial<Record<Severity, number>>>;

/** Some of a list. */
export type Slice<T> = { readonly items: readonly T[]; readonly more: boolean };

/** A customer in figures. */
export type CustomerFigures = {
  readonly customerId: string;
  readonly open: OpenCounts;
  /** Problems that stand open, and resolved, since `since`. */
  readonly openedSince: number;
  readonly resolvedSince: number;
  /** Findings that wait to be told. */
  readonly waiting: number;
  readonly oldestWaitingAt?: Date;
  readonly dead: number;
};

/** A customer and the moment from which its figures count, its midnight. */
export type Since = { readonly customerId: string; readonly since: Date };

/** A message of the relay's, less its blocks. */
export type MessageLine = {
  readonly seq: number;
  readonly id: string;
  readonly customerId: string;
  readonly channelId: string;
  readonly kind: string;
  readonly state: MessageState;
  readonly severityRank: number;
  /** How many findings it accounts for. */
  readonly counted: number;
  /** Its fallback text, at most 300 characters. */
  readonly text: string;
  readonly createdAt: Date;
  readonly endedAt?: Date;
  readonly attempts: number;
  readonly reason?: string;
  readonly isInDoubt: boolean;
  /** Slack's name of it, once it was sent. */
  readonly ts?: string;
};

export type MessageState = "waiting" | "dead" | "sent";

/** Which messages; what is left out matters not. */
export type MessageFilter = {
  readonly state: MessageState;
  readonly customerId?: string | undefined;
  /** Only of these, whatever else is asked. */
  readonly customerIds?: readonly string[] | undefined;
  readonly channelId?: string | undefined;
  /** Only older ones than this `seq`. */
  readonly before?: number | undefined;
  readonly limit: number;
};

/** Notices that no message tells yet, by channel and customer. */
export type Backlog = {
  readonly customerId: string;
  readonly channelId: string;
  readonly count: number;
  readonly oldestAt: Date;
};

/** A problem as it stands. */
export type ProblemLine = {
  readonly id: number;
  readonly customerId: string;
  readonly key: string;
  /** "" when it is older than this version and nobody was told of it. */
  readonly title: string;
  readonly standing: "open" | "resolved" | "suppressed";
  readonly severityRank: number;
  readonly openedAt: Date;
  readonly changedAt: Date;
  readonly isTold: boolean;
};

/** Which problems of a customer; what is left out matters not. */
export type ProblemFilter = {
  readonly customerId: string;
  readonly standing: ProblemLine["standing"];
  readonly severityRank?: number | undefined;
  /** Words or parts of them, each of which must be in the title, the resource, the account, the region or the cause. */
  readonly words?: readonly string[] | undefined;
  readonly offset: number;
  readonly limit: number;
};

/** What began and ended in an hour. */
export type Tally = {
  /** When the hour began. */
  readonly at: Date;
  readonly severityRank: number;
  readonly opened: number;
  readonly ended: number;
  /** Of those that ended. */
  readonly resolved: number;
  /** How long those had been open, in all. */
  readonly fixedMs: number;
};

/** A root message with its thread, and how its problems stand by now. */
export type Conversation = {
  readonly root: MessageBody;
  /** Only of a card or burst that Slack has edited. */
  readonly stands?: StaleRoot;
  /** The newest at most {@link MOST_REPLIES}, the oldest first. */
  readonly replies: readonly MessageBody[];
  readonly replyCount: number;
};

export const MOST_REPLIES = 30;

/** How many problems have one cause. */
export type CauseCount = {
  readonly cause: string;
  readonly title: string;
  readonly severityRank: number;
  readonly count: number;
  readonly stillOpen: number;
};

/** A problem and the event that changed it last. */
export type ChangedBy = { readonly id: number; readonly title: string; readonly at: Date; readonly body: string };

/** A message with what was handed to Slack, as JSON. */
export type MessageBody = MessageLine & { readonly body: string };

/** A notice about a problem, and the message that told of it. */
export type NoticeLine = {
  readonly eventId: string;
  readonly news: string;
  readonly channelId: string;
  readonly decidedAt: Date;
  /** Undefined while none is made. */
  readonly message?: MessageLine;
};

/** All that is known of one problem. */
export type ProblemStory = {
  readonly line: ProblemLine;
  readonly steps: readonly HistoryStep[];
  /** The newest first, at most {@link MOST_NOTICES}. */
  readonly notices: readonly NoticeLine[];
  /** As shirase read it when somebody was last told of it: JSON. */
  readonly finding?: string;
  /** The event that changed it last, as it came: JSON. */
  readonly event?: { readonly at: Date; readonly body: string };
  /** What is kept of it: JSON. */
  readonly known: string;
};

export const MOST_NOTICES = 100;

/** What pages are made of. */
export type Reads = {
  /** Another number after each commit of the relay's. */
  readonly version: () => Promise<number>;
  /** The figures of each customer that is asked for, in that order. */
  readonly figures: (asked: readonly Since[]) => Promise<readonly CustomerFigures[]>;
  /** Customers of whom something waits or was given up, in the config or not; "" stands for the operators. */
  readonly restless: () => Promise<readonly string[]>;
  /** The newest first; `more`: there are older ones. */
  readonly messages: (filter: MessageFilter) => Promise<Slice<MessageLine>>;
  /** All messages given up, with these filters. */
  readonly deadIds: (
    filter: Pick<MessageFilter, "customerId" | "customerIds" | "channelId">,
  ) => Promise<readonly string[]>;
  /** Where a message is in Slack; undefined when it was not sent, or is none of these customers'. */
  readonly posted: (id: string, customerIds?: readonly string[]) => Promise<Posted | undefined>;
  /** What is in quarantine, the newest first; of a body its first 4,000 characters. */
  readonly quarantined: (limit: number) => Promise<readonly Quarantined[]>;
  /** The worst and the newest first. */
  readonly problems: (filter: ProblemFilter) => Promise<Slice<ProblemLine>>;
  readonly problem: (id: number) => Promise<ProblemStory | undefined>;
  /** Events that changed problems of a customer since then, the newest first, as JSON. */
  readonly events: (customerId: string, since: Date, limit: number) => Promise<readonly ChangedBy[]>;
  /** The causes of what became open from `since` up to `until`, the most frequent first. */
  readonly topCauses: (customerId: string, since: Date, until: Date, limit: number) => Promise<readonly CauseCount[]>;
  /** What is open the longest. */
  readonly oldest: (customerId: string, limit: number) => Promise<readonly ProblemLine[]>;
  /** Prepares a slice of the search. @returns true when all is prepared. */
  readonly warm: () => Promise<boolean>;
  readonly tallies: (customerId: string, since: Date, until: Date) => Promise<readonly Tally[]>;
  /** A channel's messages of a customer, the newest root first. */
  readonly channel: (channelId: string, customerId: string, limit: number) => Promise<readonly Conversation[]>;
  readonly backlogs: () => Promise<readonly Backlog[]>;
  /** What people did, the newest first. */
  readonly deeds: (limit: number) => Promise<readonly Deed[]>;
  readonly close: () => Promise<void>;
};
