/**
 * Posts to Slack through its own client, with the client's cleverness switched off: left on, it stops every channel for
 * one channel's 429, and retries time-outs that may have landed. Pace and retries are ours (deliver.ts).
 */

import { type Message, noticeMetadata } from "@shirase/core/compose";
import { type ConversationsHistoryResponse, type ErrorCode, WebClient } from "@slack/web-api";
import type { Delivery } from "../store/store.ts";
import type { DeliveryFailure, Destination, Posted, Sent } from "./destination.ts";
import { retryAfterMs } from "./retry-after.ts";
import { failureOf } from "./slack-errors.ts";

/** How Slack is reached. */
export type SlackOptions = {
  readonly token: string;
  /** Base of the Web API, ending in a slash; undefined is Slack's own. */
  readonly apiUrl?: string | undefined;
  /** How requests are made; tests bring a Slack without a port. */
  readonly fetch?: typeof globalThis.fetch;
};

/** Below the ten seconds in which the relay must be able to stop: a message under way is then always recorded. */
const ANSWER_WITHIN_MS = 8000;

/** Slack's client, which asks once and says what came of it. */
export function slackClient({ token, apiUrl, fetch }: SlackOptions): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/` }),
    ...(fetch === undefined ? {} : { fetch }),
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: ANSWER_WITHIN_MS,
    // What it would log holds the token's owner and our messages; failures are logged where they are decided on.
    logger: SILENT,
  });
}

/** Slack as a destination. */
export function slackDestination(options: SlackOptions): Destination {
  const client = slackClient(options);
  return {
    send: async (delivery) => {
      try {
        return await post(client, delivery);
      } catch (error) {
        return { failure: failureFrom(error) };
      }
    },
    find: async (delivery) => {
      try {
        return await find(client, delivery);
      } catch (error) {
        return { failure: failureFrom(error) };
      }
    },
    edit: async (posted, message) => {
      try {
        await edit(client, posted, message);
        return undefined;
      } catch (error) {
        return failureFrom(error);
      }
    },
    check: async () => {
      try {
        await client.auth.test();
        return undefined;
      } catch (error) {
        return failureFrom(error);
      }
    },
  };
}

/** Asks Slack where messages are. It answers undefined for one that is gone, and when Slack does not answer. */
export function slackPermalinks(options: SlackOptions): (posted: Posted) => Promise<string | undefined> {
  const client = slackClient(options);
  return async ({ channelId, ts }) => {
    try {
      return (await client.chat.getPermalink({ channel: channelId, message_ts: ts })).permalink;
    } catch {
      return undefined;
    }
  };
}

async function post(client: WebClient, delivery: Delivery): Promise<Sent> {
  const { id, customerId, channelId, body, counted, root, isBroadcast } = delivery;
  const message: Record<string, unknown> = JSON.parse(body);
  const metadata = noticeMetadata(id, customerId, counted);
  const thread = root ? { thread_ts: root.ts, reply_broadcast: isBroadcast } : {};
  const answer = await client.apiCall("chat.postMessage", { ...message, ...thread, channel: channelId, metadata });
  if ("ts" in answer && typeof answer.ts === "string") return { ts: answer.ts };
  return { failure: { kind: "retry", reason: "Slack said ok without a ts" } };
}

/** Slack's clock and ours may differ by so much. */
const CLOCKS_DIFFER_SECONDS = 300;
const PAGE = 200;
/** A channel takes about a message a second: more pages than that many messages are not since the message was made. */
const MOST_PAGES = 10;

/**
 * Looks for a message by the id in its metadata, since it was made: in its thread, and in its channel, where a reply
 * ends up when its root was deleted.
 */
async function find(client: WebClient, delivery: Delivery): Promise<Sent | undefined> {
  const { root } = delivery;
  const inThread = root && (await findIn(delivery, repliesOf(client, root.ts)));
  return inThread ?? findIn(delivery, (asked) => client.conversations.history(asked));
}

type Read = (asked: { readonly channel: string }) => Promise<ConversationsHistoryResponse>;

/** A thread's messages; none when it is gone. */
function repliesOf(client: WebClient, ts: string): Read {
  return async (asked) => {
    try {
      return await client.conversations.replies({ ...asked, ts });
    } catch (error) {
      if (isCoded(error) && error.data?.error === "thread_not_found") return { ok: true, messages: [] };
      throw error;
    }
  };
}

async function findIn({ id, channelId, createdAt }: Delivery, read: Read): Promise<Sent | undefined> {
  const oldest = String(Math.floor(createdAt.getTime() / 1000) - CLOCKS_DIFFER_SECONDS);
  const asked = { channel: channelId, oldest, limit: PAGE, include_all_metadata: true };
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await read({ ...asked, ...(cursor ? { cursor } : {}) });
    for (const { ts, metadata } of answer.messages ?? []) {
      const payload: unknown = metadata?.event_payload;
      if (ts !== undefined && isDelivery(payload, id)) return { ts };
    }
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

function isDelivery(payload: unknown, id: string): boolean {
  return typeof payload === "object" && payload !== null && "delivery" in payload && payload.delivery === id;
}

async function edit(client: WebClient, { channelId, ts }: Posted, message: Message): Promise<void> {
  const { text, blocks, attachments } = message;
  await client.apiCall("chat.update", { channel: channelId, ts, text, blocks, attachments });
}

const RATE_LIMITED: DeliveryFailure = { kind: "wait", afterMs: retryAfterMs(undefined) };

/** What an error of {@link slackClient} means, by its code. */
export function failureFrom(error: unknown): DeliveryFailure {
  // Slack leaves the header out at times, and its client then throws an error of no kind.
  if (error instanceof Error && /retry-after header/.test(error.message)) return RATE_LIMITED;
  if (!isCoded(error)) return { kind: "retry", reason: textOf(error) };
  if (error.code === "slack_webapi_rate_limited_error") {
    return { kind: "wait", afterMs: retryAfterMs(error.retryAfter) };
  }
  if (error.code === "slack_webapi_platform_error") return failureOf(error.data?.error ?? "unknown_error");
  if (error.code === "slack_webapi_http_error") {
    if (error.statusCode === 429) return RATE_LIMITED;
    return { kind: "retry", reason: `Slack answered HTTP ${error.statusCode}` };
  }
  return { kind: "retry", reason: textOf(error) };
}

type Coded = Error & {
  readonly code: `${ErrorCode}`;
  readonly retryAfter?: number;
  readonly statusCode?: number;
  readonly data?: { readonly error?: string };
};

function isCoded(error: unknown): error is Coded {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/xox[a-z]-[\w-]+/g, "[token]").slice(0, 300);
}

const nothing = (): void => undefined;
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => "error" as never,
  setName: nothing,
};
