/** A finding's life: every step with its reason, who was told by which message, the event, what the pattern says. Pure. */
import { severityOfRank } from "@shirase/core/finding";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { say } from "@shirase/core/said";
import { filled } from "@shirase/core/text/fill";
import type { HistoryStep } from "../../store/history.ts";
import { explained, patternFrom } from "../explained.ts";
import { type Page, time, type View } from "../frame.ts";
import { linkOut, type Markup, markup, NOTHING, shown } from "../markup.ts";
import type { MessageLine, NoticeLine, ProblemStory } from "../reads.ts";
import { severity } from "../severity.ts";
import { patternOfOne } from "../silence-pattern.ts";
import { slackLink } from "./deliveries.ts";

/** What the page shows. `customer` is undefined when the config does not name it any more. */
export type FindingView = { readonly story: ProblemStory; readonly customer: ResolvedCustomer | undefined };

export function findingPage({ story, customer }: FindingView, view: View): Page {
  const { line } = story;
  const { words } = view;
  const [account = "", region = "", cause = "", resource = ""] = line.key.split("|");
  const rank = severityOfRank(line.severityRank);
  const standings = { open: words.open, resolved: words.resolved, suppressed: words.suppressed };
  const title = line.title === "" ? cause : line.title;
  const body = markup`<p class="crumb"><a href="/customers/${encodeURIComponent(line.customerId)}">${shown(customer?.name ?? line.customerId, 80)}</a></p>
<h1>${shown(title, 250)}</h1>
<p>${severity(rank, view)} <span class="standing ${line.standing}">${standings[line.standing]}</span></p>
<dl class="facts"><dt>${words.cause}</dt><dd class="mono">${shown(cause, 200)}</dd><dt>${words.resource}</dt><dd class="mono">${shown(resource, 300)}</dd>
<dt>${words.place}</dt><dd class="mono">${shown(account, 20)} ${shown(region, 30)}</dd><dt>${words.openSince}</dt><dd>${time(line.openedAt, view)}</dd>${links(story, view)}</dl>
${silenceLink(story, view)}
<h2>${words.life}</h2>
${story.steps.length === 0 ? markup`<p class="empty">${words.noHistory}</p>` : timeline(story, view)}
${leftOver(story, view)}
${patternPart(story, customer, view)}
${rawPart(story, view)}`;
  return { title, body, at: "overview", isLive: true };
}

/** To a form that has the pattern of this very problem in it. */
function silenceLink({ line, event }: ProblemStory, { words, mayAct }: View): Markup {
  const match = event && mayAct ? patternOfOne(event.body) : undefined;
  if (match === undefined) return NOTHING;
  const query = new URLSearchParams({ match }).toString();
  return markup`<p><a href="/customers/${encodeURIComponent(line.customerId)}/silences?${query}#new">${words.silenceThis}</a></p>`;
}

/** Where the vendor says how to fix it, and where it is in the AWS console. */
function links({ finding }: ProblemStory, { words }: View): Markup {
  const read = parsed(finding);
  const url = (name: string): string | undefined => (typeof read?.[name] === "string" ? read[name] : undefined);
  const found = [
    [url("remediationUrl"), words.howToFix],
    [url("consoleUrl"), words.inAws],
  ] as const;
  const given = found.filter(([href]) => href !== undefined);
  if (given.length === 0) return NOTHING;
  return markup`<dt>${words.links}</dt><dd>${given.map(([href, label]) => markup`${linkOut(href, label)} `)}</dd>`;
}

function parsed(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (json === undefined) return undefined;
  return JSON.parse(json) as Readonly<Record<string, unknown>>;
}

/** The newest step first; each with the messages that told of its event. */
function timeline({ steps, notices }: ProblemStory, view: View): Markup {
  return markup`<ol class="timeline">${steps.toReversed().map((step) => stepItem(step, tellingOf(step, notices), view))}</ol>`;
}

function tellingOf(step: HistoryStep, notices: readonly NoticeLine[]): readonly NoticeLine[] {
  return step.told === 0 ? [] : notices.filter(({ eventId }) => eventId === step.eventId);
}

function stepItem(step: HistoryStep, telling: readonly NoticeLine[], view: View): Markup {
  const { words, language } = view;
  const [why, refusal] = step.said;
  const rank = severityOfRank(step.severityRank);
  const again =
    step.times > 1
      ? markup` <small>${filled(words.timesSaid, { count: String(step.times) })} ${time(step.lastAt, view)}</small>`
      : NOTHING;
  return markup`<li class="step ${step.told > 0 ? "told" : ""}"><p>${time(step.at, view)} <b>${words[NEWS_WORDS[step.news]]}</b> ${severity(rank, view)}${again}</p>
<p>${why ? shown(say(why, language), 300) : NOTHING}</p>
${refusal ? markup`<p class="dim">${words.notToldBecause} ${shown(say(refusal, language), 300)}</p>` : NOTHING}
${telling.map((notice) => markup`<p class="telling">${tellingLine(notice, view)}</p>`)}
<p><small class="mono">${words.event} ${shown(step.eventId, 100)}</small></p></li>`;
}

const NEWS_WORDS = {
  opened: "newsOpened",
  worsened: "newsWorsened",
  eased: "newsEased",
  reopened: "newsReopened",
  flapped: "newsFlapped",
  resolved: "newsResolved",
  suppressed: "newsSuppressed",
  repeated: "newsRepeated",
  noted: "newsNoted",
} as const;

/** To which channel, by which message, and how that stands. */
function tellingLine({ channelId, message }: NoticeLine, view: View): Markup {
  const { words } = view;
  const to = markup`→ <span class="mono">${shown(channelId, 40)}</span>`;
  if (!message) return markup`${to} ${words.messageNotMade}`;
  return markup`${to} ${kindOf(message, view)} ${messageState(message, view)}`;
}

function messageState(message: MessageLine, view: View): Markup {
  const { words } = view;
  if (message.state === "sent") {
    return markup`${words.sent} ${time(message.endedAt ?? message.createdAt, view)} ${slackLink(message, view)}`;
  }
  const label = message.state === "dead" ? words.dead : words.waiting;
  const reason = message.reason === undefined ? NOTHING : markup` <code>${shown(message.reason, 120)}</code>`;
  return markup`<a class="bad" href="/deliveries?state=${message.state}">${label}</a>${reason}`;
}

function kindOf({ kind }: MessageLine, { words }: View): string {
  if (kind === "card") return words.asCard;
  return kind === "reply" ? words.asReply : words.asBurst;
}

/** Notices whose step is not in the history any more. */
function leftOver({ steps, notices }: ProblemStory, view: View): Markup {
  const shownIds = new Set(steps.filter(({ told }) => told > 0).map(({ eventId }) => eventId));
  const rest = notices.filter(({ eventId }) => !shownIds.has(eventId));
  if (rest.length === 0) return NOTHING;
  return markup`<h3>${view.words.otherMessages}</h3><ul class="plain">${rest.map(
    (notice) => markup`<li>${time(notice.decidedAt, view)} ${tellingLine(notice, view)}</li>`,
  )}</ul>`;
}

function patternPart({ event, line }: ProblemStory, customer: ResolvedCustomer | undefined, view: View): Markup {
  const { words } = view;
  const pattern = customer && patternFrom(customer.pattern);
  const raw = parsed(event?.body);
  if (!pattern || !raw) return NOTHING;
  const filter = customer.filter ? patternFrom(JSON.stringify(customer.filter)) : undefined;
  return markup`<h2>${words.whatPatternSays}</h2>
<h3>${words.pattern} <code>${customer.patternName}</code></h3>${explained(pattern, raw, view)}
${filter ? markup`<h3>${words.filter}</h3>${explained(filter, raw, view)}` : NOTHING}
<p><a href="/playground?customer=${encodeURIComponent(line.customerId)}&amp;finding=${line.id}">${words.tryInPlayground}</a></p>`;
}

function rawPart({ event, finding, known }: ProblemStory, view: View): Markup {
  const { words } = view;
  const part = (id: string, label: string, json: string | undefined): Markup =>
    json === undefined
      ? NOTHING
      : markup`<details id="${id}"><summary>${label}</summary><pre class="long" tabindex="0" role="region" aria-label="${label}">${shown(pretty(json), LONGEST_JSON)}</pre></details>`;
  return markup`<h2>${words.rawJson}</h2>
${event ? part("raw-event", words.rawEvent, event.body) : markup`<p class="empty">${words.noEvent}</p>`}
${part("raw-finding", words.rawFinding, finding)}${part("raw-known", words.rawKnown, known)}`;
}

/** The page stays light; whoever needs more has the event in AWS. */
const LONGEST_JSON = 24_000;

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
