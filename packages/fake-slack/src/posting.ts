/**
 * Where does a message end up? The one way into a channel, shared by chat.postMessage and webhooks.
 *
 * Threads are where Slack surprises most: a reply to a reply lands under the root, and a reply to a message that is
 * gone becomes a new message in the channel, with `ok: true` and no `thread_ts` in the answer.
 */
import type { Answer, MethodCall } from "./answer.ts";
import type { Channel } from "./channel.ts";
import type { JsonObject } from "./json.ts";
import type { LedgerEntry } from "./ledger.ts";
import { toPayload, validateMessage } from "./message.ts";
import { describeProblem, type Problem } from "./problem.ts";
import type { Workspace } from "./workspace.ts";

/** A message in the ledger, or why Slack refuses it. */
export type Posted =
  | { readonly entry: LedgerEntry; readonly warnings: readonly string[] }
  | { readonly refusal: Extract<Answer, { ok: false }> };

/** Checks the message and puts it into the channel. Membership and archive are the caller's question. */
export function post(via: LedgerEntry["via"], channel: Channel, call: MethodCall, workspace: Workspace): Posted {
  const { args, bot, now, isHidden } = call;
  const problems = validateMessage(args.raw, workspace.limits);
  if (problems[0]) return { refusal: refuseMessage(problems[0], problems) };
  const asked = args.text("thread_ts");
  if (asked !== undefined && !/^\d{9,10}\.\d{6}$/.test(asked)) {
    return { refusal: { ok: false, error: "invalid_thread_ts", detail: [`${asked} is not a valid thread_ts`] } };
  }
  const root = asked === undefined ? undefined : rootOf(channel.id, asked, workspace);
  const cut = toPayload(args, workspace.limits);
  const entry = workspace.ledger.add({
    via,
    bot,
    receivedAt: now,
    channel: channel.id,
    ts: workspace.nextTs(now),
    thread_ts: root?.ts,
    reply_broadcast: root !== undefined && args.flag("reply_broadcast") === true,
    hidden: isHidden,
    split: cut.isSplit,
    truncated: cut.isTruncated,
    unthreaded: asked !== undefined && root === undefined,
    payload: { ...cut.payload, blocks: cut.payload.blocks.map((block) => withBlockId(block, workspace.random)) },
  });
  const isTextCut = (args.text("text")?.length ?? 0) > workspace.limits.textMax;
  return { entry, warnings: isTextCut ? ["message_truncated"] : [] };
}

/** The refusal for the first problem's code, with every problem of that code. */
export function refuseMessage(first: Problem, problems: readonly Problem[]): Extract<Answer, { ok: false }> {
  // Only structural refusals come with pointers; Slack says nothing more about the others.
  const isPointed = first.error === "invalid_blocks" || first.error === "invalid_attachments";
  const same = isPointed ? problems.filter((problem) => problem.error === first.error) : [];
  return { ok: false, error: first.error, detail: same.map(describeProblem) };
}

/** Slack gives each block an id when the app gave none. */
export function withBlockId(block: JsonObject, random: () => number): JsonObject {
  if (block["block_id"] !== undefined) return block;
  return {
    ...block,
    block_id: Math.floor(random() * 36 ** 5)
      .toString(36)
      .padStart(5, "0"),
  };
}

function rootOf(channelId: string, ts: string, { ledger }: Workspace): LedgerEntry | undefined {
  const named = ledger.find(channelId, ts);
  if (!named || named.deletedAt || named.hidden) return undefined;
  return named.thread_ts === undefined ? named : ledger.find(channelId, named.thread_ts);
}

/** The channel a post names, or why it may not go there. */
export function channelToPostIn(
  named: string | undefined,
  workspace: Workspace,
): Channel | Extract<Answer, { ok: false }> {
  const channel = named === undefined ? undefined : workspace.channel(named);
  if (!channel || (channel.isPrivate && !channel.isMember)) return { ok: false, error: "channel_not_found" };
  if (channel.isArchived) return { ok: false, error: "is_archived" };
  const mayPost = channel.isMember || workspace.scopes.includes("chat:write.public");
  return mayPost ? channel : { ok: false, error: "not_in_channel" };
}
