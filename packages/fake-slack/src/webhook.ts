/**
 * Incoming webhooks: `POST /services/TEAM/B…/X…`. A message for one fixed channel, answered `ok` or a bare error code.
 *
 * A webhook gives no `ts` back, so nothing it posts can be threaded or updated later. Its statuses differ from the
 * API's: 400 for what is wrong with the message, 403, 404 and 410 for what is wrong with the address.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
import { readCall, toArgs } from "./call.ts";
import type { Channel } from "./channel.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import { post } from "./posting.ts";
import { delay, faultName, plainText, type Reply, rateLimited, statusOf, strikeAfter, strikeBefore } from "./reply.ts";
import type { Workspace } from "./workspace.ts";

/** The three parts of a webhook's address. */
export type WebhookAddress = { readonly team: string; readonly service: string; readonly secret: string };

/** The path of a channel's webhook; each channel has one. */
export function webhookPath(channelId: string, teamId: string): string {
  return `/services/${teamId}/B${channelId}/X${channelId}`;
}

/** Answers one post to a webhook. */
export async function answerWebhook(request: Request, address: WebhookAddress, workspace: Workspace): Promise<Reply> {
  const now = workspace.now();
  const channelId = address.service.slice(1);
  const channel = workspace.channels().find((known) => known.id === channelId);
  const body = await readBody(request);
  workspace.ledger.count("webhook");
  const refuse = (status: number, error: string, detail: readonly string[] = []): void =>
    workspace.ledger.refuse({ receivedAt: now, method: "webhook", channel: channelId, status, error, detail });

  const fault = workspace.faults.strike({ method: "webhook", channel: channelId, now });
  const struck = strikeBefore(fault, "webhook");
  if (struck) {
    refuse(statusOf(struck), faultName(fault));
    return struck;
  }
  if (fault?.kind === "slow" && fault.when === "before") await delay(fault.delayMs);
  const denied = deny(address, channel, body, workspace);
  if (denied || !channel || !body) return sayNo(denied ?? [404, "no_service"], refuse);
  const { bot } = workspace;
  const pace = workspace.pacer(bot).post(channel.id, now);
  if (pace.kind === "refuse") {
    refuse(429, "rate_limited");
    return rateLimited(pace.retryAfterSeconds, "webhook");
  }
  const origin = new URL(request.url).origin;
  const posted = post(
    "webhook",
    channel,
    { args: toArgs(body), bot, now, origin, isHidden: pace.kind === "hide" },
    workspace,
  );
  if ("entry" in posted) return strikeAfter(plainText(200, "ok"), fault, "webhook");
  refuse(400, posted.refusal.error, posted.refusal.detail);
  return plainText(400, posted.refusal.error);
}

type No = readonly [status: number, error: string];

function sayNo([status, error]: No, refuse: (status: number, error: string) => void): Reply {
  refuse(status, error);
  return plainText(status, error);
}

function deny(
  address: WebhookAddress,
  channel: Channel | undefined,
  body: JsonObject | undefined,
  workspace: Workspace,
): No | undefined {
  if (address.team !== workspace.team.id || !/^B/.test(address.service)) return [404, "no_team"];
  if (!channel) return [404, "no_service"];
  if (address.secret !== `X${channel.id}`) return [403, "invalid_token"];
  if (channel.isArchived) return [410, "channel_is_archived"];
  return body ? undefined : [400, "invalid_payload"];
}

/** JSON as the body, or in a form's `payload` field. */
async function readBody(request: Request): Promise<JsonObject | undefined> {
  const contentType = request.headers.get("content-type") ?? "";
  if (contentType.startsWith("application/x-www-form-urlencoded")) {
    const call = await readCall(request);
    const payload = "args" in call ? call.args.structure("payload") : undefined;
    return isObject(payload) ? payload : undefined;
  }
  const parsed = parseJson(await request.text());
  return isObject(parsed) ? parsed : undefined;
}
