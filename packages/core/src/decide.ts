/**
 * The chain from an event to who must hear of it, in one screen: owner, read, route. Pure: the relay runs it inside
 * its transaction, `simulate` and the demo run it with nothing stored.
 */
import { type CompiledPattern, compilePattern } from "./compiled-pattern.ts";
import type { Config, Source } from "./config.ts";
import type { Envelope } from "./event.ts";
import type { Finding } from "./finding.ts";
import { type Arrival, type Owners, ownerOf, ownersOf } from "./owner.ts";
import { HEARTBEAT_SOURCE, readFindings, TEST_SOURCE } from "./read.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { type Rules, reason, route } from "./route.ts";
import { type Said, type Step, say } from "./said.ts";

/** What one channel is to be told: a finding, for a customer, in a language. Compose turns it into a message. */
export type Notice = {
  readonly customerId: string;
  /** Destination: the Slack channel id. */
  readonly channelId: string;
  readonly finding: Finding;
  /** The envelope it came in. */
  readonly eventId: string;
  readonly decidedAt: Date;
};

/** One step of the decision, in order, for `simulate` and for the log. `held` false ends it. */
export type Reason = {
  readonly step: Step;
  readonly held: boolean;
  /** A plain English sentence: "severity MEDIUM is not among CRITICAL, HIGH". */
  readonly because: string;
  /** The same in any language: `say(reason.said, "ja")`. */
  readonly said: Said;
};

/** The answer for one finding of an event. */
export type Verdict = {
  readonly finding: Finding;
  /** One for each channel that hears of it; empty when nobody does. */
  readonly notices: readonly Notice[];
  /** Every step taken; the last one with `held: false` is why nobody hears. */
  readonly reasons: readonly Reason[];
  /** Why this finding alone belongs in quarantine: it is about an account that is not the customer's. */
  readonly quarantine?: string;
};

/** The answer for an event: whose it is and what follows, or why it is kept in quarantine. */
export type Decision =
  | {
      readonly event: Envelope;
      readonly customerId: string;
      /** What was decided about the event as a whole. The last one with `held: false` is why it has no verdicts. */
      readonly reasons: readonly Reason[];
      readonly verdicts: readonly Verdict[];
    }
  | { readonly event: Envelope; readonly quarantine: string; readonly said: Said };

/** A config with its patterns compiled and its look-up tables made. Make it once, not for each event. */
export type Prepared = {
  readonly owners: Owners;
  /** By customer id. */
  readonly rules: ReadonlyMap<string, Rules>;
  /** By customer id, with nothing left out: what compose takes. */
  readonly customers: ReadonlyMap<string, ResolvedCustomer>;
};

/**
 * Compiles a config's patterns and filters.
 *
 * @throws Error when a pattern is not valid. A config that `readConfig` accepted has none.
 */
export function prepare(config: Config): Prepared {
  const owners = ownersOf(config);
  const customers = new Map([...owners.byAccount.values()].map((customer) => [customer.id, customer]));
  const compiled = new Map<string, CompiledPattern>();
  const compile = (pattern: string): CompiledPattern => {
    const known = compiled.get(pattern) ?? compilePattern(pattern);
    compiled.set(pattern, known);
    return known;
  };
  const rules = [...customers.values()].map((customer): [string, Rules] => {
    const filter = customer.filter ? compile(JSON.stringify(customer.filter)) : undefined;
    return [customer.id, { customer, pattern: compile(customer.pattern), filter }];
  });
  return { owners, rules: new Map(rules), customers };
}

/**
 * Whose event is it, what does it say, who must hear?
 *
 * @param arrival - how it came in; the bus decides together with the account.
 * @param prepared - the config, from {@link prepare}.
 * @param now - when it is decided; becomes `decidedAt` of the notices.
 * @returns for an owned event one verdict for each finding, told or not, with every reason.
 * @throws never.
 */
export function decide(event: Envelope, arrival: Arrival, prepared: Prepared, now: Date): Decision {
  const owner = ownerOf(event, arrival, prepared.owners);
  if ("quarantine" in owner) return { event, quarantine: say(owner.quarantine, "en"), said: owner.quarantine };
  const { customer } = owner;
  const rules = prepared.rules.get(customer.id);
  if (!rules) throw new Error(`customer ${customer.id} is not in the prepared config: prepare() lost it`);
  const facts = { account: event.account, customer: customer.id, bus: arrival.bus ?? "" };
  const owned = reason("owner", true, arrival.bus ? "ownedByBus" : "ownedByAccount", facts);
  const declared = askSource(event, customer);
  const base = { event, customerId: customer.id };
  if (!declared.held) return { ...base, reasons: [owned, declared], verdicts: [] };
  const findings = readFindings(event);
  const verdicts = findings.map((finding, index) => route({ event, finding, rules, index, now }));
  const nothing = findings.length === 0 ? [reason("state", false, "nothingToTell")] : [];
  return { ...base, reasons: [owned, declared, ...nothing], verdicts };
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
