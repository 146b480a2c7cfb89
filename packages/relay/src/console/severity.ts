/** Severities as they are shown: a word, a shape and a colour, so that no one of them must be seen. Pure. */
import { SEVERITIES, type Severity } from "@shirase/core/finding";
import { WORDING } from "@shirase/core/text/wordings";
import type { View } from "./frame.ts";
import { type Markup, markup } from "./markup.ts";
import type { OpenCounts } from "./reads.ts";

/** The worst first. */
export const WORST_FIRST: readonly Severity[] = SEVERITIES.toReversed();

/** One severity's name. */
export function severity(name: Severity, { language }: View): Markup {
  return markup`<span class="severity ${name.toLowerCase()}">${WORDING[language].severity[name]}</span>`;
}

/** How many of each severity, the worst first; a dash when there is none. */
export function severities(counts: OpenCounts, { language, words }: View): Markup {
  const found = WORST_FIRST.flatMap((name) => (counts[name] ? [[name, counts[name]] as const] : []));
  if (found.length === 0) return markup`${words.none}`;
  return markup`<span class="counts">${found.map(
    ([name, count]) =>
      markup`<span class="severity ${name.toLowerCase()}" title="${WORDING[language].severity[name]}"><b>${count.toLocaleString(language)}</b> ${SHORT[name]}</span>`,
  )}</span>`;
}

const SHORT: Readonly<Record<Severity, string>> = {
  CRITICAL: "CRIT",
  HIGH: "HIGH",
  MEDIUM: "MED",
  LOW: "LOW",
  INFORMATIONAL: "INFO",
};
