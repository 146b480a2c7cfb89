/**
 * How long to leave a channel, and a single message, alone after failures.
 *
 * Nobody can tell from one failure whether Slack, the channel or the message is at fault. So the channel rests after
 * each, longer each time; and a message that failed thrice is held back by itself, so that the next ones of its channel
 * may try: one message that Slack chokes on must not silence a customer for a day. When a channel works again after
 * an outage, what it held back was not at fault, and is let go.
 *
 * When two channels fail and nothing works, it is Slack that is down: then one channel at a time tries, and when it works
 * all of them go on at once, none of them resting because it failed often.
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
  /** Something was sent in this channel. If Slack was down, all that rested because of it may go on. */
  readonly worked: (channelId: string, now: number) => void;
  /** How long a channel still rests; while Slack is down, all rest until one of them may see whether it is up. */
  readonly restMs: (channelId: string, now: number) => number;
  /** Some channel is about to try. */
  readonly tries: (now: number) => void;
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

/** An answer that was lost may overtake its message: its channel is asked no sooner than this. */
export const DOUBT_RESTS_MS = 2000;
const TRIES_BEFORE_HELD = 3;
const LONGEST_BACKOFF_MS = 5 * 60_000;
/** While Slack is down, one channel at a time finds out whether it is up again: this often, less often as it lasts. */
const [PROBE_SOONEST_MS, PROBE_LATEST_MS] = [4000, 30_000];

const LONG_AGO = Number.NEGATIVE_INFINITY;

type Trouble = { readonly inARow: number; readonly failedAt: number; readonly restUntil: number };

/**
 * Nothing has failed yet, as far as this process knows.
 *
 * @param before - what another process remembered, by channel.
 */
export function createPatience(before: ReadonlyMap<string, PatienceMemory> = new Map()): Patience {
  /** By channel. */
  const troubles = new Map<string, Trouble>();
  /** Release times by delivery, by channel. */
  const holds = new Map<string, Map<string, number>>();
  for (const [channelId, { inARow, holds: held }] of before) {
    if (inARow > 0) troubles.set(channelId, { inARow, failedAt: LONG_AGO, restUntil: LONG_AGO });
    if (held.length > 0) holds.set(channelId, new Map(held));
  }
  let workedAt = LONG_AGO;
  /** Since when Slack is down, and when it may be asked again. */
  let down: { readonly since: number; readonly probeAt: number } | undefined;

  /** Two channels in trouble, and nothing worked since: it is not the channels. */
  const isSlackDown = (): boolean => [...troubles.values()].filter(({ failedAt }) => failedAt > workedAt).length > 1;
  const letGo = (now: number): void => {
    for (const [channelId, trouble] of troubles) {
      if (trouble.failedAt <= workedAt) continue;
      troubles.set(channelId, { ...trouble, restUntil: Math.max(now, trouble.failedAt + DOUBT_RESTS_MS) });
      holds.delete(channelId);
    }
    down = undefined;
  };
  const probeLater = (now: number): void => {
    const since = down?.since ?? now;
    const everyMs = Math.min(Math.max(PROBE_SOONEST_MS, (now - since) / 10), PROBE_LATEST_MS);
    down = { since, probeAt: now + everyMs };
  };
  return {
    failed: ({ id, channelId, tries, now, random }) => {
      const inARow = (troubles.get(channelId)?.inARow ?? 0) + 1;
      const restUntil = now + Math.max(backoffMs(inARow, random, LONGEST_BACKOFF_MS), DOUBT_RESTS_MS);
      troubles.set(channelId, { inARow, failedAt: now, restUntil });
      if (isSlackDown()) probeLater(now);
      if (tries >= TRIES_BEFORE_HELD) {
        const held = holds.get(channelId) ?? new Map<string, number>();
        // Longer than its channel rests, or it would be the first to try again.
        holds.set(channelId, held.set(id, restUntil + backoffMs(tries, random, LONGEST_BACKOFF_MS)));
      }
      return restUntil;
    },
    worked: (channelId, now) => {
      if (down) letGo(now);
      if ((troubles.get(channelId)?.inARow ?? 0) > TRIES_BEFORE_HELD) holds.delete(channelId);
      troubles.delete(channelId);
      workedAt = now;
    },
    restMs: (channelId, now) => {
      if (down) return Math.max(0, down.probeAt - now);
      return Math.max(0, (troubles.get(channelId)?.restUntil ?? now) - now);
    },
    tries: (now) => {
      if (down) probeLater(now);
    },
    held: (channelId, now) => {
      const held = holds.get(channelId);
      // While Slack is down no message is at fault.
      if (!held || down) return [];
      for (const [id, until] of held) if (until <= now) held.delete(id);
      if (held.size === 0) holds.delete(channelId);
      return [...held.keys()];
    },
    nextRelease: (channelId) => {
      const held = holds.get(channelId);
      return held === undefined ? undefined : Math.min(...held.values());
    },
    memoryOf: (channelId) => ({
      inARow: troubles.get(channelId)?.inARow ?? 0,
      holds: [...(holds.get(channelId) ?? [])],
    }),
  };
}
