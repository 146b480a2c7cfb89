/** The Terraform module and the CloudFormation template are two spellings of one thing; here they are read as one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Config } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { type FilledResource, fillTemplate } from "@shirase/testkit/filled-template";
import { filledBlocks, type Known, readTerraform, type TerraformModule } from "@shirase/testkit/terraform-module";
import { hubBusArn, spokeRuleName } from "./names.ts";
import { spokeTemplate } from "./spoke.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const EXAMPLE = join(ROOT, "examples", "three-customers", "shirase.yaml");
const FOLDER = join(ROOT, "terraform", "spoke");
const MODULE = await readTerraform(FOLDER);

type Loose = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, FilledResource>>;
type Place = { readonly account: string; readonly region: string };

/** What both must agree on, in neither's words. */
type Spoke = {
  readonly rules: readonly object[];
  readonly queue: object;
  readonly queueStatements: readonly object[];
  readonly roles: readonly object[];
  readonly heartbeat: object;
};

function example(): Config {
  const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

const loose = (value: unknown): Loose => value as Loose;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const first = (value: unknown): Loose => loose(list(value)[0]);

/** A statement in one spelling: lists everywhere, in order. */
function statement(parts: {
  readonly sid: unknown;
  readonly effect: unknown;
  readonly principals: readonly string[];
  readonly actions: unknown;
  readonly resources: unknown;
  readonly conditions: readonly string[];
}): object {
  const { sid = "", effect = "Allow", principals, actions, resources, conditions } = parts;
  return {
    sid,
    effect,
    principals: [...principals].sort(),
    actions: list(actions),
    resources: resources === undefined ? [] : list(resources),
    conditions: [...conditions].sort(),
  };
}

function cloudFormationStatements(document: unknown): readonly object[] {
  return list(loose(document)["Statement"])
    .map(loose)
    .map((one) => {
      const { Principal } = one;
      const principals =
        typeof Principal === "object" && Principal !== null
          ? Object.entries(Principal).flatMap(([type, names]) => list(names).map((name) => `${type} ${name}`))
          : list(Principal ?? []).map((name) => `${name} ${name}`);
      const conditions = Object.entries(loose(one["Condition"] ?? {})).flatMap(([operator, keys]) =>
        Object.entries(loose(keys)).map(([key, values]) => `${operator} ${key} ${list(values)}`),
      );
      const { Sid: sid, Effect: effect, Action: actions, Resource: resources } = one;
      return statement({ sid, effect, principals, actions, resources, conditions });
    });
}

function terraformStatements(module: TerraformModule, name: string, known: Known): readonly object[] {
  const [document] = filledBlocks(module, ["data", "aws_iam_policy_document", name], known);
  return list(document?.["statement"])
    .map(loose)
    .map((one) => {
      const principals = list(one["principals"] ?? [])
        .map(loose)
        .flatMap(({ type, identifiers }) => list(identifiers).map((name) => `${type} ${name}`));
      const conditions = list(one["condition"] ?? [])
        .map(loose)
        .map(({ test: operator, variable, values }) => `${operator} ${variable} ${list(values)}`);
      const { sid, effect, actions, resources } = one;
      return statement({ sid, effect, principals, actions, resources, conditions });
    });
}

function byCloudFormation(resources: Resources): Spoke {
  const of = (id: string): Loose => loose(resources[id]?.Properties);
  const rules = Object.values(resources).filter(({ Type }) => Type === "AWS::Events::Rule");
  const role = (id: string): object => {
    const { RoleName: name, Description: description, AssumeRolePolicyDocument: trust, Policies } = of(id);
    const { PolicyName: policy, PolicyDocument } = first(Policies);
    return {
      name,
      description,
      policy,
      trust: cloudFormationStatements(trust),
      may: cloudFormationStatements(PolicyDocument),
    };
  };
  const { Target, ...schedule } = of("Heartbeat");
  const { Arn: arn, RoleArn: roleArn, Input: input, EventBridgeParameters, RetryPolicy } = loose(Target);
  return {
    rules: rules.map(({ Properties }) => {
      const target = first(Properties["Targets"]);
      const { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: tries } = loose(target["RetryPolicy"]);
      return {
        name: Properties["Name"],
        description: Properties["Description"],
        pattern: Properties["EventPattern"],
        state: Properties["State"],
        target: [target["Id"], target["Arn"], target["RoleArn"], loose(target["DeadLetterConfig"])["Arn"], age, tries],
      };
    }),
    queue: [
      of("DeadLetters")["QueueName"],
      of("DeadLetters")["MessageRetentionPeriod"],
      of("DeadLetters")["SqsManagedSseEnabled"],
    ],
    queueStatements: cloudFormationStatements(of("DeadLettersPolicy")["PolicyDocument"]),
    roles: [role("SendRole"), role("HeartbeatRole")],
    heartbeat: {
      name: schedule["Name"],
      description: schedule["Description"],
      rate: schedule["ScheduleExpression"],
      window: loose(schedule["FlexibleTimeWindow"])["Mode"],
      target: [arn, roleArn, input, loose(EventBridgeParameters)["Source"], loose(EventBridgeParameters)["DetailType"]],
      retry: [loose(RetryPolicy)["MaximumEventAgeInSeconds"], loose(RetryPolicy)["MaximumRetryAttempts"]],
    },
  };
}

function byTerraform(module: TerraformModule, known: Known): Spoke {
  const one = (type: string, name: string): Loose => loose(filledBlocks(module, ["resource", type, name], known)[0]);
  const targets = filledBlocks(module, ["resource", "aws_cloudwatch_event_target", "hub"], known);
  const role = (name: string): object => {
    const { name: roleName, description } = one("aws_iam_role", name);
    const { name: policy } = one("aws_iam_role_policy", name);
    const [trust, may] = [`${name}_trust`, name].map((document) => terraformStatements(module, document, known));
    return { name: roleName, description, policy, trust, may };
  };
  const queue = one("aws_sqs_queue", "dead_letters");
  const schedule = one("aws_scheduler_schedule", "heartbeat");
  const target = first(schedule["target"]);
  const event = first(target["eventbridge_parameters"]);
  const retry = first(target["retry_policy"]);
  return {
    rules: filledBlocks(module, ["resource", "aws_cloudwatch_event_rule", "findings"], known).map((rule) => {
      const to = loose(targets.find(({ rule: name }) => name === rule["name"]));
      const again = first(to["retry_policy"]);
      return {
        name: rule["name"],
        description: rule["description"],
        pattern: JSON.parse(String(rule["event_pattern"])),
        state: rule["state"],
        target: [
          to["target_id"],
          to["arn"],
          to["role_arn"],
          first(to["dead_letter_config"])["arn"],
          again["maximum_event_age_in_seconds"],
          again["maximum_retry_attempts"],
        ],
      };
    }),
    queue: [queue["name"], queue["message_retention_seconds"], queue["sqs_managed_sse_enabled"]],
    queueStatements: terraformStatements(module, "dead_letters", known),
    roles: [role("send"), role("heartbeat")],
    heartbeat: {
      name: schedule["name"],
      description: schedule["description"],
      rate: schedule["schedule_expression"],
      window: first(schedule["flexible_time_window"])["mode"],
      target: [target["arn"], target["role_arn"], target["input"], event["source"], event["detail_type"]],
      retry: [retry["maximum_event_age_in_seconds"], retry["maximum_retry_attempts"]],
    },
  };
}

/** What Terraform would know in this place, and the module's inputs as `shirase onboard` writes them. */
function knownFor(config: Config, customer: ResolvedCustomer, { account, region }: Place): Known {
  const names = customer.rulePatterns.map((_, index) => spokeRuleName(customer.id, index));
  const ruleArn = (name: string): string => `arn:aws:events:${region}:${account}:rule/${name}`;
  return {
    "var.customer_id": customer.id,
    "var.hub_bus_arn": hubBusArn(config, customer),
    "var.rules": Object.fromEntries(
      customer.rulePatterns.map((pattern, index) => [spokeRuleName(customer.id, index), pattern]),
    ),
    "var.heartbeat_minutes": customer.heartbeatMinutes,
    "data.aws_caller_identity.current.account_id": account,
    "data.aws_partition.current.partition": "aws",
    "data.aws_region.current.id": region,
    "aws_iam_role.send.id": "",
    "aws_iam_role.send.arn": `arn:aws:iam::${account}:role/shirase-${customer.id}-${region}`,
    "aws_iam_role.heartbeat.id": "",
    "aws_iam_role.heartbeat.arn": `arn:aws:iam::${account}:role/shirase-${customer.id}-${region}-beat`,
    "aws_sqs_queue.dead_letters.arn": `arn:aws:sqs:${region}:${account}:shirase-${customer.id}-dead-letters`,
    ...Object.fromEntries(
      ["send", "send_trust", "heartbeat", "heartbeat_trust"].map((name) => [
        `data.aws_iam_policy_document.${name}.json`,
        "",
      ]),
    ),
    ...Object.fromEntries(names.map((name) => [`aws_cloudwatch_event_rule.findings["${name}"].arn`, ruleArn(name)])),
    ...Object.fromEntries(names.map((name) => [`aws_cloudwatch_event_rule.findings["${name}"].name`, name])),
  };
}

suite("the Terraform module says what the template says", () => {
  const config = example();
  for (const entry of config.customers) {
    const customer = resolveCustomer(config, entry);
    for (const region of customer.regions) {
      for (const account of sendingAccounts(customer)) {
        test(`${customer.id} in ${account}, ${region}: rules, targets, roles, queue, heartbeat`, () => {
          const template = fillTemplate(spokeTemplate(config, customer, region), { account, region });
          assert.deepEqual(
            byTerraform(MODULE, knownFor(config, customer, { account, region })),
            byCloudFormation(template),
          );
        });
      }
    }
  }

  test("it asks for the same place before it makes anything", () => {
    const text = readFileSync(join(FOLDER, "main.tf"), "utf8");
    assert.match(
      text,
      /condition += contains\(var\.accounts, local\.account\) && contains\(var\.regions, local\.region\)/,
    );
  });

  /** In the module as hcl2json gives it. */
  const edits: ReadonlyArray<readonly [why: string, from: string, to: string]> = [
    ["the role might put anywhere", `"resources":["\${var.hub_bus_arn}"]`, '"resources":["*"]'],
    ["the role might do more", '"events:PutEvents"', '"events:*"'],
    ["EventBridge need not show our rule", '"variable":"aws:SourceArn"', '"variable":"aws:Other"'],
    ["another account's rule would do", `"values":["\${local.account}"]`, '"values":["999999999999"]'],
    ["the target had another dead-letter queue", `[{"arn":"\${aws_sqs_queue.dead_letters.arn}"}]`, '[{"arn":"other"}]'],
    ["it gave up early", '"maximum_retry_attempts":185', '"maximum_retry_attempts":3'],
    ["the queue were not encrypted", '"sqs_managed_sse_enabled":true', '"sqs_managed_sse_enabled":false'],
    ["it would do without TLS", '"effect":"Deny"', '"effect":"Allow"'],
    ["the pattern were another", `"event_pattern":"\${each.value}"`, '"event_pattern":"{}"'],
    ["the heartbeat had another name", '"shirase.heartbeat"', '"shirase.test"'],
  ];
  const [acme] = config.customers;
  assert.ok(acme);
  const customer = resolveCustomer(config, acme);
  const place = { account: "222222222222", region: "ap-northeast-1" };
  for (const [why, from, to] of edits) {
    test(`and this test would see it if ${why}`, () => {
      const text = JSON.stringify(MODULE);
      assert.ok(text.includes(from), `the module no longer has ${from}`);
      const edited: TerraformModule = JSON.parse(text.replace(from, to));
      const template = fillTemplate(spokeTemplate(config, customer, place.region), place);
      assert.notDeepEqual(byTerraform(edited, knownFor(config, customer, place)), byCloudFormation(template));
    });
  }
});
