/**
 * Writes digests: once a minute, whose time has come. Each is written once, over restarts as well: its message's id says
 * whose it is and of which day, and the store keeps a message of the same id once.
 */
import { type DigestFacts, digestOf } from "@shirase/core/digest";
import { type DueDigest, dueDigests } from "@shirase/core/digest-due";
import { severityOfRank } from "@shirase/core/finding";
import type { Pulse } from "@shirase/core/heartbeat";
import { shortResource } from "@shirase/core/identity";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { holding, type Silencers } from "@shirase/core/silence";
import type { Clock } from "./clock.ts";
import type { Reads } from "./console/reads.ts";
import type { NewMessage, Store } from "./store/store.ts";

/** What a look works with. */
export type Digesting = {
  readonly store: Pick<Store, "enqueue" | "silencedCounts">;
  readonly reads: Pick<Reads, "figures" | "oldest">;
  readonly customers: ReadonlyMap<string, ResolvedCustomer>;
  readonly silencers: () => Silencers;
  readonly pulses: () => Promise<readonly Pulse[]>;
  readonly clock: Clock;
  /** One was written. */
  readonly onWritten: (due: DueDigest, customerId: string) => void;
};

const LOOK_EVERY_MS = 60_000;
const MOST_OLDEST = 5;

/** Writes digests until it is told to stop. @param onFault - it is tried again a minute later. */
export async function keepWritingDigests(
  digesting: Digesting,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const written = new Set<string>();
  while (!signal.aborted) {
    await writeDue(digesting, written).catch(onFault);
    await digesting.clock.wait(LOOK_EVERY_MS, signal);
  }
}

/** Looks once. @param written - ids of those that need no second look; the store knows them as well. */
export async function writeDue(digesting: Digesting, written: Set<string>): Promise<void> {
  const { store, customers, clock, onWritten } = digesting;
  const now = clock.now();
  for (const customer of customers.values()) {
    for (const due of dueDigests(customer, now)) {
      if (written.has(due.id)) continue;
      const facts = await factsOf(due, customer, digesting);
      await store.enqueue(messageOf(due, facts, customer), now);
      written.add(due.id);
      onWritten(due, customer.id);
    }
  }
}

async function factsOf(due: DueDigest, { id }: ResolvedCustomer, digesting: Digesting): Promise<DigestFacts> {
  const { reads, store, silencers, pulses, clock } = digesting;
  const held = holding(silencers().get(id) ?? [], clock.now());
  const [[figures], oldest, beats, counts] = await Promise.all([
    reads.figures([{ customerId: id, since: due.since }]),
    reads.oldest(id, MOST_OLDEST),
    pulses(),
    store.silencedCounts(held.map((silence) => silence.id)),
  ]);
  return {
    opened: figures?.openedSince ?? 0,
    resolved: figures?.resolvedSince ?? 0,
    open: figures?.open ?? {},
    oldest: oldest.map(({ key, title, severityRank, openedAt }) => {
      const [account = "", , cause = "", resource = ""] = key.split("|");
      const severity = severityOfRank(severityRank);
      return { title: title === "" ? cause : title, severity, resource: shortResource(resource), account, openedAt };
    }),
    silences: held.length,
    silenced: [...counts.values()].reduce((sum, count) => sum + count, 0),
    dead: figures?.dead ?? 0,
    silent: beats.filter(({ customerId, state }) => customerId === id && state === "missed").length,
  };
}

function messageOf(due: DueDigest, facts: DigestFacts, customer: ResolvedCustomer): NewMessage {
  return {
    id: due.id,
    customerId: customer.id,
    channelId: customer.slack.channel,
    kind: "note",
    // It waits for whatever is new.
    severityRank: 0,
    body: JSON.stringify(digestOf(due, facts, customer)),
    counted: 0,
    isBroadcast: false,
  };
}
