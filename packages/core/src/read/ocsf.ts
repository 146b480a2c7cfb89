/**
 * The new Security Hub's format, OCSF, in events of detail-type `Findings Imported V2`. The same finding may come as
 * ASFF as well when both Security Hubs are on; `finding_info.uid` is ASFF's `Id`, and the key made here is the same.
 *
 * Times come as numbers and as `_dt` strings, ids as bare names with the ARN in `uid_alt`, words capitalised. Numbers
 * (`status_id`) are read first: published events differ in the words.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-findings-ocsf.html
 */
import { securityHubV2Link } from "../aws-links.ts";
import type { Envelope, Json, JsonObject } from "../event.ts";
import type { Fact, Finding, Resource } from "../finding.ts";
import { READ } from "../limits.ts";
import { standardName } from "./asff.ts";
import { exposureAmong, typeAmong } from "./causes.ts";
import { firstDate } from "./dates.ts";
import { findingOf, type SeenBecause, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, listAt, numberOf, objectsAt, textAt, textOf, textsAt } from "./lenient.ts";
import { severityOfOcsf, severityWord } from "./severities.ts";

/** One OCSF finding of an event. */
export function readOcsf(event: Envelope, finding: JsonObject): Finding {
  const info = finding["finding_info"];
  const uid = textOf(at(info, "uid"), READ.idChars);
  const region = textAt(finding, "cloud", "region");
  const controlId = textAt(finding, "compliance", "control");
  const types = textsAt(info, 50, "types");
  const severityId = numberOf(finding["severity_id"]);
  return findingOf(event, {
    product: firstOf(textAt(finding, "metadata", "product", "name"), "Security Hub"),
    cause: firstOf(controlId, vulnerabilityOf(finding), typeAmong(types), exposureAmong(types)),
    controlId,
    accountId: textAt(finding, "cloud", "account", "uid"),
    accountName: textAt(finding, "cloud", "account", "name"),
    region,
    title: textOf(at(info, "title"), READ.titleChars),
    description: textOf(at(info, "desc"), READ.descriptionChars),
    severity:
      (severityId === undefined ? undefined : severityOfOcsf(severityId)) ??
      severityWord(textAt(finding, "severity")) ??
      UNSAID_SEVERITY,
    ...seenOf(finding),
    resources: resourcesOf(finding),
    resourceCount: listAt(finding, "resources").length,
    remediationUrl: firstOf(
      textOf(listAt(finding, "remediation", "references")[0], READ.idChars),
      textOf(listAt(listAt(finding, "vulnerabilities")[0], "references")[0], READ.idChars),
    ),
    consoleUrl: uid ? securityHubV2Link(region || event.region, uid) : undefined,
    standards: [...new Set(textsAt(finding, READ.standards, "compliance", "standards").map(standardName))],
    facts: factsOf(finding),
    aliases: [uid, textOf(at(info, "uid_alt"), READ.idChars), textAt(finding, "metadata", "uid")],
    firstSeenAt: dateOfEither(info, "first_seen_time") ?? dateOfEither(info, "created_time"),
    updatedAt: dateOfEither(info, "modified_time") ?? dateOfEither(finding, "time"),
    isTakenOn: statusOf(finding) === "in progress",
    isSample: at(info, "is_sample") === true || textAt(info, "title").startsWith("[SAMPLE]"),
  });
}

const STATUS = ["unknown", "new", "in progress", "suppressed", "resolved", "archived"];

function statusOf(finding: JsonObject): string {
  return STATUS[numberOf(finding["status_id"]) ?? -1] ?? textAt(finding, "status").toLowerCase();
}

function seenOf(finding: JsonObject): SeenBecause {
  const status = statusOf(finding);
  const compliance = textAt(finding, "compliance", "status");
  if (status === "resolved" || status === "archived") return { seen: "passing", seenBecause: `status ${status}` };
  if (numberOf(finding["activity_id"]) === 3) return { seen: "passing", seenBecause: "activity Close" };
  if (numberOf(at(finding, "compliance", "status_id")) === 1 || compliance === "Pass") {
    return { seen: "passing", seenBecause: "compliance.status Pass" };
  }
  if (status === "suppressed") return { seen: "suppressed", seenBecause: "status suppressed" };
  if (compliance !== "") return { seen: "failing", seenBecause: `compliance.status ${compliance}` };
  return { seen: "failing", seenBecause: status === "" ? "no state given" : `status ${status}` };
}

/** Macie names the object; what to look at, and what its other copies name first, is the bucket. */
function resourcesOf(finding: JsonObject): readonly Resource[] {
  const resources = objectsAt(finding, READ.resources, "resources").map(resourceOf);
  const bucket = textOf(at(finding, "databucket", "uid"), READ.idChars);
  return bucket === "" ? resources : [{ id: bucket, type: "AWS::S3::Bucket" }, ...resources];
}

function resourceOf(resource: JsonObject): Resource {
  const uid = textOf(resource["uid"], READ.idChars);
  const alternative = textOf(resource["uid_alt"], READ.idChars);
  const id = alternative.startsWith("arn:") ? alternative : firstOf(uid, alternative, "?");
  const tag = objectsAt(resource, 50, "tags").find((item) => item["name"] === "Name");
  const name = firstOf(textAt(tag, "value"), textAt(resource, "name"));
  return { id, type: textAt(resource, "type"), ...(name && !id.endsWith(name) ? { name } : {}) };
}

function vulnerabilityOf(finding: JsonObject): string {
  return textAt(listAt(finding, "vulnerabilities")[0], "cve", "uid");
}

/** `modified_time_dt` may have nanoseconds; `modified_time` is milliseconds. Either may be missing. */
function dateOfEither(value: Json | undefined, name: string): Date | undefined {
  return firstDate(at(value, `${name}_dt`), at(value, name));
}

function factsOf(finding: JsonObject): readonly Fact[] {
  const vulnerability = listAt(finding, "vulnerabilities")[0];
  const [affected] = objectsAt(vulnerability, 1, "affected_packages");
  const count = textAt(finding, "count");
  const related = objectsAt(finding, 5, "finding_info", "related_events").map((item) => textAt(item, "title"));
  return [
    { name: "object", value: textOf(at(finding, "databucket", "file", "path"), READ.idChars) },
    { name: "contributors", value: related.filter(Boolean).join(" / ") },
    { name: "fix", value: textAt(affected, "fixed_in_version") },
    { name: "exploit", value: at(vulnerability, "is_exploit_available") === true ? "yes" : "" },
    { name: "package", value: [textAt(affected, "name"), textAt(affected, "version")].join(" ").trim() },
    { name: "occurrences", value: count === "1" ? "" : count },
    { name: "activity", value: textAt(listAt(finding, "evidences")[0], "query", "hostname") },
  ];
}
