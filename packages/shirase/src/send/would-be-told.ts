/**
 * Would the customer hear of a test finding? Asked of our own pattern engine before anything is imported, along the way
 * that it would take: the rule in the customer's account, the hub's bus policy, then the relay's decision or, with
 * Amazon Q, the hub's rule.
 *
 * Pure. A finding can be shaped to what the presets ask for; a pattern of the customer's own may ask for what only AWS
 * can write, and then the answer is no and why.
 */
import { compilePattern } from "@shirase/core/compiled-pattern";
import type { Config } from "@shirase/core/config";
import { decide } from "@shirase/core/decide";
import { type Envelope, readEnvelope } from "@shirase/core/event";
import { SEVERITIES } from "@shirase/core/finding";
import { prepare } from "@shirase/core/prepare";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { declaredEvents } from "@shirase/infra/declared-events";
import { hubBusName, hubPartition } from "@shirase/infra/names";
import type { SendingPlace } from "./probe.ts";
import { importedEvent, type Shape, testFinding } from "./test-finding.ts";

/** Yes, in this shape; or no, and why, as a sentence without a full stop. */
export type Told = { readonly shape: Shape } | { readonly because: string };

/** The mildest finding that the customer would hear of. */
export function wouldBeTold(config: Config, customer: ResolvedCustomer, place: SendingPlace, now: Date): Told {
  let because = "the customer hears of no severity";
  for (const shape of shapesFor(customer)) {
    const no = whyNot(config, customer, eventOf(config, customer, place, shape, now));
    if (no === undefined) return { shape };
    because = no;
  }
  return { because };
}

/** Every shape that may pass, the mildest first; the last is the one that most patterns want. */
function shapesFor({ severities }: ResolvedCustomer): readonly Shape[] {
  const told = SEVERITIES.filter((severity) => severities.includes(severity));
  return [false, true].flatMap((isCheck) => told.map((severity) => ({ severity, isCheck })));
}

function eventOf(
  config: Config,
  { language }: ResolvedCustomer,
  place: SendingPlace,
  shape: Shape,
  now: Date,
): Envelope {
  const parts = { ...place, mark: "shirase-bcdfghjk", shape, partition: hubPartition(config), language };
  const read = readEnvelope(importedEvent(testFinding(parts, now), place.region));
  if ("event" in read) return read.event;
  throw new Error(`the test finding's event is none: ${read.problem.field}: ${read.problem.message}`);
}

function whyNot(config: Config, customer: ResolvedCustomer, event: Envelope): string | undefined {
  const pattern = compilePattern(customer.pattern).matches(event.raw);
  if (!pattern.held) return `it does not match the pattern ${customer.patternName}: ${pattern.why["why:en"]}`;
  const isAdmitted = declaredEvents(customer).some(
    ({ source, detailTypes }) => source === event.source && detailTypes.includes(event.detailType),
  );
  if (!isAdmitted) return "the hub's bus takes no findings of Security Hub from it: add security-hub to its sources";
  return customer.delivery === "relay" ? relayRefuses(config, customer, event) : filterRefuses(customer, event);
}

function relayRefuses(config: Config, customer: ResolvedCustomer, event: Envelope): string | undefined {
  const decision = decide(event, { bus: hubBusName(config, customer) }, prepare(config), event.time);
  if ("quarantine" in decision) return decision.quarantine;
  const [verdict] = decision.verdicts;
  if (verdict && verdict.notices.length > 0) return undefined;
  return [...decision.reasons, ...(verdict?.reasons ?? [])].find(({ held }) => !held)?.because ?? "nobody hears of it";
}

/** The hub's rule has the filter in it; the severity was the pattern's business. */
function filterRefuses({ filter }: ResolvedCustomer, event: Envelope): string | undefined {
  if (filter === undefined) return undefined;
  const match = compilePattern(JSON.stringify(filter)).matches(event.raw);
  return match.held ? undefined : `the customer's filter holds it back: ${match.why["why:en"]}`;
}
