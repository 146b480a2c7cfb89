/**
 * Reads a point in time in any of the forms AWS services write. `Date.parse` alone will not do: it refuses Inspector's
 * forms, or worse, takes them for local time, and reads `+0000` only by luck of the engine.
 */
import type { Json } from "../event.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONGEST = 64;
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** Milliseconds, microseconds and nanoseconds, `Z`, `+09:00`, `+0000` or no zone (read as UTC). */
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/;
/** Inspector today: `Wed Sep 04 16:59:44.356 UTC 2024`. */
const UNIX_STYLE =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (?:UTC|GMT|Z) (\d{4})$/;
/** Inspector formerly: `Mar 20, 2023, 6:08:05 PM`; the space before PM may be U+202F. */
const US_STYLE = /^([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?\s?([AP]M)$/;
/** Health: RFC 1123, `Fri, 20 Nov 2026 06:02:51 GMT`. */
const RFC_1123 = /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC)$/;

/**
 * @param value - a date as text, or seconds or milliseconds since 1970 as a number.
 * @returns the time; undefined when it cannot be read or lies outside 2000 to 2200, which no finding means.
 */
export function dateOf(value: Json | undefined): Date | undefined {
  const millis =
    typeof value === "number" ? fromNumber(value) : typeof value === "string" ? fromText(value) : undefined;
  if (millis === undefined || !(millis >= EARLIEST && millis < LATEST)) return undefined;
  return new Date(millis);
}

/** The first of several values that is a date. */
export function firstDate(...values: readonly (Json | undefined)[]): Date | undefined {
  for (const value of values) {
    const date = dateOf(value);
    if (date) return date;
  }
  return undefined;
}

function fromNumber(value: number): number {
  return value < 1e11 ? value * 1000 : value;
}

function fromText(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  const trimmed = text.trim();
  if (/^\d{12,13}$/.test(trimmed)) return Number(trimmed);
  return fromIso(trimmed) ?? fromUnixStyle(trimmed) ?? fromUsStyle(trimmed) ?? fromRfc1123(trimmed);
}

function fromIso(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = ISO.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time = utc({ year, month: Number(month) - 1, day, hour, minute, second, fraction });
  return time === undefined ? undefined : time - zoneMillis(zone);
}

function fromUnixStyle(text: string): number | undefined {
  const [, month, day, hour, minute, second, fraction, year] = UNIX_STYLE.exec(text) ?? [];
  return year === undefined ? undefined : utc({ year, month: monthOf(month), day, hour, minute, second, fraction });
}

function fromUsStyle(text: string): number | undefined {
  const [, month, day, year, hour, minute, second, half] = US_STYLE.exec(text) ?? [];
  if (year === undefined) return undefined;
  const hours = (Number(hour) % 12) + (half === "PM" ? 12 : 0);
  return utc({ year, month: monthOf(month), day, hour: String(hours), minute, second });
}

function fromRfc1123(text: string): number | undefined {
  const [, day, month, year, hour, minute, second] = RFC_1123.exec(text) ?? [];
  return year === undefined ? undefined : utc({ year, month: monthOf(month), day, hour, minute, second });
}

type Parts = { readonly year: string; readonly month: number } & {
  readonly [part in "day" | "hour" | "minute" | "second" | "fraction"]?: string | undefined;
};

/** Undefined for the 31st of February and the like, which Date.UTC would quietly move into March. */
function utc({ year, month, day, hour = "0", minute = "0", second = "0", fraction = "0" }: Parts): number | undefined {
  const millis = Math.trunc(Number(`0.${fraction}`) * 1000);
  const time = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second), millis);
  const isReal = month >= 0 && new Date(time).getUTCMonth() === month && new Date(time).getUTCDate() === Number(day);
  return isReal ? time : undefined;
}

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? "").toLowerCase());
}

function zoneMillis(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -1 : 1) * minutes * 60_000;
}
