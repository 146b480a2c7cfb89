/** An encrypted SNS topic that only takes TLS, and the statements that let AWS services publish to it. */
import { Effect, PolicyStatement, ServicePrincipal, StarPrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnSubscription, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

/** What a topic is called, by machines and by people. */
export type TopicNames = { readonly id: string; readonly topicName: string; readonly displayName: string };

/** Adds a topic to which nobody may publish yet. */
export function encryptedTopic(scope: Construct, { id, topicName, displayName }: TopicNames, key: IKey): Topic {
  const topic = new Topic(scope, id, { topicName, displayName, masterKey: key });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "TlsOnly",
      effect: Effect.DENY,
      principals: [new StarPrincipal()],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    }),
  );
  return topic;
}

/**
 * Lets EventBridge rules of this account publish. Without a condition, because AWS supports none here; a rule of
 * another account would need a role of its own and come as that role, not as the service.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html (Amazon SNS permissions)
 */
export function eventBridgeMayPublish(topic: Topic): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "RulesPublish",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
    }),
  );
}

/** Lets CloudWatch alarms of this account publish. */
export function alarmsMayPublish(topic: Topic, account: string): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsPublish",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    }),
  );
}

/**
 * SNS itself tries an address four times within a minute and then gives up; a relay takes longer to restart. This
 * comes to some 45 minutes, of the hour that SNS allows.
 */
const PATIENTLY = {
  healthyRetryPolicy: {
    numRetries: 15,
    minDelayTarget: 5,
    maxDelayTarget: 300,
    numMinDelayRetries: 3,
    numMaxDelayRetries: 5,
    backoffFunction: "exponential",
  },
};

/** Who hears a topic: an address on the web, or one for mail. */
export type Subscriber = { readonly topic: Topic; readonly endpoint: string; readonly deadLetterArn: string };

/** Subscribes; the subscriber has to confirm before it hears anything. What it does not take is kept. */
export function subscribe(scope: Construct, { topic, endpoint, deadLetterArn }: Subscriber): void {
  const protocol = /^https?(?=:)/.exec(endpoint)?.[0] ?? "email";
  new CfnSubscription(scope, endpoint, {
    topicArn: topic.topicArn,
    protocol,
    endpoint,
    ...(protocol === "email" ? {} : { deliveryPolicy: PATIENTLY }),
    redrivePolicy: { deadLetterTargetArn: deadLetterArn },
  });
}
