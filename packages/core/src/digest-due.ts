/** When is a digest due? By the customer's own clock; pure. */
import { daysLater, localDay, momentAt } from "./days.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";

/** A digest, and the time that it is about: from `since` up to `at`. */
export type DueDigest = {
  readonly kind: "daily" | "weekly";
  /** The same however often it is asked for: the customer, the kind, the day. */
  readonly id: string;
  readonly since: Date;
  readonly at: Date;
};

/** Later than this nobody wants yesterday's digest any more: the next one says it. */
export const DIGEST_LATE_MS = 3 * 3_600_000;

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * The digests of a customer whose time came within the last hours.
 *
 * @returns at most one of each kind. Whoever looks again sees the same: their ids tell them apart.
 */
export function dueDigests(
  { id, timezone, digest, delivery }: Pick<ResolvedCustomer, "id" | "timezone" | "digest" | "delivery">,
  now: Date,
): readonly DueDigest[] {
  if (digest === undefined || delivery !== "relay") return [];
  const today = localDay(now, timezone);
  const [weekday = "", weeklyTime = ""] = digest.weekly?.split(" ") ?? [];
  const kinds = [
    { kind: "daily", time: digest.daily, isDay: () => true, days: 1 },
    { kind: "weekly", time: digest.weekly && weeklyTime, isDay: (day: string) => weekdayOf(day) === weekday, days: 7 },
  ] as const;
  return kinds.flatMap(({ kind, time, isDay, days }): readonly DueDigest[] => {
    if (time === undefined) return [];
    // Just after midnight yesterday evening's may still be due.
    return [today, daysLater(today, -1)]
      .filter(isDay)
      .map((day) => ({ day, at: momentAt(day, time, timezone) }))
      .filter(({ at }) => at <= now && now.getTime() - at.getTime() < DIGEST_LATE_MS)
      .map(({ day, at }) => {
        const since = momentAt(daysLater(day, -days), time, timezone);
        return { kind, id: `digest-${id}-${kind}-${day}`, since, at };
      });
  });
}

function weekdayOf(day: string): string | undefined {
  return WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];
}
