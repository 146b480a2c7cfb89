/**
 * `Macie Finding`: sensitive data in an object, or a bucket whose policy lets it out. Its resource is the bucket, first
 * in every copy of the finding; the object comes second.
 *
 * @see https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html
 */
import { macieLink } from "../aws-links.ts";
import type { Envelope, JsonObject } from "../event.ts";
import type { Fact, Finding, Resource } from "../finding.ts";
import { READ } from "../limits.ts";
import { firstDate } from "./dates.ts";
import { findingOf, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, objectsAt, textAt, textOf } from "./lenient.ts";
import { severityWord } from "./severities.ts";

export function readMacie(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const id = textAt(detail, "id");
  const region = firstOf(textAt(detail, "region"), event.region);
  const isArchived = detail["archived"] === true;
  const finding = findingOf(event, {
    product: "Macie",
    cause: textAt(detail, "type"),
    accountId: textAt(detail, "accountId"),
    region,
    title: textOf(detail["title"], READ.titleChars),
    description: textOf(detail["description"], READ.descriptionChars),
    severity: severityWord(textAt(detail, "severity", "description")) ?? UNSAID_SEVERITY,
    seen: isArchived ? "suppressed" : "failing",
    seenBecause: `archived ${isArchived}`,
    resources: resourcesOf(detail),
    consoleUrl: id ? macieLink(region, id) : undefined,
    facts: factsOf(detail),
    aliases: [id],
    firstSeenAt: firstDate(detail["createdAt"]),
    updatedAt: firstDate(detail["updatedAt"]),
    isSample: detail["sample"] === true,
  });
  return [finding];
}

function resourcesOf(detail: JsonObject): readonly Resource[] {
  const affected = detail["resourcesAffected"];
  const bucket = textOf(at(affected, "s3Bucket", "arn"), READ.idChars);
  const object = textOf(at(affected, "s3Object", "path"), READ.idChars);
  return [
    { id: firstOf(bucket, textAt(affected, "s3Bucket", "name")), type: "AwsS3Bucket" },
    { id: object === "" ? "" : `arn:aws:s3:::${object}`, type: "AwsS3Object" },
  ].filter((resource) => resource.id !== "");
}

function factsOf(detail: JsonObject): readonly Fact[] {
  const found = objectsAt(detail, 3, "classificationDetails", "result", "sensitiveData").flatMap((item) =>
    objectsAt(item, 3, "detections").map((detection) => textAt(detection, "type")),
  );
  const access = textAt(detail, "resourcesAffected", "s3Bucket", "publicAccess", "effectivePermission");
  return [
    { name: "object", value: textOf(at(detail, "resourcesAffected", "s3Object", "key"), READ.idChars) },
    { name: "contains", value: found.filter(Boolean).join(" / ") },
    { name: "access", value: access === "NOT_PUBLIC" ? "" : access },
  ];
}
