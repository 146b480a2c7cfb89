/**
 * SNS over HTTPS: a subscription is confirmed, a notification's message is an EventBridge event. Only topics that the
 * config names are listened to, and only with SNS's signature.
 */
import { isObject } from "@shirase/core/event";
import type { Arrival } from "@shirase/core/owner";
import { isSnsUrl, type SnsMessage, signatureCheck } from "./sns-signature.ts";

/**
 * What came: an event, or a matter between SNS and us that is dealt with; or why it was refused for good; or why it
 * cannot be judged now. The last two differ to SNS: it tries again after a 5xx and forgets after a 4xx.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export type SnsDelivery =
  | { readonly event: string; readonly arrival: Arrival }
  | { readonly handled: string }
  | { readonly refused: string }
  | { readonly later: string };

/** Takes the body of one POST by SNS. */
export type SnsDoor = (body: string) => Promise<SnsDelivery>;

/** What the door needs. */
export type SnsOptions = {
  /** ARNs of the topics that may deliver. */
  readonly topics: readonly string[];
  /** GETs one of SNS's addresses: a certificate, or a SubscribeURL. */
  readonly fetchText: (url: string) => Promise<string>;
  readonly onHandled?: (what: string) => void;
};

/** Opens the door. */
export function snsDoor({ topics, fetchText, onHandled }: SnsOptions): SnsDoor {
  const check = signatureCheck(fetchText);
  return async (body) => {
    const message = readMessage(body);
    if (message === undefined) return { refused: "the body is no SNS delivery: a JSON object of strings" };
    const topic = message["TopicArn"] ?? "";
    if (!topics.includes(topic)) {
      return {
        refused: `the topic ${JSON.stringify(topic.slice(0, 300))} is not among ingest.sns.topics in the config`,
      };
    }
    const verdict = await check(message);
    if (verdict !== "good") {
      const unproved = "the delivery is not proved to be from SNS";
      return "bad" in verdict
        ? { refused: `${unproved}: ${verdict.bad}` }
        : { later: `${unproved} yet: ${verdict.unknown}` };
    }
    if (message["Type"] === "Notification") {
      return { event: message["Message"] ?? "", arrival: { bus: topic.slice(topic.lastIndexOf(":") + 1) } };
    }
    const handled = await answer(message, topic, fetchText);
    if ("handled" in handled) onHandled?.(handled.handled);
    return handled;
  };
}

async function answer(
  message: SnsMessage,
  topic: string,
  fetchText: SnsOptions["fetchText"],
): Promise<Exclude<SnsDelivery, { readonly event: string }>> {
  if (message["Type"] === "UnsubscribeConfirmation") return { handled: `SNS ended the subscription of ${topic}` };
  const url = message["SubscribeURL"] ?? "";
  if (!isSnsUrl(url)) return { refused: "SubscribeURL is not an address of SNS" };
  try {
    await fetchText(url);
    return { handled: `subscription of ${topic} confirmed` };
  } catch (error) {
    return { later: `SNS could not be told: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function readMessage(body: string): SnsMessage | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (!isObject(value)) return undefined;
    const strings = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return Object.fromEntries(strings);
  } catch {
    return undefined;
  }
}
