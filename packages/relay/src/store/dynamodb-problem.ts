/**
 * What is known of a problem as one small item: below 1 KB it is one write unit, and each telling writes it.
 *
 * A record's Id is an ARN of up to 512 characters and is only ever compared, so half a digest stands for it. The text
 * itself is known again when the same record speaks again, which is the only time that somebody compares.
 */
import type { Finding, Seen, Severity } from "@shirase/core/finding";
import { severityRank } from "@shirase/core/finding";
import { type Copy, type Known, type Standing, standsAs } from "@shirase/core/observe";
import { digest, isExpired, keyOf, ttl } from "./dynamodb-keys.ts";
import type { Item } from "./dynamodb-table.ts";
import { KEPT_FOR } from "./kept-for.ts";

/** A problem as it was read, or as nothing is known of it. */
export type Problem = {
  readonly hash: string;
  /** 0: there is no item. */
  readonly version: number;
  readonly known: Known | undefined;
  /** The root message that told of it. */
  readonly toldIn: string | undefined;
  /** When it was last heard of, in days. */
  readonly day: number;
  /** The resource, as JSON. */
  readonly resource: string;
  /** When the journal last had it, in days; 0: never. */
  readonly journaled: number;
};

const DAY_MS = 24 * 3_600_000;

/** By which a customer's problem is found. */
export function problemHash(customerId: string, key: string): string {
  return digest(customerId, key);
}

/** An item as a problem; `undefined`, and one whose time is over: nothing is known. */
export function problemFrom(hash: string, item: Item | undefined, now: Date): Problem {
  const version = Number(item?.["version"] ?? 0);
  if (!item || isExpired(item, now)) {
    return { hash, version, known: undefined, toldIn: undefined, day: 0, resource: "null", journaled: 0 };
  }
  const toldIn = item["toldIn"];
  return {
    hash,
    version,
    known: knownFrom(String(item["known"])),
    toldIn: typeof toldIn === "string" ? toldIn : undefined,
    day: Number(item["day"]),
    resource: String(item["resource"]),
    journaled: Number(item["journaled"] ?? 0),
  };
}

/** The problem as an item, one version on. */
export function problemItem({ hash, version, known, toldIn, day, resource, journaled }: Problem, now: Date): Item {
  return {
    ...keyOf.problem(hash),
    version: version + 1,
    known: known && knownText(known),
    toldIn,
    day,
    standing: known && standsAs(known),
    resource,
    journaled,
    ttl: problemTtl(known, now),
  };
}

/** Until when it is remembered when nobody speaks of it any more. */
export function problemTtl(known: Known | undefined, now: Date): number {
  return ttl(now, known && standsAs(known) === "open" ? KEPT_FOR.silent : KEPT_FOR.ended);
}

/** Under its root, so that the root's card can be drawn. */
export function memberItem(rootId: string, { hash, known, resource }: Problem, now: Date): Item {
  return {
    ...keyOf.member(rootId, hash),
    standing: known && standsAs(known),
    rank: known && severityRank(known.severity),
    openedAt: known?.openedAt,
    changedAt: known?.changedAt,
    resource,
    ttl: ttl(now, KEPT_FOR.root),
  };
}

/** The day of a moment. */
export function dayOf(now: Date): number {
  return Math.floor(now.getTime() / DAY_MS);
}

/** Before it is compared with a telling of this finding: its own record's Id as the finding says it. */
export function recognised(known: Known | undefined, finding: Finding): Known | undefined {
  const id = finding.aliases[0];
  if (!known || id === undefined || id === "") return known;
  const short = shortId(id);
  if (!known.copies.some((copy) => copy.id === short)) return known;
  return { ...known, copies: known.copies.map((copy) => (copy.id === short ? { ...copy, id } : copy)) };
}

/** Afterwards: every Id short again. */
export function shortened(known: Known, finding: Finding): Known {
  const id = finding.aliases[0];
  if (id === undefined || id === "") return known;
  return { ...known, copies: known.copies.map((copy) => (copy.id === id ? { ...copy, id: shortId(id) } : copy)) };
}

function shortId(id: string): string {
  return digest(id).slice(0, 12);
}

type PackedCopy = readonly [
  id: string,
  seen: Seen,
  severity: Severity,
  isTakenOn: 0 | 1,
  updatedAt: number,
  sentAt: number,
];
type Packed = readonly [
  standing: Standing,
  stoodBefore: Standing | "",
  severity: Severity,
  isTakenOn: 0 | 1,
  openedAt: number,
  changedAt: number,
  flaps: number,
  toldSeverity: Severity | "",
  copies: readonly PackedCopy[],
];

/** What is known, in few bytes. */
export function knownText(known: Known): string {
  const { standing, stoodBefore = "", severity, isTakenOn, openedAt, changedAt, flaps, toldSeverity = "" } = known;
  const copies = known.copies.map(
    (copy): PackedCopy => [copy.id, copy.seen, copy.severity, copy.isTakenOn ? 1 : 0, copy.updatedAt, copy.sentAt],
  );
  const taken = isTakenOn ? 1 : 0;
  const packed: Packed = [standing, stoodBefore, severity, taken, openedAt, changedAt, flaps, toldSeverity, copies];
  return JSON.stringify(packed);
}

/** What {@link knownText} made. */
export function knownFrom(text: string): Known {
  const [standing, stoodBefore, severity, isTakenOn, openedAt, changedAt, flaps, toldSeverity, copies] = JSON.parse(
    text,
  ) as Packed;
  return {
    standing,
    ...(stoodBefore === "" ? {} : { stoodBefore }),
    severity,
    isTakenOn: isTakenOn === 1,
    copies: copies.map(
      ([id, seen, copySeverity, taken, updatedAt, sentAt]): Copy => ({
        id,
        seen,
        severity: copySeverity,
        isTakenOn: taken === 1,
        updatedAt,
        sentAt,
      }),
    ),
    openedAt,
    changedAt,
    flaps,
    ...(toldSeverity === "" ? {} : { toldSeverity }),
  };
}
