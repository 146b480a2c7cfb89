/**
 * `Inspector2 Finding`. The cause is the vulnerability; without one (network reachability, code) it is the title.
 * Dates are in no standard form (dates.ts), severity knows UNTRIAGED: not judged yet, told again once it is.
 *
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
import { inspectorLink } from "../aws-links.ts";
import type { Envelope, JsonObject } from "../event.ts";
import type { Fact, Finding, Resource, Severity } from "../finding.ts";
import { READ } from "../limits.ts";
import { firstDate } from "./dates.ts";
import { findingOf, type SeenBecause, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, listAt, objectsAt, textAt, textOf } from "./lenient.ts";
import { severityWord } from "./severities.ts";

export function readInspector(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const arn = textOf(detail["findingArn"], READ.idChars);
  const region = firstOf(textAt(listAt(detail, "resources")[0], "region"), event.region);
  const finding = findingOf(event, {
    product: "Inspector",
    cause: textAt(detail, "packageVulnerabilityDetails", "vulnerabilityId"),
    accountId: textAt(detail, "awsAccountId"),
    region,
    title: textOf(detail["title"], READ.titleChars),
    description: textOf(detail["description"], READ.descriptionChars),
    severity: severityOf(textAt(detail, "severity")),
    ...seenOf(textAt(detail, "status").toUpperCase()),
    resources: objectsAt(detail, READ.resources, "resources").map(resourceOf),
    resourceCount: listAt(detail, "resources").length,
    remediationUrl: firstOf(
      textOf(at(detail, "remediation", "recommendation", "Url"), READ.idChars),
      textOf(at(detail, "packageVulnerabilityDetails", "sourceUrl"), READ.idChars),
    ),
    consoleUrl: arn ? inspectorLink(region, arn) : undefined,
    facts: factsOf(detail),
    aliases: [arn],
    firstSeenAt: firstDate(detail["firstObservedAt"]),
    updatedAt: firstDate(detail["updatedAt"], detail["lastObservedAt"]),
  });
  return [finding];
}

function severityOf(word: string): Severity {
  return word.toUpperCase() === "UNTRIAGED" ? "INFORMATIONAL" : (severityWord(word) ?? UNSAID_SEVERITY);
}

function seenOf(status: string): SeenBecause {
  if (status === "CLOSED") return { seen: "passing", seenBecause: "status CLOSED" };
  if (status === "SUPPRESSED") return { seen: "suppressed", seenBecause: "status SUPPRESSED" };
  return { seen: "failing", seenBecause: status === "" ? "no state given" : `status ${status}` };
}

function resourceOf(resource: JsonObject): Resource {
  const name = textAt(resource, "tags", "Name");
  const id = firstOf(textOf(resource["id"], READ.idChars), "?");
  return { id, type: textAt(resource, "type"), ...(name ? { name } : {}) };
}

function factsOf(detail: JsonObject): readonly Fact[] {
  const [affected] = objectsAt(detail, 1, "packageVulnerabilityDetails", "vulnerablePackages");
  return [
    { name: "fix", value: textAt(affected, "fixedInVersion") },
    { name: "exploit", value: textAt(detail, "exploitAvailable") === "YES" ? "yes" : "" },
    { name: "package", value: [textAt(affected, "name"), textAt(affected, "version")].join(" ").trim() },
    { name: "score", value: textAt(detail, "inspectorScore") },
  ];
}
