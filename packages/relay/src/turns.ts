/**
 * Whose turn is it when Slack takes fewer messages than wait? What nobody has heard of before what was counted and is
 * only to be named; then the worst severity; within one severity the customer that was told longest ago, then the
 * channel. So a customer with ten thousand findings and one with a single one alternate, and the single one waits for
 * one message, not for ten thousand.
 *
 * Remembers turns in memory only: after a restart everybody begins alike.
 */
import type { Waiting } from "./store/store.ts";

/** A channel with something to do, for the customer that comes first there. */
export type Turn = Waiting & {
  /** A message is made and waits there: it goes before what is new. */
  readonly hasMessage: boolean;
};

/** What the deliverer asks. */
export type Turns = {
  /** Each channel once, in the order in which they may post. */
  readonly order: (waiting: readonly Waiting[]) => readonly Turn[];
  /** It was this channel's turn. */
  readonly took: (turn: Pick<Turn, "customerId" | "channelId">) => void;
};

/** Nobody has had a turn yet. */
export function createTurns(): Turns {
  const customers = new Map<string, number>();
  const channels = new Map<string, number>();
  let turn = 0;
  const last = (of: ReadonlyMap<string, number>, id: string): number => of.get(id) ?? 0;
  const compare = (a: Waiting, b: Waiting): number =>
    Number(a.stage === "names") - Number(b.stage === "names") ||
    b.severityRank - a.severityRank ||
    last(customers, a.customerId) - last(customers, b.customerId) ||
    last(channels, a.channelId) - last(channels, b.channelId) ||
    a.oldestAt.getTime() - b.oldestAt.getTime();
  return {
    order: (waiting) => {
      const turns = new Map<string, Turn>();
      for (const one of waiting.toSorted(compare)) {
        const isMessage = one.stage === "message";
        const known = turns.get(one.channelId);
        if (!known) turns.set(one.channelId, { ...one, hasMessage: isMessage });
        else if (isMessage) turns.set(one.channelId, { ...known, hasMessage: true });
        // A message says nothing of which customer's news wait behind it.
        else if (known.stage === "message") turns.set(one.channelId, { ...known, customerId: one.customerId });
      }
      return [...turns.values()];
    },
    took: ({ customerId, channelId }) => {
      turn += 1;
      customers.set(customerId, turn);
      channels.set(channelId, turn);
    },
  };
}
