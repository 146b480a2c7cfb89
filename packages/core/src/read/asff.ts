/**
 * Security Hub's own format, ASFF: `Security Hub Findings - Imported` and `- Custom Action`.
 *
 * Only nine fields are required and even those are not always there, so every one is read with a fallback. The state
 * is spread over three fields that change independently: what the check says (Compliance), what a person decided
 * (Workflow) and whether the record is still kept (RecordState).
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 */
import { guardDutyHelp, securityHubLink } from "../aws-links.ts";
import type { Envelope, JsonObject } from "../event.ts";
import type { Fact, Finding, FindingKind, Resource, Severity } from "../finding.ts";
import { READ } from "../limits.ts";
import { EXTERNAL_ACCESS, exposureAmong, typeAmong } from "./causes.ts";
import { firstDate } from "./dates.ts";
import { findingOf, type SeenBecause, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, listAt, numberOf, objectsAt, textAt, textOf, textsAt } from "./lenient.ts";
import { severityOfNormalized, severityWord } from "./severities.ts";

/** One ASFF finding of an event. */
export function readAsff(event: Envelope, finding: JsonObject, kind: FindingKind = "finding"): Finding {
  const id = textOf(finding["Id"], READ.idChars);
  const region = textAt(finding, "Region");
  const controlId = controlOf(finding);
  const title = textOf(finding["Title"], READ.titleChars);
  const product = productOf(finding);
  const cause = controlId || causeOf(finding);
  return findingOf(event, {
    kind,
    product,
    cause,
    controlId,
    accountId: textAt(finding, "AwsAccountId"),
    accountName: textAt(finding, "AwsAccountName"),
    region,
    title: controlId ? withoutControl(title, finding) : title,
    description: textOf(finding["Description"], READ.descriptionChars),
    severity: severityOf(finding),
    ...seenOf(finding),
    resources: objectsAt(finding, READ.resources, "Resources").map(resourceOf),
    resourceCount: listAt(finding, "Resources").length,
    remediationUrl: firstOf(
      textOf(at(finding, "Remediation", "Recommendation", "Url"), READ.idChars),
      textOf(at(finding, "ProductFields", "RecommendationUrl"), READ.idChars),
      product === "GuardDuty" ? guardDutyHelp(cause) : "",
      textOf(at(listAt(finding, "Vulnerabilities")[0], "Vendor", "Url"), READ.idChars),
    ),
    consoleUrl: id ? securityHubLink(region || event.region, id) : undefined,
    standards: standardsOf(finding),
    facts: factsOf(finding, event, kind),
    aliases: [id],
    firstSeenAt: firstDate(finding["FirstObservedAt"], finding["CreatedAt"]),
    updatedAt: firstDate(finding["UpdatedAt"], finding["CreatedAt"]),
    isTakenOn: textAt(finding, "Workflow", "Status").toUpperCase() === "NOTIFIED",
    isSample: finding["Sample"] === true,
  });
}

/**
 * Archiving for the switch to or from consolidated control findings ends this record and not the problem: a new record
 * with the same key goes on. Read as a fix it would call every open problem of the account fixed at once; read as
 * failing it would tell each a second time. So the finding is `retired` and says nothing.
 */
function seenOf(finding: JsonObject): SeenBecause {
  const record = textAt(finding, "RecordState").toUpperCase();
  const workflow = textAt(finding, "Workflow", "Status").toUpperCase();
  const compliance = textAt(finding, "Compliance", "Status").toUpperCase();
  const reason = textAt(finding, "ProductFields", "ArchivalReasons:0/ReasonCode");
  if (record === "ARCHIVED" && reason === "CONSOLIDATED_CONTROL_FINDINGS_UPDATE") {
    return { seen: "retired", seenBecause: `RecordState ARCHIVED, ${reason}` };
  }
  if (record === "ARCHIVED") return { seen: "passing", seenBecause: "RecordState ARCHIVED" };
  if (compliance === "PASSED") return { seen: "passing", seenBecause: "Compliance.Status PASSED" };
  if (workflow === "RESOLVED") return { seen: "passing", seenBecause: "Workflow.Status RESOLVED" };
  if (workflow === "SUPPRESSED") return { seen: "suppressed", seenBecause: "Workflow.Status SUPPRESSED" };
  if (compliance !== "") return { seen: "failing", seenBecause: `Compliance.Status ${compliance}` };
  return { seen: "failing", seenBecause: record === "" ? "no state given" : `RecordState ${record}` };
}

/** `Severity` is the customer's view, which BatchUpdateFindings may have changed; the provider's is the fallback. */
function severityOf(finding: JsonObject): Severity {
  const provider = at(finding, "FindingProviderFields", "Severity");
  const normalized = numberOf(at(finding, "Severity", "Normalized"));
  return (
    severityWord(textAt(finding, "Severity", "Label")) ??
    (normalized === undefined ? undefined : severityOfNormalized(normalized)) ??
    severityWord(textAt(provider, "Label")) ??
    severityWord(textAt(finding, "Severity", "Original")) ??
    UNSAID_SEVERITY
  );
}

/** The control's id as all standards share it. Without SecurityControlId (old findings) the generator holds it. */
function controlOf(finding: JsonObject): string {
  const generator = textAt(finding, "GeneratorId");
  const fromGenerator = /(?:^security-control\/|\/v\/[\d.]+\/)([A-Za-z0-9]+\.\d+)$/.exec(generator)?.[1] ?? "";
  return firstOf(textAt(finding, "Compliance", "SecurityControlId"), fromGenerator);
}

function causeOf(finding: JsonObject): string {
  const types = textsAt(finding, 50, "Types");
  if (textAt(finding, "GeneratorId") === "aws/access-analyzer") return EXTERNAL_ACCESS;
  return firstOf(textAt(listAt(finding, "Vulnerabilities")[0], "Id"), typeAmong(types), exposureAmong(types));
}

/** Without consolidation each standard puts its own number before the title: `5.2 EC2 security groups …`. */
function withoutControl(title: string, finding: JsonObject): string {
  const own = textAt(finding, "ProductFields", "ControlId");
  const prefix = [own, controlOf(finding)].find((id) => id !== "" && title.startsWith(`${id} `));
  return prefix === undefined ? title : title.slice(prefix.length + 1);
}

function productOf(finding: JsonObject): string {
  const name = firstOf(
    textAt(finding, "ProductName"),
    textAt(finding, "ProductFields", "aws/securityhub/ProductName"),
    "Security Hub",
  );
  return name === "Default" ? firstOf(textAt(finding, "GeneratorId"), name) : name;
}

function resourceOf(resource: JsonObject): Resource {
  const type = textAt(resource, "Type");
  const details = at(resource, "Details", type);
  const name = firstOf(textAt(resource, "Tags", "Name"), textAt(details, "GroupName"));
  const id = textOf(resource["Id"], READ.idChars);
  return { id: id || "?", type, ...(name ? { name } : {}) };
}

/** `standards/nist-800-53/v/5.0.0` and the ARN of a standard both as `nist-800-53`. */
function standardsOf(finding: JsonObject): readonly string[] {
  const ids = objectsAt(finding, READ.standards, "Compliance", "AssociatedStandards").map((standard) =>
    textAt(standard, "StandardsId"),
  );
  return [...new Set([...ids, textAt(finding, "ProductFields", "StandardsArn")].map(standardName))].filter(Boolean);
}

/** The name of a standard without its path and version. */
export function standardName(id: string): string {
  return /(?:standards|ruleset)\/([^/]+)/.exec(id)?.[1] ?? id;
}

function factsOf(finding: JsonObject, event: Envelope, kind: FindingKind): readonly (Fact | undefined)[] {
  const vulnerability = listAt(finding, "Vulnerabilities")[0];
  const [affected] = objectsAt(vulnerability, 1, "VulnerablePackages");
  const fields = finding["ProductFields"];
  const count = textAt(fields, "aws/guardduty/service/count");
  const score = textAt(fields, "aws/inspector/inspectorScore");
  return [
    kind === "asked" ? { name: "action", value: textAt(event.detail, "actionName") } : undefined,
    { name: "fix", value: textAt(affected, "FixedInVersion") },
    { name: "exploit", value: textAt(vulnerability, "ExploitAvailable") === "YES" ? "yes" : "" },
    { name: "package", value: [textAt(affected, "Name"), textAt(affected, "Version")].join(" ").trim() },
    { name: "score", value: score },
    { name: "occurrences", value: count === "1" ? "" : count },
    { name: "activity", value: textAt(fields, "aws/guardduty/service/action/dnsRequestAction/domain") },
    { name: "reason", value: textAt(listAt(finding, "Compliance", "StatusReasons")[0], "Description") },
  ];
}
