/**
 * How much does Slack take? Every limit of the fake in one table, so that a test can move any of them.
 *
 * Slack publishes some of these, others are known only from bug reports, and two are assumptions (marked below). The
 * fake leans to the strict side: what passes here should pass there. Lengths count UTF-16 units, which is never less
 * than the characters Slack counts.
 *
 * Not here: the limits inside a block (blocks/), which never change at run time.
 */

/** All limits, each with its unit in its name. */
export type Limits = {
  /** Posts per second into one channel, webhooks included. Documented: 1, "short bursts" tolerated. */
  readonly channelPerSecond: number;
  /** Posts one channel takes at once before the pace above applies. An assumption: Slack says only "short". */
  readonly channelBurst: number;
  /** Posts per minute into the whole workspace. Documented as "several hundred"; 300 is an assumption. */
  readonly workspacePerMinute: number;
  /** Posts the workspace takes at once. An assumption. */
  readonly workspaceBurst: number;
  /** Calls of one Tier 2 method in any 60 seconds (conversations.list). Documented: 20+. */
  readonly tier2PerMinute: number;
  /** Calls of one Tier 3 method in any 60 seconds (chat.update, conversations.history …). Documented: 50+. */
  readonly tier3PerMinute: number;
  /** Calls of one Tier 4 method in any 60 seconds (users.info). Documented: 100+. */
  readonly tier4PerMinute: number;
  /** What a post above the pace gets: HTTP 429, or `ok` and a message that nobody ever sees. Slack does both. */
  readonly over: "refuse" | "hide";
  /** Characters in all blocks of a message together; more is `msg_blocks_too_long`. Undocumented: 9,597 passed, 11,341 did not. */
  readonly blocksTextMax: number;
  /** Characters of `text`; the rest is cut and the answer warns `message_truncated`. Documented. */
  readonly textMax: number;
  /** Characters of `text` above which Slack may split a message in several; only marked in the ledger. */
  readonly textSplitAt: number;
  /** Characters of an attachment's `text`; the rest is cut without a word. Undocumented. */
  readonly attachmentTextMax: number;
  /** Attachments of one message; more is `too_many_attachments`. Documented. */
  readonly attachmentsMax: number;
  /** Bytes of `metadata` as JSON; more is `metadata_too_large`. */
  readonly metadataBytesMax: number;
};

/** What Slack is known or assumed to enforce. */
export const SLACK_LIMITS: Limits = {
  channelPerSecond: 1,
  channelBurst: 5,
  workspacePerMinute: 300,
  workspaceBurst: 30,
  tier2PerMinute: 20,
  tier3PerMinute: 50,
  tier4PerMinute: 100,
  over: "refuse",
  blocksTextMax: 11_000,
  textMax: 40_000,
  textSplitAt: 4_000,
  attachmentTextMax: 8_000,
  attachmentsMax: 100,
  metadataBytesMax: 8_192,
};

/** The rates of `"off"`: no pace at all, while sizes and shapes stay as strict as ever. */
const NO_RATES: Partial<Limits> = {
  channelPerSecond: Number.POSITIVE_INFINITY,
  channelBurst: Number.POSITIVE_INFINITY,
  workspacePerMinute: Number.POSITIVE_INFINITY,
  workspaceBurst: Number.POSITIVE_INFINITY,
  tier2PerMinute: Number.POSITIVE_INFINITY,
  tier3PerMinute: Number.POSITIVE_INFINITY,
  tier4PerMinute: Number.POSITIVE_INFINITY,
};

/**
 * The limits in force.
 *
 * @param chosen - the limits that differ from Slack's, or `"off"` for no rate limits. Sizes are enforced either way.
 */
export function resolveLimits(chosen: Partial<Limits> | "off" | undefined): Limits {
  if (chosen === "off") return { ...SLACK_LIMITS, ...NO_RATES };
  return { ...SLACK_LIMITS, ...chosen };
}
