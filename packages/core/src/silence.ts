/**
 * What nobody wants to hear for a while: a maintenance, a risk that was accepted until the next release. A silence holds
 * back what is new (it is remembered and counted, and told when it still stands afterwards); what was told before goes on
 * to be told to its end. It always ends by itself: nothing is forgotten for ever because somebody once had a bad day.
 */
import type { CompiledPattern } from "./compiled-pattern.ts";
import type { Customer } from "./config.ts";
import { dayStart, daysLater } from "./days.ts";
import { patternFaults } from "./pattern-fault.ts";
import type { Reason } from "./reason.ts";

/** Who silenced what of a customer, why, and from when until when. */
export type Silence = {
  /** Unique. */
  readonly id: string;
  readonly customerId: string;
  /** EventBridge pattern as JSON: findings whose events match are held back. */
  readonly match: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  readonly from: Date;
  /** The first moment at which it holds no more. */
  readonly until: Date;
};

/** A silence, ready to match. */
export type Silencer = Silence & { readonly pattern: CompiledPattern };

/** By customer id; who has none is not in it. */
export type Silencers = ReadonlyMap<string, readonly Silencer[]>;

export const NO_SILENCERS: Silencers = new Map();

const DAY_MS = 24 * 3_600_000;

/** As long as a silence may last; longer is a filter, which somebody should decide upon. */
export const LONGEST_SILENCE_DAYS = 90;
/** A clock may be put forward an hour between its first and its last day. */
const LONGEST_MS = LONGEST_SILENCE_DAYS * DAY_MS + 3_600_000;

/** What is wrong with the times of a silence; undefined: nothing. */
export function silenceFault({ from, until }: Pick<Silence, "from" | "until">): "ends-first" | "too-long" | undefined {
  const lasts = until.getTime() - from.getTime();
  if (!(lasts > 0)) return "ends-first";
  return lasts > LONGEST_MS ? "too-long" : undefined;
}

/** The first moment of what stands as `from` in a config: a day of the zone's calendar, or a moment. */
export function silenceStart(text: string, timezone: string): Date {
  return isDay(text) ? dayStart(text, timezone) : new Date(text);
}

/** The end of what stands as `until`: of a day its last moment. */
export function silenceEnd(text: string, timezone: string): Date {
  return isDay(text) ? dayStart(daysLater(text, 1), timezone) : new Date(text);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** The silences of a customer's entry. Their ids follow from what they say, so that they stay the same in any order. */
export function configSilences({
  id: customerId,
  timezone,
  silences = [],
}: Pick<Customer, "id" | "silences"> & { readonly timezone: string }): readonly Silence[] {
  return silences.map(({ match: pattern, owner, reason, from, until }) => {
    const match = JSON.stringify(pattern);
    const text = JSON.stringify([customerId, match, owner, reason, from, until]);
    const id = `config-${fingerprint(text)}`;
    const times = { from: silenceStart(from, timezone), until: silenceEnd(until, timezone) };
    return { id, customerId, match, owner, reason, ...times };
  });
}

/**
 * FNV-1a of 64 bits, in hexadecimal: enough to tell a customer's own silences apart, which nobody would forge.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

/** Those that hold at a moment. */
export function holding<T extends Silence>(silences: readonly T[], now: Date): readonly T[] {
  return silences.filter(({ from, until }) => from <= now && now < until);
}

/** The silence that held a finding back; undefined when none did. */
export function silencedBy(reasons: readonly Reason[]): string | undefined {
  const last = reasons.at(-1);
  return last?.step === "silence" && !last.held ? last.said.facts["silence"] : undefined;
}

/** A field of a silence that is not as it must be; `message` is a sentence in English. */
export type SilenceProblem = { readonly field: "match" | "owner" | "reason" | "until"; readonly message: string };

const ONE_LINE = /^[^\r\n]+$/;

/**
 * A silence as somebody made it by hand.
 *
 * @param match - pattern as JSON text, as it was typed.
 * @returns it with its pattern in one line and its words trimmed, or the first thing that is wrong.
 */
export function newSilence(made: Silence): { readonly silence: Silence } | { readonly problem: SilenceProblem } {
  const pattern = patternIn(made.match);
  if (typeof pattern === "string") return { problem: { field: "match", message: pattern } };
  const [owner, reason] = [made.owner.trim(), made.reason.trim()];
  if (!ONE_LINE.test(owner) || owner.length > 80) {
    return { problem: { field: "owner", message: "Name who answers for it, in 1 to 80 characters on one line." } };
  }
  if (!ONE_LINE.test(reason) || reason.length > 300) {
    return { problem: { field: "reason", message: "Say why, in 1 to 300 characters on one line." } };
  }
  const fault = silenceFault(made);
  if (fault !== undefined) {
    const message =
      fault === "too-long"
        ? `A silence lasts ${LONGEST_SILENCE_DAYS} days at most. Renew it when it ends, or write a filter.`
        : "Its end is over already.";
    return { problem: { field: "until", message } };
  }
  return { silence: { ...made, match: JSON.stringify(pattern), owner, reason } };
}

/** The pattern, or what is wrong with its text. */
function patternIn(text: string): object | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `The pattern is no JSON: ${error instanceof Error ? error.message : "unreadable"}.`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return 'The pattern must be a JSON object such as {"detail": {"findings": {"Title": ["…"]}}}.';
  }
  const [fault] = patternFaults(value);
  return fault === undefined ? value : `The pattern is none that EventBridge takes: ${fault.message}.`;
}
