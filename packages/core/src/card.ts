/**
 * What does a card look like? One finding as Slack blocks, for someone who was just woken: how bad and what in the
 * first line, whose in the second, then where, since when and what to do; everything else is small print.
 *
 * The first two lines stand above the coloured attachment, because Slack folds long attachments behind "Show more" and
 * never these. A title is a header (plain text: nothing in it can be markup); what a finding calls things is shown as
 * code; links and mentions are only ours.
 */
import type { JsonObject } from "./event.ts";
import type { Fact, Finding, Resource, Severity } from "./finding.ts";
import { hostOf } from "./http-link.ts";
import { shortResource } from "./identity.ts";
import { CARD, SLACK } from "./limits.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { code, escaped, link, mention, plain, plainLines } from "./slack-text.ts";
import type { Language, Wording } from "./text/wording.ts";
import { WORDING } from "./text/wordings.ts";
import { slackTime } from "./times.ts";

/** A card, before the options that every message has. */
export type Card = {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly JsonObject[] }[];
};

const LOOKS: Readonly<Record<Severity | "passing" | "quiet" | "test", readonly [mark: string, color: string]>> = {
  CRITICAL: ["🔴", "#b00020"],
  HIGH: ["🟠", "#e8590c"],
  MEDIUM: ["🟡", "#f2b200"],
  LOW: ["🔵", "#2f6fde"],
  INFORMATIONAL: ["⚪", "#8a8f98"],
  passing: ["✅", "#2b8a3e"],
  quiet: ["⚪", "#8a8f98"],
  test: ["🔔", "#2f6fde"],
};

/** What every part of a card needs to know. */
type Sight = {
  readonly finding: Finding;
  readonly customer: ResolvedCustomer;
  readonly words: Wording;
};

/** One finding as a card in a language. */
export function cardOf(finding: Finding, customer: ResolvedCustomer, language: Language): Card {
  const sight = { finding, customer, words: WORDING[language] };
  const [mark, color] = looksOf(finding);
  const blocks = [
    { type: "header", text: plainText(plain(`${mark} ${headline(sight)}`, SLACK.headerChars)) },
    whose(sight),
  ];
  const details = [...facts(sight), ...actions(sight), ...description(sight), smallPrint(sight)];
  return { text: notification(mark, sight), blocks, attachments: [{ color, blocks: details }] };
}

function looksOf({ kind, seen, severity }: Finding): readonly [mark: string, color: string] {
  if (kind === "test") return LOOKS.test;
  if (seen === "failing") return LOOKS[severity];
  return seen === "passing" ? LOOKS.passing : LOOKS.quiet;
}

/** `CRITICAL: Security groups should …`; a sample and a finding that is over say so first. */
function headline(sight: Sight): string {
  const { finding, words } = sight;
  return `${levelOf(sight)}: ${finding.kind === "test" ? words.testTitle : titleOf(finding)}`;
}

function levelOf({ finding, words }: Sight): string {
  if (finding.kind === "test") return words.test;
  const sample = finding.isSample ? `[${words.sample}] ` : "";
  return sample + (finding.seen === "failing" ? words.severity[finding.severity] : words.seen[finding.seen]);
}

function titleOf({ title, cause, product, isSample }: Finding): string {
  const bare = isSample ? title.replace(/^\[SAMPLE\]\s*/, "") : title;
  return plain(bare, CARD.titleChars) || plain(cause, CARD.titleChars) || plain(product, CARD.titleChars) || "?";
}

/** Customer and account, and who is called for this severity. */
function whose({ finding, customer }: Sight): JsonObject {
  const { accountId } = finding;
  const name = accountNameOf(finding, customer);
  const who = customer.slack.mention?.[finding.severity];
  const isCalling = who !== undefined && finding.seen === "failing" && !finding.isSample;
  const parts = [
    `*${escaped(customer.name, CARD.nameChars)}*`,
    name === "" ? "" : code(name, CARD.nameChars),
    code(accountId, CARD.nameChars),
    isCalling ? mention(who) : "",
  ];
  return section(parts.filter((part) => part !== "").join("  "));
}

/** The config's name for an account comes before the one the finding brings. */
function accountNameOf({ accountId, accountName }: Finding, customer: ResolvedCustomer): string {
  return customer.accounts.find((account) => account.id === accountId)?.name ?? accountName ?? "";
}

/** Two columns: what and where, since when, then what else helps to judge. */
function facts(sight: Sight): readonly JsonObject[] {
  const { finding, customer, words } = sight;
  const { labels } = words;
  const fields = [
    isAboutResource(finding) ? field(labels.resource, resources(sight)) : "",
    field(labels.region, region(finding)),
    isAboutResource(finding) ? field(labels.since, slackTime(finding.firstSeenAt, customer.timezone)) : "",
    finding.controlId ? field(labels.control, code(finding.controlId, CARD.nameChars)) : "",
    ...finding.facts.slice(0, CARD.facts).map((fact) => field(words.facts[fact.name], factValue(fact, sight))),
  ].filter((text) => text !== "");
  return [{ type: "section", fields: fields.slice(0, SLACK.fields).map((text) => mrkdwn(text)) }];
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

/** The first resource by name, short id and type; how many more there are. */
function resources({ finding, words }: Sight): string {
  const [primary] = finding.resources;
  if (!primary) return "";
  const count = finding.resourceCount ?? finding.resources.length;
  const more = count > 1 ? words.moreResources.replace("{count}", String(count - 1)) : "";
  return [resourceLine(primary, words), more].filter((line) => line !== "").join("\n");
}

function resourceLine(resource: Resource, words: Wording): string {
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
function smallPrint({ finding, words }: Sight): JsonObject {
  const arn = isAboutResource(finding) ? (finding.resources[0]?.id ?? "") : "";
  const listed = finding.standards.slice(0, CARD.standards).map((standard) => code(standard, CARD.nameChars));
  const left = finding.standards.length - listed.length;
  const more = left > 0 ? [words.moreStandards.replace("{count}", String(left))] : [];
  const lines = [
    arn.startsWith("arn:") ? code(arn, CARD.arnChars) : "",
    `${words.labels.source}: ${code(finding.product, CARD.nameChars)}`,
    listed.length === 0 ? "" : `${words.labels.standards}: ${[...listed, ...more].join(" ")}`,
  ];
  const elements = lines.filter((line) => line !== "").map((line) => mrkdwn(line));
  return { type: "context", elements };
}

/** What a phone shows: everything that decides whether to get up, in one line. */
function notification(mark: string, sight: Sight): string {
  const { finding, customer, words } = sight;
  const account = accountNameOf(finding, customer) || finding.accountId;
  const id = shortResource(finding.resources[0]?.id ?? "");
  const where = isAboutResource(finding) && id !== "account" ? `${id} (${finding.region})` : finding.region;
  const title = finding.kind === "test" ? words.testTitle : titleOf(finding);
  const whose = `${escaped(customer.name, CARD.nameChars)} (${escaped(account, CARD.nameChars)})`;
  return `${mark} ${levelOf(sight)} ${whose}: ${escaped(title, CARD.titleChars)} · ${escaped(where, CARD.valueChars)}`;
}

function section(text: string): JsonObject {
  return { type: "section", text: mrkdwn(text) };
}

/** `verbatim`: an address in a text stays text; only our links are links. */
function mrkdwn(text: string): JsonObject {
  return { type: "mrkdwn", text, verbatim: true };
}

/** `emoji: false`: `:tada:` in a title stays as written. */
function plainText(text: string): JsonObject {
  return { type: "plain_text", text, emoji: false };
}
