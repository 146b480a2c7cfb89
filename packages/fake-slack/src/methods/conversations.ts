/** The methods that read: conversations.*, users.info, auth.test. */
import { type Answer, type Method, type MethodCall, missingScope, refused } from "../answer.ts";
import type { Args } from "../call.ts";
import { type Channel, describeChannel } from "../channel.ts";
import type { LedgerEntry } from "../ledger.ts";
import type { Workspace } from "../workspace.ts";
import { describeMessage, repliesOf } from "./view.ts";

const HISTORY_PAGE = 100;
const PAGE_MAX = 999;

/** auth.test */
export const authTest: Method = ({ origin, bot }, { team }) => ({
  ok: true,
  fields: {
    url: `${origin}/`,
    team: team.name,
    user: bot.name,
    team_id: team.id,
    user_id: bot.userId,
    bot_id: bot.id,
    is_enterprise_install: false,
  },
});

/** users.info, as far as the apps themselves and people who are only mentioned need it. */
export const usersInfo: Method = (call, { team, bots }) => {
  const id = call.args.text("user");
  if (id === undefined || !/^[UW][A-Z0-9]{2,}$/.test(id)) return refused("user_not_found");
  const bot = bots.find(({ userId }) => userId === id);
  const name = bot?.name ?? id.toLowerCase();
  const profile = { real_name: name, display_name: name };
  return { ok: true, fields: { user: { id, team_id: team.id, name, is_bot: bot !== undefined, profile } } };
};

/** conversations.info */
export const info: Method = (call, workspace) => {
  const channel = visibleChannel(call.args, workspace);
  if (!channel) return refused("channel_not_found");
  return { ok: true, fields: { channel: describeChannel(channel, workspace.team.id) } };
};

/** conversations.list: public channels unless `types` says otherwise; private ones only where the bot is in. */
export const list: Method = (call, workspace) => {
  const types = (call.args.text("types") ?? "public_channel").split(",").map((type) => type.trim());
  const all = workspace
    .channels()
    .filter((channel) => types.includes(channel.isPrivate ? "private_channel" : "public_channel"))
    .filter((channel) => channel.isMember || !channel.isPrivate)
    .filter((channel) => !(call.args.flag("exclude_archived") && channel.isArchived));
  const page = pageOf(all, call.args, HISTORY_PAGE);
  if ("error" in page) return refused(page.error);
  const channels = page.rows.map((channel) => describeChannel(channel, workspace.team.id));
  return { ok: true, fields: { channels }, nextCursor: page.nextCursor };
};

/** conversations.join */
export const join: Method = (call, workspace) => {
  const channel = visibleChannel(call.args, workspace);
  if (!channel) return refused("channel_not_found");
  if (channel.isPrivate) return refused("method_not_supported_for_channel_type");
  if (channel.isArchived) return refused("is_archived");
  const joined = workspace.setChannel({ ...channel, isMember: true });
  return {
    ok: true,
    fields: { channel: describeChannel(joined, workspace.team.id) },
    warnings: channel.isMember ? ["already_in_channel"] : [],
  };
};

/** conversations.history: roots and broadcast replies, newest first. */
export const history: Method = (call, workspace) => {
  const channel = readableChannel(call.args, workspace);
  if ("error" in channel) return channel;
  const rows = workspace.ledger
    .ofChannel(channel.id)
    .filter((entry) => isInChannel(entry, workspace) && isWithin(entry.ts, call.args))
    .toReversed();
  return answerMessages(rows, call, workspace);
};

/** conversations.replies: the root, then its replies, oldest first. */
export const replies: Method = (call, workspace) => {
  const channel = readableChannel(call.args, workspace);
  if ("error" in channel) return channel;
  const named = workspace.ledger.find(channel.id, call.args.text("ts") ?? "");
  const root = named?.thread_ts === undefined ? named : workspace.ledger.find(channel.id, named.thread_ts);
  if (!root || root.hidden) return refused("thread_not_found");
  const all = repliesOf(root, workspace);
  if (root.deletedAt && all.length === 0) return refused("thread_not_found");
  // The root comes whatever window is asked for.
  const rows = [root, ...all.filter((entry) => isWithin(entry.ts, call.args))];
  return answerMessages(rows, call, workspace);
};

function answerMessages(rows: readonly LedgerEntry[], call: MethodCall, workspace: Workspace): Answer {
  const page = pageOf(rows, call.args, HISTORY_PAGE);
  if ("error" in page) return refused(page.error);
  const withMetadata = call.args.flag("include_all_metadata") === true;
  const messages = page.rows.map((entry) => describeMessage(entry, workspace, { withMetadata }));
  const hasMore = page.nextCursor !== "";
  return {
    ok: true,
    fields: { messages, has_more: hasMore, pin_count: 0 },
    ...(hasMore && { nextCursor: page.nextCursor }),
  };
}

/**
 * The channel whose messages are asked for, or why not. A token with the scope for public channels alone is told that
 * it lacks the other one, for a private channel it is in.
 */
function readableChannel(args: Args, workspace: Workspace): Channel | Extract<Answer, { ok: false }> {
  const channel = visibleChannel(args, workspace);
  if (!channel) return { ok: false, error: "channel_not_found" };
  const needed = channel.isPrivate ? "groups:history" : "channels:history";
  if (!workspace.scopes.includes(needed)) return missingScope([needed], workspace);
  return channel.isMember ? channel : { ok: false, error: "not_in_channel" };
}

function visibleChannel(args: Args, workspace: Workspace): Channel | undefined {
  const named = args.text("channel");
  const channel = named === undefined ? undefined : workspace.channel(named);
  return channel && (channel.isMember || !channel.isPrivate) ? channel : undefined;
}

/** Whether the channel itself shows it: roots, broadcasts, and the tombstone of a root that has replies. */
function isInChannel(entry: LedgerEntry, workspace: Workspace): boolean {
  if (entry.hidden || (entry.thread_ts !== undefined && !entry.reply_broadcast)) return false;
  return entry.deletedAt === undefined || (entry.thread_ts === undefined && repliesOf(entry, workspace).length > 0);
}

function isWithin(ts: string, args: Args): boolean {
  const oldest = args.text("oldest");
  const latest = args.text("latest");
  const isInclusive = args.flag("inclusive") === true;
  if ((ts === oldest || ts === latest) && !isInclusive) return false;
  if (oldest !== undefined && Number(ts) < Number(oldest)) return false;
  return latest === undefined || Number(ts) <= Number(latest);
}

type Page<T> = { readonly rows: readonly T[]; readonly nextCursor: string } | { readonly error: string };

/** Cursors are opaque to apps: the offset, dressed up so that nobody computes one. */
function pageOf<T>(rows: readonly T[], args: Args, defaultSize: number): Page<T> {
  const size = args.text("limit") === undefined ? defaultSize : args.integer("limit");
  if (size === undefined || size < 1 || size > PAGE_MAX) return { error: "invalid_limit" };
  const cursor = args.text("cursor");
  const offset = cursor === undefined ? 0 : Number(/^next:(\d+)$/.exec(atob64(cursor))?.[1] ?? Number.NaN);
  if (Number.isNaN(offset)) return { error: "invalid_cursor" };
  const isLast = offset + size >= rows.length;
  return { rows: rows.slice(offset, offset + size), nextCursor: isLast ? "" : btoa(`next:${offset + size}`) };
}

function atob64(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}
