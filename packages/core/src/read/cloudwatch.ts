/**
 * `CloudWatch Alarm State Change`. An alarm has no severity of its own. INSUFFICIENT_DATA says nothing about the
 * problem either way.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
import { alarmLink } from "../aws-links.ts";
import type { Envelope } from "../event.ts";
import type { Finding, Resource, Seen } from "../finding.ts";
import { READ } from "../limits.ts";
import { firstDate } from "./dates.ts";
import { findingOf, UNSAID_SEVERITY } from "./draft.ts";
import { at, objectsAt, textAt, textOf } from "./lenient.ts";

const SEEN: Readonly<Record<string, Seen>> = { ALARM: "failing", OK: "passing", INSUFFICIENT_DATA: "retired" };

export function readAlarm(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const name = textAt(detail, "alarmName");
  const state = textAt(detail, "state", "value").toUpperCase();
  const finding = findingOf(event, {
    product: "CloudWatch",
    cause: name,
    accountId: event.account,
    region: event.region,
    title: name,
    description: textOf(at(detail, "configuration", "description"), READ.descriptionChars),
    severity: UNSAID_SEVERITY,
    seen: SEEN[state] ?? "failing",
    seenBecause: state === "" ? "no state given" : `state ${state}`,
    resources: alarmOf(event, name),
    consoleUrl: name ? alarmLink(event.region, name) : undefined,
    facts: [{ name: "reason", value: textOf(at(detail, "state", "reason"), READ.descriptionChars) }, metricOf(event)],
    aliases: [textOf(event.resources[0], READ.idChars)],
    firstSeenAt: firstDate(at(detail, "state", "timestamp")),
    updatedAt: firstDate(at(detail, "state", "timestamp")),
  });
  return [finding];
}

function alarmOf(event: Envelope, name: string): readonly Resource[] {
  const id = textOf(event.resources[0], READ.idChars) || name;
  return id === "" ? [] : [{ id, type: "AwsCloudWatchAlarm" }];
}

function metricOf(event: Envelope): { readonly name: "activity"; readonly value: string } {
  const [metric] = objectsAt(event.detail, 1, "configuration", "metrics");
  const parts = ["namespace", "name"].map((key) => textAt(metric, "metricStat", "metric", key));
  return { name: "activity", value: parts.filter(Boolean).join(" ") };
}
