/** What is there in an emulator's account, as AWS's own calls tell it: buses, rules, alarms, a stack's resources. */
import { CloudFormationClient, DescribeStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Emulator } from "./emulators.ts";
import type { AwsPlace } from "./queues.ts";

/** A rule and where it sends. */
export type DeployedRule = {
  readonly name: string;
  readonly pattern: string;
  readonly targets: readonly Target[];
};

/** An event bus. */
export type DeployedBus = {
  readonly name: string;
  /** The statements of its policy, none when it has none. */
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly rules: readonly DeployedRule[];
};

/** Every bus that somebody made, by name; the account's default bus is always there and left out. */
export async function deployedBuses(emulator: Emulator, place: AwsPlace): Promise<readonly DeployedBus[]> {
  const client = new EventBridgeClient(emulator.clientFor(place.account, place.region));
  const { EventBuses = [] } = await client.send(new ListEventBusesCommand({}));
  const names = EventBuses.map(({ Name = "" }) => Name).filter((name) => name !== "default");
  const buses = await Promise.all(names.sort().map((name) => busNamed(client, name)));
  client.destroy();
  return buses;
}

async function busNamed(client: EventBridgeClient, name: string): Promise<DeployedBus> {
  const { Policy } = await client.send(new DescribeEventBusCommand({ Name: name }));
  const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName: name }));
  const rules = await Promise.all(
    Rules.map(async ({ Name: rule = "", EventPattern: pattern = "" }) => {
      const asked = new ListTargetsByRuleCommand({ Rule: rule, EventBusName: name });
      const { Targets: targets = [] } = await client.send(asked);
      return { name: rule, pattern, targets };
    }),
  );
  const statements = Policy === undefined ? [] : JSON.parse(Policy).Statement;
  return { name, statements, rules: rules.sort((a, b) => a.name.localeCompare(b.name)) };
}

/** How many resources of each type a stack has; every one must have been made. @throws when one was not. */
export async function resourceCounts(
  emulator: Emulator,
  place: AwsPlace,
  stackName: string,
): Promise<ReadonlyMap<string, number>> {
  const client = new CloudFormationClient(emulator.clientFor(place.account, place.region));
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: stackName }));
  client.destroy();
  const counts = new Map<string, number>();
  for (const { ResourceType = "", ResourceStatus, LogicalResourceId } of StackResources) {
    if (ResourceStatus !== "CREATE_COMPLETE") throw new Error(`${LogicalResourceId} is ${ResourceStatus}`);
    counts.set(ResourceType, (counts.get(ResourceType) ?? 0) + 1);
  }
  return counts;
}

/** A topic's attributes, by SNS's names. @throws when there is no such topic. */
export async function topicAttributes(
  emulator: Emulator,
  { account, region }: AwsPlace,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const client = new SNSClient(emulator.clientFor(account, region));
  const TopicArn = `arn:aws:sns:${region}:${account}:${name}`;
  const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  client.destroy();
  return Attributes;
}

/** A queue's attributes, by SQS's names. @throws when there is no such queue. */
export async function queueAttributes(
  emulator: Emulator,
  { account, region }: AwsPlace,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const client = new SQSClient(emulator.clientFor(account, region));
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  const { Attributes = {} } = await client.send(asked);
  client.destroy();
  return Attributes;
}

/** A CloudWatch alarm, as far as it is looked at. */
export type DeployedAlarm = { readonly name: string; readonly metric: string; readonly action: string };

/**
 * The alarms, by name. Asked for by hand: the SDK's client for CloudWatch would be a package for this one call, and an
 * emulator reads of a signature only whose it is.
 */
export async function deployedAlarms(emulator: Emulator, place: AwsPlace): Promise<readonly DeployedAlarm[]> {
  const scope = `${place.account}/20260101/${place.region}/monitoring/aws4_request`;
  const response = await fetch(emulator.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: "Action=DescribeAlarms&Version=2010-08-01",
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`DescribeAlarms: ${response.status} ${text}`);
  const alarms = text.split("<AlarmName>").slice(1);
  return alarms
    .map((alarm) => ({
      name: alarm.split("<")[0] ?? "",
      metric: /<MetricName>([^<]*)/.exec(alarm)?.[1] ?? "",
      action: /<AlarmActions>\s*<member>([^<]*)/.exec(alarm)?.[1] ?? "",
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
