/**
 * The company's side of shirase as one CDK construct: the buses customers' accounts send to, and the way from there to
 * the relay or to Amazon Q's channels.
 *
 * Names are fixed (`shirase-…`) because the customers' templates name them before the hub exists; so there is one hub
 * in an account and region. The parts stand in files of their own; here they are put together, customer by customer.
 *
 * Not here: what the hub consists of (hub-plan.ts), the customers' side (@shirase/infra/spoke), the relay itself.
 */
import type { Config } from "@shirase/core/config";
import { RELAY_QUEUE_NAME } from "@shirase/core/relay-queue";
import { Annotations, CfnOutput, Stack, Tags, Token } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { CfnEventBus, CfnEventBusPolicy } from "aws-cdk-lib/aws-events";
import type { Key } from "aws-cdk-lib/aws-kms";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledged.ts";
import { AmazonQ } from "./amazon-q.ts";
import { alarmOnDeadLetters, alarmOnRule, alarmOnWaiting } from "./hub-alarms.ts";
import { hubKey } from "./hub-key.ts";
import { type BusPlan, type HubPlan, planHub, type RoutePlan } from "./hub-plan.ts";
import { deadLetterQueue, relayQueue, rulesMaySend, topicsMaySend } from "./hub-queue.ts";
import { deliveringRule } from "./hub-rule.ts";
import { alarmsMayPublish, encryptedTopic, eventBridgeMayPublish, subscribe } from "./hub-topic.ts";

const NO_FURTHER = "It is a dead-letter queue: what lies in it waits for people, and an alarm calls them.";

/** What a hub is made from. */
export type FindingsHubProps = {
  /** The whole of `shirase.yaml`, as `readConfig` of this package gives it. */
  readonly config: Config;
};

/**
 * Buses, rules, topics, queues, chat channels and alarms of the company's account.
 *
 * @throws Error when the config asks for something AWS refuses (a sentence for each), or when the stack is in another
 *   account or region than `hub.account` and `hub.region` say: the customers' templates send there.
 * @example new FindingsHub(this, "Hub", { config: readHubConfig("shirase.yaml") })
 */
export class FindingsHub extends Construct {
  /** Topics by customer id: of every customer of Amazon Q's, and of the relay's when it is reached over HTTPS. */
  readonly topics: ReadonlyMap<string, Topic>;
  /** What waits for the relay. Undefined when no customer's findings go to one, or it is reached over HTTPS. */
  readonly relayQueue: Queue | undefined;
  /** What no rule could deliver. */
  readonly deadLetters: Queue;
  /** Hears the hub's alarms. */
  readonly alarmTopic: Topic;

  readonly #plan: HubPlan;
  readonly #key: Key;
  readonly #buses: ReadonlyMap<string, Construct>;

  constructor(scope: Construct, id: string, { config }: FindingsHubProps) {
    super(scope, id);
    const plan = planned(config);
    assertHome(Stack.of(this), plan);
    this.#plan = plan;
    for (const warning of plan.warnings) Annotations.of(this).addWarningV2("shirase:nearly-full", warning);
    this.#key = hubKey(this, plan.account);
    this.alarmTopic = this.#alarmTopic();
    this.deadLetters = this.#deadLetters();
    this.#buses = new Map(plan.buses.map((bus) => [bus.name, this.#bus(bus)]));
    this.relayQueue = plan.routes.some(({ delivery }) => delivery === "queue") ? this.#relayQueue() : undefined;
    this.topics = new Map(plan.routes.flatMap((route) => this.#route(route)));
    this.#amazonQ();
    Tags.of(this).add("shirase:part", "hub");
    this.#outputs();
  }

  #alarmTopic(): Topic {
    // A customer's topic is `shirase-ID`, and no id has an underscore.
    const names = { id: "Alarms", topicName: "shirase_alarms", displayName: "shirase hub alarms" };
    const topic = encryptedTopic(this, names, this.#key);
    alarmsMayPublish(topic, this.#plan.account);
    for (const address of this.#plan.opsEmail) topic.addSubscription(new EmailSubscription(address));
    acknowledge(topic, "Serverless-SNSRedrivePolicy", "Who hears of dead letters cannot be told of them by one more.");
    return topic;
  }

  #deadLetters(): Queue {
    const queue = deadLetterQueue(this, "DeadLetters", "shirase-dead-letters");
    rulesMaySend(queue, this.#ruleArns(), this.#plan.account);
    topicsMaySend(queue, [this.#topicArn("*")]);
    acknowledge(queue, "AwsSolutions-SQS3", NO_FURTHER);
    acknowledge(queue, "Serverless-SQSRedrivePolicy", NO_FURTHER);
    this.#ring(
      alarmOnDeadLetters(this, queue, {
        alarmName: "shirase-dead-letters",
        alarmDescription:
          "Events that the hub's rules could not deliver lie in the queue shirase-dead-letters. Each says why in ERROR_CODE and ERROR_MESSAGE.",
      }),
    );
    return queue;
  }

  #bus({ name, isCreated, statements }: BusPlan): Construct {
    const scope = new Construct(this, `Bus-${name}`);
    const bus = isCreated
      ? new CfnEventBus(scope, "Bus", { name, description: "shirase: customers' accounts send here" })
      : scope;
    // One after the other: AWS refuses to change the policy of one bus twice at the same time.
    let before: Construct = bus;
    for (const { Sid, ...statement } of statements) {
      const policy = new CfnEventBusPolicy(scope, Sid, {
        statementId: Sid,
        statement: { Sid, ...statement },
        eventBusName: name,
      });
      if (before !== scope) policy.node.addDependency(before);
      before = policy;
    }
    return bus;
  }

  #relayQueue(): Queue {
    const failed = deadLetterQueue(this, "RelayFailed", "shirase-relay-failed");
    acknowledge(failed, "Serverless-SQSRedrivePolicy", NO_FURTHER);
    const queue = relayQueue(this, "Relay", RELAY_QUEUE_NAME, failed);
    rulesMaySend(queue, this.#ruleArns(), this.#plan.account);
    this.#ring(
      alarmOnDeadLetters(this, failed, {
        alarmName: "shirase-relay-failed",
        alarmDescription: "Events that the relay could not take lie in the queue shirase-relay-failed.",
      }),
      alarmOnWaiting(this, queue, {
        alarmName: "shirase-relay-waits",
        alarmDescription: "Events wait for the relay for a quarter of an hour in the queue shirase-relay. Does it run?",
      }),
    );
    return queue;
  }

  /** A customer's rules and, where its events go by SNS, its topic. */
  #route(route: RoutePlan): readonly (readonly [customerId: string, topic: Topic])[] {
    const { customer, busName, rules } = route;
    const scope = new Construct(this, `Customer-${customer.id}`);
    Tags.of(scope).add("shirase:customer", customer.id);
    const topic = route.delivery === "queue" ? undefined : this.#topic(scope, route);
    const targetArn = topic?.topicArn ?? this.relayQueue?.queueArn ?? "";
    const deadLetterArn = this.deadLetters.queueArn;
    for (const rule of rules) {
      const made = deliveringRule(scope, rule, { busName, customerId: customer.id, targetArn, deadLetterArn });
      const bus = this.#buses.get(busName);
      if (bus instanceof CfnEventBus) made.node.addDependency(bus);
      // A test that does not arrive is seen by whoever sent it.
      if (rule.input === undefined) {
        const alarmDescription = `The hub could not hand over findings of ${customer.id}. Its rule is ${rule.name} on bus ${busName}.`;
        const words = { alarmName: `${rule.name}-failed`, alarmDescription };
        this.#ring(alarmOnRule(scope, { ruleName: rule.name, busName }, words));
      }
    }
    return topic === undefined ? [] : [[customer.id, topic]];
  }

  #topic(scope: Construct, { customer, delivery }: RoutePlan): Topic {
    const names = { id: "Topic", topicName: `shirase-${customer.id}`, displayName: `shirase ${customer.id}` };
    const topic = encryptedTopic(scope, names, this.#key);
    eventBridgeMayPublish(topic);
    const listeners = delivery === "https" ? [this.#plan.relayUrl ?? ""] : (customer.email ?? []);
    const deadLetterArn = this.deadLetters.queueArn;
    for (const endpoint of listeners) subscribe(scope, { topic, endpoint, deadLetterArn });
    return topic;
  }

  #amazonQ(): void {
    const { slackWorkspaceId, slackChannels, teamsChannels } = this.#plan;
    if (slackChannels.length + teamsChannels.length === 0) return;
    const { topics, alarmTopic } = this;
    new AmazonQ(this, "AmazonQ", { slackWorkspaceId, slackChannels, teamsChannels, topics, alarmTopic });
  }

  #ring(...alarms: readonly Alarm[]): void {
    for (const alarm of alarms) {
      alarm.addAlarmAction(new SnsAction(this.alarmTopic));
      alarm.addOkAction(new SnsAction(this.alarmTopic));
    }
  }

  /**
   * Every rule of this hub, as patterns: a rule's ARN has its bus in it unless that is the default bus. Not one for each
   * bus, because SQS takes a policy of 8,192 bytes at most.
   */
  #ruleArns(): readonly string[] {
    const names = new Set(this.#plan.buses.map(({ isCreated }) => (isCreated ? "*/shirase-*" : "shirase-*")));
    return [...names].map((resourceName) =>
      Stack.of(this).formatArn({ service: "events", resource: "rule", resourceName }),
    );
  }

  #topicArn(customerId: string): string {
    return Stack.of(this).formatArn({ service: "sns", resource: `shirase-${customerId}` });
  }

  #outputs(): void {
    new CfnOutput(this, "BusNames", { value: this.#plan.buses.map(({ name }) => name).join(",") });
    new CfnOutput(this, "AlarmTopicArn", { value: this.alarmTopic.topicArn });
    new CfnOutput(this, "DeadLettersUrl", { value: this.deadLetters.queueUrl });
    if (this.relayQueue) {
      const description = "For ingest.sqs.queues in the relay's config";
      new CfnOutput(this, "RelayQueueArn", { value: this.relayQueue.queueArn, description });
    }
    const https = this.#plan.routes.filter(({ delivery }) => delivery === "https");
    if (https.length > 0) {
      const arns = https.map(({ customer }) => this.#topicArn(customer.id));
      const description = "For ingest.sns.topics in the relay's config";
      new CfnOutput(this, "RelayTopicArns", { value: arns.join(","), description });
    }
  }
}

function planned(config: Config): HubPlan {
  const planning = planHub(config);
  if ("plan" in planning) return planning.plan;
  throw new Error(planning.problems.join("\n"));
}

function assertHome(stack: Stack, { account, region }: HubPlan): void {
  const isElsewhere = (stackSays: string, configSays: string): boolean =>
    !Token.isUnresolved(stackSays) && stackSays !== configSays;
  if (!(isElsewhere(stack.account, account) || isElsewhere(stack.region, region))) return;
  throw new Error(
    `The hub belongs in account ${account}, region ${region} (hub.account, hub.region), but stack ${stack.stackName} is in ` +
      `${stack.account}, ${stack.region}. Give the stack env: { account: "${account}", region: "${region}" }, or change the config.`,
  );
}
