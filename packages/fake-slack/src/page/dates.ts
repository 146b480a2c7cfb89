/** When was it? Times as Slack prints them, from `<!date^…>` templates, rich text dates and message timestamps. */
import { type Markup, markup } from "./markup.ts";

/** Where the reader is. */
export type Reader = {
  readonly now: Date;
  /** A BCP 47 language for dates. */
  readonly locale: string;
  /** An IANA time zone; undefined for the machine's. */
  readonly timeZone: string | undefined;
};

type Style = Intl.DateTimeFormatOptions;

const SHORT: Style = { year: "numeric", month: "short", day: "numeric" };
const LONG: Style = { weekday: "long", year: "numeric", month: "long", day: "numeric" };

/** Tokens of a date template. `_pretty` ones say today, yesterday or tomorrow where that is true. */
const TOKENS: Readonly<Record<string, Style>> = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { month: "long", day: "numeric" },
  date_pretty: { month: "long", day: "numeric" },
  date_short: SHORT,
  date_short_pretty: SHORT,
  date_long: LONG,
  date_long_pretty: LONG,
  date_long_full: { year: "numeric", month: "long", day: "numeric" },
  day_divider_pretty: { weekday: "long", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

/** A template such as `{date_short_pretty} {time}`; unknown tokens stay as they are. */
export function formatTemplate(at: Date, template: string, reader: Reader): string {
  return template.replace(/\{(\w+)\}/g, (whole, token: string) => {
    if (token === "ago") return ago(at, reader);
    const style = Object.hasOwn(TOKENS, token) ? TOKENS[token] : undefined;
    if (!style) return whole;
    const near = token.endsWith("_pretty") ? nearDay(at, reader) : undefined;
    return near ?? format(at, style, reader);
  });
}

/** A `<time>` that prints the template and says the exact instant when pointed at. */
export function timeElement(at: Date, template: string, reader: Reader): Markup {
  return markup`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${formatTemplate(at, template, reader)}</time>`;
}

/** The day as one comparable word, in the reader's zone. */
export function dayOf(at: Date, reader: Reader): string {
  return format(at, { year: "numeric", month: "2-digit", day: "2-digit" }, { ...reader, locale: "sv" });
}

/** The instant of a Slack timestamp. */
export function instantOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

function format(at: Date, style: Style, { locale, timeZone }: Reader): string {
  return new Intl.DateTimeFormat(locale, timeZone === undefined ? style : { ...style, timeZone }).format(at);
}

function nearDay(at: Date, reader: Reader): string | undefined {
  const distance = Math.round((Date.parse(dayOf(at, reader)) - Date.parse(dayOf(reader.now, reader))) / 86_400_000);
  if (Math.abs(distance) > 1) return undefined;
  return new Intl.RelativeTimeFormat(reader.locale, { numeric: "auto" }).format(distance, "day");
}

function ago(at: Date, { now, locale }: Reader): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (Math.abs(seconds) < 90) return relative.format(seconds, "second");
  if (Math.abs(seconds) < 5400) return relative.format(Math.round(seconds / 60), "minute");
  if (Math.abs(seconds) < 129_600) return relative.format(Math.round(seconds / 3600), "hour");
  return relative.format(Math.round(seconds / 86_400), "day");
}
