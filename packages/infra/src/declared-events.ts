/**
 * Which events a customer has agreed to send: for each source, EventBridge's source and detail-types. The hub's bus
 * policy admits these and no others, so that a customer's account that falls into wrong hands cannot send what it likes.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
 */
import type { Source } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";

/** One EventBridge source and what it sends. */
export type DeclaredEvents = { readonly source: string; readonly detailTypes: readonly string[] };

const IMPORTED = "Security Hub Findings - Imported";

/** What the presets ask each source for. */
const SENT: Readonly<Record<Source, DeclaredEvents>> = {
  "security-hub": { source: "aws.securityhub", detailTypes: [IMPORTED, "Findings Imported V2"] },
  guardduty: { source: "aws.guardduty", detailTypes: ["GuardDuty Finding"] },
  inspector: { source: "aws.inspector2", detailTypes: ["Inspector2 Finding"] },
  macie: { source: "aws.macie", detailTypes: ["Macie Finding"] },
  "access-analyzer": {
    source: "aws.access-analyzer",
    detailTypes: ["Access Analyzer Finding", "Unused Access Finding for IAM entities"],
  },
  health: { source: "aws.health", detailTypes: ["AWS Health Event", "AWS Health Abuse Event"] },
  config: { source: "aws.config", detailTypes: ["Config Rules Compliance Change"] },
  cloudwatch: { source: "aws.cloudwatch", detailTypes: ["CloudWatch Alarm State Change"] },
  "trusted-advisor": {
    source: "aws.trustedadvisor",
    detailTypes: ["Trusted Advisor Check Item Refresh Notification"],
  },
  "cost-anomaly": { source: "aws.ce", detailTypes: ["Anomaly Detected"] },
};

/** No preset asks for these, but a customer's own pattern may. */
const BY_OWN_PATTERN = ["Security Hub Findings - Custom Action", "Security Hub Insight Results"];

/** The heartbeat, as the schedule in the customer's account sends it: proves the whole path. */
export const HEARTBEAT = { source: "shirase.heartbeat", detailType: "Heartbeat" } as const;
/** The test message: shows the path to people. */
export const TEST = { source: "shirase.test", detailType: "Test" } as const;

/** Everything the customer may send; shirase's own events are always last. */
export function declaredEvents(customer: ResolvedCustomer): readonly DeclaredEvents[] {
  const own = [HEARTBEAT, TEST].map(({ source, detailType }) => ({ source, detailTypes: [detailType] }));
  return [...fromSources(customer), ...own];
}

function fromSources({ patternName, sources }: ResolvedCustomer): readonly DeclaredEvents[] {
  // The pattern of 2020 knows one source, whatever the config says.
  if (patternName === "classic") return [{ source: "aws.securityhub", detailTypes: [IMPORTED] }];
  return [...new Set(sources)].map((name) => {
    const { source, detailTypes } = SENT[name];
    const isWider = name === "security-hub" && patternName === "custom";
    return { source, detailTypes: isWider ? [...detailTypes, ...BY_OWN_PATTERN] : detailTypes };
  });
}
