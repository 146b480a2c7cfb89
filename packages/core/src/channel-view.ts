/** What there is to tell in one channel for one customer, as a store shows it to compose. Plain values. */
import type { Notice } from "./decide.ts";
import type { Finding, Resource, Severity } from "./finding.ts";
import type { Standing } from "./observe.ts";
import type { ToldNews } from "./route.ts";

/** A notice that waits. `seq` orders notices by age. */
export type Pending = {
  readonly seq: number;
  readonly notice: Notice;
  /** The root message that told of this problem before, if one did. */
  readonly rootId?: string;
  /** That root is made and not sent yet: until it is, there is no thread to speak in. */
  readonly isRootUnderWay?: boolean;
};

/** A root message that was posted: a card, or a burst that counts many. */
export type Root = {
  readonly id: string;
  readonly kind: "card" | "burst";
  /** Slack's name of the message: where its thread hangs. */
  readonly ts: string;
  readonly postedAt: Date;
  /** When it, or its thread, last said something. */
  readonly touchedAt: Date;
  /** The worst severity that it showed. */
  readonly severity: Severity;
};

/** How many notices say the same of the same cause. */
export type CauseTally = {
  readonly causeKey: string;
  readonly title: string;
  readonly controlId?: string;
  readonly news: ToldNews;
  readonly severity: Severity;
  readonly count: number;
};

/** A burst whose findings are still being named, or that was counted into a moment ago. */
export type OpenBurst = {
  readonly root: Root;
  /** When a message counted into it last. */
  readonly countedAt: Date;
  /** Notices that are counted and not named yet, by cause; at most {@link VIEW.toName}. */
  readonly toName: readonly Pending[];
  /** How many that are in all. */
  readonly left: number;
  /** The age of the oldest of them. */
  readonly oldestAt?: Date;
};

/** All that is to be told in a channel for a customer. */
export type ChannelView = {
  /** Neither counted nor told: the worst first, then the oldest; at most {@link VIEW.pending}. */
  readonly pending: readonly Pending[];
  readonly pendingCount: number;
  /** Of all that is pending. */
  readonly lastSeq: number;
  readonly newestAt?: Date;
  /** All that is pending, counted; whether `pending` holds all of it or not. */
  readonly tally: readonly CauseTally[];
  readonly burst?: OpenBurst;
  /** By id: those that a pending notice names. */
  readonly roots: ReadonlyMap<string, Root>;
  /** By cause key: cards that more resources of their cause may join. */
  readonly liveCards: ReadonlyMap<string, Root>;
};

/** How much a view holds. */
export const VIEW = { pending: 64, toName: 400 } as const;

/** How the problems that a root message told of stand. */
export type Standings = {
  readonly open: Readonly<Partial<Record<Severity, number>>>;
  readonly resolved: number;
  readonly suppressed: number;
};

/** One problem on a card. */
export type Member = { readonly resource: Resource; readonly standing: Standing; readonly severity: Severity };

/** What a card shows of all its problems. */
export type CardState = {
  readonly standings: Standings;
  /** The worst open ones, then the newest; at most {@link MOST_MEMBERS}. */
  readonly members: readonly Member[];
  /** When the first of them began, and when the last of them ended (undefined while one is open). */
  readonly openedAt: Date;
  readonly endedAt?: Date;
};

export const MOST_MEMBERS = 10;

/** A root message that should be brought up to date. */
export type StaleRoot = {
  readonly id: string;
  readonly ts: string;
  readonly channelId: string;
  readonly customerId: string;
  /** Since when: with it the store sees whether more changed while it was brought up to date. */
  readonly dueAt: Date;
  /** How often it had changed when it was read, of a store with many writers: none of them need share a clock. */
  readonly changes?: number;
} & (
  | { readonly kind: "card"; readonly face: Finding; readonly state: CardState }
  | { readonly kind: "burst"; readonly tally: readonly CauseTally[]; readonly standings: Standings }
);

/** How many in all. */
export function countOf(standings: Standings): number {
  return openCountOf(standings) + standings.resolved + standings.suppressed;
}

/** How many are open, whatever their severity. */
export function openCountOf({ open }: Standings): number {
  return Object.values(open).reduce((sum, count) => sum + count, 0);
}
