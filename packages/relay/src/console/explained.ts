/** What a pattern says of an event, field by field, for people. Pure. */
import { explain, explainText, type Pattern, parsePattern } from "@shirase/event-pattern";
import type { View } from "./frame.ts";
import { type Markup, markup, shown } from "./markup.ts";

const MOST_LINES = 60;

/** The verdict, then each field that decided it. */
export function explained(pattern: Pattern, event: unknown, { language }: View): Markup {
  const explanation = explain(pattern, event);
  const [verdict = "", ...lines] = explainText(explanation, language).split("\n");
  return markup`<p class="${explanation.matches ? "good" : "bad"}">${verdict}</p>
<ul class="explained">${lines
    .slice(0, MOST_LINES)
    .map((line) => markup`<li class="${line.startsWith("✗") ? "no" : "yes"}">${shown(line, 400)}</li>`)}</ul>`;
}

/** A pattern that the config has checked. */
export function patternFrom(text: string): Pattern | undefined {
  const read = parsePattern(text);
  return "pattern" in read ? read.pattern : undefined;
}
