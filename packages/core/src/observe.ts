/**
 * What is new about a finding? Compares what is known of a problem with one more telling of it.
 *
 * One problem is told by many copies (a record for each standard, the ASFF and the OCSF form, several Regions, the
 * record that replaces an archived one), each again and again and in any order. So every copy is kept with the newest
 * thing it said, and how the problem stands is read off all of them: the order and the number of tellings cannot
 * matter. What is news is a look into one table, {@link STEPS}: how it stood, how it stands now.
 *
 * Pure and synchronous: a store may ask again when another writer was faster.
 */
import type { Finding, Seen, Severity } from "./finding.ts";
import { severityRank } from "./finding.ts";

/** How a problem stands. `away`: every record of it was put away, which says nothing about the problem. */
export type Standing = "open" | "suppressed" | "resolved" | "away";

/** What an event changed. `noted` and `repeated` are never told. */
export type News =
  | "opened"
  | "worsened"
  | "eased"
  | "reopened"
  | "flapped"
  | "resolved"
  | "suppressed"
  | "repeated"
  | "noted";

/** The newest telling of one record of the problem. Times are epoch milliseconds. */
export type Copy = {
  /** The record's own Id; "" when it has none. */
  readonly id: string;
  readonly seen: Seen;
  readonly severity: Severity;
  readonly isTakenOn: boolean;
  readonly updatedAt: number;
  /** The envelope's time: orders tellings that say the same UpdatedAt, as BatchUpdateFindings leaves it alone. */
  readonly sentAt: number;
};

/** What is kept of one problem of one customer. Plain JSON. Times are epoch milliseconds. */
export type Known = {
  readonly standing: Standing;
  /** How it stood before its records were put away; only with `away`. */
  readonly stoodBefore?: Standing;
  /** While it is open, the worst that a copy says; afterwards as it was then. */
  readonly severity: Severity;
  /** Every failing copy is in somebody's hands (Workflow NOTIFIED, OCSF In Progress). */
  readonly isTakenOn: boolean;
  /** The newest first, at most {@link MOST_COPIES}. */
  readonly copies: readonly Copy[];
  /** When this spell of being open began. */
  readonly openedAt: number;
  /** When `standing` last changed. */
  readonly changedAt: number;
  /** How often it came back within the quiet period, one time after the other. */
  readonly flaps: number;
  /** The severity at which somebody was told of it; undefined: nobody was. */
  readonly toldSeverity?: Severity;
};

/** Why a step is that news, for explanations; text/{en,ja}.ts has the sentences. */
export type Because =
  | "neverSeen"
  | "neverSeenOver"
  | "severityRose"
  | "severityFell"
  | "sameAgain"
  | "olderTelling"
  | "wasSuppressed"
  | "cameBack"
  | "cameBackSoon"
  | "comesAndGoes"
  | "isOver"
  | "wasPutAside"
  | "wasPutAway";

/** What follows from one telling. */
export type Observed = { readonly known: Known; readonly news: News; readonly because: Because };

type Step = { readonly news: News; readonly because: Because };
const say = (news: News, because: Because): Step => ({ news, because });

/**
 * How it stood x how it stands -> what is new. `open` to `open` is decided by severity, and a problem that comes back
 * within the quiet period flaps: see {@link stepFor}. A problem whose records were put away stands as before.
 */
export const STEPS: Readonly<Record<Exclude<Standing, "away"> | "unknown", Readonly<Record<Standing, Step>>>> = {
  unknown: {
    open: say("opened", "neverSeen"),
    suppressed: say("noted", "neverSeenOver"),
    resolved: say("noted", "neverSeenOver"),
    away: say("noted", "neverSeenOver"),
  },
  open: {
    open: say("repeated", "sameAgain"),
    suppressed: say("suppressed", "wasPutAside"),
    resolved: say("resolved", "isOver"),
    away: say("noted", "wasPutAway"),
  },
  suppressed: {
    open: say("reopened", "wasSuppressed"),
    suppressed: say("repeated", "sameAgain"),
    // Who suppressed it said that nobody need hear of it; its card shows that it is over.
    resolved: say("noted", "isOver"),
    away: say("noted", "wasPutAway"),
  },
  resolved: {
    open: say("reopened", "cameBack"),
    suppressed: say("noted", "wasPutAside"),
    resolved: say("repeated", "sameAgain"),
    away: say("noted", "wasPutAway"),
  },
};

/** A problem that comes back so soon was not over: said in its thread, not as something new. */
export const QUIET_MS = 24 * 3_600_000;
/** After so many times it comes and goes; its card shows how it stands, and nobody is told of each turn. */
export const MOST_FLAPS = 3;
/** More records of one problem than Security Hub's standards make of it. */
export const MOST_COPIES = 8;
/** Security Hub tells each record at least once a day; one that is silent beside others for two is gone. */
const STALE_MS = 48 * 3_600_000;

/**
 * What is new, and what is known from now on.
 *
 * @param known - undefined: never heard of.
 * @param finding - one telling of it.
 * @param sentAt - the envelope's time.
 * @returns the same `known` when the telling is older than what its copy said last, or says nothing new.
 */
export function observe(known: Known | undefined, finding: Finding, sentAt: Date): Observed {
  const copy = copyOf(finding, sentAt);
  const before = known?.copies.find(({ id }) => id === copy.id);
  if (known && before && !isNewer(copy, before)) return { known, news: "repeated", because: "olderTelling" };
  const copies = withCopy(known?.copies ?? [], copy);
  const stands = standingOf(copies);
  const toldAt = Math.max(copy.updatedAt, copy.sentAt);
  if (known === undefined) {
    const { news, because } = STEPS.unknown[stands.standing];
    const times = { openedAt: Math.min(finding.firstSeenAt.getTime(), toldAt), changedAt: toldAt };
    return { known: { ...stands, copies, ...times, flaps: 0 }, news, because };
  }
  return follow(known, { ...stands, copies }, toldAt);
}

/** How people see it: a problem whose records were put away stands as before. */
export function standsAs({ standing, stoodBefore }: Known): Exclude<Standing, "away"> {
  if (standing !== "away") return standing;
  return stoodBefore === undefined || stoodBefore === "away" ? "open" : stoodBefore;
}

type Stands = Pick<Known, "standing" | "severity" | "isTakenOn">;

function follow(known: Known, stands: Stands & Pick<Known, "copies">, toldAt: number): Observed {
  const stood = known.standing === "away" ? (known.stoodBefore ?? "unknown") : known.standing;
  const from = stood === "away" ? "unknown" : stood;
  const step = stepFor(known, from, stands, toldAt);
  const { toldSeverity } = known;
  const isChanged = stands.standing !== known.standing;
  const isOpening = stands.standing === "open" && from !== "open";
  const next: Known = {
    ...stands,
    severity: stands.standing === "open" ? stands.severity : known.severity,
    openedAt: isOpening && step.news === "reopened" ? toldAt : known.openedAt,
    changedAt: isChanged && stands.standing !== "away" ? Math.max(known.changedAt, toldAt) : known.changedAt,
    flaps: flapsAfter(known, isOpening, toldAt),
    ...(stands.standing === "away" && from !== "unknown" ? { stoodBefore: from } : {}),
    ...(toldSeverity === undefined ? {} : { toldSeverity }),
  };
  return { known: next, ...step };
}

function stepFor(known: Known, from: keyof typeof STEPS, stands: Stands, toldAt: number): Step {
  const step = STEPS[from][stands.standing];
  if (from === "open" && stands.standing === "open") return bySeverity(known, stands.severity);
  const isSoon = toldAt - known.changedAt < QUIET_MS;
  const isFlapping = isSoon && known.flaps >= MOST_FLAPS;
  if (isFlapping && (step.news === "reopened" || step.news === "resolved")) return say("noted", "comesAndGoes");
  if (step.because === "cameBack" && isSoon) return say("flapped", "cameBackSoon");
  return step;
}

function bySeverity(known: Known, severity: Severity): Step {
  const rose = severityRank(severity) - severityRank(known.severity);
  if (rose > 0) return say("worsened", "severityRose");
  return rose < 0 ? say("eased", "severityFell") : STEPS.open.open;
}

function flapsAfter(known: Known, isOpening: boolean, toldAt: number): number {
  if (toldAt - known.changedAt >= QUIET_MS) return 0;
  return isOpening && known.standing === "resolved" ? known.flaps + 1 : known.flaps;
}

function copyOf(finding: Finding, sentAt: Date): Copy {
  const { aliases, seen, severity, isTakenOn, updatedAt } = finding;
  const times = { updatedAt: updatedAt.getTime(), sentAt: sentAt.getTime() };
  return { id: aliases[0] ?? "", seen, severity, isTakenOn, ...times };
}

/** By UpdatedAt, then by the envelope's time, then by what it says: a total order, so that no order of arrival matters. */
function isNewer(copy: Copy, than: Copy): boolean {
  return compare(copy, than) > 0;
}

function compare(a: Copy, b: Copy): number {
  return a.updatedAt - b.updatedAt || a.sentAt - b.sentAt || contentRank(a) - contentRank(b);
}

const SEEN_RANK: Readonly<Record<Seen, number>> = { retired: 0, passing: 1, suppressed: 2, failing: 3 };

function contentRank({ seen, severity, isTakenOn }: Copy): number {
  return SEEN_RANK[seen] * 20 + severityRank(severity) * 2 + (isTakenOn ? 1 : 0);
}

function withCopy(copies: readonly Copy[], copy: Copy): readonly Copy[] {
  const all = [...copies.filter(({ id }) => id !== copy.id), copy];
  const newestFirst = all.sort((a, b) => compare(b, a) || (a.id < b.id ? -1 : 1));
  return newestFirst.slice(0, MOST_COPIES);
}

/** How the problem stands by all its copies: open when one of them fails, resolved when none does any more. */
function standingOf(copies: readonly Copy[]): Stands {
  const newest = copies[0]?.updatedAt ?? 0;
  const live = copies.filter(({ seen, updatedAt }) => seen !== "retired" && newest - updatedAt < STALE_MS);
  const failing = live.filter(({ seen }) => seen === "failing");
  const shown = failing.length > 0 ? failing : live;
  const severity = worst((shown.length > 0 ? shown : copies).map((copy) => copy.severity));
  if (failing.length > 0) return { standing: "open", severity, isTakenOn: failing.every((copy) => copy.isTakenOn) };
  if (live.length === 0) return { standing: "away", severity, isTakenOn: false };
  const isSuppressed = live.some(({ seen }) => seen === "suppressed");
  return { standing: isSuppressed ? "suppressed" : "resolved", severity, isTakenOn: false };
}

function worst(severities: readonly Severity[]): Severity {
  return severities.reduce((a, b) => (severityRank(b) > severityRank(a) ? b : a), "INFORMATIONAL" as Severity);
}
