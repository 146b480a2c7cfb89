/**
 * Who must hear of a finding? Asks in order (account, pattern, state, severity, filter, channel) and stops at the
 * first no. Every answer is kept with its reason: "why did nobody tell me" is asked more often than "why did you".
 *
 * This version remembers nothing, so it tells what fails and keeps quiet about what passed: "fixed" without "failed"
 * before it would be noise. What a person asked for in the console, and our own tests, are told whatever they say.
 */
import type { CompiledPattern } from "./compiled-pattern.ts";
import type { Notice, Reason, Verdict } from "./decide.ts";
import type { Envelope } from "./event.ts";
import type { Finding } from "./finding.ts";
import { accountHeldBy } from "./owner.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { type Said, type SaidCode, say } from "./said.ts";

/** A customer with its patterns compiled. */
export type Rules = {
  readonly customer: ResolvedCustomer;
  readonly pattern: CompiledPattern;
  readonly filter: CompiledPattern | undefined;
};

/** One finding of an event, on its way to a channel. */
export type Case = {
  readonly event: Envelope;
  readonly finding: Finding;
  readonly rules: Rules;
  /** Its place among the event's findings. */
  readonly index: number;
  readonly now: Date;
};

type Step = (one: Case) => Reason;
const STEPS: readonly Step[] = [askAccount, askPattern, askState, askSeverity, askFilter, askChannel];

/** The verdict on one finding: every step up to the first no. */
export function route(one: Case): Verdict {
  const { finding } = one;
  const reasons: Reason[] = [];
  for (const step of STEPS) {
    const reason = step(one);
    reasons.push(reason);
    if (reason.held) continue;
    const isForeign = reason.said.code === "foreignAccount";
    return { finding, notices: [], reasons, ...(isForeign ? { quarantine: reason.because } : {}) };
  }
  return { finding, notices: [noticeOf(one)], reasons };
}

/** A step's answer, with its English sentence ready for logs. */
export function reason(step: Reason["step"], held: boolean, code: SaidCode, facts: Said["facts"] = {}): Reason {
  const said = { code, facts };
  return { step, held, because: say(said, "en"), said };
}

function noticeOf({ event, finding, rules, now }: Case): Notice {
  const { id, slack } = rules.customer;
  return { customerId: id, channelId: slack.channel, finding, eventId: event.id, decidedAt: now };
}

/** Did a person ask for this very message? Then neither its state nor its severity matters. */
function isAskedFor({ kind }: Finding): boolean {
  return kind === "asked" || kind === "insight" || kind === "test";
}

function askPattern({ event, finding, rules }: Case): Reason {
  const name = rules.customer.patternName;
  if (isAskedFor(finding)) return reason("pattern", true, "patternNotAsked");
  const match = rules.pattern.matches(event.raw);
  if (match.held) return reason("pattern", true, "patternMatches", { name });
  return reason("pattern", false, "patternRefuses", { name, ...match.why });
}

function askAccount({ event, finding, rules }: Case): Reason {
  const { customer } = rules;
  const facts = { account: finding.accountId, sender: event.account, customer: customer.id };
  if (finding.accountId === event.account) return reason("account", true, "ownAccount", facts);
  if (!accountHeldBy(customer, finding)) return reason("account", false, "foreignAccount", facts);
  return reason("account", true, "memberAccount", facts);
}

function askState({ finding }: Case): Reason {
  const facts = { words: finding.seenBecause };
  if (finding.kind === "test") return reason("state", true, "test");
  if (isAskedFor(finding)) return reason("state", true, "asked");
  if (finding.seen !== "failing") return reason("state", false, finding.seen, facts);
  if (finding.isTakenOn) return reason("state", false, "takenOn", facts);
  return reason("state", true, "failing", facts);
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

function askChannel({ rules }: Case): Reason {
  const { delivery, slack } = rules.customer;
  const facts = { channel: slack.channel };
  return delivery === "relay"
    ? reason("channel", true, "toChannel", facts)
    : reason("channel", false, "byAmazonQ", facts);
}
