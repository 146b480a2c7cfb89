/** A customer's month, fit to print and to hand over. Pure. */
import { severityOfRank } from "@shirase/core/finding";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { durationIn } from "@shirase/core/text/duration";
import { filled } from "@shirase/core/text/fill";
import type { Page, View } from "../frame.ts";
import { type Markup, markup, NOTHING, shown } from "../markup.ts";
import type { OpenCounts, ProblemLine } from "../reads.ts";
import { csvField, type Month, type ReportFigures } from "../report.ts";
import { severities, severity } from "../severity.ts";
import { customerHead } from "./customer.ts";

/** What the page shows. */
export type ReportView = ReportFigures & {
  readonly customer: ResolvedCustomer;
  /** `2026-11`. */
  readonly name: string;
  /** Whether the month is still going on. */
  readonly isRunning: boolean;
  readonly months: readonly string[];
  readonly open: OpenCounts;
  readonly oldest: readonly ProblemLine[];
};

export function reportPage(all: ReportView, view: View): Page {
  const { customer, name, months, month, before, open, oldest, topCauses } = all;
  const { words } = view;
  const own = `/customers/${encodeURIComponent(customer.id)}/report`;
  const body = markup`${customerHead(customer, "report", view)}
<form class="filters" method="get" action="${own}"><label>${words.month} <select name="month">${months.map(
    (one) => markup`<option${one === name ? markup` selected` : NOTHING}>${one}</option>`,
  )}</select></label> <button class="button">${words.show}</button> <a class="button" href="${own}?month=${name}&amp;format=csv">CSV</a></form>
<h2>${filled(words.reportTitle, { month: name })}${all.isRunning ? markup` <small>${words.monthRuns}</small>` : NOTHING}</h2>
${comparison(month, before, view)}
<p>${words.open}: ${severities(open, view)}</p>
<h2>${words.topCauses}</h2>${
    topCauses.length === 0
      ? markup`<p class="empty">${words.nothingOpened}</p>`
      : markup`<div class="wide" tabindex="0" role="region" aria-label="${words.topCauses}"><table><thead><tr><th scope="col">${words.cause}</th><th scope="col">${words.severity}</th><th scope="col" class="number">${words.opened}</th><th scope="col" class="number">${words.stillOpen}</th></tr></thead><tbody>${topCauses.map(
          (one) =>
            markup`<tr><th scope="row" class="text">${shown(one.title === "" ? one.cause : one.title, 140)} <small class="mono">${shown(one.cause, 60)}</small></th><td>${severity(severityOfRank(one.severityRank), view)}</td><td class="number">${one.count}</td><td class="number">${one.stillOpen}</td></tr>`,
        )}</tbody></table></div>`
  }
<h2>${words.oldestOpen}</h2>${
    oldest.length === 0
      ? markup`<p class="empty">${words.noFindings}</p>`
      : markup`<div class="wide" tabindex="0" role="region" aria-label="${words.oldestOpen}"><table><thead><tr><th scope="col">${words.finding}</th><th scope="col">${words.severity}</th><th scope="col">${words.openFor}</th></tr></thead><tbody>${oldest.map((line) => oldestRow(line, view))}</tbody></table></div>`
  }`;
  return { title: `${customer.name} ${name}`, body, at: "overview", isLive: false };
}

function comparison(month: Month, before: Month, view: View): Markup {
  const { words, language } = view;
  const fix = ({ meanFixMs }: Month): string =>
    meanFixMs === undefined ? words.none : durationIn(language, meanFixMs);
  const rows = [
    [words.opened, String(month.opened), String(before.opened)],
    [words.resolved, String(month.resolved), String(before.resolved)],
    [words.meanFix, fix(month), fix(before)],
  ] as const;
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${words.comparison}"><table class="small"><thead><tr><th scope="col"><span class="hidden">${words.comparison}</span></th><th scope="col" class="number">${words.thisMonth}</th><th scope="col" class="number">${words.monthBefore}</th></tr></thead>
<tbody>${rows.map(([label, now, then]) => markup`<tr><th scope="row">${label}</th><td class="number">${now}</td><td class="number">${then}</td></tr>`)}</tbody></table></div>`;
}

function oldestRow(line: ProblemLine, view: View): Markup {
  const [, , cause = "", resource = ""] = line.key.split("|");
  const age = durationIn(view.language, view.now.getTime() - line.openedAt.getTime());
  return markup`<tr><th scope="row" class="text"><a href="/findings/${line.id}">${shown(line.title === "" ? cause : line.title, 140)}</a> <small class="mono">${shown(resource, 80)}</small></th><td>${severity(severityOfRank(line.severityRank), view)}</td><td>${age}</td></tr>`;
}

/** The same as CSV, for a spreadsheet: one line a figure. Begins with a byte order mark, or Excel reads no Japanese. */
export function reportCsv({ customer, name, month, before, topCauses, oldest }: ReportView, { words }: View): string {
  const hours = ({ meanFixMs }: Month): string | number =>
    meanFixMs === undefined ? "" : Math.round(meanFixMs / 360_000) / 10;
  const rows: readonly (readonly (string | number)[])[] = [
    [words.customer, customer.name],
    [words.month, name],
    ["", words.thisMonth, words.monthBefore],
    [words.opened, month.opened, before.opened],
    [words.resolved, month.resolved, before.resolved],
    [words.meanFixHours, hours(month), hours(before)],
    [words.topCauses, words.opened, words.stillOpen],
    ...topCauses.map(({ cause, title, count, stillOpen }) => [`${cause} ${title}`, count, stillOpen]),
    [words.oldestOpen, words.resource, words.openSince],
    ...oldest.map(({ key, title, openedAt }) => [title, key.split("|")[3] ?? "", openedAt.toISOString()]),
  ];
  return `\ufeff${rows.map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`;
}
