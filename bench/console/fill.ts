/** A relay's data folder with many problems known, as the console's benches need it. */
import { Config } from "@shirase/core/config";
import { readEnvelope } from "@shirase/core/event";
import { hear } from "@shirase/core/hear";
import { prepare } from "@shirase/core/prepare";
import type { NewMessage, Store } from "@shirase/relay/store/store";
import { type LoadCustomer, loadConfig, securityHubEvent } from "@shirase/testkit/load";

const BATCH = 500;

/**
 * Tells a store of so many open problems, each once.
 *
 * @param whose - the customer of problem n.
 */
export async function fill(
  store: Pick<Store, "tell">,
  customers: readonly LoadCustomer[],
  problems: number,
  whose: (n: number) => LoadCustomer | undefined,
  now: Date,
): Promise<void> {
  const prepared = prepare(Config.parse(loadConfig(customers)));
  for (let start = 0; start < problems; start += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, problems - start) }, (_, index) => {
      const customer = whose(start + index);
      if (!customer) throw new Error("no customer");
      const read = readEnvelope(securityHubEvent(customer, start + index, 0, {}));
      if (!("event" in read)) throw new Error(read.problem.message);
      return { heard: hear(read.event, {}, prepared), body: () => "{}" };
    });
    await store.tell(events, now);
  }
}

/** As many as a card of one cause tells at once, at most. */
const TOLD_TOGETHER = 50;

/**
 * Marks all that waits as told, in messages that Slack took: to tell so much by Slack's limits would take an hour.
 *
 * @throws when something waits still.
 */
export async function markTold(
  store: Store,
  customers: readonly LoadCustomer[],
  problems: number,
  now: Date,
): Promise<void> {
  for (const [index, { id: customerId, channel: channelId }] of customers.entries()) {
    // A notice for each problem, in the order in which they came, customer by customer in turn.
    const seqs = Array.from(
      { length: Math.ceil((problems - index) / customers.length) },
      (_, n) => n * customers.length + index + 1,
    );
    for (let from = 0; from < seqs.length; from += TOLD_TOGETHER) {
      const some = seqs.slice(from, from + TOLD_TOGETHER);
      const text = `${some.length} findings of ${customerId}`;
      const id = `${customerId}-${from}`;
      const about = {
        id,
        customerId,
        channelId,
        kind: "card",
        severityRank: 4,
        counted: some.length,
        causeKey: id,
      } as const;
      const message: NewMessage = { ...about, isBroadcast: false, body: JSON.stringify({ text, blocks: [] }) };
      await store.claim(message, { seqs: some }, now);
      await store.markSent(id, `${1_700_000_000 + from}.${String(index).padStart(6, "0")}`, now);
    }
  }
  const left = await store.waiting();
  if (left.length > 0) throw new Error(`something waits in ${left.length} channels`);
}
