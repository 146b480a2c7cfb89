/**
 * The customer's template: all that a customer is asked to run, as plain CloudFormation. No assets, no bootstrap, no
 * code, no parameters: what their security officer reads is what runs.
 *
 * One rule for each pattern sends matching events to one bus in the company's account, by a role that can do nothing
 * else. A schedule puts a heartbeat on the account's own bus, so that it takes the whole way. What cannot be delivered
 * stays in the customer's account, in a queue.
 *
 * Pure: values in, values out. docs/customer.md explains it line by line.
 */
import type { Config } from "@shirase/core/config";
import { partitionOf } from "@shirase/core/regions";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import {
  deadLetterQueueName,
  heartbeatName,
  heartbeatRoleName,
  hubBusArn,
  spokeRoleName,
  spokeRuleName,
} from "./names.ts";

/** A CloudFormation template. */
export type Template = {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Metadata: object;
  readonly Rules: object;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: object;
};
type Resource = { readonly Type: string; readonly [key: string]: unknown };

/** EventBridge gives up after a day whatever is set; this says so. */
const RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
const KEEP_DEAD_LETTERS_SECONDS = 1_209_600;
/** Three times this without a sign, and somebody looks. */
const HEARTBEAT_MINUTES = 60;

/** A template and the file it is written to. */
export type SpokeFile = { readonly fileName: string; readonly region: string; readonly template: Template };

/** Every template of a config: one for each customer and region. */
export function spokeTemplates(config: Config): readonly SpokeFile[] {
  return config.customers.flatMap((entry) => {
    const customer = resolveCustomer(config, entry);
    return customer.regions.map((region, index) => ({
      fileName:
        index === 0 ? `customers/${customer.id}.template.json` : `customers/${customer.id}.${region}.template.json`,
      region,
      template: spokeTemplate(config, customer, region),
    }));
  });
}

/** The template for one region of one customer. */
export function spokeTemplate(config: Config, customer: ResolvedCustomer, region: string): Template {
  const spoke: Spoke = {
    customer,
    region,
    busArn: hubBusArn(config, customer),
    partition: partitionOf(region) ?? "aws",
  };
  const { busArn } = spoke;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `shirase: sends security events of this account to ${busArn}. Reads and changes nothing. Customer ${customer.id}, ${region}.`,
    Metadata: { Shirase: metadata(config, spoke) },
    Rules: rightAccount(spoke),
    Resources: {
      ...rules(spoke),
      SendRole: sendRole(spoke),
      DeadLetters: deadLetters(spoke),
      DeadLettersPolicy: deadLettersPolicy(spoke),
      Heartbeat: heartbeat(spoke),
      HeartbeatRole: heartbeatRole(spoke),
    },
    Outputs: {
      SendRoleArn: {
        Description: "The only role that may send to the company",
        Value: { "Fn::GetAtt": ["SendRole", "Arn"] },
      },
      DeadLettersUrl: { Description: "What could not be delivered, kept for 14 days", Value: { Ref: "DeadLetters" } },
    },
  };
}

type Spoke = {
  readonly customer: ResolvedCustomer;
  readonly region: string;
  readonly busArn: string;
  readonly partition: string;
};

function metadata(config: Config, { customer, region, busArn }: Spoke): object {
  return {
    What: `Copies of matching events go to one event bus of account ${config.hub.account}, and nowhere else.`,
    Can: [
      `Put events on ${busArn}. That is the whole permission of the role that leaves this account.`,
      "Put a heartbeat on this account's own event bus, once an hour, to prove that the path works.",
    ],
    Cannot: [
      "Read, create, change or delete anything in this account.",
      "Let anybody from outside in: no role here can be assumed from another account.",
      "Run code: there is no function, container or instance in this template.",
    ],
    Sends: customer.sources,
    Pattern: customer.patternName,
    From: { Accounts: customer.accounts.map(({ id }) => id), Region: region },
    ToRemove: "Delete this stack. Nothing stays behind.",
  };
}

/** A template that is launched in somebody else's account stops before it makes anything. */
function rightAccount({ customer, region }: Spoke): object {
  const assertion = (value: object, allowed: readonly string[], what: string): object => ({
    Assert: { "Fn::Contains": [allowed, value] },
    AssertDescription: what,
  });
  const ids = customer.accounts.map(({ id }) => id);
  return {
    RightPlace: {
      Assertions: [
        assertion({ Ref: "AWS::AccountId" }, ids, `This template is for the accounts ${ids.join(", ")}`),
        assertion({ Ref: "AWS::Region" }, [region], `This template is for the region ${region}`),
      ],
    },
  };
}

function rules({ customer, busArn }: Spoke): Readonly<Record<string, Resource>> {
  const target = {
    Id: "company",
    Arn: busArn,
    RoleArn: { "Fn::GetAtt": ["SendRole", "Arn"] },
    DeadLetterConfig: { Arn: { "Fn::GetAtt": ["DeadLetters", "Arn"] } },
    RetryPolicy: RETRY,
  };
  const entries = customer.rulePatterns.map((pattern, index): [string, Resource] => [
    index === 0 ? "Rule" : `Rule${index + 1}`,
    {
      Type: "AWS::Events::Rule",
      Properties: {
        Name: spokeRuleName(customer.id, index),
        Description: "Which events leave this account, and for which bus",
        EventPattern: JSON.parse(pattern),
        State: "ENABLED",
        Targets: [target],
      },
    },
  ]);
  return Object.fromEntries(entries);
}

/** EventBridge may assume it for our rules only (a confused deputy could come by any other), and put events only. */
function sendRole({ customer, region, busArn, partition }: Spoke): Resource {
  const ownRules = `arn:${partition}:events:${region}:\${AWS::AccountId}:rule/shirase-${customer.id}*`;
  return role(spokeRoleName(customer.id, region), {
    service: "events.amazonaws.com",
    sourceArn: { "Fn::Sub": ownRules },
    resource: busArn,
    description: "Lets EventBridge put matching events on the company's bus. Nothing else.",
  });
}

function heartbeatRole({ customer, region, partition }: Spoke): Resource {
  const ownSchedule = `arn:${partition}:scheduler:${region}:\${AWS::AccountId}:schedule/default/${heartbeatName(customer.id)}`;
  return role(heartbeatRoleName(customer.id, region), {
    service: "scheduler.amazonaws.com",
    sourceArn: { "Fn::Sub": ownSchedule },
    resource: { "Fn::Sub": `arn:${partition}:events:${region}:\${AWS::AccountId}:event-bus/default` },
    description: "Lets the schedule put a heartbeat on this account's own bus. Nothing else.",
  });
}

type RoleParts = {
  readonly service: string;
  readonly sourceArn: object;
  readonly resource: string | object;
  readonly description: string;
};

function role(name: string, { service, sourceArn, resource, description }: RoleParts): Resource {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: name,
      Description: description,
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: service },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
              ArnLike: { "aws:SourceArn": sourceArn },
            },
          },
        ],
      },
      Policies: [
        {
          PolicyName: "put-events",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "events:PutEvents", Resource: resource }],
          },
        },
      ],
    },
  };
}

function deadLetters({ customer }: Spoke): Resource {
  return {
    Type: "AWS::SQS::Queue",
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: {
      QueueName: deadLetterQueueName(customer.id),
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: KEEP_DEAD_LETTERS_SECONDS,
    },
  };
}

/** EventBridge, for our rules only, and over TLS only. */
function deadLettersPolicy({ customer }: Spoke): Resource {
  const queue = { "Fn::GetAtt": ["DeadLetters", "Arn"] };
  const ruleArns = customer.rulePatterns.map((_, index) => ({
    "Fn::GetAtt": [index === 0 ? "Rule" : `Rule${index + 1}`, "Arn"],
  }));
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [{ Ref: "DeadLetters" }],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "undelivered",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queue,
            Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
          },
          {
            Sid: "tls-only",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queue,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    },
  };
}

/** On the account's own bus, so that it crosses by the same rule as a finding and proves all of the way. */
function heartbeat({ customer, region, partition }: Spoke): Resource {
  const detail = { customer: customer.id, region, everyMinutes: HEARTBEAT_MINUTES };
  return {
    Type: "AWS::Scheduler::Schedule",
    Properties: {
      Name: heartbeatName(customer.id),
      Description: "A sign of life on this account's own bus; the rule sends it on",
      ScheduleExpression: `rate(${HEARTBEAT_MINUTES} minutes)`,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: { "Fn::Sub": `arn:${partition}:events:${region}:\${AWS::AccountId}:event-bus/default` },
        RoleArn: { "Fn::GetAtt": ["HeartbeatRole", "Arn"] },
        EventBridgeParameters: { Source: "shirase.heartbeat", DetailType: "Heartbeat" },
        Input: JSON.stringify(detail),
      },
    },
  };
}
