/**
 * `Trusted Advisor Check Item Refresh Notification`: one line of one check. Only us-east-1 sends it, whatever region
 * the resource is in.
 *
 * @see https://docs.aws.amazon.com/awssupport/latest/user/cloudwatch-events-ta.html
 */
import { TRUSTED_ADVISOR_LINK } from "../aws-links.ts";
import { type Envelope, isObject } from "../event.ts";
import type { Finding, Severity } from "../finding.ts";
import { READ } from "../limits.ts";
import { findingOf, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, textAt, textOf } from "./lenient.ts";

/** A key in public is used by others within minutes; the other checks' red can wait for the morning. */
const URGENT = new Set(["Exposed Access Keys"]);
const SEVERITY_BY_STATUS: Readonly<Record<string, Severity>> = {
  ERROR: "HIGH",
  WARN: "MEDIUM",
  OK: "INFORMATIONAL",
};

export function readTrustedAdvisor(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const check = textAt(detail, "check-name");
  const status = textAt(detail, "status").toUpperCase();
  const resource = firstOf(
    textOf(detail["resource_id"], READ.idChars),
    textOf(at(detail, "check-item-detail", "Access Key ID"), READ.idChars),
    textOf(at(detail, "check-item-detail", "Resource"), READ.idChars),
    textAt(detail, "uuid"),
  );
  const user = textAt(detail, "check-item-detail", "User Name (IAM or Root)");
  const finding = findingOf(event, {
    product: "Trusted Advisor",
    cause: check,
    accountId: event.account,
    region: event.region,
    keyRegion: "global",
    title: check,
    description: itemOf(event),
    severity: status === "ERROR" && URGENT.has(check) ? "CRITICAL" : (SEVERITY_BY_STATUS[status] ?? UNSAID_SEVERITY),
    seen: status === "OK" ? "passing" : "failing",
    seenBecause: status === "" ? "no state given" : `status ${status}`,
    resources: resource === "" ? [] : [{ id: resource, type: "", ...(user ? { name: user } : {}) }],
    consoleUrl: TRUSTED_ADVISOR_LINK,
    aliases: [textAt(detail, "uuid")],
  });
  return [finding];
}

/** The line of the check, one column a line: every check has others. */
function itemOf(event: Envelope): string {
  const item = event.detail["check-item-detail"];
  const entries = isObject(item) ? Object.entries(item).slice(0, 8) : [];
  const lines = entries.map(([key, value]) => `${key}: ${textOf(value)}`).filter((line) => !line.endsWith(": "));
  return lines.join("\n").slice(0, READ.descriptionChars);
}
