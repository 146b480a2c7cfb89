/** How the problems that a message told of stand, as a card and a burst say it: "14 open, 3 resolved". */
import { openCountOf, type Standings } from "./channel-view.ts";
import { filled } from "./text/fill.ts";
import type { Wording } from "./text/wording.ts";

/** What there is none of is not said. @param said - how a number is written. */
export function standingWords(standings: Standings, words: Wording, said: (count: number) => string): string {
  const parts: readonly (readonly [number, string])[] = [
    [openCountOf(standings), words.openCount],
    [standings.resolved, words.resolvedCount],
    [standings.suppressed, words.suppressedCount],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `*${filled(word, { count: said(count) })}*`)
    .join(words.comma);
}
