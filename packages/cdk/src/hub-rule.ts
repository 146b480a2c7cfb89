/** A rule on a hub bus that hands events to one target, and keeps what the target did not take. */
import { CfnRule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import type { HubRule } from "./hub-pattern.ts";

/** EventBridge's own limits: it gives up after a day, or after so many tries. */
const LONGEST_RETRY_SECONDS = 86_400;
const MOST_RETRIES = 185;

/** From where to where. */
export type Delivery = {
  readonly busName: string;
  readonly customerId: string;
  /** A queue or a topic of this account; their policies let the rule in, so it needs no role. */
  readonly targetArn: string;
  readonly deadLetterArn: string;
};

/** Adds the rule. */
export function deliveringRule(scope: Construct, rule: HubRule, delivery: Delivery): CfnRule {
  return new CfnRule(scope, rule.name, {
    name: rule.name,
    description: `shirase: ${rule.input === undefined ? "findings" : "test events"} of ${delivery.customerId}`,
    eventBusName: delivery.busName,
    eventPattern: rule.pattern,
    targets: [
      {
        id: "delivery",
        arn: delivery.targetArn,
        deadLetterConfig: { arn: delivery.deadLetterArn },
        retryPolicy: { maximumEventAgeInSeconds: LONGEST_RETRY_SECONDS, maximumRetryAttempts: MOST_RETRIES },
        ...(rule.input && {
          inputTransformer: { inputPathsMap: rule.input.paths, inputTemplate: rule.input.template },
        }),
      },
    ],
  });
}
