/**
 * What does a digest say? What became open and was fixed since the last one, what stands open and for how long, and what
 * stays unsaid: silences, messages that could not be told, accounts that are silent. One message, nobody is called.
 */
import type { Message } from "./compose.ts";
import type { DueDigest } from "./digest-due.ts";
import { SEVERITIES, type Severity } from "./finding.ts";
import { CARD } from "./limits.ts";
import { LOOKS } from "./looks.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { context, header, section, sectionsOf } from "./slack-blocks.ts";
import { code, escaped } from "./slack-text.ts";
import { durationIn } from "./text/duration.ts";
import { filled } from "./text/fill.ts";
import type { Language, Wording } from "./text/wording.ts";
import { WORDING } from "./text/wordings.ts";
import { localTime } from "./times.ts";

/** A problem that is open for long. */
export type LongOpen = {
  readonly title: string;
  readonly severity: Severity;
  readonly resource: string;
  readonly account: string;
  readonly openedAt: Date;
};

/** What there is to say. */
export type DigestFacts = {
  readonly opened: number;
  readonly resolved: number;
  /** How many stand open, by severity; what is not there is none. */
  readonly open: Readonly<Partial<Record<Severity, number>>>;
  /** The longest first. */
  readonly oldest: readonly LongOpen[];
  /** Silences that hold, and problems that they have held back. */
  readonly silences: number;
  readonly silenced: number;
  /** Messages given up. */
  readonly dead: number;
  /** Accounts and regions whose heartbeats stopped. */
  readonly silent: number;
};

const MOST_OLDEST = 5;

/** The message. */
export function digestOf(due: DueDigest, facts: DigestFacts, customer: ResolvedCustomer): Message {
  const { language, timezone } = customer;
  const words = WORDING[language].digest;
  const day = localTime(due.at, timezone).slice(0, 10);
  const title = `${words[due.kind]} ${day}`;
  const { opened, resolved } = facts;
  const since = localTime(due.since, timezone);
  const counts = { opened: number(opened, language), resolved: number(resolved, language), since };
  const changed = filled(opened + resolved === 0 ? words.nothingNew : words.changed, counts);
  const open = openWords(facts, language);
  const oldest = facts.oldest.slice(0, MOST_OLDEST);
  const unsaid = unsaidWords(facts, WORDING[language]);
  return {
    // For notifications, which show no mark-up.
    text: `${title} · ${escaped(customer.name, CARD.nameChars)}: ${`${changed} ${open}`.replaceAll("*", "")}`,
    blocks: [
      header(title),
      section(`*${escaped(customer.name, CARD.nameChars)}*\n${changed}\n${open}`),
      ...(oldest.length === 0
        ? []
        : sectionsOf([`*${words.oldest}*`, ...oldest.map((one) => oldestLine(one, due.at, language))])),
      ...(unsaid.length === 0 ? [] : [context(unsaid)]),
    ],
    attachments: [],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** "Open now: 2 CRITICAL, 1 HIGH." */
function openWords({ open }: DigestFacts, language: Language): string {
  const words = WORDING[language];
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = open[severity] ?? 0;
    if (count === 0) return [];
    const named = words.burst.ofSeverity.replace("{severity}", words.severity[severity]);
    return [`${LOOKS[severity][0]} ${filled(named, { count: number(count, language) })}`];
  });
  if (counts.length === 0) return words.digest.nothingOpen;
  return filled(words.digest.openNow, { counts: `*${counts.join(words.comma)}*` });
}

function oldestLine({ title, severity, resource, account, openedAt }: LongOpen, at: Date, language: Language): string {
  const age = filled(WORDING[language].digest.openFor, {
    age: durationIn(language, at.getTime() - openedAt.getTime()),
  });
  const place = [resource, account].filter((part) => part !== "").map((part) => code(part, CARD.nameChars));
  return `• ${LOOKS[severity][0]} ${escaped(title, CARD.titleChars)}  ${place.join(" ")}  ${age}`;
}

function unsaidWords({ silences, silenced, dead, silent }: DigestFacts, { digest }: Wording): readonly string[] {
  return [
    ...(silences === 0 ? [] : [filled(digest.silences, { count: String(silences), held: String(silenced) })]),
    ...(dead === 0 ? [] : [filled(digest.dead, { count: String(dead) })]),
    ...(silent === 0 ? [] : [filled(digest.silent, { count: String(silent) })]),
  ];
}

function number(count: number, language: Language): string {
  return count.toLocaleString(language);
}
