/**
 * `Config Rules Compliance Change`. Security Hub works through Config rules of its own, named `securityhub-…`; their
 * events say what Security Hub says itself a minute later, so they are no findings here.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
 */
import { configRuleLink } from "../aws-links.ts";
import type { Envelope } from "../event.ts";
import type { Finding } from "../finding.ts";
import { READ } from "../limits.ts";
import { firstDate } from "./dates.ts";
import { findingOf, UNSAID_SEVERITY } from "./draft.ts";
import { at, firstOf, textAt, textOf } from "./lenient.ts";

export function readConfigRule(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const rule = textAt(detail, "configRuleName");
  if (rule.startsWith("securityhub-")) return [];
  const result = detail["newEvaluationResult"];
  const compliance = textAt(result, "complianceType").toUpperCase();
  const region = firstOf(textAt(detail, "awsRegion"), event.region);
  const isFailing = compliance === "NON_COMPLIANT" || compliance === "";
  const resource = textOf(detail["resourceId"], READ.idChars);
  const finding = findingOf(event, {
    product: "AWS Config",
    cause: rule,
    accountId: textAt(detail, "awsAccountId"),
    region,
    title: rule,
    description: textOf(at(result, "annotation"), READ.descriptionChars),
    severity: UNSAID_SEVERITY,
    seen: isFailing ? "failing" : "passing",
    seenBecause: compliance === "" ? "no state given" : `complianceType ${compliance}`,
    resources: resource === "" ? [] : [{ id: resource, type: textAt(detail, "resourceType") }],
    consoleUrl: rule ? configRuleLink(region, rule) : undefined,
    aliases: [textOf(detail["configRuleARN"], READ.idChars)],
    firstSeenAt: firstDate(at(result, "resultRecordedTime")),
    updatedAt: firstDate(at(result, "resultRecordedTime"), detail["notificationCreationTime"]),
  });
  return [finding];
}
