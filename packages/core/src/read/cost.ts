/**
 * `Anomaly Detected` of AWS Cost Anomaly Detection. Money and not security, but often the first sign of a stolen key.
 * Amounts are in US dollars.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/cad-eventbridge.html
 */
import { COST_ANOMALY_LINK } from "../aws-links.ts";
import type { Envelope, JsonObject } from "../event.ts";
import type { Fact, Finding, Resource } from "../finding.ts";
import { hostOf, httpLink } from "../http-link.ts";
import { READ } from "../limits.ts";
import { firstDate } from "./dates.ts";
import { findingOf, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, numberOf, objectsAt, textAt, textOf } from "./lenient.ts";

export function readCostAnomaly(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const monitor = textAt(detail, "monitorName");
  const what = firstOf(textAt(detail, "dimensionValue"), monitor);
  const causes = objectsAt(detail, READ.resources, "rootCauses");
  const finding = findingOf(event, {
    product: "Cost Anomaly Detection",
    cause: `Anomaly Detected: ${what}`,
    accountId: firstOf(textAt(causes[0], "linkedAccount"), textAt(detail, "accountId")),
    accountName: firstOf(textAt(causes[0], "linkedAccountName"), textAt(detail, "accountName")),
    region: firstOf(textAt(causes[0], "region"), event.region),
    keyRegion: "global",
    title: `Cost anomaly: ${what}`,
    description: "",
    severity: UNSAID_SEVERITY,
    seen: "failing",
    seenBecause: "Anomaly Detected",
    resources: causes.map(resourceOf),
    keyResource: firstOf(textAt(detail, "anomalyId"), what),
    consoleUrl: linkOf(detail),
    facts: [impactOf(detail)],
    aliases: [textAt(detail, "anomalyId")],
    firstSeenAt: firstDate(detail["anomalyStartDate"]),
  });
  return [finding];
}

function resourceOf(cause: JsonObject): Resource {
  const id = firstOf(textOf(cause["usageType"], READ.idChars), textAt(cause, "service"), "?");
  return { id, type: textAt(cause, "service") };
}

/** The event's own link names the anomaly; it is taken only when it leads into the AWS console. */
function linkOf(detail: JsonObject): string {
  const link = httpLink(textOf(detail["anomalyDetailsLink"], READ.idChars));
  const isConsole = link !== undefined && /(?:^|\.)console\.aws\.amazon\.com$/.test(hostOf(link));
  return link !== undefined && isConsole ? link : COST_ANOMALY_LINK;
}

function impactOf(detail: JsonObject): Fact {
  const total = numberOf(at(detail, "impact", "totalImpact"));
  const percent = numberOf(at(detail, "impact", "totalImpactPercentage"));
  if (total === undefined) return { name: "impact", value: "" };
  const share = percent === undefined ? "" : ` (+${Math.round(percent)}%)`;
  return { name: "impact", value: `USD ${total.toFixed(2)}${share}` };
}
