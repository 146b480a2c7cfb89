/**
 * What each of Slack's refusals means for us, and what a person has to do. A table: an error that is not in it is
 * tried again, because a message late is better than a message lost.
 *
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
import type { DeliveryFailure } from "./destination.ts";

const INVITE = "Invite the app: /invite @your-app in that channel, or give it the scope chat:write.public.";
const TOKEN = "Install the app again and set its new bot token (SLACK_BOT_TOKEN, or slack.token in the config).";
const SCOPE = "Give the app the scope chat:write under OAuth & Permissions, and install it again.";
const BUG = "This is a bug in shirase: please report it with the error's name.";

const ARCHIVED = "The channel is archived. Unarchive it, or give the customer another channel.";
const ADMIN = "Ask a workspace admin.";

/** The channel is closed to us until somebody acts. */
const CHANNEL_STOPS: Readonly<Record<string, string>> = {
  channel_not_found: `No such channel for this app. Check slack.channel in the config. ${INVITE}`,
  not_in_channel: INVITE,
  is_archived: ARCHIVED,
  channel_is_archived: ARCHIVED,
  is_inactive: ARCHIVED,
  restricted_action: `A workspace setting forbids the app to post here. ${ADMIN}`,
  restricted_action_read_only_channel: `The channel is read-only for apps. ${ADMIN}`,
  restricted_action_thread_only_channel: `The channel takes replies only. ${ADMIN}`,
};

/** All of Slack is. */
const WORKSPACE_STOPS: Readonly<Record<string, string>> = {
  no_permission: SCOPE,
  missing_scope: SCOPE,
  ekm_access_denied: `The workspace's key management suspends posting. ${ADMIN}`,
  message_limit_exceeded: `The workspace's plan takes no more messages. ${ADMIN}`,
  invalid_auth: TOKEN,
  not_authed: TOKEN,
  token_revoked: TOKEN,
  token_expired: TOKEN,
  account_inactive: `The app or its user was deactivated. ${TOKEN}`,
  not_allowed_token_type: "The token is of another kind. Use the app's bot token, xoxb-….",
};

/** This message will never pass; the next one may. */
const REJECTS: ReadonlySet<string> = new Set([
  "msg_too_long",
  "msg_blocks_too_long",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
  "too_many_attachments",
  "no_text",
  "invalid_arguments",
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
  "metadata_too_large",
  "invalid_metadata_format",
  "invalid_metadata_schema",
]);

/** @param error - the `error` of an answer with `ok: false`. */
export function failureOf(error: string): DeliveryFailure {
  if (error === "ratelimited" || error === "rate_limited") return { kind: "wait", afterMs: 1000 };
  const channelRemedy = lookUp(CHANNEL_STOPS, error);
  if (channelRemedy !== undefined) return { kind: "stop", scope: "channel", reason: error, remedy: channelRemedy };
  const remedy = lookUp(WORKSPACE_STOPS, error);
  if (remedy !== undefined) return { kind: "stop", scope: "workspace", reason: error, remedy };
  if (REJECTS.has(error)) return { kind: "reject", reason: error, remedy: BUG };
  return { kind: "retry", reason: error };
}

/** An own key only: `constructor` is no error of Slack's. */
function lookUp(table: Readonly<Record<string, string>>, error: string): string | undefined {
  return Object.hasOwn(table, error) ? table[error] : undefined;
}
