/** SQS queues of an emulator, as tests fill, count and empty them. */
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Emulator } from "./emulators.ts";

/** An account in a region. */
export type AwsPlace = { readonly account: string; readonly region: string };

/** A message and when it was received, in milliseconds of `performance.now()`. */
export type Received = Message & { readonly at: number };

/** A queue. */
export type TestQueue = {
  readonly arn: string;
  readonly send: (bodies: readonly string[]) => Promise<void>;
  /** Messages that wait and messages in somebody's hand: all that were not deleted. */
  readonly count: () => Promise<number>;
  /** Takes and deletes what comes until nothing has come for a second. */
  readonly drain: () => Promise<readonly Received[]>;
  /** Receives once and never deletes, as a reader does that is killed. @returns how many it has. */
  readonly hold: () => Promise<number>;
  /** Deletes the queue itself. */
  readonly destroy: () => Promise<void>;
};

const MOST_IN_A_BATCH = 10;

/** Makes a queue, with SQS's attributes (`VisibilityTimeout`, `RedrivePolicy`). */
export async function createQueue(
  emulator: Emulator,
  place: AwsPlace,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<TestQueue> {
  const client = new SQSClient(emulator.clientFor(place.account, place.region));
  await client.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes } }));
  client.destroy();
  return openQueue(emulator, place, name);
}

/** A queue that is there already. @throws when it is not. */
export async function openQueue(emulator: Emulator, place: AwsPlace, name: string): Promise<TestQueue> {
  const client = new SQSClient(emulator.clientFor(place.account, place.region));
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  return {
    arn: `arn:aws:sqs:${place.region}:${place.account}:${name}`,
    send: async (bodies) => {
      for (let start = 0; start < bodies.length; start += MOST_IN_A_BATCH) {
        const batch = bodies.slice(start, start + MOST_IN_A_BATCH);
        const Entries = batch.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
        if (Failed.length > 0) throw new Error(`${Failed.length} messages were not taken: ${Failed[0]?.Message}`);
      }
    },
    count: async () => {
      const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
      const { Attributes = {} } = await client.send(asked);
      return names.reduce((sum, one) => sum + Number(Attributes[one]), 0);
    },
    drain: () => drain(client, QueueUrl),
    hold: async () => {
      const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: MOST_IN_A_BATCH, WaitTimeSeconds: 1 });
      const { Messages = [] } = await client.send(asked);
      return Messages.length;
    },
    destroy: async () => {
      await client.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

async function drain(client: SQSClient, QueueUrl: string | undefined): Promise<readonly Received[]> {
  const received: Received[] = [];
  while (true) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: MOST_IN_A_BATCH,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) return received;
    const at = performance.now();
    received.push(...Messages.map((message) => ({ ...message, at })));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
