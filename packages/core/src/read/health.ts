/**
 * `AWS Health Event` and `AWS Health Abuse Event`. One event concerns many accounts and comes in pages, with other
 * resources on each: what makes it one is its ARN, per account. Dates are RFC 1123; the envelope's region is where it
 * was sent, not where it happens. Health has no severity, so it follows from what kind of event it is.
 *
 * @see https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 */
import { healthLink } from "../aws-links.ts";
import type { Envelope, JsonObject } from "../event.ts";
import type { Fact, Finding, Resource, Severity } from "../finding.ts";
import { READ } from "../limits.ts";
import { dateOf, firstDate } from "./dates.ts";
import { findingOf } from "./draft.ts";
import { firstOf, listAt, objectsAt, textAt, textOf } from "./lenient.ts";

export function readHealth(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const arn = textOf(detail["eventArn"], READ.idChars);
  const code = textAt(detail, "eventTypeCode");
  const status = textAt(detail, "statusCode").toLowerCase();
  const isGlobal = textAt(detail, "eventRegion") === "global";
  const finding = findingOf(event, {
    product: "AWS Health",
    cause: code,
    accountId: textAt(detail, "affectedAccount"),
    region: firstOf(textAt(detail, "eventRegion"), event.region),
    ...(isGlobal ? { keyRegion: "global" as const } : {}),
    title: titleOf(code),
    description: descriptionOf(detail),
    severity: severityOf(event),
    seen: status === "closed" ? "passing" : "failing",
    seenBecause: status === "" ? "no state given" : `statusCode ${status}`,
    resources: resourcesOf(event),
    resourceCount: listAt(detail, "affectedEntities").length,
    keyResource: firstOf(arn.split("/").at(-1) ?? "", textAt(detail, "communicationId"), code),
    consoleUrl: arn ? healthLink(arn, tabOf(textAt(detail, "eventTypeCategory"))) : undefined,
    facts: datesOf(detail, status),
    aliases: [arn, textAt(detail, "communicationId")],
    firstSeenAt: status === "upcoming" ? event.time : firstDate(detail["startTime"]),
    updatedAt: event.time,
  });
  return [finding];
}

/** `AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED` reads as `EC2 instance retirement scheduled`, `LAMBDA` as `Lambda`. */
function titleOf(code: string): string {
  const [first = "", ...words] = code.replace(/^AWS_/, "").split("_");
  const service = first.length > 4 ? first[0] + first.slice(1).toLowerCase() : first;
  return [service, ...words.map((word) => word.toLowerCase())].join(" ").trim();
}

function descriptionOf(detail: JsonObject): string {
  const descriptions = objectsAt(detail, 20, "eventDescription");
  const english = descriptions.find((item) => textAt(item, "language").startsWith("en")) ?? descriptions[0];
  return textOf(english?.["latestDescription"], READ.descriptionChars);
}

/** Abuse reports and leaked keys mean someone else is using the account now. */
function severityOf({ detail, detailType }: Envelope): Severity {
  const service = textAt(detail, "service");
  if (detailType === "AWS Health Abuse Event" || service === "ABUSE" || service === "RISK") return "CRITICAL";
  const isDue = textAt(detail, "actionability") === "ACTION_REQUIRED";
  const category = textAt(detail, "eventTypeCategory");
  return category === "accountNotification" && !isDue ? "MEDIUM" : "HIGH";
}

function resourcesOf({ detail, region }: Envelope): readonly Resource[] {
  const entities = objectsAt(detail, READ.resources, "affectedEntities");
  const named = entities.map((entity) => textOf(entity["entityValue"], READ.idChars)).filter((id) => id !== "");
  if (named.length > 0) return named.map((id) => ({ id, type: "" }));
  const service = textAt(detail, "service");
  return [{ id: `${service || "AWS"} (${firstOf(textAt(detail, "eventRegion"), region)})`, type: "AwsService" }];
}

function tabOf(category: string): string {
  if (category === "issue") return "open-issues";
  return category === "scheduledChange" ? "scheduled-changes" : "other-notifications";
}

function datesOf(detail: JsonObject, status: string): readonly (Fact | undefined)[] {
  const starts = dateOf(detail["startTime"]);
  const ends = dateOf(detail["endTime"]);
  return [
    starts && status === "upcoming" ? { name: "starts", value: starts } : undefined,
    ends ? { name: "ends", value: ends } : undefined,
  ];
}
