/** Days and months as a customer counts them: in its own time zone. Pure. */

/** When the day of `now` began in a time zone. Within an hour of a change of clocks it may be off by that hour. */
export function midnight(now: Date, timeZone: string): Date {
  return startOf(now, timeZone, (parts) => Date.UTC(parts.year, parts.month - 1, parts.day));
}

/** When the month that lies `back` months before `now`'s began in a time zone. */
export function monthStart(now: Date, timeZone: string, back: number = 0): Date {
  return startOf(now, timeZone, (parts) => Date.UTC(parts.year, parts.month - 1 - back, 1));
}

/**
 * When a day of the calendar begins in a time zone.
 *
 * @param day - `2026-11-27`.
 */
export function dayStart(day: string, timeZone: string): Date {
  return atWall(Date.parse(`${day}T00:00:00Z`), timeZone);
}

/** The day of a moment in a time zone's calendar: `2026-11-27`. */
export function localDay(time: Date, timeZone: string): string {
  const { year, month, day } = wallOf(time, timeZone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/**
 * When a zone's clocks show this time of that day. A time that a change of clocks leaves out is an hour later.
 *
 * @param time - `09:00`.
 */
export function momentAt(day: string, time: string, timeZone: string): Date {
  return atWall(Date.parse(`${day}T${time}:00Z`), timeZone);
}

/** So many days later in the calendar, or earlier. */
export function daysLater(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 24 * 3_600_000).toISOString().slice(0, 10);
}

type Parts = { readonly year: number; readonly month: number; readonly day: number };

function startOf(now: Date, timeZone: string, wall: (parts: Parts) => number): Date {
  return atWall(wall(wallOf(now, timeZone)), timeZone);
}

/** When the clocks of a zone show what UTC's show at `wanted`. */
function atWall(wanted: number, timeZone: string): Date {
  // The zone's distance from UTC at that moment may be another one than now: look there.
  const near = wanted - offsetMs(new Date(wanted), timeZone);
  return new Date(wanted - offsetMs(new Date(near), timeZone));
}

function wallOf(time: Date, timeZone: string): Parts & { readonly ms: number } {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const get = (type: string): number => parts.get(type as Intl.DateTimeFormatPartTypes) ?? 0;
  const [year, month, day] = [get("year"), get("month"), get("day")];
  return { year, month, day, ms: Date.UTC(year, month - 1, day, get("hour"), get("minute"), get("second")) };
}

function offsetMs(time: Date, timeZone: string): number {
  return wallOf(time, timeZone).ms - Math.floor(time.getTime() / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone) ?? newFormat(timeZone);
  formats.set(timeZone, known);
  return known;
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  const numeric = "numeric" as const;
  const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  return new Intl.DateTimeFormat("en-US", { ...fields, hourCycle: "h23", timeZone });
}
