/**
 * Waits until messages are in a Slack channel, by looking into its history now and then: as often as Slack likes it,
 * for as long as it says after a 429, and no longer than the person wants to wait.
 */
import type { Clock } from "@shirase/relay/clock";
import type { SlackHistory, SlackMessage } from "@shirase/relay/send/slack-history";
import { type Probe, tells } from "./probe.ts";

/** 30 a minute, of the 50 that Slack allows for this method: others may use the same app. */
const LOOK_EVERY_MS = 2000;

/** On its way: what, and when it was sent. */
export type UnderWay = { readonly probe: Probe; readonly sentAt: Date };
/** Arrived: after how long, and its message. */
export type Seen = UnderWay & { readonly afterMs: number; readonly ts: string };

/** How the waiting ended. */
export type Watched =
  | { readonly kind: "all seen" }
  /** `trouble`: what went wrong when it looked last, if it could not look. */
  | { readonly kind: "too late"; readonly missing: readonly UnderWay[]; readonly trouble?: string }
  /** Nobody can look until a person does something. */
  | { readonly kind: "blind"; readonly missing: readonly UnderWay[]; readonly reason: string; readonly remedy: string }
  | { readonly kind: "stopped"; readonly missing: readonly UnderWay[] };

/** What it takes to watch. */
export type Watch = {
  readonly history: SlackHistory;
  readonly channelId: string;
  /** Not to be asked before. */
  readonly pauseMs: number;
  readonly until: Date;
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Hears of each message as it is seen. */
  readonly onSeen: (seen: Seen) => Promise<void>;
};

/**
 * Looks until everything is there, the time is up, it is stopped, or there is no way to look. Pauses first: whoever asks
 * has just looked, and nothing arrives in no time.
 */
export async function watch(underWay: readonly UnderWay[], watched: Watch): Promise<Watched> {
  const { until, clock, signal, onSeen } = watched;
  let missing = underWay;
  let pauseMs = Math.max(LOOK_EVERY_MS, watched.pauseMs);
  while (true) {
    await clock.wait(pauseMs, signal);
    if (signal.aborted) return { kind: "stopped", missing };
    const look = await lookOnce(missing, watched);
    if ("reason" in look) return { kind: "blind", missing, ...look };
    for (const seen of look.seen) await onSeen(seen);
    missing = missing.filter(({ probe }) => !look.seen.some((one) => one.probe === probe));
    if (missing.length === 0) return { kind: "all seen" };
    pauseMs = look.pauseMs;
    const leftMs = until.getTime() - clock.now().getTime();
    // One look after the time is up; a pause that Slack asked for is not cut short for it.
    const isOver = leftMs <= 0 || pauseMs > leftMs + LOOK_EVERY_MS;
    if (isOver) return { kind: "too late", missing, ...(look.trouble && { trouble: look.trouble }) };
  }
}

type Look =
  | { readonly seen: readonly Seen[]; readonly pauseMs: number; readonly trouble?: string }
  | { readonly reason: string; readonly remedy: string };

async function lookOnce(missing: readonly UnderWay[], { history, channelId, clock }: Watch): Promise<Look> {
  const looked = await history.newest(channelId);
  if ("messages" in looked) return { seen: seenAmong(looked.messages, missing, clock.now()), pauseMs: LOOK_EVERY_MS };
  const { failure } = looked;
  switch (failure.kind) {
    case "wait": {
      const trouble = `Slack asked for a pause of ${Math.ceil(failure.afterMs / 1000)} s`;
      return { seen: [], pauseMs: Math.max(LOOK_EVERY_MS, failure.afterMs), trouble };
    }
    case "retry":
      return { seen: [], pauseMs: LOOK_EVERY_MS, trouble: failure.reason };
    case "stop":
    case "reject":
      return { reason: failure.reason, remedy: failure.remedy };
  }
}

function seenAmong(messages: readonly SlackMessage[], missing: readonly UnderWay[], now: Date): readonly Seen[] {
  return missing.flatMap((one) => {
    const message = messages.find((it) => tells(it, one.probe, one.sentAt));
    return message ? [{ ...one, ts: message.ts, afterMs: delayMs(one.sentAt, message.ts, now) }] : [];
  });
}

/** By Slack's own time, which is finer than our looks; by ours where the two clocks contradict each other. */
function delayMs(sentAt: Date, ts: string, now: Date): number {
  const looked = now.getTime() - sentAt.getTime();
  const bySlack = Number(ts) * 1000 - sentAt.getTime();
  return bySlack > 0 && bySlack < looked ? bySlack : looked;
}
