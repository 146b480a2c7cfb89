/**
 * Whose turn is it when Slack takes fewer messages than wait? The worst severity first; within one severity the
 * customer that was told longest ago, then the channel. So a customer with ten thousand findings and one with a single
 * one alternate, and the single one waits for one message, not for ten thousand.
 *
 * Remembers turns in memory only: after a restart everybody begins alike.
 */
import type { Waiting } from "./store/store.ts";

/** What the deliverer asks. */
export type Turns = {
  /** Channels in the order in which they may post. @param waiting - worst first, then oldest; kept among equals. */
  readonly order: (waiting: readonly Waiting[]) => readonly Waiting[];
  /** It was this channel's turn. */
  readonly took: (waiting: Waiting) => void;
};

/** Nobody has had a turn yet. */
export function createTurns(): Turns {
  const customers = new Map<string, number>();
  const channels = new Map<string, number>();
  let turn = 0;
  const last = (of: ReadonlyMap<string, number>, id: string): number => of.get(id) ?? 0;
  return {
    order: (waiting) =>
      waiting.toSorted(
        (a, b) =>
          b.severityRank - a.severityRank ||
          last(customers, a.customerId) - last(customers, b.customerId) ||
          last(channels, a.channelId) - last(channels, b.channelId),
      ),
    took: ({ customerId, channelId }) => {
      turn += 1;
      customers.set(customerId, turn);
      channels.set(channelId, turn);
    },
  };
}
