/**
 * The customer's template: all that a customer is asked to run, as plain CloudFormation. No assets, no bootstrap, no
 * code, no parameters: what their security officer reads is what runs.
 *
 * One rule for each pattern sends matching events to one bus in the company's account, by a role that can do nothing
 * else. A schedule puts a heartbeat on the account's own bus, so that it takes the whole way. What cannot be delivered
 * stays in the customer's account, in a queue. Account and region are filled in by CloudFormation, so one text serves
 * every account and region of a customer, and a StackSet (stackset.ts).
 *
 * Pure: values in, values out. docs/customer.md explains it line by line; its words are in spoke-words.ts.
 */
import type { Config } from "@shirase/core/config";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import type { Resource, Template } from "./cloud-formation.ts";
import { HEARTBEAT } from "./declared-events.ts";
import {
  deadLetterQueueName,
  heartbeatName,
  heartbeatRoleName,
  hubBusArn,
  spokeFileName,
  spokeRoleName,
  spokeRuleName,
} from "./names.ts";
import { describeSpoke, PURPOSES, spokeDescription } from "./spoke-words.ts";

/** A template and the file it is written to. */
export type SpokeFile = { readonly fileName: string; readonly region: string; readonly template: Template };

/** EventBridge gives up after a day whatever is set; this says so. */
const RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
/** A heartbeat that comes an hour late says the wrong thing: it is let go of, and the next one counts. */
const HEARTBEAT_RETRY = { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 3 };
/** The longest SQS keeps anything: 14 days. */
const KEEP_DEAD_LETTERS_SECONDS = 1_209_600;

/** Every template of a config: one for each customer and region. */
export function spokeTemplates(config: Config): readonly SpokeFile[] {
  return config.customers.flatMap((entry) => {
    const customer = resolveCustomer(config, entry);
    return customer.regions.map((region) => ({
      fileName: spokeFileName(customer, region),
      region,
      template: spokeTemplate(config, customer, region),
    }));
  });
}

/** The template for one region of one customer, for all of its accounts. */
export function spokeTemplate(config: Config, customer: ResolvedCustomer, region: string): Template {
  return spokeTemplateFor(config, customer, [region]);
}

/** The same for several regions: they differ in what `Rules` admits, and in nothing else. */
export function spokeTemplateFor(config: Config, customer: ResolvedCustomer, regions: readonly string[]): Template {
  const busArn = hubBusArn(config, customer);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: spokeDescription(config, customer),
    Metadata: { Shirase: describeSpoke(config, customer, regions) },
    Rules: rightPlace(customer, regions),
    Resources: {
      ...rules(customer, busArn),
      SendRole: sendRole(customer, busArn),
      DeadLetters: deadLetters(customer),
      DeadLettersPolicy: deadLettersPolicy(customer),
      Heartbeat: heartbeat(customer),
      HeartbeatRole: heartbeatRole(customer),
    },
    Outputs: {
      HubBusArn: { Description: "Where matching events go: the one bus in the company's account", Value: busArn },
      SendRoleArn: { Description: "The only way out: may put events on that bus", Value: arnOf("SendRole") },
      DeadLettersUrl: { Description: "What could not be delivered, for 14 days", Value: { Ref: "DeadLetters" } },
    },
  };
}

/** A template that is launched in somebody else's account, or in a region nobody listens to, makes nothing at all. */
function rightPlace(customer: ResolvedCustomer, regions: readonly string[]): NonNullable<Template["Rules"]> {
  const accounts = sendingAccounts(customer);
  const within = (allowed: readonly string[], parameter: string, AssertDescription: string): object => ({
    Assert: { "Fn::Contains": [allowed, { Ref: parameter }] },
    AssertDescription,
  });
  return {
    RightPlace: {
      Assertions: [
        within(accounts, "AWS::AccountId", `This template is for account ${accounts.join(", ")} alone.`),
        within(regions, "AWS::Region", `This template is for region ${regions.join(", ")} alone.`),
      ],
    },
  };
}

function rules(customer: ResolvedCustomer, busArn: string): Readonly<Record<string, Resource>> {
  const entries = customer.rulePatterns.map((pattern, index): [string, Resource] => [
    ruleId(index),
    {
      Type: "AWS::Events::Rule",
      Metadata: { Purpose: PURPOSES.rule },
      Properties: {
        Name: spokeRuleName(customer.id, index),
        Description: "Which events of this account the company hears of",
        EventPattern: JSON.parse(pattern),
        State: "ENABLED",
        Targets: [
          {
            Id: "hub",
            Arn: busArn,
            RoleArn: arnOf("SendRole"),
            DeadLetterConfig: { Arn: arnOf("DeadLetters") },
            RetryPolicy: RETRY,
          },
        ],
      },
    },
  ]);
  return Object.fromEntries(entries);
}

/** EventBridge may take it on for our rules alone: by any other a confused deputy could come. */
function sendRole(customer: ResolvedCustomer, busArn: string): Resource {
  const ruleArns = customer.rulePatterns.map((_, index) =>
    inThisPlace("events", `rule/${spokeRuleName(customer.id, index)}`),
  );
  return role({
    name: spokeRoleName(customer.id, REGION),
    purpose: PURPOSES.sendRole,
    service: "events.amazonaws.com",
    sourceArns: ruleArns,
    mayPutOn: busArn,
  });
}

/**
 * Scheduler shows the ARN of a schedule's group, never of the schedule.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function heartbeatRole(customer: ResolvedCustomer): Resource {
  return role({
    name: heartbeatRoleName(customer.id, REGION),
    purpose: PURPOSES.heartbeatRole,
    service: "scheduler.amazonaws.com",
    sourceArns: [inThisPlace("scheduler", "schedule-group/default")],
    mayPutOn: OWN_BUS,
  });
}

/** On the account's own bus, so that it crosses by the same rule as a finding and proves all of the way. */
function heartbeat(customer: ResolvedCustomer): Resource {
  const { id, heartbeatMinutes } = customer;
  return {
    Type: "AWS::Scheduler::Schedule",
    Metadata: { Purpose: PURPOSES.heartbeat },
    Properties: {
      Name: heartbeatName(id),
      Description: "A sign of life on this account's own bus; the rule sends it on",
      ScheduleExpression: `rate(${heartbeatMinutes} minutes)`,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: OWN_BUS,
        RoleArn: arnOf("HeartbeatRole"),
        EventBridgeParameters: { Source: HEARTBEAT.source, DetailType: HEARTBEAT.detailType },
        Input: { "Fn::Sub": `{"customer":"${id}","everyMinutes":${heartbeatMinutes},"region":"${REGION}"}` },
        RetryPolicy: HEARTBEAT_RETRY,
      },
    },
  };
}

function deadLetters(customer: ResolvedCustomer): Resource {
  return {
    Type: "AWS::SQS::Queue",
    Metadata: { Purpose: PURPOSES.deadLetters },
    // Said, not left to the default: deleting the stack leaves nothing behind.
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: {
      QueueName: deadLetterQueueName(customer.id),
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: KEEP_DEAD_LETTERS_SECONDS,
    },
  };
}

/** EventBridge, for our rules alone; and nobody without TLS. */
function deadLettersPolicy(customer: ResolvedCustomer): Resource {
  const ruleArns = customer.rulePatterns.map((_, index) => arnOf(ruleId(index)));
  const Resource = arnOf("DeadLetters");
  return {
    Type: "AWS::SQS::QueuePolicy",
    Metadata: { Purpose: PURPOSES.deadLettersPolicy },
    Properties: {
      Queues: [{ Ref: "DeadLetters" }],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "RulesMayLeaveWhatFailed",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource,
            Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
          },
          {
            Sid: "NobodyWithoutTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    },
  };
}

type RoleParts = {
  readonly name: string;
  readonly purpose: string;
  readonly service: string;
  /** What the service must be acting for. */
  readonly sourceArns: readonly object[];
  readonly mayPutOn: string | object;
};

function role({ name, purpose, service, sourceArns, mayPutOn }: RoleParts): Resource {
  const trust = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
      ArnLike: { "aws:SourceArn": sourceArns },
    },
  };
  const permission = { Effect: "Allow", Action: "events:PutEvents", Resource: mayPutOn };
  return {
    Type: "AWS::IAM::Role",
    Metadata: { Purpose: purpose },
    Properties: {
      RoleName: { "Fn::Sub": name },
      Description: purpose,
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
      Policies: [{ PolicyName: "put-events", PolicyDocument: { Version: "2012-10-17", Statement: [permission] } }],
    },
  };
}

/** CloudFormation fills these in. */
const REGION = `\${AWS::Region}`;
const OWN_BUS = inThisPlace("events", "event-bus/default");

function inThisPlace(service: string, resource: string): object {
  return { "Fn::Sub": `arn:\${AWS::Partition}:${service}:${REGION}:\${AWS::AccountId}:${resource}` };
}

function arnOf(logicalId: string): object {
  return { "Fn::GetAtt": [logicalId, "Arn"] };
}

function ruleId(index: number): string {
  return index === 0 ? "Rule" : `Rule${index + 1}`;
}
