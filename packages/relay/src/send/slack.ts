/**
 * Posts to Slack through its own client, with the client's cleverness switched off: left on, it stops every channel for
 * one channel's 429, and retries time-outs that may have landed. Pace and retries are ours (deliver.ts).
 */

import { noticeMetadata } from "@shirase/core/compose";
import { type ErrorCode, WebClient } from "@slack/web-api";
import type { Delivery } from "../store/store.ts";
import type { DeliveryFailure, Destination, Sent } from "./destination.ts";
import { retryAfterMs } from "./retry-after.ts";
import { failureOf } from "./slack-errors.ts";

/** How Slack is reached. */
export type SlackOptions = {
  readonly token: string;
  /** Base of the Web API, ending in a slash; undefined is Slack's own. */
  readonly apiUrl?: string | undefined;
};

/** Below the ten seconds in which the relay must be able to stop: a message under way is then always recorded. */
const ANSWER_WITHIN_MS = 8000;

/** Slack's client, which asks once and says what came of it. */
export function slackClient({ token, apiUrl }: SlackOptions): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/` }),
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

async function post(client: WebClient, delivery: Delivery): Promise<Sent> {
  const { id, customerId, channelId, message } = delivery;
  const body: Record<string, unknown> = JSON.parse(message);
  const metadata = noticeMetadata(id, customerId, 1);
  const answer = await client.apiCall("chat.postMessage", { ...body, channel: channelId, metadata });
  if ("ts" in answer && typeof answer.ts === "string") return { ts: answer.ts };
  return { failure: { kind: "retry", reason: "Slack said ok without a ts" } };
}

/** What an error of {@link slackClient} means, by its code. */
export function failureFrom(error: unknown): DeliveryFailure {
  if (!isCoded(error)) return { kind: "retry", reason: textOf(error) };
  if (error.code === "slack_webapi_rate_limited_error") {
    return { kind: "wait", afterMs: retryAfterMs(error.retryAfter) };
  }
  if (error.code === "slack_webapi_platform_error") return failureOf(error.data?.error ?? "unknown_error");
  if (error.code === "slack_webapi_http_error") {
    if (error.statusCode === 429) return { kind: "wait", afterMs: retryAfterMs(undefined) };
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
