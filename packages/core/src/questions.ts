/**
 * What is asked of one finding, in order: account and pattern (may it be heard at all?), severity, filter, silences and
 * channel (would it be told, if it were a new problem?). Each answer is kept with its reason, up to the first no.
 *
 * What a person asked for in the console, and our own tests, are told whatever they say.
 */
import type { Envelope } from "./event.ts";
import type { Finding } from "./finding.ts";
import { accountHeldBy } from "./owner.ts";
import type { Rules } from "./prepare.ts";
import { type Reason, reason } from "./reason.ts";
import type { Silencer } from "./silence.ts";

/** One finding of an event. */
export type Case = {
  readonly event: Envelope;
  readonly finding: Finding;
  readonly rules: Rules;
  /** Its place among the event's findings. */
  readonly index: number;
  /** The customer's silences that hold by now. */
  readonly silencers: readonly Silencer[];
};

type Question = (one: Case) => Reason;

/** Is it the customer's, and in its pattern? */
export function askHeard(one: Case): readonly Reason[] {
  return ask(one, [askAccount, askPattern]);
}

/** Would it be told as a new problem? */
export function askWanted(one: Case): readonly Reason[] {
  return ask(one, one.silencers.length === 0 ? WANTED : WANTED_OR_SILENCED);
}

/** Did a person ask for this very message? Then neither its state nor its severity matters. */
export function isAskedFor({ kind }: Pick<Finding, "kind">): boolean {
  return kind === "asked" || kind === "insight" || kind === "test";
}

function ask(one: Case, questions: readonly Question[]): readonly Reason[] {
  const answers: Reason[] = [];
  for (const question of questions) {
    const answer = question(one);
    answers.push(answer);
    if (!answer.held) break;
  }
  return answers;
}

function askAccount({ event, finding, rules }: Case): Reason {
  const { customer } = rules;
  const facts = { account: finding.accountId, sender: event.account, customer: customer.id };
  if (finding.accountId === event.account) return reason("account", true, "ownAccount", facts);
  if (!accountHeldBy(customer, finding)) return reason("account", false, "foreignAccount", facts);
  return reason("account", true, "memberAccount", facts);
}

function askPattern({ event, finding, rules }: Case): Reason {
  const name = rules.customer.patternName;
  if (isAskedFor(finding)) return reason("pattern", true, "patternNotAsked");
  const match = rules.pattern.matches(event.raw);
  if (match.held) return reason("pattern", true, "patternMatches", { name });
  return reason("pattern", false, "patternRefuses", { name, ...match.why });
}

function askSeverity({ finding, rules }: Case): Reason {
  const { severities } = rules.customer;
  const facts = { severity: finding.severity, wanted: severities.join(", ") };
  if (isAskedFor(finding)) return reason("severity", true, "severityNotAsked", facts);
  const isWanted = severities.includes(finding.severity);
  return reason("severity", isWanted, isWanted ? "severityWanted" : "severityUnwanted", facts);
}

function askFilter(one: Case): Reason {
  const { filter } = one.rules;
  if (!filter) return reason("filter", true, "noFilter");
  if (isAskedFor(one.finding)) return reason("filter", true, "filterNotAsked");
  const match = filter.matches(eventOfOne(one));
  if (match.held) return reason("filter", true, "filterMatches");
  return reason("filter", false, "filterRefuses", match.why);
}

/** The event as if this were its only finding, or a filter would be answered by another finding's fields. */
function eventOfOne({ event: { raw, detail }, index }: Case): Envelope["raw"] {
  const findings = detail["findings"];
  if (!Array.isArray(findings) || findings.length < 2) return raw;
  return { ...raw, detail: { ...detail, findings: findings.slice(index, index + 1) } };
}

function askSilences(one: Case): Reason {
  const silencer = isAskedFor(one.finding) ? undefined : silencerOf(one);
  if (!silencer) return reason("silence", true, "notSilenced");
  const { id, owner, reason: words, until } = silencer;
  return reason("silence", false, "silenced", { silence: id, owner, words, until: minute(until) });
}

function silencerOf(one: Case): Silencer | undefined {
  const event = eventOfOne(one);
  return one.silencers.find(({ pattern }) => pattern.matches(event).held);
}

/** In UTC, because whoever reads a log may be anywhere. */
function minute(time: Date): string {
  return `${time.toISOString().slice(0, 16)}Z`;
}

function askChannel({ rules }: Case): Reason {
  const { delivery, slack } = rules.customer;
  const facts = { channel: slack.channel };
  return delivery === "relay"
    ? reason("channel", true, "toChannel", facts)
    : reason("channel", false, "byAmazonQ", facts);
}

const WANTED: readonly Question[] = [askSeverity, askFilter, askChannel];
const WANTED_OR_SILENCED: readonly Question[] = [askSeverity, askFilter, askSilences, askChannel];
