/**
 * How long to leave a channel, and a single message, alone after failures.
 *
 * Nobody can tell from one failure whether Slack, the channel or the message is at fault. So the channel rests after
 * each, longer each time; and a message that failed thrice is held back by itself, so that the next ones of its channel
 * may try: one message that Slack chokes on must not silence a customer for a day. When a channel works again after
 * an outage, what it held back was not at fault, and is let go.
 *
 * Numbers in memory; takes `now`. Who sends and who gives up is deliver.ts.
 */
import { backoffMs } from "./backoff.ts";

/** What the deliverer asks. Times are milliseconds of one clock that nobody sets. */
export type Patience = {
  /**
   * A delivery failed and will be tried again.
   *
   * @param tries - how often it was tried, this time included.
   * @param random - 0 up to 1, for jitter.
   * @returns until when its channel rests.
   */
  readonly failed: (failure: Failure) => number;
  /** Something was sent in this channel. */
  readonly worked: (channelId: string) => void;
  /** Deliveries of this channel that are not to be tried now. */
  readonly held: (channelId: string, now: number) => readonly string[];
  /** When the first of them is let go; undefined when none is held. */
  readonly nextRelease: (channelId: string) => number | undefined;
  /** What is remembered of a channel, for a process that will not be here the next time. */
  readonly memoryOf: (channelId: string) => PatienceMemory;
};

/** Failures in a row, and what is held back until when. */
export type PatienceMemory = {
  readonly inARow: number;
  readonly holds: readonly (readonly [id: string, until: number])[];
};

/** One failure. */
export type Failure = {
  readonly id: string;
  readonly channelId: string;
  readonly tries: number;
  readonly now: number;
  readonly random: number;
};

const TRIES_BEFORE_HELD = 3;
const LONGEST_BACKOFF_MS = 5 * 60_000;

/**
 * Nothing has failed yet, as far as this process knows.
 *
 * @param before - what another process remembered, by channel.
 */
export function createPatience(before: ReadonlyMap<string, PatienceMemory> = new Map()): Patience {
  /** Failures in a row, by channel. */
  const troubles = new Map<string, number>();
  /** Release times by delivery, by channel. */
  const holds = new Map<string, Map<string, number>>();
  for (const [channelId, memory] of before) {
    if (memory.inARow > 0) troubles.set(channelId, memory.inARow);
    if (memory.holds.length > 0) holds.set(channelId, new Map(memory.holds));
  }
  return {
    failed: ({ id, channelId, tries, now, random }) => {
      const inARow = (troubles.get(channelId) ?? 0) + 1;
      troubles.set(channelId, inARow);
      const restUntil = now + backoffMs(inARow, random, LONGEST_BACKOFF_MS);
      if (tries >= TRIES_BEFORE_HELD) {
        const held = holds.get(channelId) ?? new Map<string, number>();
        // Longer than its channel rests, or it would be the first to try again.
        holds.set(channelId, held.set(id, restUntil + backoffMs(tries, random, LONGEST_BACKOFF_MS)));
      }
      return restUntil;
    },
    worked: (channelId) => {
      if ((troubles.get(channelId) ?? 0) > TRIES_BEFORE_HELD) holds.delete(channelId);
      troubles.delete(channelId);
    },
    held: (channelId, now) => {
      const held = holds.get(channelId);
      if (!held) return [];
      for (const [id, until] of held) if (until <= now) held.delete(id);
      if (held.size === 0) holds.delete(channelId);
      return [...held.keys()];
    },
    nextRelease: (channelId) => {
      const held = holds.get(channelId);
      return held === undefined ? undefined : Math.min(...held.values());
    },
    memoryOf: (channelId) => ({
      inARow: troubles.get(channelId) ?? 0,
      holds: [...(holds.get(channelId) ?? [])],
    }),
  };
}
