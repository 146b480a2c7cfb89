/**
 * In Amazon Q's place: hears SNS topics and posts to a Slack channel, as another app, what Amazon Q would show.
 *
 * It shows custom notifications and Security Hub's findings, and drops everything else without a word, as Amazon Q does
 * with what it does not know. How its messages look is not to be learnt from here; which texts are in them is.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
import { createServer, type IncomingMessage } from "node:http";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { Emulator } from "./emulators.ts";

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
  readonly stop: () => Promise<void>;
};

/** Starts it on 127.0.0.1. */
export async function startAmazonQ(options: AmazonQOptions): Promise<AmazonQ> {
  const { emulator, account, region } = options;
  const channels = new Map<string, string>();
  const confirmed = new Map<string, () => void>();
  const hear = async (request: IncomingMessage): Promise<void> => {
    const delivery: Readonly<Record<string, string>> = JSON.parse(await textOf(request));
    const topic = delivery["TopicArn"] ?? "";
    if (delivery["Type"] === "SubscriptionConfirmation") {
      await fetch(`${emulator.endpoint}/${new URL(delivery["SubscribeURL"] ?? "").search}`);
      confirmed.get(topic)?.();
      return;
    }
    const shown = shownOf(JSON.parse(delivery["Message"] ?? "null"));
    const channel = channels.get(topic);
    if (shown !== undefined && channel !== undefined) await post(shown, channel, options);
  };
  const server = createServer((request, response) => {
    hear(request).then(
      () => response.writeHead(200).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const topics = new SNSClient(emulator.clientFor(account, region));
  return {
    configure: async (topicName, channelId) => {
      const TopicArn = `arn:aws:sns:${region}:${account}:${topicName}`;
      channels.set(TopicArn, channelId);
      const known = new Promise<void>((resolve) => confirmed.set(TopicArn, resolve));
      const Endpoint = `http://127.0.0.1:${port}/`;
      await topics.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint }));
      await known;
    },
    stop: () =>
      new Promise((resolve) => {
        topics.destroy();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Shown = { readonly title: string; readonly text: string };

/** What there is to read of a notification; undefined for what Amazon Q does not know. */
function shownOf(message: unknown): Shown | undefined {
  const { source, content, detail } = message as {
    readonly source?: string;
    readonly content?: { readonly title?: string; readonly description?: string };
    readonly detail?: { readonly findings?: readonly Readonly<Record<string, string>>[] };
  };
  if (source === "custom" && content?.description) return { title: content.title ?? "", text: content.description };
  const [finding] = detail?.findings ?? [];
  if (source !== "aws.securityhub" || finding === undefined) return undefined;
  return { title: `Security Hub: ${finding["Title"]}`, text: finding["Description"] ?? "" };
}

async function post(shown: Shown, channel: string, { slackApiUrl, slackToken }: AmazonQOptions): Promise<void> {
  const answer = await fetch(`${slackApiUrl}chat.postMessage`, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${slackToken}` },
    body: JSON.stringify({ channel, text: shown.title, attachments: [{ color: "#2eb67d", ...shown }] }),
  });
  const { ok, error } = (await answer.json()) as { readonly ok: boolean; readonly error?: string };
  if (!ok) throw new Error(`Slack refused what Amazon Q posted: ${error}`);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
