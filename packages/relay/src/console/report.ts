/** A month of a customer's in figures. Pure. */
import type { CauseCount, Tally } from "./reads.ts";

/** What a month was. */
export type Month = {
  readonly opened: number;
  readonly ended: number;
  readonly resolved: number;
  /** How long what was resolved had been open, on average; undefined when nothing was. */
  readonly meanFixMs?: number;
  /** By rank, 0 (INFORMATIONAL) to 4 (CRITICAL). */
  readonly openedByRank: readonly number[];
};

/** All that a report says. */
export type ReportFigures = {
  readonly month: Month;
  readonly before: Month;
  /** The causes with the most problems that became open in the month. */
  readonly topCauses: readonly CauseCount[];
};

/** Adds up the hours from `since` up to `until`. */
export function monthOf(tallies: readonly Tally[], since: Date, until: Date): Month {
  const mine = tallies.filter(({ at }) => at.getTime() >= since.getTime() && at.getTime() < until.getTime());
  const sum = (of: (tally: Tally) => number): number => mine.reduce((total, tally) => total + of(tally), 0);
  const resolved = sum((one) => one.resolved);
  return {
    opened: sum(({ opened }) => opened),
    ended: sum(({ ended }) => ended),
    resolved,
    ...(resolved === 0 ? {} : { meanFixMs: sum(({ fixedMs }) => fixedMs) / resolved }),
    openedByRank: [0, 1, 2, 3, 4].map((rank) => sum((one) => (one.severityRank === rank ? one.opened : 0))),
  };
}

/** A field of a CSV file: quoted, and never a formula for the spreadsheet that opens it. */
export function csvField(text: string | number): string {
  if (typeof text === "number") return String(text);
  const plain = text.toWellFormed().replace(/\p{Cc}+/gu, " ");
  const safe = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(plain) ? `'${plain}` : plain;
  return `"${safe.replaceAll('"', '""')}"`;
}
