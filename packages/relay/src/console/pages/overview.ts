/** The overview: a line for each customer, who needs a person first. Pure. */
import type { Pulse } from "@shirase/core/heartbeat";
import { durationIn } from "@shirase/core/text/duration";
import { filled } from "@shirase/core/text/fill";
import { type Page, time, type View } from "../frame.ts";
import { type Markup, markup, NOTHING, shown } from "../markup.ts";
import type { Flow, Row } from "../overview.ts";
import { severities } from "../severity.ts";

/** What the page shows. */
export type OverviewView = { readonly rows: readonly Row[]; readonly quarantined: number };

export function overviewPage({ rows, quarantined }: OverviewView, view: View): Page {
  const { words } = view;
  const body = markup`<h1>${words.overview}</h1>
${lead(rows, view)}
${
  quarantined > 0
    ? markup`<p><a href="/deliveries#quarantine">${filled(words.quarantined, { count: String(quarantined) })}</a></p>`
    : NOTHING
}
${rows.length === 0 ? markup`<p class="empty">${words.noCustomers}</p>` : table(rows, view)}`;
  return { title: words.overview, body, at: "overview", isLive: true };
}

/** Who needs a person, and why, in a line. */
function lead(rows: readonly Row[], view: View): Markup {
  const { words } = view;
  const urgent = rows.filter(({ needs }) => needs.length > 0);
  if (urgent.length === 0) return markup`<p class="lead well">${words.allWell}</p>`;
  const named = urgent.slice(0, MOST_NAMED).map((row, index) => {
    const why = row.needs.map((need) => words[NEED_WORDS[need]]).join(", ");
    return markup`${index > 0 ? " · " : ""}${row.id === "" ? words.opsChannel : shown(row.name, 40)} <span class="why">(${why})</span>`;
  });
  const more = urgent.length - named.length;
  return markup`<p class="lead">${words.needsYou} ${named}${more > 0 ? filled(words.andMore, { count: String(more) }) : ""}</p>`;
}

const MOST_NAMED = 6;
const NEED_WORDS = { paused: "paused", dead: "dead", silent: "silent", late: "stuck" } as const;

function table(rows: readonly Row[], view: View): Markup {
  const { words } = view;
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${words.overview}"><table class="rows">
<thead><tr><th scope="col">${words.customer}</th><th scope="col">${words.heartbeat}</th><th scope="col">${words.open}</th>
<th scope="col" class="number">${words.newToday}</th><th scope="col" class="number">${words.fixedToday}</th>
<th scope="col">${words.waiting}</th><th scope="col" class="number">${words.dead}</th><th scope="col">${words.delivery}</th></tr></thead>
<tbody>${rows.map((row) => line(row, view))}</tbody></table></div>`;
}

function line(row: Row, view: View): Markup {
  const { figures, needs } = row;
  const { words } = view;
  const number = (count: number): string => (count === 0 ? words.none : count.toLocaleString(view.language));
  const deadLink = `/deliveries?state=dead&customer=${encodeURIComponent(row.id)}`;
  const cell = (label: string, content: Markup | string, kind = ""): Markup =>
    markup`<td data-label="${label}" class="${kind}${String(content) === words.none ? " nothing" : ""}"><div>${content}</div></td>`;
  return markup`<tr class="${needs.length > 0 ? "needs" : ""}">
<th scope="row">${name(row, view)}</th>
${cell(words.heartbeat, heartbeat(row, view))}
${cell(words.open, severities(figures.open, view))}
${cell(words.newToday, number(figures.openedSince), "number")}
${cell(words.fixedToday, number(figures.resolvedSince), "number")}
${cell(words.waiting, waiting(row, view))}
${cell(words.dead, figures.dead === 0 ? words.none : markup`<a class="bad" href="${deadLink}">${number(figures.dead)}</a>`, "number")}
${cell(words.delivery, flow(row.flow, view))}</tr>`;
}

function name(row: Row, { words }: View): Markup {
  if (row.id === "") return markup`${words.opsChannel}`;
  const former = row.isCustomer ? NOTHING : markup` <small>${words.formerCustomer}</small>`;
  return markup`<a href="/customers/${encodeURIComponent(row.id)}">${shown(row.name, 60)}</a>${former}`;
}

function waiting({ figures }: Row, view: View): Markup {
  const { waiting: count, oldestWaitingAt } = figures;
  if (count === 0 || oldestWaitingAt === undefined) return markup`${view.words.none}`;
  const age = durationIn(view.language, view.now.getTime() - oldestWaitingAt.getTime());
  return markup`${count.toLocaleString(view.language)} <small>${filled(view.words.oldest, { age })}</small>`;
}

/** The worst state in the line, each place behind it. */
function heartbeat({ pulses, flow: how }: Row, view: View): Markup {
  const { words } = view;
  if (pulses.length === 0) return markup`${how === "amazon-q" ? words.byAmazonQ : words.none}`;
  const counts = { beating: 0, missed: 0, never: 0 };
  for (const { state } of pulses) counts[state] += 1;
  const all = String(pulses.length);
  const said = [
    counts.missed > 0
      ? markup`<span class="bad">${filled(words.beatMissed, { count: String(counts.missed) })}</span>`
      : "",
    counts.never > 0
      ? markup`<span class="dim">${filled(words.beatNever, { count: String(counts.never) })}</span>`
      : "",
    counts.beating > 0 ? filled(words.beating, { count: String(counts.beating), all }) : "",
  ].filter((part) => part !== "");
  const joined = said.map((part, index) => markup`${index > 0 ? ", " : ""}${part}`);
  return markup`<details class="pulses" id="pulses-${pulses[0]?.customerId}"><summary>${joined}</summary>${places(pulses, view)}</details>`;
}

/** Each account and region with its last heartbeat. */
export function places(pulses: readonly Pulse[], view: View): Markup {
  const { words } = view;
  const named = { beating: words.stateBeating, missed: words.stateMissed, never: words.stateNever };
  return markup`<ul class="places">${pulses.map(
    (pulse) => markup`<li class="${pulse.state}"><span class="mono">${pulse.accountId} ${pulse.region}</span>
<b>${named[pulse.state]}</b> ${pulse.at === undefined ? NOTHING : markup`<small>${time(pulse.at, view)}</small>`}</li>`,
  )}</ul>`;
}

function flow(how: Flow, { words }: View): Markup {
  if (how === "paused") return markup`<a class="bad" href="/deliveries">${words.paused}</a>`;
  if (how === "late") return markup`<a class="bad" href="/deliveries?state=waiting">${words.stuck}</a>`;
  return markup`<span class="${how === "flowing" ? "good" : "dim"}">${how === "flowing" ? words.flowing : words.byAmazonQ}</span>`;
}
