/**
 * A batch of SQS messages, each with an event or several: kept, or to come back by itself.
 *
 * What is no event is in quarantine and does not come back. What the store does not take comes back: after five times it
 * is a dead letter, which rings. A message that comes a second time changes nothing, and wakes its channel once more: the
 * run before may have died between keeping it and waking.
 */
import type { Arrival } from "@shirase/core/owner";
import { type Acceptor, accept, setAside } from "../accept.ts";
import { takeDelivered } from "../ingest/delivered.ts";
import { notingChannels } from "./noting-channels.ts";
import { comeBack, type SqsAnswer, type SqsRecord } from "./sqs-event.ts";
import { toldTogether } from "./told-together.ts";

/** What taking works with. */
export type Taking = {
  readonly acceptor: Acceptor;
  /** Something waits in these channels. Never throws: the clock tick looks as well. */
  readonly wake: (channelIds: readonly string[]) => Promise<void>;
  /** A message could not be kept. */
  readonly onFault: (messageId: string, error: unknown) => void;
};

/** Keeps them. @returns those that could not be kept. */
export async function takeRecords(
  records: readonly SqsRecord[],
  { acceptor, wake, onFault }: Taking,
  now: Date,
): Promise<SqsAnswer> {
  const { store } = acceptor;
  const { acceptor: together, channels } = notingChannels({
    ...acceptor,
    store: { ...store, tell: toldTogether(store.tell) },
  });
  const taker = {
    // An event that lies in a queue does not say on which bus it came: its account alone decides.
    accept: (values: readonly unknown[], _: Arrival, texts?: readonly string[]) =>
      accept(values, {}, together, now, texts),
    setAside: (text: string, reason: string) => setAside(text, reason, store, now),
  };
  const failed: SqsRecord[] = [];
  await Promise.all(
    records.map(async (record) => {
      try {
        await takeDelivered(record.body, {}, taker);
      } catch (error) {
        onFault(record.messageId, error);
        failed.push(record);
      }
    }),
  );
  await wake([...channels]);
  return comeBack(failed);
}
