/**
 * What did the app under test really say? The ledger keeps every accepted message in order, every refusal, and counts.
 *
 * A message a channel shows is not the same as a message Slack accepted: Slack hides posts above its pace, cuts long
 * text and turns replies to a deleted message into new messages, all with `ok: true`. The ledger marks each of these,
 * so that a test can ask for what a reader would see. Nothing here decides anything; methods/ and webhook.ts do.
 */
import type { JsonObject } from "./json.ts";
import type { Bot } from "./workspace.ts";

/** What a message consists of, after Slack cut it to size. */
export type Payload = {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments: readonly JsonObject[];
  readonly metadata: JsonObject | undefined;
  readonly username: string | undefined;
  readonly icon_emoji: string | undefined;
  readonly icon_url: string | undefined;
  readonly mrkdwn: boolean;
  readonly unfurl_links: boolean;
  readonly unfurl_media: boolean;
};

/** One accepted message. `ts`, `thread_ts` and `reply_broadcast` are spelled as Slack spells them. */
export type LedgerEntry = {
  /** Position in the ledger, from 0. */
  readonly seq: number;
  readonly via: "chat.postMessage" | "webhook";
  /** The app that posted it. */
  readonly bot: Bot;
  readonly receivedAt: Date;
  readonly channel: string;
  readonly ts: string;
  /** The root of the thread this replies to; undefined for a root. */
  readonly thread_ts: string | undefined;
  readonly reply_broadcast: boolean;
  /** Accepted above the pace and never shown to anybody (`limits.over: "hide"`). */
  readonly hidden: boolean;
  /** Text longer than `textSplitAt`: Slack may show it as several messages. */
  readonly split: boolean;
  /** `text` or an attachment's text was cut. */
  readonly truncated: boolean;
  /** Its `thread_ts` named no message, so Slack made it a root without saying so. */
  readonly unthreaded: boolean;
  /** The message as it was posted. */
  readonly payload: Payload;
  /** The message as the channel shows it now: `payload` until the first edit. */
  readonly shown: Payload;
  readonly edits: readonly { readonly at: Date; readonly payload: Payload }[];
  readonly deletedAt: Date | undefined;
  readonly reactions: readonly string[];
};

/** One refused call. */
export type Refusal = {
  readonly receivedAt: Date;
  /** The API method, or `webhook`. */
  readonly method: string;
  /** The channel as the caller named it. */
  readonly channel: string | undefined;
  readonly status: number;
  /** Slack's error code, such as `invalid_blocks`; for a fault, its kind. */
  readonly error: string;
  /** What `response_metadata.messages` said, without the `[ERROR]`. */
  readonly detail: readonly string[];
};

/** How often what happened, since the start or the last reset. */
export type Counters = {
  readonly requests: number;
  readonly accepted: number;
  readonly refused: number;
  /** Answers with HTTP 429, those of faults included. */
  readonly rateLimited: number;
  readonly byMethod: Readonly<Record<string, number>>;
  readonly byError: Readonly<Record<string, number>>;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** The ledger's own view of an entry: only methods/ may change one, through `Ledger`. */
type Entry = Mutable<Omit<LedgerEntry, "edits" | "reactions">> & {
  edits: { at: Date; payload: Payload }[];
  reactions: string[];
};

/** What a method hands over; the ledger adds position and history. */
type NewEntry = Omit<LedgerEntry, "seq" | "shown" | "edits" | "deletedAt" | "reactions">;

export type Ledger = {
  readonly entries: () => readonly LedgerEntry[];
  /** Everything of one channel in the order of its `ts`, hidden and deleted messages too. */
  readonly ofChannel: (channelId: string) => readonly LedgerEntry[];
  readonly find: (channelId: string, ts: string) => LedgerEntry | undefined;
  readonly refusals: () => readonly Refusal[];
  readonly counters: () => Counters;
  readonly add: (entry: NewEntry) => LedgerEntry;
  readonly edit: (entry: LedgerEntry, payload: Payload, at: Date) => void;
  readonly remove: (entry: LedgerEntry, at: Date) => void;
  readonly react: (entry: LedgerEntry, name: string) => void;
  readonly refuse: (refusal: Refusal) => void;
  readonly count: (method: string) => void;
  /** Calls back after every change until the returned function is called. */
  readonly onChange: (listener: () => void) => () => void;
  readonly clear: () => void;
};

/** An empty ledger. */
export function createLedger(): Ledger {
  let entries: Entry[] = [];
  let refusals: Refusal[] = [];
  let byMethod: Record<string, number> = {};
  const byChannel = new Map<string, Entry[]>();
  const byTs = new Map<string, Entry>();
  const listeners = new Set<() => void>();

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }

  /** Entries leave this file read-only; this finds the writable one again. */
  function own(entry: LedgerEntry): Entry {
    const found = byTs.get(keyOf(entry.channel, entry.ts));
    if (!found) throw new Error(`the ledger holds no message ${entry.ts} in ${entry.channel}: it was reset meanwhile`);
    return found;
  }

  return {
    entries: () => entries,
    ofChannel: (channelId) => byChannel.get(channelId) ?? [],
    find: (channelId, ts) => byTs.get(keyOf(channelId, ts)),
    refusals: () => refusals,
    counters: () => countersOf(entries, refusals, byMethod),
    add: (given) => {
      const entry: Entry = {
        ...given,
        seq: entries.length,
        shown: given.payload,
        edits: [],
        deletedAt: undefined,
        reactions: [],
      };
      entries.push(entry);
      byTs.set(keyOf(entry.channel, entry.ts), entry);
      const siblings = byChannel.get(entry.channel);
      if (siblings) siblings.push(entry);
      else byChannel.set(entry.channel, [entry]);
      changed();
      return entry;
    },
    edit: (entry, payload, at) => {
      const mine = own(entry);
      mine.edits.push({ at, payload });
      mine.shown = payload;
      changed();
    },
    remove: (entry, at) => {
      own(entry).deletedAt = at;
      changed();
    },
    react: (entry, name) => {
      own(entry).reactions.push(name);
      changed();
    },
    refuse: (refusal) => {
      refusals.push(refusal);
      changed();
    },
    count: (method) => {
      byMethod[method] = (byMethod[method] ?? 0) + 1;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear: () => {
      entries = [];
      refusals = [];
      byMethod = {};
      byChannel.clear();
      byTs.clear();
      changed();
    },
  };
}

function keyOf(channelId: string, ts: string): string {
  return `${channelId}/${ts}`;
}

function countersOf(
  entries: readonly LedgerEntry[],
  refusals: readonly Refusal[],
  byMethod: Readonly<Record<string, number>>,
): Counters {
  const byError: Record<string, number> = {};
  for (const { error } of refusals) byError[error] = (byError[error] ?? 0) + 1;
  return {
    requests: Object.values(byMethod).reduce((sum, count) => sum + count, 0),
    accepted: entries.length,
    refused: refusals.length,
    rateLimited: refusals.filter((refusal) => refusal.status === 429).length,
    byMethod: { ...byMethod },
    byError,
  };
}
