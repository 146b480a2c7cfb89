/**
 * Wake-ups: one message in the FIFO queue says that something waits in a channel. Its group is the channel, so one run at
 * a time works there, and what is said meanwhile waits behind it and finds nothing left to do.
 *
 * Each wake-up has an id of its own. One made of the channel's name would be swallowed for five minutes after the first,
 * also when the first is long done.
 */
import { randomUUID } from "node:crypto";
import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { pagesOf } from "../store/dynamodb-table.ts";

/** What a wake-up says. */
export type WakeUp = { readonly channelId: string };

/** The queue of wake-ups. */
export type Waker = {
  /** @throws what SQS says: some were not woken. */
  readonly wake: (channelIds: readonly string[]) => Promise<void>;
  /** This wake-up comes again after so long, and nothing of its channel before. @param seconds - whole, up to 43,200. */
  readonly later: (receiptHandle: string, seconds: number) => Promise<void>;
};

const MOST_IN_BATCH = 10;

/** The queue by its address. */
export function wakerOf(client: SQSClient, queueUrl: string): Waker {
  return {
    wake: async (channelIds) => {
      await Promise.all(
        pagesOf(channelIds, MOST_IN_BATCH).map(async (page) => {
          const entries = page.map((channelId, index) => ({
            Id: String(index),
            MessageGroupId: channelId,
            MessageDeduplicationId: randomUUID(),
            MessageBody: JSON.stringify({ channelId } satisfies WakeUp),
          }));
          const { Failed: failed = [] } = await client.send(
            new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
          );
          if (failed.length > 0) throw new Error(`${failed.length} wake-ups were refused: ${failed[0]?.Message}`);
        }),
      );
    },
    later: async (receiptHandle, seconds) => {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
  };
}
