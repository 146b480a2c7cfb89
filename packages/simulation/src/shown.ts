/** What a reader of the fake Slack has seen of which resources. */
import type { FakeSlack, LedgerEntry } from "@shirase/fake-slack";

/** Counts over the whole ledger. */
export type Shown = {
  /** How many messages name a resource. */
  readonly named: ReadonlyMap<string, number>;
  /** Deliveries that were shown more than once. */
  readonly twice: readonly string[];
  readonly hidden: number;
  readonly rateLimited: number;
};

const RESOURCE = /sg-[0-9a-f]{17}/g;

/** Reads a ledger as posted; edits name nothing new. */
export function shownIn(slack: FakeSlack): Shown {
  const named = new Map<string, number>();
  const deliveries = new Map<string, number>();
  let hidden = 0;
  for (const entry of slack.ledger()) {
    if (entry.hidden) {
      hidden += 1;
      continue;
    }
    const id = deliveryOf(entry);
    deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
    for (const resource of namedIn(entry)) named.set(resource, (named.get(resource) ?? 0) + 1);
  }
  const twice = [...deliveries].filter(([, count]) => count > 1).map(([id]) => id);
  return { named, twice, hidden, rateLimited: slack.counters().rateLimited };
}

/** The resources that a message names, each once. */
export function namedIn({ payload }: LedgerEntry): ReadonlySet<string> {
  const { text, blocks, attachments } = payload;
  return new Set(JSON.stringify([text, blocks, attachments]).match(RESOURCE) ?? []);
}

function deliveryOf({ payload, seq }: LedgerEntry): string {
  const told = payload.metadata?.["event_payload"] as { readonly delivery?: string } | undefined;
  return told?.delivery ?? `entry ${seq}`;
}
