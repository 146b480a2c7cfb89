/** The methods that change what a channel shows: chat.* and reactions.add. */
import { type Answer, type Method, type MethodCall, refused } from "../answer.ts";
import type { Channel } from "../channel.ts";
import type { LedgerEntry } from "../ledger.ts";
import { toPayload, validateMessage } from "../message.ts";
import { channelToPostIn, post, refuseMessage, withBlockId } from "../posting.ts";
import type { Workspace } from "../workspace.ts";
import { describeMessage } from "./view.ts";

/** chat.postMessage */
export const postMessage: Method = (call, workspace) => {
  const channel = channelToPostIn(call.args.text("channel"), workspace);
  if ("error" in channel) return channel;
  const posted = post("chat.postMessage", channel, call, workspace);
  if ("refusal" in posted) return posted.refusal;
  const { entry, warnings } = posted;
  const message = describeMessage(entry, workspace, { withMetadata: true });
  return { ok: true, fields: { channel: channel.id, ts: entry.ts, message }, warnings };
};

/** chat.update: absent attachments and metadata stay; absent blocks stay unless text is given. */
export const update: Method = (call, workspace) => {
  const found = findMessage(call, workspace);
  if ("error" in found) return found;
  const { entry, channel } = found;
  if (channel.isArchived) return refused("is_inactive");
  if (entry.via === "webhook" || entry.bot.id !== call.bot.id) return refused("cant_update_message");
  const problems = validateMessage(call.args.raw, workspace.limits);
  if (problems[0]) return refuseMessage(problems[0], problems);
  const { payload } = toPayload(call.args, workspace.limits, entry.shown);
  const blocks = payload.blocks.map((block) => withBlockId(block, workspace.random));
  workspace.ledger.edit(entry, { ...payload, blocks }, call.now);
  const message = describeMessage(entry, workspace, { withMetadata: true });
  return { ok: true, fields: { channel: channel.id, ts: entry.ts, text: payload.text, message } };
};

/** chat.delete. A root with replies leaves a tombstone; otherwise the message is gone. */
export const remove: Method = (call, workspace) => {
  const found = findMessage(call, workspace);
  if ("error" in found) return found;
  const { entry } = found;
  if (entry.via === "webhook" || entry.bot.id !== call.bot.id) return refused("cant_delete_message");
  workspace.ledger.remove(entry, call.now);
  return { ok: true, fields: { channel: found.channel.id, ts: entry.ts } };
};

/** chat.getPermalink. The link opens the fake's own page. */
export const getPermalink: Method = (call, workspace) => {
  const found = findMessage(call, workspace, "message_ts");
  if ("error" in found) return found;
  const { entry, channel } = found;
  const thread = entry.thread_ts === undefined ? "" : `?thread_ts=${entry.thread_ts}&cid=${channel.id}`;
  const permalink = `${call.origin}/archives/${channel.id}/p${entry.ts.replace(".", "")}${thread}`;
  return { ok: true, fields: { channel: channel.id, permalink } };
};

/** reactions.add */
export const addReaction: Method = (call, workspace) => {
  const name = call.args.text("name");
  if (name === undefined || !/^[a-z0-9_+'-]{1,100}$/.test(name)) return refused("invalid_name");
  const found = findMessage(call, workspace, "timestamp");
  if ("error" in found) return found;
  if (found.channel.isArchived) return refused("is_archived");
  if (found.entry.reactions.includes(name)) return refused("already_reacted");
  workspace.ledger.react(found.entry, name);
  return { ok: true, fields: {} };
};

type Found = { readonly entry: LedgerEntry; readonly channel: Channel };

function findMessage(call: MethodCall, workspace: Workspace, name = "ts"): Found | Extract<Answer, { ok: false }> {
  const named = call.args.text("channel");
  const channel = named === undefined ? undefined : workspace.channel(named);
  if (!channel || (channel.isPrivate && !channel.isMember)) return { ok: false, error: "channel_not_found" };
  const entry = workspace.ledger.find(channel.id, call.args.text(name) ?? "");
  if (!entry || entry.hidden || entry.deletedAt) return { ok: false, error: "message_not_found" };
  return { entry, channel };
}
