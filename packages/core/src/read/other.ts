/**
 * What nobody taught us to read, and Security Hub's insight results. Whatever the event, it becomes a plain finding
 * that says its type and where it came from: an event that somebody's pattern let through is never lost silently.
 */
import { type Envelope, isObject } from "../event.ts";
import type { Fact, Finding } from "../finding.ts";
import { READ } from "../limits.ts";
import { findingOf, UNSAID_SEVERITY } from "./draft.ts";
import { firstOf, listAt, textAt, textOf } from "./lenient.ts";

/** An event of unknown shape, as one plain finding. `note` says what is odd about it, if anything is. */
export function readOther(event: Envelope, note = ""): Finding {
  const { detail } = event;
  return findingOf(event, {
    kind: "other",
    product: event.source.slice(0, READ.wordChars),
    cause: event.detailType.slice(0, READ.wordChars),
    accountId: event.account,
    region: event.region,
    title: event.detailType.slice(0, READ.titleChars),
    description: firstOf(
      note,
      textOf(detail["title"], READ.descriptionChars),
      textOf(detail["description"], READ.descriptionChars),
      textOf(detail["message"], READ.descriptionChars),
    ),
    severity: UNSAID_SEVERITY,
    seen: "failing",
    seenBecause: "no state given",
    resources: event.resources
      .slice(0, READ.resources)
      .filter((id) => id !== "")
      .map((id) => ({ id: id.slice(0, READ.idChars), type: "" })),
    resourceCount: event.resources.length,
    aliases: [event.id],
  });
}

/** `Security Hub Insight Results`: counts by resource (or whatever the insight groups by) that a person sent. */
export function readInsight(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const name = firstOf(textAt(detail, "insightName"), "Security Hub insight");
  const counts = listAt(detail, "insightResults").slice(0, 100).flatMap(countsOf);
  const results: Fact = { name: "results", value: textAt(detail, "number of results") };
  const finding = findingOf(event, {
    kind: "insight",
    product: "Security Hub",
    cause: `insight ${firstOf(textAt(detail, "insightArn"), name)}`,
    accountId: event.account,
    region: event.region,
    title: name,
    description: counts
      .slice(0, 10)
      .map(([what, count]) => `${count}  ${what}`)
      .join("\n"),
    severity: "INFORMATIONAL",
    seen: "failing",
    seenBecause: "a person sent it",
    resources: counts.map(([what]) => ({ id: what, type: textAt(detail, "resultType") })),
    keyResource: event.id,
    facts: [{ name: "action", value: textAt(detail, "actionName") }, results],
    aliases: [event.id],
  });
  return [finding];
}

function countsOf(result: unknown): readonly (readonly [what: string, count: string])[] {
  if (!isObject(result)) return [];
  return Object.entries(result)
    .slice(0, 1)
    .map(([what, count]) => [what.slice(0, READ.idChars), textOf(count)] as const)
    .filter(([what]) => what !== "");
}
