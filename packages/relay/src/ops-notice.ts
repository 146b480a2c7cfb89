/** A word to the people who run shirase, in their own channel. */
import { randomUUID } from "node:crypto";
import type { Config } from "@shirase/core/config";
import type { NewMessage } from "./store/store.ts";

/** @returns what makes the message of Slack mrkdwn; undefined when no ops channel is configured. */
export function opsNoticeFor(config: Config): (text: string) => NewMessage | undefined {
  const channelId = config.slack.opsChannel;
  return (text) => {
    if (channelId === undefined) return undefined;
    const block = { type: "section", text: { type: "mrkdwn", text: `:warning: ${text}` } };
    const body = JSON.stringify({ text, blocks: [block], unfurl_links: false, unfurl_media: false });
    return {
      id: randomUUID(),
      customerId: "",
      channelId,
      kind: "note",
      severityRank: 3,
      body,
      counted: 0,
      isBroadcast: false,
    };
  };
}
