/**
 * In Amazon Q's place: hears SNS topics and posts to Slack channels, as another app, what Amazon Q would show.
 *
 * It shows what AWS documents: events of AWS services exactly as EventBridge delivers them, and custom notifications.
 * Everything else it drops without a word, as Amazon Q does; `dropped` tells a test. How its messages look is not to be
 * learnt from here; which texts are in them is.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
import type { Emulator } from "./emulators.ts";
import { startTopicListener } from "./topic-listener.ts";

/** Where it hears and where it speaks. */
export type AmazonQOptions = {
  readonly emulator: Emulator;
  /** The hub's. */
  readonly account: string;
  readonly region: string;
  /** Base of Slack's Web API, ending in a slash, and the token of an app that is not shirase's. */
  readonly slackApiUrl: string;
  readonly slackToken: string;
};

/** A running stand-in. */
export type AmazonQ = {
  /** Hears a topic of the hub's for a channel. Resolves when the topic knows that the subscription is wanted. */
  readonly configure: (topicName: string, channelId: string) => Promise<void>;
  /** What came and was not shown, and why. */
  readonly dropped: () => readonly Dropped[];
  readonly stop: () => Promise<void>;
};
export type Dropped = { readonly topicArn: string; readonly message: string; readonly why: string };

/** Starts it on 127.0.0.1. */
export async function startAmazonQ(options: AmazonQOptions): Promise<AmazonQ> {
  const channels = new Map<string, string>();
  const dropped: Dropped[] = [];
  const listener = await startTopicListener(
    () => options.emulator,
    async ({ topicArn, message }) => {
      const shown = shownOf(message);
      const channel = channels.get(topicArn);
      if ("why" in shown) dropped.push({ topicArn, message, why: shown.why });
      else if (channel === undefined) dropped.push({ topicArn, message, why: "no channel is configured for it" });
      else await post(shown, channel, options);
    },
  );
  return {
    configure: async (topicName, channelId) => {
      const topicArn = `arn:aws:sns:${options.region}:${options.account}:${topicName}`;
      channels.set(topicArn, channelId);
      await listener.subscribe(topicArn);
    },
    dropped: () => dropped,
    stop: listener.stop,
  };
}

/** What there is to read of a notification. */
export type Shown = { readonly title: string; readonly text: string };
type Json = { readonly [key: string]: unknown };

/** What Amazon Q would show of a message, or why nothing. */
export function shownOf(message: string): Shown | { readonly why: string } {
  const value = readObject(message);
  if (value === undefined) return { why: "no JSON object" };
  return value["source"] === "custom" ? customNotification(value) : serviceEvent(value);
}

const CONTENT_KEYS = ["textType", "title", "description", "nextSteps", "keywords"];

function customNotification({ version, content }: Json): Shown | { readonly why: string } {
  if (version !== "1.0") return { why: "a custom notification of another version than 1.0" };
  if (!isObject(content)) return { why: "a custom notification without content" };
  const foreign = Object.keys(content).find((key) => !CONTENT_KEYS.includes(key));
  if (foreign !== undefined) return { why: `a custom notification with ${foreign}` };
  const { textType, title = "", description } = content;
  if (typeof description !== "string" || description === "")
    return { why: "a custom notification without description" };
  if (typeof title !== "string") return { why: "a custom notification whose title is no text" };
  if (textType !== undefined && textType !== "client-markdown") return { why: "an unknown textType" };
  return { title, text: description };
}

/** EventBridge's envelope, with nothing missing and nothing added: an input transformer leaves its traces here. */
const ENVELOPE_KEYS = ["account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"];

function serviceEvent(event: Json): Shown | { readonly why: string } {
  const keys = Object.keys(event).sort();
  if (keys.join() !== ENVELOPE_KEYS.join())
    return { why: `not an event as EventBridge delivers it: ${keys.join(", ")}` };
  if (!String(event["source"]).startsWith("aws.")) return { why: `an event of ${event["source"]}, no AWS service` };
  const where = `account ${event["account"]} in ${event["region"]}`;
  return { title: `${event["detail-type"]} | ${where}`, text: findingText(event["detail"]) };
}

function findingText(detail: unknown): string {
  const findings = isObject(detail) && Array.isArray(detail["findings"]) ? (detail["findings"] as readonly Json[]) : [];
  return findings.flatMap(textsOf).join("\n");
}

/** Title and description, of ASFF and of OCSF. */
function textsOf(finding: Json): readonly unknown[] {
  const info = isObject(finding["finding_info"]) ? finding["finding_info"] : {};
  return [finding["Title"] ?? info["title"], finding["Description"] ?? info["desc"]].filter(
    (text) => text !== undefined,
  );
}

async function post({ title, text }: Shown, channel: string, options: AmazonQOptions): Promise<void> {
  const attachment = { color: "#2eb67d", title: escaped(title), text: escaped(text) };
  const answer = await fetch(`${options.slackApiUrl}chat.postMessage`, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${options.slackToken}` },
    body: JSON.stringify({ channel, text: escaped(title), attachments: [attachment] }),
  });
  const { ok, error } = (await answer.json()) as { readonly ok: boolean; readonly error?: string };
  if (!ok) throw new Error(`Slack refused what Amazon Q posted: ${error}`);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function readObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON: Amazon Q does not show it either.
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
