/** An address that SNS topics of an emulator deliver to over HTTP, without asking who delivers. */
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { Emulator } from "./emulators.ts";

/** What a topic delivered. */
export type Heard = {
  readonly topicArn: string;
  readonly message: string;
  /** In milliseconds of `performance.now()`. */
  readonly at: number;
};

/** A running listener. */
export type TopicListener = {
  readonly url: string;
  readonly heard: readonly Heard[];
  /** Subscribes it to a topic. Resolves when the topic knows that the subscription is wanted. */
  readonly subscribe: (topicArn: string) => Promise<void>;
  /** Resolves when this topic's subscription is confirmed, whoever made it. */
  readonly confirmed: (topicArn: string) => Promise<void>;
  /** Resolves when the answer is true; asked after each delivery. @throws after 20 s. */
  readonly until: (holds: (heard: readonly Heard[]) => boolean) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const WITHIN_MS = 20_000;

/**
 * Starts it on 127.0.0.1.
 *
 * @param emulator - asked late: the listener may be started before it.
 * @param onMessage - hears each notification; SNS is answered when it is done, with 500 when it throws.
 */
export async function startTopicListener(
  emulator: () => Emulator,
  onMessage: (heard: Heard) => Promise<void> = () => Promise.resolve(),
): Promise<TopicListener> {
  const heard: Heard[] = [];
  const confirmed = new Set<string>();
  const changes = new EventEmitter();
  const until = async (holds: () => boolean): Promise<void> => {
    const signal = AbortSignal.timeout(WITHIN_MS);
    while (!holds()) await once(changes, "change", { signal });
  };
  const take = async (request: IncomingMessage): Promise<void> => {
    const delivery: Readonly<Record<string, string>> = JSON.parse(await textOf(request));
    const topicArn = delivery["TopicArn"] ?? "";
    if (delivery["Type"] === "Notification") {
      const one = { topicArn, message: delivery["Message"] ?? "", at: performance.now() };
      await onMessage(one);
      heard.push(one);
    } else {
      const answer = await fetch(`${emulator().endpoint}/${new URL(delivery["SubscribeURL"] ?? "").search}`);
      if (!answer.ok) throw new Error(`the subscription to ${topicArn} was not confirmed: ${await answer.text()}`);
      confirmed.add(topicArn);
    }
    changes.emit("change");
  };
  const server = createServer((request, response) => {
    take(request).then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/v1/sns`;
  return {
    url,
    heard,
    subscribe: async (topicArn) => {
      const client = clientOf(emulator(), topicArn);
      await client.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "http", Endpoint: url }));
      client.destroy();
      await until(() => confirmed.has(topicArn));
    },
    confirmed: (topicArn) => until(() => confirmed.has(topicArn)),
    until: (holds) => until(() => holds(heard)),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Deletes a topic, whoever hears it. */
export async function deleteTopic(emulator: Emulator, topicArn: string): Promise<void> {
  const client = clientOf(emulator, topicArn);
  await client.send(new DeleteTopicCommand({ TopicArn: topicArn }));
  client.destroy();
}

function clientOf(emulator: Emulator, topicArn: string): SNSClient {
  const [, , , region = "", account = ""] = topicArn.split(":");
  return new SNSClient(emulator.clientFor(account, region));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
