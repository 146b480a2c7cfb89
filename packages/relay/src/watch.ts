/**
 * Watches for silence: once a minute, which accounts' heartbeats stopped or came back. Each is told to the ops channel
 * once, over restarts as well: the mark and the message are written together.
 */
import { type Pulse, pulseNews, pulsesOf, pulseText } from "@shirase/core/heartbeat";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Clock } from "./clock.ts";
import type { NewMessage, Store } from "./store/store.ts";

/** What a look works with. */
export type Looking = {
  readonly store: Pick<Store, "beats" | "tellSilence">;
  readonly customers: ReadonlyMap<string, ResolvedCustomer>;
  readonly language: "en" | "ja";
  readonly timezone: string;
  readonly clock: Clock;
  /** Undefined: no ops channel is configured. */
  readonly opsNotice: (text: string) => NewMessage | undefined;
  readonly onNews: (news: { readonly missed: readonly Pulse[]; readonly back: readonly Pulse[] }) => void;
};

/** What a running watch works with. */
export type Watching = Looking & { readonly onFault: (error: unknown) => void };

/** A running watch. */
export type Watch = {
  /** How each expected place stands, for metrics and pages. */
  readonly pulses: () => Promise<readonly Pulse[]>;
  readonly stop: () => Promise<void>;
};

const LOOK_EVERY_MS = 60_000;

/** Starts watching. */
export function startWatching(watching: Watching): Watch {
  const { store, customers, clock } = watching;
  const listeningSince = clock.now();
  const stopping = new AbortController();
  const pulses = async (): Promise<readonly Pulse[]> =>
    pulsesOf(customers.values(), await store.beats(), clock.now(), listeningSince);
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await lookForSilence(watching, listeningSince).catch(watching.onFault);
      await clock.wait(LOOK_EVERY_MS, stopping.signal);
    }
  };
  const ended = loop();
  return {
    pulses,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** Looks once. @param listeningSince - from when on heartbeats could be heard. */
export async function lookForSilence(watching: Looking, listeningSince: Date): Promise<void> {
  const { store, customers, clock, language, timezone, opsNotice, onNews } = watching;
  const beats = await store.beats();
  const pulses = pulsesOf(customers.values(), beats, clock.now(), listeningSince);
  const news = pulseNews(pulses, beats, listeningSince);
  const marks = [
    ...news.missed.map((pulse) => ({ ...pulse, isMissed: true })),
    ...news.back.map((pulse) => ({ ...pulse, isMissed: false })),
  ];
  if (marks.length === 0) return;
  const message = opsNotice(pulseText(news, customers, language, timezone));
  if (await store.tellSilence(marks, message, clock.now())) onNews(news);
}
