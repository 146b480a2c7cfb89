/**
 * The key that encrypts the hub's topics. AWS's own key for SNS cannot do it: nobody may let EventBridge use that one,
 * and then rules report success while nothing is delivered.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** Adds the key: one for all topics, because a key costs money and all topics belong to the same company. */
export function hubKey(scope: Construct, account: string): Key {
  const key = new Key(scope, "Key", {
    description: "shirase: encrypts the topics of the hub",
    enableKeyRotation: true,
    // A topic keeps nothing once it has delivered, so nothing is lost with the key.
    removalPolicy: RemovalPolicy.DESTROY,
    pendingWindow: Duration.days(30),
  });
  key.addToResourcePolicy(
    // No condition: EventBridge gives none of the keys a condition could ask for when it publishes to SNS
    // (see eventBridgeMayPublish in hub-topic.ts), and a condition that never holds loses every finding in silence.
    new PolicyStatement({
      sid: "EventBridgePublishesToTopics",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsPublishToTopics",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    }),
  );
  return key;
}
