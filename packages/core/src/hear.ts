/**
 * Whose event is it, what does it say, and who would want to hear of it? Everything that can be answered without
 * knowing what was told before; decide.ts adds the memory. Plain values in and out, so that the answer can travel to
 * whoever keeps the memory.
 */
import type { Source } from "./config.ts";
import type { Envelope } from "./event.ts";
import type { Finding } from "./finding.ts";
import { type Arrival, ownerOf } from "./owner.ts";
import type { Prepared } from "./prepare.ts";
import { askHeard, askWanted } from "./questions.ts";
import { HEARTBEAT_SOURCE, readFindings, TEST_SOURCE } from "./read.ts";
import { type Reason, reason } from "./reason.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { type Said, say } from "./said.ts";
import { holding, type Silencers } from "./silence.ts";

/** One finding of an event, with what can be said of it alone. */
export type HeardFinding = {
  readonly finding: Finding;
  /** Is it the customer's, and in its pattern? Up to the first no; then it is not even remembered. */
  readonly heard: readonly Reason[];
  /** Severity, filter, channel: would it be told as a new problem? Up to the first no; empty when it is not heard. */
  readonly wanted: readonly Reason[];
  /** Why this finding alone belongs in quarantine: it is about an account that is not the customer's. */
  readonly quarantine?: string;
};

/** What an event says, before anything is remembered. */
export type Heard =
  | {
      readonly eventId: string;
      readonly source: string;
      readonly customerId: string;
      /** Destination of what is told: the customer's Slack channel. */
      readonly channelId: string;
      /** The envelope's time. */
      readonly sentAt: Date;
      /** What was decided about the event as a whole. The last one with `held: false` is why it has no findings. */
      readonly reasons: readonly Reason[];
      readonly findings: readonly HeardFinding[];
      /** A sign of life of this account and region. */
      readonly heartbeat?: { readonly accountId: string; readonly region: string };
    }
  | { readonly eventId: string; readonly source: string; readonly quarantine: string; readonly said: Said };

/** Who wants to hear less for a while, and the moment that counts. */
export type Quiet = { readonly silencers: Silencers; readonly now: Date };

/**
 * Reads an event.
 *
 * @param arrival - how it came in; the bus decides together with the account.
 * @param quiet - without it no silence holds.
 * @returns for an owned event each of its findings, wanted or not, with every reason.
 * @throws never, unless `prepared` is not of one piece.
 */
export function hear(event: Envelope, arrival: Arrival, prepared: Prepared, quiet?: Quiet): Heard {
  const { id: eventId, source } = event;
  const owner = ownerOf(event, arrival, prepared.owners);
  if ("quarantine" in owner)
    return { eventId, source, quarantine: say(owner.quarantine, "en"), said: owner.quarantine };
  const { customer } = owner;
  const rules = prepared.rules.get(customer.id);
  if (!rules) throw new Error(`customer ${customer.id} is not in the prepared config: prepare() lost it`);
  const facts = { account: event.account, customer: customer.id, bus: arrival.bus ?? "" };
  const owned = reason("owner", true, arrival.bus ? "ownedByBus" : "ownedByAccount", facts);
  const declared = askSource(event, customer);
  const base = { eventId, source, customerId: customer.id, channelId: customer.slack.channel, sentAt: event.time };
  if (!declared.held) {
    const isBeat = source === HEARTBEAT_SOURCE;
    const beat = isBeat ? { heartbeat: { accountId: event.account, region: event.region } } : {};
    return { ...base, reasons: [owned, declared], findings: [], ...beat };
  }
  const silencers = quiet ? holding(quiet.silencers.get(customer.id) ?? [], quiet.now) : [];
  const findings = readFindings(event).map((finding, index): HeardFinding => {
    const one = { event, finding, rules, index, silencers };
    const heard = askHeard(one);
    const last = heard.at(-1);
    if (last?.held) return { finding, heard, wanted: askWanted(one) };
    const isForeign = last?.said.code === "foreignAccount";
    return { finding, heard, wanted: [], ...(isForeign ? { quarantine: last.because } : {}) };
  });
  const nothing = findings.length === 0 ? [reason("state", false, "nothingToTell")] : [];
  return { ...base, reasons: [owned, declared, ...nothing], findings };
}

const SOURCES: Readonly<Record<string, Source>> = {
  "aws.securityhub": "security-hub",
  "aws.guardduty": "guardduty",
  "aws.inspector2": "inspector",
  "aws.macie": "macie",
  "aws.access-analyzer": "access-analyzer",
  "aws.health": "health",
  "aws.config": "config",
  "aws.cloudwatch": "cloudwatch",
  "aws.trustedadvisor": "trusted-advisor",
  "aws.ce": "cost-anomaly",
};

/** Did the customer name this source in `sources`? Our own events need no naming, or nobody could test the path. */
function askSource({ source }: Envelope, customer: ResolvedCustomer): Reason {
  if (source === HEARTBEAT_SOURCE) return reason("source", false, "heartbeat");
  if (source === TEST_SOURCE) return reason("source", true, "ownSource");
  const name = Object.hasOwn(SOURCES, source) ? SOURCES[source] : undefined;
  if (!name) return reason("source", false, "unknownSource", { source });
  const facts = { source, name, declared: customer.sources.join(", ") };
  const isDeclared = customer.sources.includes(name);
  return reason("source", isDeclared, isDeclared ? "declaredSource" : "undeclaredSource", facts);
}
