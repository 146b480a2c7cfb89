/**
 * `GuardDuty Finding`, straight from GuardDuty. Sent again whenever it happened again (every 6 hours by default), with
 * a higher `service.count`. Archived by a person or a suppression rule, it is put away and not fixed.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
 */
import { guardDutyHelp, guardDutyLink } from "../aws-links.ts";
import type { Envelope, Json, JsonObject } from "../event.ts";
import type { Fact, Finding, Resource } from "../finding.ts";
import { READ } from "../limits.ts";
import { firstDate } from "./dates.ts";
import { findingOf, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, numberOf, objectsAt, textAt, textOf } from "./lenient.ts";
import { severityOfGuardDuty, severityWord } from "./severities.ts";

export function readGuardDuty(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const id = textAt(detail, "id");
  const region = textAt(detail, "region");
  const score = numberOf(detail["severity"]);
  const isArchived = at(detail, "service", "archived") === true;
  const title = textOf(detail["title"], READ.titleChars);
  const type = textAt(detail, "type");
  const draft = {
    product: "GuardDuty",
    cause: type,
    accountId: textAt(detail, "accountId"),
    region,
    title,
    description: firstOf(
      textOf(at(detail, "service", "detection", "sequence", "description"), READ.descriptionChars),
      textOf(detail["description"], READ.descriptionChars),
    ),
    severity:
      (score === undefined ? undefined : severityOfGuardDuty(score)) ??
      severityWord(textAt(detail, "severity")) ??
      UNSAID_SEVERITY,
    seen: isArchived ? "suppressed" : "failing",
    seenBecause: isArchived ? "service.archived true" : "service.archived false",
    resources: resourcesOf(detail),
    remediationUrl: guardDutyHelp(type),
    consoleUrl: id ? guardDutyLink(region || event.region, id) : undefined,
    facts: factsOf(detail),
    aliases: [textOf(detail["arn"], READ.idChars), id],
    firstSeenAt: firstDate(at(detail, "service", "eventFirstSeen"), detail["createdAt"]),
    updatedAt: firstDate(detail["updatedAt"], at(detail, "service", "eventLastSeen")),
    isSample: at(detail, "service", "additionalInfo", "sample") === true || title.startsWith("[SAMPLE]"),
  } as const;
  return [findingOf(event, draft)];
}

/** Where each kind of resource keeps its id: the details object, the id in it, what ASFF calls it. */
const RESOURCES: readonly (readonly [details: string, id: string, type: string])[] = [
  ["instanceDetails", "instanceId", "AwsEc2Instance"],
  ["accessKeyDetails", "accessKeyId", "AwsIamAccessKey"],
  ["eksClusterDetails", "arn", "AwsEksCluster"],
  ["ecsClusterDetails", "arn", "AwsEcsCluster"],
  ["lambdaDetails", "functionArn", "AwsLambdaFunction"],
  ["rdsDbInstanceDetails", "dbInstanceArn", "AwsRdsDbInstance"],
  ["ebsVolumeDetails", "arn", "AwsEc2Volume"],
  ["containerDetails", "id", "Container"],
];

function resourcesOf(detail: JsonObject): readonly Resource[] {
  const resource = detail["resource"];
  const buckets = objectsAt(resource, READ.resources, "s3BucketDetails").map((bucket) => ({
    id: firstOf(textOf(bucket["arn"], READ.idChars), textAt(bucket, "name"), "?"),
    type: "AwsS3Bucket",
  }));
  const single = RESOURCES.flatMap(([details, key, type]) => namedResource(at(resource, details), key, type));
  return [...buckets, ...single, ...sequenceResources(detail)];
}

function namedResource(details: Json | undefined, key: string, type: string): readonly Resource[] {
  const id = textOf(at(details, key), READ.idChars);
  if (id === "") return [];
  const tag = objectsAt(details, 50, "tags").find((item) => item["key"] === "Name");
  const name = firstOf(textAt(tag, "value"), textAt(details, "userName"));
  return [{ id, type, ...(name ? { name } : {}) }];
}

/** An attack sequence is about several resources and has them in its own place. */
function sequenceResources(detail: JsonObject): readonly Resource[] {
  return objectsAt(detail, READ.resources, "service", "detection", "sequence", "resources").map((item) => ({
    id: firstOf(textOf(item["name"], READ.idChars), textAt(item, "uid"), "?"),
    type: textAt(item, "resourceType"),
  }));
}

function factsOf(detail: JsonObject): readonly Fact[] {
  const service = detail["service"];
  const count = textAt(service, "count");
  const signals = objectsAt(service, 4, "detection", "sequence", "signals").map((signal) => textAt(signal, "name"));
  return [
    { name: "occurrences", value: count === "1" ? "" : count },
    { name: "activity", value: textAt(service, "action", "dnsRequestAction", "domain") },
    { name: "signals", value: signals.filter(Boolean).join(" / ") },
  ];
}
