/** How a customer's problems came and went, day by day. Pure. */
import { midnight } from "@shirase/core/days";
import type { Tally } from "./reads.ts";

/** One day of a customer's. */
export type TrendDay = {
  /** Its midnight. */
  readonly at: Date;
  readonly opened: number;
  readonly ended: number;
  /** How many stood open at its end; of today, now. */
  readonly open: number;
};

const DAY_MS = 24 * 3_600_000;

/** Midnights of the last `days` days, today's last. */
export function lastDays(now: Date, timezone: string, days: number): readonly Date[] {
  // Noon is on the same day whatever the clocks did.
  const noon = midnight(now, timezone).getTime() + DAY_MS / 2;
  return Array.from({ length: days }, (_, index) => midnight(new Date(noon - (days - 1 - index) * DAY_MS), timezone));
}

/**
 * The days, the oldest first. How many stood open is counted back from now: what is known of today is certain, and what
 * was forgotten since cannot make a day go below nothing.
 */
export function trendOf(tallies: readonly Tally[], openNow: number, days: readonly Date[]): readonly TrendDay[] {
  const trend: TrendDay[] = [];
  let open = openNow;
  for (const [back, at] of [...days.entries()].reverse()) {
    const end = days[back + 1]?.getTime() ?? Number.POSITIVE_INFINITY;
    const mine = tallies.filter((one) => one.at.getTime() >= at.getTime() && one.at.getTime() < end);
    const opened = mine.reduce((sum, one) => sum + one.opened, 0);
    const ended = mine.reduce((sum, one) => sum + one.ended, 0);
    trend.unshift({ at, opened, ended, open });
    open = Math.max(0, open - opened + ended);
  }
  return trend;
}
