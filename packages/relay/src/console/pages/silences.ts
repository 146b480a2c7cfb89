/** A customer's silences: which hold, which are over, how much each held back, and a form for another. Pure. */
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Silence, SilenceProblem } from "@shirase/core/silence";
import { type Page, time, type View } from "../frame.ts";
import { type Markup, markup, NOTHING, shown, typed } from "../markup.ts";
import { customerHead } from "./customer.ts";
import { whyNoButtons } from "./deliveries.ts";

/** How long a silence may be made for here. */
export const SILENCE_DAYS = [1, 3, 7, 14, 30, 60, 90] as const;

/** The form as it was filled in. */
export type SilenceDraft = {
  readonly match: string;
  readonly owner: string;
  readonly reason: string;
  readonly days: number;
  readonly problem: SilenceProblem | undefined;
};

/** A silence; `held`: problems it held back, `isOwn`: of the config, which only a deployment changes. */
export type SilenceLine = Silence & { readonly held: number; readonly isOwn: boolean };

/** What the page shows. */
export type SilencesView = {
  readonly customer: ResolvedCustomer;
  /** By their end. */
  readonly lines: readonly SilenceLine[];
  readonly draft: SilenceDraft;
  /** Who answers for a new one; undefined: the form asks. */
  readonly owner: string | undefined;
  readonly done: "made" | "ended" | undefined;
};

export function silencesPage(all: SilencesView, view: View): Page {
  const { customer, lines, done } = all;
  const { words, now } = view;
  const current = lines.filter(({ until }) => until > now);
  const over = lines.filter(({ until }) => until <= now).toReversed();
  const said = { made: words.silenceMade, ended: words.silenceEnded };
  const body = markup`${customerHead(customer, "silences", view)}
${done === undefined ? NOTHING : markup`<p class="note" role="status">${said[done]}</p>`}
<p>${words.silencesWhat}</p>
<h2>${words.silencesNow}</h2>
${current.length === 0 ? markup`<p class="empty">${words.noSilences}</p>` : table(words.silencesNow, current, all, view)}
${view.mayAct ? newForm(all, view) : whyNoButtons(view)}
${over.length === 0 ? NOTHING : markup`<h2>${words.silencesOver}</h2>${table(words.silencesOver, over, all, view)}`}`;
  return { title: `${customer.name}: ${words.silences}`, body, at: "overview", isLive: false };
}

function table(label: string, lines: readonly SilenceLine[], { customer }: SilencesView, view: View): Markup {
  const { words } = view;
  const heads = [
    words.silenceReason,
    words.silenceOwner,
    words.silenceFrom,
    words.silenceUntil,
    words.silencedCount,
    words.action,
  ];
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${label}"><table class="rows"><thead><tr>${heads.map(
    (head) => markup`<th scope="col">${head}</th>`,
  )}</tr></thead>
<tbody>${lines.map((line) => row(line, customer.id, view))}</tbody></table></div>`;
}

function row(line: SilenceLine, customerId: string, view: View): Markup {
  const { words } = view;
  const cell = (label: string, content: Markup | string, kind = ""): Markup =>
    markup`<td data-label="${label}" class="${kind}"><div>${content}</div></td>`;
  return markup`<tr><th scope="row" class="text">${shown(line.reason, 300)}
<details id="silence-${line.id}"><summary>${words.silenceMatch}</summary><code class="match">${shown(line.match, 2100)}</code></details></th>
${cell(words.silenceOwner, shown(line.owner, 80), "text")}
${cell(words.silenceFrom, time(line.from, view))}
${cell(words.silenceUntil, time(line.until, view))}
${cell(words.silencedCount, String(line.held), "number")}
${cell(words.action, ending(line, customerId, view))}</tr>`;
}

function ending({ id, isOwn, until }: SilenceLine, customerId: string, { words, token, now, mayAct }: View): Markup {
  if (isOwn) return markup`<small>${words.fromConfig}</small>`;
  if (until <= now || !mayAct) return markup`${words.none}`;
  return markup`<form method="post" action="/customers/${encodeURIComponent(customerId)}/silences/end"><input type="hidden" name="token" value="${token}"><input type="hidden" name="silence" value="${id}"><button class="button small">${words.endSilence}</button></form>`;
}

function newForm({ customer, draft, owner }: SilencesView, { words, token }: View): Markup {
  const { problem } = draft;
  const chosen = (is: boolean): Markup => (is ? markup` selected` : NOTHING);
  return markup`<h2 id="new">${words.newSilence}</h2>
${problem === undefined ? NOTHING : markup`<p class="bad" role="alert">${words.notMade} <span lang="en">${shown(problem.message, 500)}</span></p>`}
<form method="post" action="/customers/${encodeURIComponent(customer.id)}/silences" class="stack"><input type="hidden" name="token" value="${token}">
<label>${words.silenceMatch} <small>${words.silenceMatchHint}</small><textarea name="match" rows="6" spellcheck="false" maxlength="20000" required>${typed(draft.match)}</textarea></label>
<label>${words.silenceReason}<input name="reason" value="${draft.reason}" maxlength="300" required></label>
<p class="filters">${
    owner === undefined
      ? markup`<label>${words.silenceOwner} <input name="owner" value="${draft.owner}" maxlength="80" required></label> `
      : markup`<span>${words.silenceOwner}: ${shown(owner, 80)}</span> `
  }<label>${words.silenceDays} <select name="days">${SILENCE_DAYS.map(
    (count) => markup`<option${chosen(count === draft.days)}>${count}</option>`,
  )}</select></label> <button class="button">${words.makeSilence}</button></p></form>`;
}
