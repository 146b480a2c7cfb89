/**
 * Which events a customer has agreed to send: for each source it declared, EventBridge's source and detail-types. The
 * hub's bus policy admits these and no others.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
 */
import type { Source } from "@shirase/core/config";

/** One EventBridge source and what it sends. */
export type DeclaredEvents = { readonly source: string; readonly detailTypes: readonly string[] };

const SENT: Readonly<Record<Source, DeclaredEvents>> = {
  "security-hub": {
    source: "aws.securityhub",
    detailTypes: [
      "Security Hub Findings - Imported",
      "Security Hub Findings - Custom Action",
      "Security Hub Insight Results",
      "Findings Imported V2",
    ],
  },
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

/** shirase's own: the heartbeat proves the whole path, the test message shows it to people. */
const OWN: readonly DeclaredEvents[] = [
  { source: "shirase.heartbeat", detailTypes: ["Heartbeat"] },
  { source: "shirase.test", detailTypes: ["Test"] },
];

/** Everything the customer may send. */
export function declaredEvents(sources: readonly Source[]): readonly DeclaredEvents[] {
  return [...sources.map((source) => SENT[source]), ...OWN];
}
