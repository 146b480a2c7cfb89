/** How long something took, in the one unit that a person would say: "3 h", "2 days", "3時間". */
import type { Language } from "./wording.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** @param ms - below a minute reads as one minute; what is negative (clocks differ) as well. */
export function durationIn(language: Language, ms: number): string {
  if (ms >= 2 * DAY_MS) return inUnit(language, "day", ms / DAY_MS);
  if (ms >= 2 * HOUR_MS) return inUnit(language, "hour", ms / HOUR_MS);
  return inUnit(language, "minute", Math.max(1, ms / MINUTE_MS));
}

const formats = new Map<string, Intl.NumberFormat>();

function inUnit(language: Language, unit: "day" | "hour" | "minute", value: number): string {
  const name = `${language} ${unit}`;
  const unitDisplay = language === "ja" ? "long" : "short";
  const format = formats.get(name) ?? new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay });
  formats.set(name, format);
  // Japanese writes no space between the number and its unit; CLDR does.
  const said = format.format(Math.floor(value));
  return language === "ja" ? said.replace(/\s/g, "") : said;
}
