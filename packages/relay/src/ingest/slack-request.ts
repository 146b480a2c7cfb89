/**
 * What Slack sends to an app: a click, a command, an event, or the question whether somebody is there. Only what is
 * safe to write down is read out: who, where, which button. Never `response_url` and `trigger_id`, with which whoever
 * reads a log could answer in our name, and no text that somebody typed.
 *
 * @see https://docs.slack.dev/interactivity/handling-user-interaction
 * @see https://docs.slack.dev/apis/events-api/using-http-request-urls
 */
import { isObject } from "@shirase/core/event";

/** What came. `challenge` is to be sent back. */
export type SlackRequest =
  | { readonly kind: "challenge"; readonly challenge: string }
  | { readonly kind: "said"; readonly said: SlackSaid }
  | { readonly kind: "unread" };

/** Ids and names, each at most {@link LONGEST} characters. */
export type SlackSaid = {
  /** `block_actions`, `view_submission`, `event_callback`, or `command`. */
  readonly type: string;
  readonly userId?: string;
  readonly channelId?: string;
  /** Ids of the buttons, as the card gave them; a command's name; an event's type. */
  readonly names: readonly string[];
};

const LONGEST = 80;
const MOST_NAMES = 10;

/** Reads a body: JSON of the events API, or a form of a click or a command. Never throws. */
export function readSlackRequest(body: string): SlackRequest {
  if (body.startsWith("{")) return readEvent(parse(body));
  const form = new URLSearchParams(body);
  const payload = form.get("payload");
  if (payload !== null) return readInteraction(parse(payload));
  const command = form.get("command");
  if (command === null) return { kind: "unread" };
  return said("command", [command], { userId: form.get("user_id"), channelId: form.get("channel_id") });
}

function readEvent(value: Readonly<Record<string, unknown>>): SlackRequest {
  const { type, challenge } = value;
  if (type === "url_verification" && typeof challenge === "string") return { kind: "challenge", challenge };
  const event = objectAt(value, "event");
  if (typeof type !== "string") return { kind: "unread" };
  return said(type, [event["type"]], { userId: event["user"], channelId: event["channel"] });
}

function readInteraction(value: Readonly<Record<string, unknown>>): SlackRequest {
  const { type, actions } = value;
  if (typeof type !== "string") return { kind: "unread" };
  const clicked = Array.isArray(actions) ? actions.map((one: unknown) => (isObject(one) ? one["action_id"] : "")) : [];
  const [userId, channelId] = [objectAt(value, "user")["id"], objectAt(value, "channel")["id"]];
  return said(type, [...clicked, value["callback_id"], objectAt(value, "view")["callback_id"]], { userId, channelId });
}

function said(
  type: string,
  names: readonly unknown[],
  { userId, channelId }: { readonly userId: unknown; readonly channelId: unknown },
): SlackRequest {
  const texts = names.flatMap((name) => (typeof name === "string" && name !== "" ? [name.slice(0, LONGEST)] : []));
  return {
    kind: "said",
    said: {
      type: type.slice(0, LONGEST),
      ...(typeof userId === "string" ? { userId: userId.slice(0, LONGEST) } : {}),
      ...(typeof channelId === "string" ? { channelId: channelId.slice(0, LONGEST) } : {}),
      names: texts.slice(0, MOST_NAMES),
    },
  };
}

function objectAt(value: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const found = value[key];
  return isObject(found) ? found : {};
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {}; // Signed by Slack and yet no JSON: answered as what nobody here reads.
  }
}
