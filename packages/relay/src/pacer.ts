/**
 * How fast may we post? Slack documents about one message a second for a channel, with short bursts, and an unpublished
 * limit for the workspace; above them it answers 429, or hides messages without a word. So the limits are obeyed, not
 * found out: token buckets a little below them.
 *
 * Holds numbers only and takes `now`; who waits and who sends is deliver.ts.
 *
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */

/** How many at once, and how many a minute after that. */
export type Rate = { readonly burst: number; readonly perMinute: number };

/** The limits to stay below. */
export type Pace = {
  readonly channel: Rate;
  readonly workspace: Rate;
  /** chat.update has a limit of its own. */
  readonly edits: Rate;
  /** So have conversations.history and conversations.replies. */
  readonly looks: Rate;
};

/** Below what Slack tolerates (a burst of about 5, several hundred a minute), so that our clock may differ from its. */
export const SAFE_PACE: Pace = {
  channel: { burst: 3, perMinute: 58 },
  workspace: { burst: 20, perMinute: 280 },
  edits: { burst: 5, perMinute: 40 },
  looks: { burst: 5, perMinute: 40 },
};

/** What the deliverer asks. Times are milliseconds of one clock that nobody sets. */
export type Pacer = {
  /** Milliseconds until this channel may be posted to; 0 is now. */
  readonly waitMs: (channelId: string, now: number) => number;
  /** Counts one post. Call only when `waitMs` said 0. */
  readonly take: (channelId: string, now: number) => void;
  /** The post that was counted last in this channel was not made. */
  readonly giveBack: (channelId: string) => void;
  /** Nothing in this channel until then. */
  readonly block: (channelId: string, until: number) => void;
  /** Slack answered 429 there. When it does so in another channel as well, all of the workspace is meant. */
  readonly refused: (channelId: string, now: number, until: number) => void;
  /** Looking for a message has a limit of its own as well. */
  readonly lookWaitMs: (now: number) => number;
  readonly takeLook: (now: number) => void;
  readonly editWaitMs: (now: number) => number;
  readonly takeEdit: (now: number) => void;
  readonly blockEdits: (until: number) => void;
};

/** Tokens at a moment; they grow with time. */
export type Bucket = { tokens: number; at: number };

const MINUTE_MS = 60_000;
/** Two channels refused within so long: it is not the channels. */
export const TOGETHER_MS = 3000;

/**
 * Nothing was posted yet.
 *
 * @param emptyAt - when the buckets were empty: the process's start, because nobody knows what the process before it
 *   posted a moment ago. Undefined: they are full.
 */
export function createPacer(pace: Pace, emptyAt?: number): Pacer {
  const channels = new Map<string, Bucket>();
  const blocked = new Map<string, number>();
  const bucket = ({ burst }: Rate): Bucket =>
    emptyAt === undefined ? { tokens: burst, at: 0 } : { tokens: 0, at: emptyAt };
  const workspace = bucket(pace.workspace);
  const edits = bucket(pace.edits);
  const looks = bucket(pace.looks);
  let workspaceUntil = 0;
  let editsUntil = 0;
  let lastRefused = { channelId: "", at: 0 };

  const bucketOf = (channelId: string): Bucket => {
    const known = channels.get(channelId) ?? bucket(pace.channel);
    channels.set(channelId, known);
    return known;
  };
  const block = (channelId: string, until: number): void => {
    blocked.set(channelId, Math.max(until, blocked.get(channelId) ?? 0));
  };
  return {
    waitMs: (channelId, now) =>
      Math.max(
        0,
        (blocked.get(channelId) ?? 0) - now,
        workspaceUntil - now,
        untilToken(bucketOf(channelId), pace.channel, now),
        untilToken(workspace, pace.workspace, now),
      ),
    take: (channelId, now) => {
      takeToken(bucketOf(channelId), pace.channel, now);
      takeToken(workspace, pace.workspace, now);
    },
    giveBack: (channelId) => {
      bucketOf(channelId).tokens += 1;
      workspace.tokens += 1;
    },
    block,
    refused: (channelId, now, until) => {
      block(channelId, until);
      const { channelId: other, at } = lastRefused;
      if (other !== "" && other !== channelId && now - at <= TOGETHER_MS) {
        workspaceUntil = Math.max(workspaceUntil, until);
      }
      lastRefused = { channelId, at: now };
    },
    lookWaitMs: (now) => untilToken(looks, pace.looks, now),
    takeLook: (now) => takeToken(looks, pace.looks, now),
    editWaitMs: (now) => Math.max(0, editsUntil - now, untilToken(edits, pace.edits, now)),
    takeEdit: (now) => takeToken(edits, pace.edits, now),
    blockEdits: (until) => {
      editsUntil = Math.max(editsUntil, until);
    },
  };
}

/** How many there are by now. */
export function tokensAt(bucket: Readonly<Bucket>, rate: Rate, now: number): number {
  const grown = (Math.max(0, now - bucket.at) / MINUTE_MS) * rate.perMinute;
  return Math.min(rate.burst, bucket.tokens + grown);
}

/** Milliseconds until there is one, and `reserve` more that are for others. */
export function untilToken(bucket: Readonly<Bucket>, rate: Rate, now: number, reserve = 0): number {
  const missing = 1 + reserve - tokensAt(bucket, rate, now);
  // A hair of tolerance, or rounding would ask for a wait of 0.0001 ms for ever.
  return missing <= 1e-9 ? 0 : Math.ceil((missing * MINUTE_MS) / rate.perMinute);
}

function takeToken(bucket: Bucket, rate: Rate, now: number): void {
  bucket.tokens = tokensAt(bucket, rate, now) - 1;
  bucket.at = now;
}
