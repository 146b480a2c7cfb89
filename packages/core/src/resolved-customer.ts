/**
 * A customer with nothing left out: what the file does not say is taken from `defaults`, the hub, and the delivery.
 * Everything that acts on a customer (routing, templates, cards) reads this one.
 */
import type { Config, Customer } from "./config.ts";
import type { Severity } from "./finding.ts";
import { OWN_EVENTS_PATTERN, type Preset, presetPattern, presetPatterns } from "./presets.ts";

/** A customer as it is meant. */
export type ResolvedCustomer = Omit<
  Customer,
  "language" | "timezone" | "delivery" | "severities" | "regions" | "pattern"
> & {
  readonly language: "en" | "ja";
  /** IANA name. */
  readonly timezone: string;
  readonly delivery: "relay" | "amazon-q";
  readonly severities: readonly Severity[];
  /** At least one, each once. */
  readonly regions: readonly string[];
  /** The preset's name, or `custom`. */
  readonly patternName: Preset | "custom";
  /** What leaves the customer's accounts, as one pattern: for matching, of any length. */
  readonly pattern: string;
  /** The same as rules can take it, and shirase's own events: one pattern for each rule, at most 2,048 characters. */
  readonly rulePatterns: readonly string[];
};

/** Fills in what the customer's entry leaves out. */
export function resolveCustomer(config: Config, customer: Customer): ResolvedCustomer {
  const { defaults } = config;
  const delivery = customer.delivery ?? defaults.delivery;
  const severities = customer.severities ?? defaults.severities;
  return {
    ...customer,
    language: customer.language ?? defaults.language,
    timezone: customer.timezone ?? defaults.timezone,
    delivery,
    severities,
    regions: [...new Set(customer.regions ?? [config.hub.region])],
    ...patternsOf(customer, delivery, severities),
  };
}

/** A customer that is in the config no longer, as far as is needed to tell what still waits for its channel. */
export function formerCustomer(config: Config, id: string, channel: string): ResolvedCustomer {
  return resolveCustomer(config, {
    id,
    name: id,
    accounts: [],
    sources: ["security-hub"],
    heartbeatMinutes: 60,
    slack: { channel },
  });
}

/** The relay remembers, so it can use what closes a finding; Amazon Q would post it as one more alert. */
function patternsOf(
  customer: Customer,
  delivery: ResolvedCustomer["delivery"],
  severities: readonly Severity[],
): Pick<ResolvedCustomer, "pattern" | "patternName" | "rulePatterns"> {
  const choice = customer.pattern ?? (delivery === "relay" ? "lifecycle" : "alerts");
  if (typeof choice !== "string") {
    const pattern = JSON.stringify(choice);
    return { patternName: "custom", pattern, rulePatterns: [pattern, OWN_EVENTS_PATTERN] };
  }
  return {
    patternName: choice,
    pattern: presetPattern(choice, customer.sources, severities),
    rulePatterns: presetPatterns(choice, customer.sources, severities),
  };
}
