/** A customer: how it stands, how that came about, and what is open, to be filtered and searched. Pure. */

import { type Severity, severityOfRank } from "@shirase/core/finding";
import type { Pulse } from "@shirase/core/heartbeat";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { durationIn } from "@shirase/core/text/duration";
import { filled } from "@shirase/core/text/fill";
import { WORDING } from "@shirase/core/text/wordings";
import { dayName, flowChart, openChart } from "../chart.ts";
import { type Page, time, type View } from "../frame.ts";
import { type Markup, markup, NOTHING, shown, shownWord } from "../markup.ts";
import type { OpenCounts, ProblemLine, Slice } from "../reads.ts";
import { severities, severity, WORST_FIRST } from "../severity.ts";
import type { TrendDay } from "../trend.ts";
import { places } from "./overview.ts";

/** What the page shows. */
export type CustomerView = {
  readonly customer: ResolvedCustomer;
  readonly open: OpenCounts;
  readonly pulses: readonly Pulse[];
  readonly trend: readonly TrendDay[];
  readonly asked: Asked;
  readonly problems: Slice<ProblemLine>;
  /** How many silences hold. */
  readonly silenced: number;
};

/** What the reader asked to see. */
export type Asked = {
  readonly standing: ProblemLine["standing"];
  readonly severity: Severity | undefined;
  readonly text: string;
  readonly page: number;
};

export function customerPage(all: CustomerView, view: View): Page {
  const { customer, open, pulses, trend } = all;
  const { words } = view;
  const body = markup`${customerHead(customer, "findings", view)}
<dl class="facts"><dt>${words.open}</dt><dd>${severities(open, view)}</dd>
<dt>${words.heartbeat}</dt><dd>${pulses.length === 0 ? words.byAmazonQ : places(pulses, view)}</dd>${silencedFact(all, view)}</dl>
<div class="charts">${openChart(trend, view)}${flowChart(trend, view)}</div>
<details id="trend-table"><summary>${words.asTable}</summary>${trendTable(trend, view)}</details>
<h2 id="problems">${words.findings}</h2>
${filters(all, view)}
${problemTable(all, view)}`;
  return { title: customer.name, body, at: "overview", isLive: true };
}

function silencedFact({ customer, silenced }: CustomerView, { words }: View): Markup {
  if (silenced === 0) return NOTHING;
  const label = silenced === 1 ? words.oneSilenceHolds : filled(words.silencesHold, { count: String(silenced) });
  return markup`<dt>${words.silences}</dt><dd><a href="/customers/${encodeURIComponent(customer.id)}/silences">${label}</a></dd>`;
}

/** The customer's name and its pages. */
export function customerHead(
  { id, name, slack }: ResolvedCustomer,
  at: "findings" | "channel" | "silences" | "report",
  { words }: View,
): Markup {
  const own = `/customers/${encodeURIComponent(id)}`;
  const links = [
    ["findings", own, words.findings],
    ["channel", `${own}/channel`, words.channel],
    ["silences", `${own}/silences`, words.silences],
    ["report", `${own}/report`, words.report],
    ["deliveries", `/deliveries?state=sent&customer=${encodeURIComponent(id)}`, words.deliveries],
  ] as const;
  return markup`<h1>${shown(name, 80)} <small class="mono">${id} · ${slack.channel}</small></h1>
<nav class="tabs" aria-label="${shownWord(name, 80)}"><ul>${links.map(
    ([which, href, label]) =>
      markup`<li><a href="${href}"${which === at ? markup` aria-current="page"` : NOTHING}>${label}</a></li>`,
  )}</ul></nav>`;
}

function trendTable(trend: readonly TrendDay[], view: View): Markup {
  const { words } = view;
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${words.asTable}"><table><thead><tr><th scope="col">${words.day}</th><th scope="col" class="number">${words.opened}</th><th scope="col" class="number">${words.ended}</th><th scope="col" class="number">${words.open}</th></tr></thead>
<tbody>${trend
    .toReversed()
    .map(
      (day) =>
        markup`<tr><th scope="row">${dayName(day, view)}</th><td class="number">${day.opened}</td><td class="number">${day.ended}</td><td class="number">${day.open}</td></tr>`,
    )}</tbody></table></div>`;
}

function filters({ customer, asked }: CustomerView, view: View): Markup {
  const { words, language } = view;
  const standings = { open: words.open, resolved: words.resolved, suppressed: words.suppressed };
  const chosen = (is: boolean): Markup => (is ? markup` selected` : NOTHING);
  return markup`<form class="filters" method="get" action="/customers/${encodeURIComponent(customer.id)}" role="search">
<label>${words.search} <input type="search" name="q" value="${asked.text}" size="28" maxlength="200" placeholder="${words.searchHint}"></label>
<label>${words.state} <select name="standing">${Object.entries(standings).map(
    ([name, label]) => markup`<option value="${name}"${chosen(name === asked.standing)}>${label}</option>`,
  )}</select></label>
<label>${words.severity} <select name="severity"><option value="">${words.all}</option>${WORST_FIRST.map(
    (name) =>
      markup`<option value="${name}"${chosen(name === asked.severity)}>${WORDING[language].severity[name]}</option>`,
  )}</select></label>
<button class="button">${words.show}</button></form>`;
}

function problemTable({ problems, asked, customer }: CustomerView, view: View): Markup {
  const { words } = view;
  if (problems.items.length === 0)
    return markup`<p class="empty">${asked.text === "" ? words.noFindings : words.noHits}</p>`;
  const to = (page: number): string => {
    const query = { q: asked.text, standing: asked.standing, severity: asked.severity ?? "", page: String(page) };
    return `/customers/${encodeURIComponent(customer.id)}?${new URLSearchParams(query).toString()}#problems`;
  };
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${words.findings}"><table class="rows"><thead><tr><th scope="col">${words.finding}</th><th scope="col">${words.severity}</th><th scope="col">${words.resource}</th><th scope="col">${words.place}</th><th scope="col">${asked.standing === "open" ? words.openFor : words.since}</th></tr></thead>
<tbody>${problems.items.map((line) => problemRow(line, view))}</tbody></table></div>
<p class="pager">${asked.page > 1 ? markup`<a href="${to(asked.page - 1)}">${words.newerOnes}</a>` : NOTHING} ${problems.more ? markup`<a href="${to(asked.page + 1)}">${words.nextOnes}</a>` : NOTHING}</p>`;
}

function problemRow(line: ProblemLine, view: View): Markup {
  const { words, language, now } = view;
  const [account = "", region = "", cause = "", resource = ""] = line.key.split("|");
  const rank = severityOfRank(line.severityRank);
  const age = durationIn(language, now.getTime() - line.openedAt.getTime());
  const when =
    line.standing === "open"
      ? markup`<span title="${line.openedAt.toISOString()}">${age}</span>`
      : time(line.changedAt, view);
  const cell = (label: string, content: Markup | string, kind = ""): Markup =>
    markup`<td data-label="${label}" class="${kind}"><div>${content}</div></td>`;
  return markup`<tr><th scope="row" class="text"><a href="/findings/${line.id}">${shown(line.title === "" ? cause : line.title, 140)}</a>${
    line.isTold ? NOTHING : markup` <small>${words.notTold}</small>`
  }</th>
${cell(words.severity, severity(rank, view))}
${cell(words.resource, markup`<span class="mono">${shown(resource, 80)}</span>`, "text")}
${cell(words.place, markup`<span class="mono">${shown(account, 20)} ${shown(region, 30)}</span>`)}
${cell(line.standing === "open" ? words.openFor : words.since, when)}</tr>`;
}
