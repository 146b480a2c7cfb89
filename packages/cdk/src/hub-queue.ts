/**
 * The hub's queues: what waits for the relay, and what could not be delivered.
 *
 * Encrypted by SQS itself, not by a key of ours: with one, every sender would need a grant on it, and a missing grant
 * shows as silence.
 */
import { Duration } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** The longest that SQS keeps anything: a relay that is down, or a letter nobody looked at, may wait so long. */
const RETENTION = Duration.days(14);
/** Six times what the relay takes for its slowest batch, as AWS advises for queues that a Lambda function reads. */
const VISIBILITY = Duration.minutes(3);
const MOST_RECEIVES = 5;

/** Adds a queue for what could not be delivered. */
export function deadLetterQueue(scope: Construct, id: string, queueName: string): Queue {
  return new Queue(scope, id, {
    queueName,
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
    retentionPeriod: RETENTION,
  });
}

/** Adds the queue that the relay reads; what it could not take five times goes to `failed`. */
export function relayQueue(scope: Construct, id: string, queueName: string, failed: Queue): Queue {
  return new Queue(scope, id, {
    queueName,
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
    retentionPeriod: RETENTION,
    visibilityTimeout: VISIBILITY,
    deadLetterQueue: { queue: failed, maxReceiveCount: MOST_RECEIVES },
  });
}

/**
 * Lets the rules with these ARNs send to the queue.
 *
 * @param ruleArns - may end in `*`: one statement for all rules, since a queue policy takes 20 statements and no more.
 */
export function rulesMaySend(queue: Queue, ruleArns: readonly string[], account: string): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: "RulesSend",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      conditions: { ArnLike: { "aws:SourceArn": ruleArns }, StringEquals: { "aws:SourceAccount": account } },
    }),
  );
}

/** Lets the topics with these ARNs leave behind what a subscriber did not take. */
export function topicsMaySend(queue: Queue, topicArns: readonly string[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: "TopicsSend",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("sns.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      conditions: { ArnLike: { "aws:SourceArn": topicArns } },
    }),
  );
}
