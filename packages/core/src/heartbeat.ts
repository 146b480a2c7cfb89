/**
 * Silence is news too. Each account and region of a customer sends a heartbeat through the whole path that findings
 * take; one that does not come for three intervals means that findings may not come either. Pure: takes what the store
 * knows, says what the people who run shirase must hear.
 */
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { sendingAccounts } from "./sending-accounts.ts";
import { code, escaped } from "./slack-text.ts";
import { durationIn } from "./text/duration.ts";
import { filled } from "./text/fill.ts";
import type { Language } from "./text/wording.ts";
import { WORDING } from "./text/wordings.ts";
import { slackTime } from "./times.ts";

/** An account and region that heartbeats are expected from. */
export type Place = { readonly customerId: string; readonly accountId: string; readonly region: string };

/** What is known of a place: the last heartbeat, and whether its silence was told. */
export type KnownBeat = Place & { readonly at: Date; readonly isMissed: boolean };

/** `never`: not one came yet, so the customer is not set up; that is no silence. */
export type Pulse = Place & {
  readonly state: "never" | "beating" | "missed";
  readonly everyMs: number;
  readonly at?: Date;
};

/** What changed: told once, and marked with it. */
export type PulseNews = { readonly missed: readonly Pulse[]; readonly back: readonly Pulse[] };

/** So many intervals without a heartbeat are silence: one that is late or lost is none. */
const MISSED_INTERVALS = 3;
/** More places than this are counted in a message, not named. */
const MOST_NAMED = 15;

/**
 * How each expected place stands.
 *
 * @param listeningSince - when the relay began to listen: what came before then it could not hear.
 */
export function pulsesOf(
  customers: Iterable<ResolvedCustomer>,
  beats: readonly KnownBeat[],
  now: Date,
  listeningSince: Date,
): readonly Pulse[] {
  const known = new Map(beats.map((beat) => [placeName(beat), beat]));
  return [...customers]
    .filter(({ delivery }) => delivery === "relay")
    .flatMap((customer) =>
      sendingAccounts(customer).flatMap((accountId) =>
        customer.regions.map((region): Pulse => {
          const place = { customerId: customer.id, accountId, region };
          const everyMs = customer.heartbeatMinutes * 60_000;
          const beat = known.get(placeName(place));
          if (!beat) return { ...place, state: "never", everyMs };
          const silentMs = now.getTime() - Math.max(beat.at.getTime(), listeningSince.getTime());
          return {
            ...place,
            everyMs,
            at: beat.at,
            state: silentMs > MISSED_INTERVALS * everyMs ? "missed" : "beating",
          };
        }),
      ),
    );
}

/** What is new since it was last told. */
export function pulseNews(pulses: readonly Pulse[], beats: readonly KnownBeat[], listeningSince: Date): PulseNews {
  const told = new Set(beats.filter(({ isMissed }) => isMissed).map(placeName));
  return {
    missed: pulses.filter((pulse) => pulse.state === "missed" && !told.has(placeName(pulse))),
    back: pulses.filter((pulse) => isBack(pulse, told, listeningSince)),
  };
}

/** A relay that just started calls nobody silent, so `beating` alone is no sign: a heartbeat since then is. */
function isBack(pulse: Pulse, told: ReadonlySet<string>, listeningSince: Date): boolean {
  if (pulse.state !== "beating" || !told.has(placeName(pulse)) || !pulse.at) return false;
  return pulse.at.getTime() >= listeningSince.getTime() - pulse.everyMs;
}

/** The message for the ops channel, as Slack mrkdwn; "" when nothing is new. */
export function pulseText(
  { missed, back }: PulseNews,
  customers: ReadonlyMap<string, ResolvedCustomer>,
  language: Language,
  timezone: string,
): string {
  const words = WORDING[language].heartbeat;
  const nameOf = ({ customerId, accountId, region }: Place): string => {
    const name = escaped(customers.get(customerId)?.name ?? customerId, 80);
    return `*${name}* ${code(accountId, 20)} ${code(region, 30)}`;
  };
  const missedLines = missed.map((pulse) => {
    const every = durationIn(language, pulse.everyMs);
    return `• ${nameOf(pulse)}  ${filled(words.since, { time: slackTime(pulse.at ?? new Date(0), timezone), every })}`;
  });
  const backLines = back.map((pulse) => `• ${nameOf(pulse)}`);
  const part = (lead: string, lines: readonly string[], end: string): readonly string[] => {
    if (lines.length === 0) return [];
    const left = lines.length - MOST_NAMED;
    const more = left > 0 ? [`• ${filled(words.more, { count: String(left) })}`] : [];
    return [
      filled(lead, { count: String(lines.length) }),
      ...lines.slice(0, MOST_NAMED),
      ...more,
      ...(end ? [end] : []),
    ];
  };
  return [...part(words.missed, missedLines, words.remedy), ...part(words.back, backLines, "")].join("\n");
}

function placeName({ customerId, accountId, region }: Place): string {
  return `${customerId} ${accountId} ${region}`;
}
