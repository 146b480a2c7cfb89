/**
 * What does a reply in a card's thread look like? What changed, one line a problem: a mark, what is new, which resource,
 * and what makes it worth reading (from which severity, after how long). A reply that is shown in the channel as well
 * stands there without its card, so it says whose it is and what.
 */
import { resourceLine, titleOf } from "./card.ts";
import type { Pending } from "./channel-view.ts";
import type { Notice } from "./decide.ts";
import type { JsonObject } from "./event.ts";
import { severityRank } from "./finding.ts";
import { shortResource } from "./identity.ts";
import { CARD, SLACK } from "./limits.ts";
import { LOOKS } from "./looks.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { section, sectionsOf } from "./slack-blocks.ts";
import { code, escaped, mention } from "./slack-text.ts";
import { durationIn } from "./text/duration.ts";
import { filled } from "./text/fill.ts";
import type { Language, Wording } from "./text/wording.ts";
import { WORDING } from "./text/wordings.ts";

/** A reply, before the options that every message has. */
export type Reply = {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments: readonly [];
};

/**
 * What changed, for a card's thread.
 *
 * @param changes - as many as {@link fittingReply} let through.
 * @param isBroadcast - shown in the channel as well.
 */
export function replyOf(
  changes: readonly Pending[],
  customer: ResolvedCustomer,
  language: Language,
  isBroadcast: boolean,
): Reply {
  const words = WORDING[language];
  const lines = changes.map(({ notice }) => changeLine(notice, words, language));
  const lead = isBroadcast && changes[0] ? [section(leadOf(changes, customer))] : [];
  return { text: notification(changes, customer, words), blocks: [...lead, ...sectionsOf(lines)], attachments: [] };
}

/** A line is at most about this long: mark, word, resource, rest. */
const LONGEST_LINE = 600;

/** As many changes as one reply tells; the others are told in the next. */
export function fittingReply(changes: readonly Pending[]): readonly Pending[] {
  return changes.slice(0, Math.floor((SLACK.messageChars - LONGEST_LINE) / LONGEST_LINE));
}

/** What is new, with a mark: `🔺 *Worse: HIGH → CRITICAL*`. */
export function newsWords(notice: Notice, words: Wording): string {
  const { news, severity, severityBefore } = notice;
  const facts = { before: words.severity[severityBefore ?? severity], after: words.severity[severity] };
  return `${NEWS_MARKS[news] ?? LOOKS[severity][0]} *${filled(words.news[news], facts)}*`;
}

const NEWS_MARKS: Readonly<Partial<Record<Notice["news"], string>>> = {
  worsened: "🔺",
  eased: "🔽",
  reopened: "🔁",
  flapped: "🔁",
  resolved: LOOKS.passing[0],
  suppressed: "🔕",
};

function changeLine(notice: Notice, words: Wording, language: Language): string {
  const [primary] = notice.finding.resources;
  const resource = primary ? resourceLine(primary, words) : "";
  return [newsWords(notice, words), resource, lastedWords(notice, words, language)]
    .filter((part) => part !== "")
    .join("  ");
}

/** How long it was open, when it is over; by what the findings say, not by when we heard. */
function lastedWords({ news, finding, openedAt }: Notice, words: Wording, language: Language): string {
  if (news !== "resolved") return "";
  const ms = finding.updatedAt.getTime() - openedAt.getTime();
  return ms < 0 ? "" : filled(words.after, { duration: durationIn(language, ms) });
}

/** Whose and what, as it stands in the channel without its card; and who is called, as a card would call. */
function leadOf(changes: readonly Pending[], customer: ResolvedCustomer): string {
  const notices = changes.map(({ notice }) => notice);
  const worst = notices
    .filter(({ news, finding }) => CALLING.has(news) && !finding.isSample)
    .toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity))[0];
  const who = worst && customer.slack.mention?.[worst.severity];
  const { finding } = worst ?? (notices[0] as Notice);
  const control = finding.controlId ? `${code(finding.controlId, CARD.nameChars)} ` : "";
  const parts = [
    `*${escaped(customer.name, CARD.nameChars)}*`,
    code(finding.accountId, CARD.nameChars),
    `${control}${escaped(titleOf(finding), CARD.titleChars)}`,
    who === undefined ? "" : mention(who),
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** What gets people up. */
const CALLING: ReadonlySet<Notice["news"]> = new Set(["opened", "worsened", "reopened"]);

function notification(changes: readonly Pending[], customer: ResolvedCustomer, words: Wording): string {
  const [first, ...others] = changes;
  if (!first) return "";
  const { notice } = first;
  const what = newsWords(notice, words).replaceAll("*", "");
  const resource = escaped(shortResource(notice.finding.resources[0]?.id ?? ""), CARD.valueChars);
  const title = escaped(titleOf(notice.finding), CARD.titleChars);
  const more = others.length > 0 ? ` +${others.length}` : "";
  return `${what} ${escaped(customer.name, CARD.nameChars)}: ${title} · ${resource}${more}`;
}
