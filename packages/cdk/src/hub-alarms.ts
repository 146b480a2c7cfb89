/**
 * What the hub says about itself: a CloudWatch alarm when something could not be delivered, sent to the operators'
 * topic. What is wrong with a customer's findings is said elsewhere; here it is about the way they take.
 */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** Five minutes: soon enough for people, and EventBridge's metrics come every minute at best. */
const PERIOD = Duration.minutes(5);
/** A relay that has taken nothing for so long has stopped, or cannot keep up. */
const WAITING_TOO_LONG = Duration.minutes(15);

/** What is read in Slack or mail when it rings. */
export type AlarmWords = { readonly alarmName: string; readonly alarmDescription: string };

/** Where a rule is, as CloudWatch names it. */
export type RulePlace = { readonly ruleName: string; readonly busName: string };

/** Rings when the rule could not hand an event to its target at all. */
export function alarmOnRule(scope: Construct, { ruleName, busName }: RulePlace, words: AlarmWords): Alarm {
  const dimensionsMap = { RuleName: ruleName, ...(busName === "default" ? {} : { EventBusName: busName }) };
  const metric = new Metric({
    namespace: "AWS/Events",
    metricName: "FailedInvocations",
    dimensionsMap,
    statistic: "Sum",
    period: PERIOD,
  });
  return alarm(scope, `${ruleName}-failed`, metric, { ...words, threshold: 1 });
}

/** Rings when anything lies in a dead-letter queue. */
export function alarmOnDeadLetters(scope: Construct, queue: IQueue, words: AlarmWords): Alarm {
  const metric = queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: PERIOD });
  return alarm(scope, `${queue.node.id}Filled`, metric, { ...words, threshold: 1 });
}

/** Rings when the oldest event in the queue has waited for a quarter of an hour. */
export function alarmOnWaiting(scope: Construct, queue: IQueue, words: AlarmWords): Alarm {
  const metric = queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", period: PERIOD });
  return alarm(scope, `${queue.node.id}Waits`, metric, { ...words, threshold: WAITING_TOO_LONG.toSeconds() });
}

function alarm(
  scope: Construct,
  id: string,
  metric: Metric,
  words: AlarmWords & { readonly threshold: number },
): Alarm {
  return new Alarm(scope, id, {
    ...words,
    metric,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
