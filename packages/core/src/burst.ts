/**
 * How are a thousand things told? First one message that counts them all, by severity and by cause, the worst first:
 * enough to see whether to get up. Then, in its thread, every one by name, cause after cause, as many to a message as
 * Slack takes. What comes in meanwhile is counted in the thread, and the first message is brought up to date.
 */
import type { Card } from "./card.ts";
import { type CauseTally, countOf, openCountOf, type Pending, type Standings } from "./channel-view.ts";
import type { Notice } from "./decide.ts";
import { SEVERITIES, type Severity, severityRank } from "./finding.ts";
import { shortResource } from "./identity.ts";
import { BURST, CARD, SLACK } from "./limits.ts";
import { LOOKS, type Look } from "./looks.ts";
import { newsWords } from "./reply.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import type { ToldNews } from "./route.ts";
import { context, header, section, sectionsOf } from "./slack-blocks.ts";
import { code, escaped, mention } from "./slack-text.ts";
import { standingWords } from "./standing-words.ts";
import { filled } from "./text/fill.ts";
import type { Language, Wording } from "./text/wording.ts";
import { WORDING } from "./text/wordings.ts";

/** The message that counts. @param standings - how they stand by now, when it is brought up to date. */
export function burstOf(
  tally: readonly CauseTally[],
  customer: ResolvedCustomer,
  language: Language,
  standings?: Standings,
): Card {
  const words = WORDING[language];
  const worst = worstOf(tally);
  const [mark, color] = lookOf(worst, standings);
  const title = `${mark} ${filled(words.burst.title, { count: numberOf(tally, language) })}: ${countsOf(tally, words, language)}`;
  const who = worst === undefined ? undefined : customer.slack.mention?.[worst];
  const name = `*${escaped(customer.name, CARD.nameChars)}*`;
  const now = standings ? standingWords(standings, words, (count) => count.toLocaleString(language)) : "";
  const lead = [name, now, who === undefined ? "" : mention(who)].filter((part) => part !== "").join("  ");
  const details = [...sectionsOf(causeLines(tally, words, language)), context([words.burst.threadNote])];
  const text = `${title} · ${escaped(customer.name, CARD.nameChars)}`;
  return { text, blocks: [header(title), section(lead)], attachments: [{ color, blocks: details }] };
}

/** The reply that counts what came in meanwhile. */
export function moreOf(tally: readonly CauseTally[], language: Language): Card {
  const words = WORDING[language];
  const title = `${filled(words.burst.more, { count: numberOf(tally, language) })}: ${countsOf(tally, words, language)}`;
  const lines = [`*${title}*`, ...causeLines(tally, words, language)];
  return { text: title, blocks: sectionsOf(lines), attachments: [] };
}

/** What Slack's JSON adds around four sections. */
const SECTIONS_JSON = 400;

/** Names one after the other, and which of them fitted. */
export function namesOf(
  toName: readonly Pending[],
  language: Language,
): { readonly card: Card; readonly named: readonly Pending[] } {
  const words = WORDING[language];
  const lines: string[] = [];
  const named: Pending[] = [];
  // Slack may count the message as JSON: each line with its quoting, each section with its wrapping.
  let left: number = SLACK.messageChars - SECTIONS_JSON;
  let heading = "";
  for (const one of toName) {
    const own = headingOf(one.notice, words);
    const line = nameLine(one.notice);
    const added = own === heading ? [line] : [own, line];
    const chars = added.reduce((sum, text) => sum + JSON.stringify(text).length, 0);
    if (chars > left) break;
    lines.push(...added);
    named.push(one);
    left -= chars;
    heading = own;
  }
  const text = filled(words.burst.named, { count: String(named.length) });
  return { card: { text, blocks: sectionsOf(lines), attachments: [] }, named };
}

function headingOf(notice: Notice, words: Wording): string {
  const { finding, news, severity } = notice;
  const control = finding.controlId ? `${code(finding.controlId, CARD.nameChars)} ` : "";
  const what = news === "opened" ? `${LOOKS[severity][0]} ` : `${newsWords(notice, words)} `;
  const title = escaped(finding.title, CARD.titleChars);
  return `${what}${control}*${title}*  ${code(finding.accountId, CARD.nameChars)} ${code(finding.region, CARD.nameChars)}`;
}

function nameLine({ finding }: Notice): string {
  const [primary] = finding.resources;
  const id = shortResource(primary?.id ?? "");
  const name = primary?.name && primary.name !== id ? ` ${escaped(primary.name, BURST.nameChars)}` : "";
  return `• ${code(id, BURST.idChars)}${name}`;
}

/** New and back again count as problems; what ended is counted by itself. */
const PROBLEMS: ReadonlySet<ToldNews> = new Set(["opened", "worsened", "reopened", "flapped"]);

function worstOf(tally: readonly CauseTally[]): Severity | undefined {
  return SEVERITIES.findLast((severity) => tally.some((one) => one.severity === severity && PROBLEMS.has(one.news)));
}

function lookOf(worst: Severity | undefined, standings: Standings | undefined): Look {
  if (standings && countOf(standings) > 0 && openCountOf(standings) === 0) {
    return LOOKS.passing;
  }
  return worst === undefined ? LOOKS.passing : LOOKS[worst];
}

function numberOf(tally: readonly CauseTally[], language: Language): string {
  return tally.reduce((sum, { count }) => sum + count, 0).toLocaleString(language);
}

/** "12 CRITICAL, 988 HIGH, 3 resolved". */
function countsOf(tally: readonly CauseTally[], words: Wording, language: Language): string {
  const sum = (of: (one: CauseTally) => boolean): number =>
    tally.reduce((total, one) => (of(one) ? total + one.count : total), 0);
  const problems = SEVERITIES.toReversed().map((severity): readonly [number, string] => [
    sum((one) => one.severity === severity && PROBLEMS.has(one.news)),
    words.burst.ofSeverity.replace("{severity}", words.severity[severity]),
  ]);
  const others = (["resolved", "suppressed", "eased"] as const).map((news): readonly [number, string] => [
    sum((one) => one.news === news),
    words.burst.ended[news],
  ]);
  return [...problems, ...others]
    .filter(([count]) => count > 0)
    .map(([count, word]) => filled(word, { count: count.toLocaleString(language) }))
    .join(words.comma);
}

/** A line for each cause, the worst and then the most numerous first. */
function causeLines(tally: readonly CauseTally[], words: Wording, language: Language): readonly string[] {
  const causes = new Map<string, { readonly first: CauseTally; readonly count: number }>();
  for (const one of tally) {
    // Accounts and regions apart, a cause is one line: who is woken wants to know what, then how many.
    const id = `${one.news} ${one.severity} ${one.controlId ?? ""} ${one.title}`;
    const known = causes.get(id);
    causes.set(id, { first: known?.first ?? one, count: (known?.count ?? 0) + one.count });
  }
  const sorted = [...causes.values()].sort(
    (a, b) =>
      Number(PROBLEMS.has(b.first.news)) - Number(PROBLEMS.has(a.first.news)) ||
      severityRank(b.first.severity) - severityRank(a.first.severity) ||
      b.count - a.count,
  );
  const shown = sorted.slice(0, BURST.causes);
  const rest = sorted.slice(BURST.causes);
  const left = rest.reduce((sum, { count }) => sum + count, 0);
  const numbers = { causes: String(rest.length), count: left.toLocaleString(language) };
  const more = rest.length > 0 ? [filled(words.burst.moreCauses, numbers)] : [];
  return [...shown.map(({ first, count }) => causeLine(first, count, words, language)), ...more];
}

function causeLine(
  { news, severity, controlId, title }: CauseTally,
  count: number,
  words: Wording,
  language: Language,
): string {
  const mark = PROBLEMS.has(news) ? LOOKS[severity][0] : news === "resolved" ? LOOKS.passing[0] : LOOKS.quiet[0];
  const control = controlId ? `${code(controlId, CARD.nameChars)} ` : "";
  const times = filled(words.burst.times, { count: count.toLocaleString(language) });
  return `${mark} *${times}*  ${control}${escaped(title, CARD.titleChars)}`;
}
