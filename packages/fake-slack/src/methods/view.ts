/** How Slack describes a stored message to an app: the `message` of an answer, and the rows of a history. */
import type { JsonObject } from "../json.ts";
import type { LedgerEntry } from "../ledger.ts";
import type { Workspace } from "../workspace.ts";

/** What the asking method shows beyond the message itself. */
export type ViewOptions = { readonly withMetadata: boolean };

/** The message with its thread's summary if it is the root of one. */
export function describeMessage(entry: LedgerEntry, workspace: Workspace, options: ViewOptions): JsonObject {
  if (entry.deletedAt) return tombstone(entry, workspace);
  const { shown, bot } = entry;
  const edited = entry.edits.at(-1);
  return {
    type: "message",
    ...subtypeOf(entry),
    user: bot.userId,
    ts: entry.ts,
    bot_id: bot.id,
    app_id: bot.appId,
    team: workspace.team.id,
    text: shown.text,
    ...(shown.username !== undefined && { username: shown.username }),
    ...(shown.blocks.length > 0 && { blocks: shown.blocks }),
    ...(shown.attachments.length > 0 && { attachments: shown.attachments.map(describeAttachment) }),
    ...(options.withMetadata && shown.metadata && { metadata: shown.metadata }),
    // Slack leaves the mark out when the edit brought blocks.
    ...(edited && shown.blocks.length === 0 && { edited: { user: bot.userId, ts: toTs(edited.at) } }),
    ...threadOf(entry, workspace),
    ...(entry.reactions.length > 0 && { reactions: describeReactions(entry, workspace) }),
  };
}

/** The replies of a root that can be seen, oldest first. */
export function repliesOf(root: LedgerEntry, { ledger }: Workspace): readonly LedgerEntry[] {
  return ledger
    .ofChannel(root.channel)
    .filter((entry) => entry.thread_ts === root.ts && !entry.hidden && !entry.deletedAt);
}

function subtypeOf(entry: LedgerEntry): JsonObject {
  if (entry.reply_broadcast) return { subtype: "thread_broadcast" };
  return entry.via === "webhook" || entry.shown.username !== undefined ? { subtype: "bot_message" } : {};
}

function threadOf(entry: LedgerEntry, workspace: Workspace): JsonObject {
  if (entry.thread_ts !== undefined) {
    const root = workspace.ledger.find(entry.channel, entry.thread_ts) ?? entry;
    return { thread_ts: entry.thread_ts, parent_user_id: root.bot.userId };
  }
  const replies = repliesOf(entry, workspace);
  const latest = replies.at(-1);
  if (!latest) return {};
  const users = [...new Set(replies.map(({ bot }) => bot.userId))];
  return {
    thread_ts: entry.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: latest.ts,
  };
}

/** A deleted root stays as a stone while its thread has replies. */
function tombstone(entry: LedgerEntry, workspace: Workspace): JsonObject {
  return {
    type: "message",
    subtype: "tombstone",
    user: "USLACKBOT",
    ts: entry.ts,
    text: "This message was deleted.",
    ...threadOf(entry, workspace),
  };
}

function describeAttachment(attachment: JsonObject, index: number): JsonObject {
  return { id: index + 1, fallback: "[no preview available]", ...attachment };
}

function describeReactions(entry: LedgerEntry, workspace: Workspace): readonly JsonObject[] {
  return entry.reactions.map((name) => ({ name, count: 1, users: [workspace.bot.userId] }));
}

function toTs(at: Date): string {
  return `${Math.floor(at.getTime() / 1000)}.000000`;
}
