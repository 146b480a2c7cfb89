/**
 * Reads a channel, as far as it takes to see whether a message is in it, whoever posted it.
 *
 * Slack allows about 50 calls a minute to an app of one's own (Tier 3), and 1 to an app that is sold outside its
 * marketplace; whoever asks again and again leaves two seconds between, and waits as long as a 429 says.
 *
 * @see https://docs.slack.dev/reference/methods/conversations.history
 */
import type { WebClient } from "@slack/web-api";
import type { DeliveryFailure } from "./destination.ts";
import { failureFrom, type SlackOptions, slackClient } from "./slack.ts";

/** A message as Slack gives it: text, blocks, attachments, and who posted it. */
export type SlackMessage = { readonly ts: string } & Readonly<Record<string, unknown>>;

/** A way to read channels. Nothing here throws, and nothing is tried twice. */
export type SlackHistory = {
  /** The newest messages of a channel, at most 100, the newest first. Replies in threads are not among them. */
  readonly newest: (
    channelId: string,
  ) => Promise<{ readonly messages: readonly SlackMessage[] } | { readonly failure: DeliveryFailure }>;
  /** The address of a message; undefined when Slack gives none. */
  readonly permalink: (channelId: string, ts: string) => Promise<string | undefined>;
};

/** A channel takes about a message a second, so between two looks no more can come. */
const NEWEST = 100;

/** What a person has to do so that the app may read; failureFrom says it for an app that wants to post. */
const REMEDIES: Readonly<Record<string, string>> = {
  missing_scope:
    "Give the app the scope channels:history (groups:history for a private channel) under OAuth & Permissions, and " +
    "install it again.",
  not_in_channel: "Invite the app: /invite @your-app in that channel.",
  channel_not_found:
    "No such channel for this app. Check slack.channel in the config; a private channel needs the app in it: " +
    "/invite @your-app there.",
};

/** Slack's history through its own client. */
export function slackHistory(options: SlackOptions): SlackHistory {
  const client = slackClient(options);
  return {
    newest: async (channelId) => {
      try {
        return { messages: await newest(client, channelId) };
      } catch (error) {
        return { failure: toRead(failureFrom(error)) };
      }
    },
    permalink: async (channelId, ts) => {
      try {
        return (await client.chat.getPermalink({ channel: channelId, message_ts: ts })).permalink;
      } catch {
        return undefined; // The message is there all the same; a link is a convenience.
      }
    },
  };
}

async function newest(client: WebClient, channelId: string): Promise<readonly SlackMessage[]> {
  const { messages = [] } = await client.conversations.history({ channel: channelId, limit: NEWEST });
  return messages.flatMap((message) => (typeof message.ts === "string" ? [{ ...message, ts: message.ts }] : []));
}

function toRead(failure: DeliveryFailure): DeliveryFailure {
  if (failure.kind !== "stop") return failure;
  const remedy = Object.hasOwn(REMEDIES, failure.reason) ? REMEDIES[failure.reason] : undefined;
  return remedy === undefined ? failure : { ...failure, remedy };
}
