/** Deliveries: what is paused and what to do, what waits, what was given up and why, what was sent; trying again. Pure. */
import { severityOfRank } from "@shirase/core/finding";
import { durationIn } from "@shirase/core/text/duration";
import { filled } from "@shirase/core/text/fill";
import type { Pause, Quarantined } from "../../store/store.ts";
import { type Page, time, type View } from "../frame.ts";
import { type Markup, markup, NOTHING, shown, shownWord } from "../markup.ts";
import type { Backlog, MessageLine, MessageState, Slice } from "../reads.ts";
import { remedyIn } from "../remedies.ts";
import { severity } from "../severity.ts";

/** What the page shows. */
export type DeliveriesView = {
  readonly state: MessageState;
  /** "" stands for the operators. */
  readonly customerId: string | undefined;
  readonly channelId: string | undefined;
  readonly customers: readonly { readonly id: string; readonly name: string; readonly channelId: string }[];
  readonly pauses: readonly Pause[];
  readonly backlogs: readonly Backlog[];
  readonly messages: Slice<MessageLine>;
  readonly quarantined: readonly Quarantined[];
  readonly quarantinedInAll: number;
  /** How many letters were just made to wait again. */
  readonly redriven: number | undefined;
};

export function deliveriesPage(deliveries: DeliveriesView, view: View): Page {
  const { words } = view;
  const { redriven, backlogs, state, pauses } = deliveries;
  const isNothing = pauses.length === 0;
  const body = markup`<h1>${words.deliveries}</h1>
${redriven === undefined ? NOTHING : markup`<p class="note" role="status">${filled(words.redriven, { count: String(redriven) })}</p>`}
<h2>${words.pausedTitle}</h2>
${hasActions(deliveries) ? whyNoButtons(view) : NOTHING}
${isNothing ? markup`<p class="good">${words.nothingPaused}</p>` : markup`<ul class="cards">${pauses.map((pause) => pausedCard(pause, deliveries, view))}</ul>`}
<h2 id="messages">${words.messages}</h2>
${filters(deliveries, view)}
${state === "waiting" && backlogs.length > 0 ? backlogTable(deliveries, view) : NOTHING}
${messageTable(deliveries, view)}
${quarantine(deliveries, view)}`;
  return { title: words.deliveries, body, at: "deliveries", isLive: true };
}

/** Is there something that an operator would have a button for? */
function hasActions({ pauses, state, messages }: DeliveriesView): boolean {
  return pauses.length > 0 || (state === "dead" && messages.items.length > 0);
}

/** Where buttons are missing, a viewer reads why. */
export function whyNoButtons({ mayAct, words }: View): Markup {
  return mayAct ? NOTHING : markup`<p class="dim">${words.noButtons}</p>`;
}

function nameOf(customerId: string, { customers }: DeliveriesView, { words }: View): string {
  if (customerId === "") return words.opsChannel;
  return customers.find(({ id }) => id === customerId)?.name ?? customerId;
}

function pausedCard(
  { channelId, reason, remedy, pausedAt, recheckAt }: Pause,
  all: DeliveriesView,
  view: View,
): Markup {
  const { words } = view;
  const said = remedyIn(view.language, { reason, remedy });
  const owner = all.customers.find((customer) => customer.channelId === channelId);
  const waits = all.backlogs.filter((one) => one.channelId === channelId).reduce((sum, { count }) => sum + count, 0);
  return markup`<li class="card bad-edge"><h3>${shown(owner?.name ?? words.opsChannel, 60)} <span class="mono">${shown(channelId, 40)}</span></h3>
<p><code>${shown(reason, 80)}</code> <span lang="${said.language}">${shown(said.text, 300)}</span></p>
<p><small>${words.pausedSince} ${time(pausedAt, view)} · ${words.recheckAt} ${time(recheckAt, view)} · ${filled(words.waitsBehind, { count: String(waits) })}</small></p>
${redriveForm({ channel: channelId }, words.tryNow, view)}</li>`;
}

/** A form that makes dead letters wait again, and lifts the pause: for operators. */
function redriveForm(fields: Readonly<Record<string, string>>, label: string, view: View, kind = "button"): Markup {
  if (!view.mayAct) return NOTHING;
  return markup`<form method="post" action="/deliveries/redrive"><input type="hidden" name="token" value="${view.token}">${Object.entries(
    fields,
  ).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`,
  )}<button class="${kind}">${label}</button></form>`;
}

const STATES = ["dead", "waiting", "sent"] as const;

function filters({ state, customerId, channelId, customers }: DeliveriesView, view: View): Markup {
  const { words } = view;
  const names = { dead: words.dead, waiting: words.waiting, sent: words.sent };
  const options = [["", words.everyCustomer], ...customers.map(({ id, name }) => [id, shownWord(name, 60)])] as const;
  return markup`<form class="filters" method="get" action="/deliveries"><label>${words.state} <select name="state">${STATES.map(
    (one) => markup`<option value="${one}"${one === state ? markup` selected` : NOTHING}>${names[one]}</option>`,
  )}</select></label> <label>${words.customer} <select name="customer">${options.map(
    ([id, name]) =>
      markup`<option value="${id}"${id === (customerId ?? "") ? markup` selected` : NOTHING}>${name}</option>`,
  )}</select></label> <label>${words.channel} <input name="channel" value="${channelId ?? ""}" size="14" maxlength="40"></label>
<button class="button">${words.show}</button></form>`;
}

function backlogTable(all: DeliveriesView, view: View): Markup {
  const { words, language } = view;
  const mine = all.backlogs.filter(({ customerId }) => all.customerId === undefined || customerId === all.customerId);
  return markup`<ul class="plain">${mine.map(({ customerId, channelId, count, oldestAt }) => {
    const age = durationIn(language, view.now.getTime() - oldestAt.getTime());
    return markup`<li>${shown(nameOf(customerId, all, view), 60)} <span class="mono">${shown(channelId, 40)}</span> ${filled(words.findingsWait, { count: String(count) })} <small>${filled(words.oldest, { age })}</small></li>`;
  })}</ul>`;
}

function messageTable(all: DeliveriesView, view: View): Markup {
  const { words } = view;
  const { messages, state, customerId, channelId } = all;
  if (messages.items.length === 0) return markup`<p class="empty">${words.noMessages}</p>`;
  const older = messages.items.at(-1)?.seq ?? 0;
  const query = new URLSearchParams({
    state,
    customer: customerId ?? "",
    channel: channelId ?? "",
    before: String(older),
  });
  const isFiltered = customerId !== undefined || channelId !== undefined;
  const fields = { customer: customerId ?? "", channel: channelId ?? "", scope: "filter" };
  const hasButtons = state === "dead" && view.mayAct;
  return markup`${state === "dead" ? redriveForm(fields, isFiltered ? words.redriveShown : words.redriveAll, view) : NOTHING}
<div class="wide" tabindex="0" role="region" aria-label="${words.messages}"><table class="rows"><thead><tr>
<th scope="col">${words.customer}</th><th scope="col">${words.message}</th><th scope="col" class="number">${words.findings}</th>
<th scope="col">${state === "sent" ? words.sent : words.made}</th><th scope="col" class="number">${words.attempts}</th>
<th scope="col">${state === "sent" ? words.inSlack : words.reason}</th>${hasButtons ? markup`<th scope="col">${words.action}</th>` : NOTHING}</tr></thead>
<tbody>${messages.items.map((line) => messageRow(line, all, view))}</tbody></table></div>
${messages.more ? markup`<p><a href="/deliveries?${query.toString()}#messages">${words.olderOnes}</a></p>` : NOTHING}`;
}

function messageRow(line: MessageLine, all: DeliveriesView, view: View): Markup {
  const { words } = view;
  const rank = severityOfRank(line.severityRank);
  const doubt = line.isInDoubt ? markup` <small>${words.inDoubt}</small>` : NOTHING;
  const last = line.state === "sent" ? slackLink(line, view) : markup`${shown(line.reason ?? words.none, 200)}${doubt}`;
  const cell = (label: string, content: Markup | string, kind = ""): Markup =>
    markup`<td data-label="${label}" class="${kind}"><div>${content}</div></td>`;
  return markup`<tr><th scope="row">${shown(nameOf(line.customerId, all, view), 40)} <small class="mono">${shown(line.channelId, 40)}</small></th>
${cell(words.message, markup`${severity(rank, view)} ${shown(line.text, 160)}`, "text")}
${cell(words.findings, String(line.counted), "number")}
${cell(line.state === "sent" ? words.sent : words.made, time(line.endedAt ?? line.createdAt, view))}
${cell(words.attempts, String(line.attempts), "number")}
${cell(line.state === "sent" ? words.inSlack : words.reason, last, "text")}
${line.state === "dead" && view.mayAct ? cell(words.action, redriveForm({ id: line.id }, words.redriveOne, view, "button small")) : NOTHING}</tr>`;
}

/** Where a sent message is in Slack: asked of Slack when somebody follows it. */
export function slackLink({ id, ts }: Pick<MessageLine, "id" | "ts">, { words }: View): Markup {
  if (ts === undefined) return markup`${words.none}`;
  return markup`<a href="/messages/${id}/slack" target="_blank" rel="noopener">${words.openInSlack}</a>`;
}

function quarantine({ quarantined, quarantinedInAll }: DeliveriesView, view: View): Markup {
  const { words } = view;
  if (quarantinedInAll === 0) return NOTHING;
  return markup`<h2 id="quarantine">${filled(words.quarantined, { count: String(quarantinedInAll) })}</h2>
<p>${words.quarantineWhy}</p>
<ul class="plain">${quarantined.map(
    ({
      id,
      at,
      reason,
      eventId,
      body,
    }) => markup`<li><details id="quarantined-${id}"><summary>${time(at, view)} <span lang="en">${shown(reason, 200)}</span></summary>
<p class="mono">${shown(eventId, 100)}</p><pre class="long" tabindex="0">${shown(body, 4000)}</pre></details></li>`,
  )}</ul>`;
}
