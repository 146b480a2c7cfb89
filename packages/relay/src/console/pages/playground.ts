/** The playground: an event, a pattern, what the pattern says of it, and what it would have let through. Pure. */

import { filled } from "@shirase/core/text/fill";
import { localTime } from "@shirase/core/times";
import { lint, matches, type PatternProblem, parsePattern } from "@shirase/event-pattern";
import { explained } from "../explained.ts";
import type { Page, View } from "../frame.ts";
import { copied, type Markup, markup, NOTHING, shown, shownWord, typed } from "../markup.ts";
import type { ChangedBy } from "../reads.ts";

/** What the page shows. */
export type PlaygroundView = {
  readonly customers: readonly { readonly id: string; readonly name: string }[];
  readonly customerId: string;
  /** As the reader typed them. */
  readonly eventText: string;
  readonly patternText: string;
  readonly days: number;
  /** Events of the customer that changed a problem in those days; the newest ones. */
  readonly remembered: readonly ChangedBy[];
  readonly isCut: boolean;
};

export function playgroundPage(all: PlaygroundView, view: View): Page {
  const { words } = view;
  const { customers, customerId, eventText, patternText, days } = all;
  const chosen = (is: boolean): Markup => (is ? markup` selected` : NOTHING);
  const body = markup`<h1>${words.playground}</h1><p>${words.playgroundWhat}</p>
<form method="post" action="/playground" class="play" id="play"><input type="hidden" name="token" value="${view.token}">
<p class="filters"><label>${words.customer} <select name="customer">${customers.map(
    ({ id, name }) => markup`<option value="${id}"${chosen(id === customerId)}>${shownWord(name, 60)}</option>`,
  )}</select></label> <label>${words.lastDays} <select name="days">${[1, 7, 30, 90].map(
    (count) => markup`<option${chosen(count === days)}>${count}</option>`,
  )}</select></label> <button class="button">${words.tryIt}</button></p>
<div class="panes"><label>${words.pattern}<span class="editor"><textarea name="pattern" rows="14" spellcheck="false" maxlength="20000">${typed(patternText)}</textarea></span></label>
<label>${words.eventJson}<span class="editor"><textarea name="event" rows="14" spellcheck="false" maxlength="200000">${typed(eventText)}</textarea></span></label></div></form>
<div id="answer" aria-live="polite">${playgroundAnswer(all, view)}</div>`;
  return { title: words.playground, body, at: "playground", isLive: false };
}

/** What is swapped as somebody types. */
export function playgroundAnswer(all: PlaygroundView, view: View): Markup {
  const { words } = view;
  const read = parsePattern(all.patternText);
  if ("problems" in read) {
    return markup`<h2>${words.badPattern}</h2><ul class="explained">${read.problems.map((problem) => problemItem(problem))}</ul>`;
  }
  // The pattern's reader, like EventBridge's, ends with the object; whatever is pasted into a config must be JSON.
  if (objectFrom(all.patternText) === undefined) {
    return markup`<h2>${words.badPattern}</h2><p class="bad">${words.afterEnd}</p>`;
  }
  const event = objectFrom(all.eventText);
  const odd = lint(read.pattern, { text: all.patternText, language: view.language });
  const isTwice = odd.some(({ code }) => code === "key-twice");
  // Its length is another one in a template.
  const line = lint(read.pattern, { text: JSON.stringify(JSON.parse(all.patternText)), language: view.language });
  const warnings = [...line.filter(({ code }) => QUOTAS.has(code)), ...odd.filter(({ code }) => code === "key-twice")];
  return markup`<h2>${words.thisEvent}</h2>${
    event === undefined ? markup`<p class="bad">${words.badEvent}</p>` : explained(read.pattern, event, view)
  }
${warnings.length === 0 ? NOTHING : markup`<ul class="explained">${warnings.map(({ message, fix }) => markup`<li>${shown(`${message}. ${fix}`, 600)}</li>`)}</ul>`}
${overTime(all, read.pattern, view)}
${isTwice ? markup`<p class="bad">${words.keyTwice}</p>` : usedAs(all, view)}`;
}

const QUOTAS: ReadonlySet<string> = new Set(["long", "many-rules"]);

/** What can be made of it: JSON that is read and written again has each key once. */
function usedAs(all: PlaygroundView, view: View): Markup {
  const { words } = view;
  return markup`${snippet(words.asFilter, all.customerId, `filter: ${patternLine(all)}`, view)}
${snippet(words.asSilence, all.customerId, silenceLines(all, view), view)}
${silenceLink(all, view)}`;
}

function problemItem({ message, position, path }: PatternProblem): Markup {
  const where = position === undefined ? path : `${position.line}:${position.column} ${path}`;
  // The editor marks the place by these.
  const place = position && markup` data-line="${String(position.line)}" data-column="${String(position.column)}"`;
  return markup`<li class="no"${place ?? NOTHING}><code>${shown(where, 200)}</code> <span lang="en">${shown(message, 400)}</span></li>`;
}

function objectFrom(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type Readable = Extract<ReturnType<typeof parsePattern>, { readonly pattern: unknown }>["pattern"];

function overTime({ remembered, days, isCut }: PlaygroundView, pattern: Readable, view: View): Markup {
  const { words } = view;
  const hits = remembered.filter(({ body }) => matches(pattern, body));
  const counts = { hits: String(hits.length), all: String(remembered.length), days: String(days) };
  return markup`<h2>${words.overTime}</h2><p>${filled(words.wouldPass, counts)}${isCut ? ` ${filled(words.onlyNewest, counts)}` : ""}</p>
<ul class="plain">${hits.slice(0, MOST_HITS).map(({ id, title }) => markup`<li><a href="/findings/${id}">${shown(title === "" ? String(id) : title, 140)}</a></li>`)}</ul>`;
}

const MOST_HITS = 12;

/** What to write into the config: the customer's entry with this in it. */
function snippet(label: string, customerId: string, lines: string, view: View): Markup {
  const text = `customers:\n  - id: ${customerId}\n    ${lines}\n`;
  return markup`<h2>${label}</h2>${copied(markup`<pre class="long" tabindex="0" role="region" aria-label="${label}">${text}</pre>`, view)}`;
}

/** JSON is YAML. */
function patternLine({ patternText }: PlaygroundView): string {
  return JSON.stringify(JSON.parse(patternText));
}

const WEEK_MS = 7 * 24 * 3_600_000;

function silenceLines(all: PlaygroundView, { now, timezone, words }: View): string {
  const day = (time: Date): string => localTime(time, timezone).slice(0, 10);
  return `silences:
      - match: ${patternLine(all)}
        owner: ${words.silenceOwner}
        reason: ${words.silenceReason}
        from: "${day(now)}"
        until: "${day(new Date(now.getTime() + WEEK_MS))}"`;
}

/** Longer than this an address is no address any more. */
const LONGEST_QUERY = 1500;

function silenceLink(all: PlaygroundView, { words, mayAct }: View): Markup {
  const match = patternLine(all);
  if (!mayAct || all.customerId === "" || match.length > LONGEST_QUERY) return NOTHING;
  const query = new URLSearchParams({ match }).toString();
  return markup`<p><a href="/customers/${encodeURIComponent(all.customerId)}/silences?${query}#new">${words.silenceNow}</a></p>`;
}
