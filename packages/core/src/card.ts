/**
 * What does a card look like? One cause as Slack blocks, for someone who was just woken: how bad and what in the
 * first line, whose and how many in the second, then where, since when and what to do; everything else is small print.
 *
 * The first two lines stand above the coloured attachment, because Slack folds long attachments behind "Show more" and
 * never these. A title is a header (plain text: nothing in it can be markup); what a finding calls things is shown as
 * code; links and mentions are only ours.
 */

import { type CardState, countOf, type Member } from "./channel-view.ts";
import type { JsonObject } from "./event.ts";
import { type Fact, type Finding, type Resource, SEVERITIES, type Severity } from "./finding.ts";
import { hostOf } from "./http-link.ts";
import { shortResource } from "./identity.ts";
import { CARD, SLACK } from "./limits.ts";
import { LOOKS, type Look } from "./looks.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { context, header, mrkdwn, plainText, section } from "./slack-blocks.ts";
import { code, escaped, link, mention, plain, plainLines } from "./slack-text.ts";
import { standingWords } from "./standing-words.ts";
import { durationIn } from "./text/duration.ts";
import { filled } from "./text/fill.ts";
import type { Language, Wording } from "./text/wording.ts";
import { WORDING } from "./text/wordings.ts";
import { slackTime } from "./times.ts";

/** A card, before the options that every message has. */
export type Card = {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly JsonObject[] }[];
};

/** What every part of a card needs to know. */
type Sight = {
  readonly finding: Finding;
  readonly customer: ResolvedCustomer;
  readonly words: Wording;
  readonly language: Language;
  /** How all its problems stand; without it the card is about this finding alone. */
  readonly state: CardState | undefined;
};

/**
 * A cause as a card in a language.
 *
 * @param finding - its face: what it is about, in the words of one of its findings.
 * @param state - how all its problems stand; undefined: as the finding says.
 */
export function cardOf(finding: Finding, customer: ResolvedCustomer, language: Language, state?: CardState): Card {
  const sight = { finding, customer, words: WORDING[language], language, state };
  const [mark, color] = looksOf(sight);
  const blocks = [header(`${mark} ${headline(sight)}`), whose(sight)];
  const details = [...facts(sight), ...actions(sight), ...description(sight), smallPrint(sight)];
  return { text: notification(mark, sight), blocks, attachments: [{ color, blocks: details }] };
}

function looksOf(sight: Sight): Look {
  if (sight.finding.kind === "test") return LOOKS.test;
  const level = levelNow(sight);
  return level === "suppressed" || level === "retired" ? LOOKS.quiet : LOOKS[level];
}

/** The worst that is open; else how it ended. */
function levelNow({ finding, state }: Sight): Severity | "passing" | "suppressed" | "retired" {
  if (!state) return finding.seen === "failing" ? finding.severity : finding.seen;
  const { open, resolved } = state.standings;
  const worst = SEVERITIES.findLast((severity) => (open[severity] ?? 0) > 0);
  return worst ?? (resolved > 0 ? "passing" : "suppressed");
}

/** `CRITICAL: Security groups should …`; a sample and a finding that is over say so first. */
function headline(sight: Sight): string {
  const { finding, words } = sight;
  return `${levelOf(sight)}: ${finding.kind === "test" ? words.testTitle : titleOf(finding)}`;
}

function levelOf(sight: Sight): string {
  const { finding, words } = sight;
  if (finding.kind === "test") return words.test;
  const sample = finding.isSample ? `[${words.sample}] ` : "";
  const level = levelNow(sight);
  return (
    sample +
    (level === "passing" || level === "suppressed" || level === "retired" ? words.seen[level] : words.severity[level])
  );
}

/** The title as people read it; what stands in for it when there is none. */
export function titleOf({
  title,
  cause,
  product,
  isSample,
}: Pick<Finding, "title" | "cause" | "product" | "isSample">): string {
  const bare = isSample ? title.replace(/^\[SAMPLE\]\s*/, "") : title;
  return plain(bare, CARD.titleChars) || plain(cause, CARD.titleChars) || plain(product, CARD.titleChars) || "?";
}

/** Customer and account, how many, and who is called for this severity. */
function whose(sight: Sight): JsonObject {
  const { finding, customer } = sight;
  const { accountId } = finding;
  const name = accountNameOf(finding, customer);
  const level = levelNow(sight);
  const who = isSeverity(level) ? customer.slack.mention?.[level] : undefined;
  const isCalling = who !== undefined && !finding.isSample;
  const parts = [
    `*${escaped(customer.name, CARD.nameChars)}*`,
    name === "" ? "" : code(name, CARD.nameChars),
    code(accountId, CARD.nameChars),
    counts(sight),
    isCalling ? mention(who) : "",
  ];
  return section(parts.filter((part) => part !== "").join("  "));
}

function isSeverity(level: string): level is Severity {
  return SEVERITIES.some((severity) => severity === level);
}

/** "14 open, 3 resolved", when there is more than one problem. */
function counts({ state, words }: Sight): string {
  if (!state || countOf(state.standings) < 2) return "";
  return standingWords(state.standings, words, String);
}

/** The config's name for an account comes before the one the finding brings. */
function accountNameOf({ accountId, accountName }: Finding, customer: ResolvedCustomer): string {
  return customer.accounts.find((account) => account.id === accountId)?.name ?? accountName ?? "";
}

/** Two columns: what and where, since when, then what else helps to judge. */
function facts(sight: Sight): readonly JsonObject[] {
  const { finding, customer, words } = sight;
  const { labels } = words;
  const openedAt = sight.state?.openedAt ?? finding.firstSeenAt;
  const fields = [
    isAboutResource(finding) ? field(labels.resource, resources(sight)) : "",
    field(labels.region, region(finding)),
    isAboutResource(finding) ? field(labels.since, slackTime(openedAt, customer.timezone)) : "",
    field(labels.until, until(sight)),
    finding.controlId ? field(labels.control, code(finding.controlId, CARD.nameChars)) : "",
    ...finding.facts.slice(0, CARD.facts).map((fact) => field(words.facts[fact.name], factValue(fact, sight))),
  ].filter((text) => text !== "");
  return [{ type: "section", fields: fields.slice(0, SLACK.fields).map((text) => mrkdwn(text)) }];
}

/** When it ended, and after how long. */
function until({ state, customer, language, words }: Sight): string {
  if (!state?.endedAt) return "";
  const lasted = durationIn(language, state.endedAt.getTime() - state.openedAt.getTime());
  return `${slackTime(state.endedAt, customer.timezone)} (${filled(words.after, { duration: lasted })})`;
}

/** A test is about the path, an insight about many things at once. */
function isAboutResource({ kind }: Finding): boolean {
  return kind !== "test" && kind !== "insight";
}

function field(label: string, value: string): string {
  return value === "" ? "" : `*${label}*\n${value}`;
}

function factValue({ name, value }: Fact, { customer, words }: Sight): string {
  if (value instanceof Date) return slackTime(value, customer.timezone);
  return name === "exploit" ? words.yes : code(value, CARD.valueChars);
}

function region({ key, region: own }: Finding): string {
  return key.split("|")[1] === "global" ? `${code("global", CARD.nameChars)} (${own})` : code(own, CARD.nameChars);
}

/** Each problem's resource by name, short id and type; how many more there are. */
function resources({ finding, words, state }: Sight): string {
  const count = state ? countOf(state.standings) : 1;
  const members = state?.members ?? [];
  if (count > 1 && members.length > 0) {
    const lines = members.map((member) => memberLine(member, words));
    const left = count - members.length;
    const more = left > 0 ? [filled(words.moreResources, { count: String(left) })] : [];
    return fitting([...lines, ...more]).join("\n");
  }
  const [primary] = finding.resources;
  if (!primary) return "";
  const named = finding.resourceCount ?? finding.resources.length;
  const more = named > 1 ? filled(words.moreResources, { count: String(named - 1) }) : "";
  return [resourceLine(primary, words), more].filter((line) => line !== "").join("\n");
}

function memberLine({ resource, standing }: Member, words: Wording): string {
  const mark = standing === "resolved" ? `${LOOKS.passing[0]} ` : standing === "suppressed" ? `${LOOKS.quiet[0]} ` : "";
  return `${mark}${resourceLine(resource, words)}`;
}

/** Whole lines, as many as a field takes. */
function fitting(lines: readonly string[]): readonly string[] {
  let left = SLACK.fieldChars - CARD.nameChars;
  return lines.filter((line) => {
    left -= line.length + 1;
    return left > 0;
  });
}

/** A resource in one line: name, short id, type. */
export function resourceLine(resource: Resource, words: Wording): string {
  const id = shortResource(resource.id);
  if (id === "account") return words.wholeAccount;
  const name = resource.name && resource.name !== id ? code(resource.name, CARD.nameChars) : "";
  // Not as code, so that the name stands out; hence only letters that are no markup.
  const type = plain(typeName(resource.type).replace(/[^\w .:-]|_/g, ""), CARD.nameChars);
  return [name, code(id, CARD.valueChars), type].filter((part) => part !== "").join("  ");
}

/** `AwsEc2SecurityGroup`, `AWS::EC2::SecurityGroup` and `AWS_EC2_INSTANCE` as people say them: EC2 SecurityGroup. */
function typeName(type: string): string {
  const [, service, rest] = /^Aws([A-Z][a-z0-9]{1,2})([A-Z]\w*)$/.exec(type) ?? [];
  if (service !== undefined) return `${service.toUpperCase()} ${rest}`;
  const bare = type.replace(/^(?:AWS::|AWS_|Aws(?=[A-Z]))/, "").replaceAll("::", " ");
  if (!/^[A-Z0-9_]+$/.test(bare)) return bare;
  const words = bare.split("_").map((word) => (word.length < 4 ? word : word[0] + word.slice(1).toLowerCase()));
  return words.join(" ");
}

/** What to do. The fix is the vendor's page or a stranger's, so its host is shown. */
function actions({ finding, words }: Sight): readonly JsonObject[] {
  const { remediationUrl, consoleUrl } = finding;
  const fix = remediationUrl
    ? `${link(remediationUrl, words.howToFix)} (${escaped(hostOf(remediationUrl), CARD.nameChars)})`
    : "";
  const console = consoleUrl ? link(consoleUrl, words.openConsole) : "";
  const links = [fix, console].filter((part) => part !== "");
  return links.length === 0 ? [] : [section(links.join(" · "))];
}

function description({ finding, words }: Sight): readonly JsonObject[] {
  const own = plainLines(finding.description, CARD.descriptionChars);
  const said = finding.kind === "test" ? [words.testDescription, own].join("\n").trim() : own;
  const isNews = said !== "" && said !== plain(finding.title, CARD.descriptionChars);
  return isNews ? [{ type: "section", text: plainText(said) }] : [];
}

/** The resource's whole ARN, who found it, and for which standards it counts. */
function smallPrint({ finding, words, state }: Sight): JsonObject {
  const isOne = state === undefined || countOf(state.standings) < 2;
  const arn = isOne && isAboutResource(finding) ? (finding.resources[0]?.id ?? "") : "";
  const listed = finding.standards.slice(0, CARD.standards).map((standard) => code(standard, CARD.nameChars));
  const left = finding.standards.length - listed.length;
  const more = left > 0 ? [filled(words.moreStandards, { count: String(left) })] : [];
  const lines = [
    arn.startsWith("arn:") ? code(arn, CARD.arnChars) : "",
    `${words.labels.source}: ${code(finding.product, CARD.nameChars)}`,
    listed.length === 0 ? "" : `${words.labels.standards}: ${[...listed, ...more].join(" ")}`,
  ];
  return context(lines.filter((line) => line !== ""));
}

/** What a phone shows: everything that decides whether to get up, in one line. */
function notification(mark: string, sight: Sight): string {
  const { finding, customer, words, state } = sight;
  const account = accountNameOf(finding, customer) || finding.accountId;
  const id = shortResource(finding.resources[0]?.id ?? "");
  const others = state ? countOf(state.standings) - 1 : 0;
  const more = others > 0 ? ` +${others}` : "";
  const where = isAboutResource(finding) && id !== "account" ? `${id}${more} (${finding.region})` : finding.region;
  const title = finding.kind === "test" ? words.testTitle : titleOf(finding);
  const whose = `${escaped(customer.name, CARD.nameChars)} (${escaped(account, CARD.nameChars)})`;
  return `${mark} ${levelOf(sight)} ${whose}: ${escaped(title, CARD.titleChars)} · ${escaped(where, CARD.valueChars)}`;
}
