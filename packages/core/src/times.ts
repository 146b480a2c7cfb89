/**
 * Points in time for people. Slack shows them in each reader's own zone; where it cannot (notifications, terminals,
 * e-mail) stands the customer's zone, named.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Slack's date markup with a fallback in the customer's time zone. */
export function slackTime(time: Date, timezone: string): string {
  const seconds = Math.floor(time.getTime() / 1000);
  return `<!date^${seconds}^{date_short_pretty} {time}|${localTime(time, timezone)}>`;
}

/** `2026-11-20 10:12 GMT+9`; in UTC when the zone is unknown. */
export function localTime(time: Date, timezone: string): string {
  const parts = new Map(
    formatFor(timezone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: string): string => parts.get(type as Intl.DateTimeFormatPartTypes) ?? "";
  const day = `${part("year")}-${part("month")}-${part("day")}`;
  return `${day} ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
}

/** Kept, because making one costs more than a whole card; there are as many as the config has zones. */
function formatFor(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone) ?? newFormat(timezone);
  formats.set(timezone, known);
  return known;
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  const options = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  } catch {
    // The config has checked the zone; a runtime with older zone data may still not know it.
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
  }
}
