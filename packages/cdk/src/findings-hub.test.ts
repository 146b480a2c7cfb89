import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { App, Stack } from "aws-cdk-lib";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { FindingsHub } from "./findings-hub.ts";
import { hubApp, hubTemplate } from "./hub-stack.ts";
import { readHubConfig } from "./read-hub-config.ts";

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const HUB = { account: "111111111111", region: "ap-northeast-1" };
const byQ = { delivery: "amazon-q", slack: { channel: "C0SHARED000" } };

function config(hub: object, ...customers: readonly object[]): Config {
  const filled = customers.map((one, index) => ({
    id: `customer-${index}`,
    name: `Customer ${index}`,
    accounts: [String(222_222_222_222 + index)],
    slack: { channel: `C0CUSTOMER${index}` },
    ...one,
  }));
  return Config.parse({
    hub: { ...HUB, ...hub },
    slack: { workspace: "T0123456789", opsChannel: "C0OPS000000" },
    customers: filled,
  });
}

/** Every topology there is, so that each promise below is held for all of them. */
const TOPOLOGIES: ReadonlyArray<readonly [name: string, config: Config]> = [
  ["three customers, a bus each", readHubConfig(EXAMPLE)],
  ["one shared bus", config({ buses: "shared" }, {}, byQ)],
  ["the default bus", config({ buses: "default", opsEmail: ["ops@msp.example"] }, {}, byQ)],
  ["a customer admitted by its Organization", config({}, { organizationId: "o-a1b2c3d4e5" })],
  ["a relay over HTTPS", config({ relay: { url: "https://relay.msp.example/v1/sns" } }, {}, byQ)],
  [
    "Amazon Q alone, two in a channel, one in Teams",
    config({}, byQ, {
      ...byQ,
      email: ["soc@one.example"],
      teams: {
        tenantId: "12345678-90ab-cdef-1234-567890abcdef",
        teamId: "12345678-90ab-cdef-1234-567890abcde0",
        channelId: "19%3Aab3fbab1%40thread.tacv2",
      },
    }),
  ],
];

function resourcesOf(read: Config): Readonly<Record<string, Resource>> {
  const template = hubTemplate(read);
  assert.ok("Resources" in template);
  return template.Resources as Readonly<Record<string, Resource>>;
}

function ofType(resources: Readonly<Record<string, Resource>>, type: string): readonly Resource["Properties"][] {
  return Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

function statementsOf(properties: Resource["Properties"], key: string): readonly Statement[] {
  const document = properties[key] as { readonly Statement: readonly Statement[] };
  return document.Statement;
}

function has(statements: readonly Statement[], service: string, action: string): Statement | undefined {
  return statements.find(
    ({ Effect, Principal, Action }) =>
      Effect === "Allow" &&
      JSON.stringify(Principal) === JSON.stringify({ Service: service }) &&
      [Action].flat().includes(action),
  );
}

for (const [name, read] of TOPOLOGIES) {
  suite(`hub: ${name}`, () => {
    const resources = resourcesOf(read);

    test("every target has a dead-letter queue and tries for a day", () => {
      const rules = ofType(resources, "AWS::Events::Rule");
      assert.ok(rules.length > 0);
      for (const { Targets } of rules) {
        for (const target of Targets as readonly Resource["Properties"][]) {
          assert.ok(target["DeadLetterConfig"]);
          assert.deepEqual(target["RetryPolicy"], { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
          assert.match(JSON.stringify(target["Arn"]), /Hub(Relay|Customer)/);
          assert.equal(target["RoleArn"], undefined, "a target of this account is let in by its own policy");
        }
      }
    });

    test("every rule names accounts: nobody on the same bus is taken for this customer", () => {
      for (const { EventPattern } of ofType(resources, "AWS::Events::Rule")) {
        const { account } = EventPattern as { readonly account?: readonly string[] };
        assert.ok(account !== undefined && account.length > 0);
      }
    });

    test("nobody is given AdministratorAccess, and Amazon Q never more than it says", () => {
      assert.ok(!JSON.stringify(resources).includes("AdministratorAccess"));
      const channels = [
        ...ofType(resources, "AWS::Chatbot::SlackChannelConfiguration"),
        ...ofType(resources, "AWS::Chatbot::MicrosoftTeamsChannelConfiguration"),
      ];
      for (const { GuardrailPolicies, IamRoleArn, LoggingLevel } of channels) {
        assert.equal((GuardrailPolicies as readonly unknown[]).length, 1);
        assert.ok(IamRoleArn);
        assert.equal(LoggingLevel, "ERROR");
      }
      for (const policy of ofType(resources, "AWS::IAM::ManagedPolicy")) {
        for (const { Action } of statementsOf(policy, "PolicyDocument")) {
          for (const action of [Action].flat()) assert.match(action, /^cloudwatch:(Describe|Get|List)\w+$/);
        }
      }
    });

    test("topics are encrypted with a key that turns and lets EventBridge and alarms use it", () => {
      const [key, ...others] = ofType(resources, "AWS::KMS::Key");
      assert.ok(key);
      assert.equal(others.length, 0);
      assert.equal(key["EnableKeyRotation"], true);
      const statements = statementsOf(key, "KeyPolicy");
      for (const service of ["events.amazonaws.com", "cloudwatch.amazonaws.com"]) {
        for (const action of ["kms:Decrypt", "kms:GenerateDataKey"])
          assert.ok(has(statements, service, action), `${service} ${action}`);
      }
      assert.deepEqual(has(statements, "cloudwatch.amazonaws.com", "kms:Decrypt")?.Condition, {
        StringEquals: { "aws:SourceAccount": HUB.account },
      });
      for (const topic of ofType(resources, "AWS::SNS::Topic")) assert.ok(topic["KmsMasterKeyId"]);
    });

    test("topics and queues refuse what comes without TLS", () => {
      const policies = [...ofType(resources, "AWS::SNS::TopicPolicy"), ...ofType(resources, "AWS::SQS::QueuePolicy")];
      const guarded = ofType(resources, "AWS::SNS::Topic").length + ofType(resources, "AWS::SQS::Queue").length;
      assert.equal(policies.length, guarded);
      for (const policy of policies) {
        const denies = statementsOf(policy, "PolicyDocument").filter(({ Effect }) => Effect === "Deny");
        assert.deepEqual(
          denies.map(({ Condition }) => Condition),
          [{ Bool: { "aws:SecureTransport": "false" } }],
        );
      }
    });

    test("no statement lets in everybody without a condition", () => {
      for (const { Properties } of Object.values(resources)) {
        const open = [
          ...JSON.stringify(Properties ?? {}).matchAll(/\{[^{}]*"Effect":"Allow"[^{}]*"Principal":"\*"[^{}]*\}/g),
        ];
        assert.deepEqual(
          open.filter(([text]) => !text.includes("Condition")),
          [],
        );
      }
    });

    test("every alarm rings at the operators' topic, and silence is no alarm", () => {
      const alarms = ofType(resources, "AWS::CloudWatch::Alarm");
      assert.ok(alarms.some(({ MetricName }) => MetricName === "ApproximateNumberOfMessagesVisible"));
      assert.ok(alarms.some(({ MetricName }) => MetricName === "FailedInvocations"));
      for (const { AlarmActions, OKActions, TreatMissingData } of alarms) {
        assert.match(JSON.stringify(AlarmActions), /HubAlarms/);
        assert.deepEqual(OKActions, AlarmActions);
        assert.equal(TreatMissingData, "notBreaching");
      }
    });

    test("cdk-nag has nothing to say (AwsSolutions, Serverless)", () => {
      const { app } = hubApp(read);
      for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
        const { violations } = pack.validateScope(app);
        assert.deepEqual(
          violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources]),
          [],
        );
      }
    });
  });
}

suite("FindingsHub", () => {
  test("the template of the example is the one that was last read", () => {
    const file = join(import.meta.dirname, "__golden__", "hub.template.json");
    const text = `${JSON.stringify(hubTemplate(readHubConfig(EXAMPLE)), null, 2)}\n`;
    if (process.env["GOLDEN"] === "1") writeFileSync(file, text);
    assert.equal(text, readFileSync(file, "utf8"), "npm run golden, then read the diff");
  });

  test("two customers in one channel are one configuration with two topics", () => {
    const channels = ofType(resourcesOf(config({}, byQ, byQ)), "AWS::Chatbot::SlackChannelConfiguration");
    const shared = channels.filter(({ SlackChannelId }) => SlackChannelId === "C0SHARED000");
    assert.deepEqual(
      shared.map(({ SnsTopicArns }) => (SnsTopicArns as readonly unknown[]).length),
      [2],
    );
  });

  test("statements of one bus wait for each other: AWS refuses two changes at a time", () => {
    const policies = Object.entries(resourcesOf(config({ buses: "shared" }, {}, {}, {}))).filter(
      ([, { Type }]) => Type === "AWS::Events::EventBusPolicy",
    );
    const waits = policies.map(
      ([, resource]) => (resource as { readonly DependsOn?: readonly string[] }).DependsOn ?? [],
    );
    assert.equal(new Set(waits.flat()).size, policies.length);
  });

  test("an alarm on the default bus has no bus in its name: CloudWatch counts it so", () => {
    const [alarm] = ofType(resourcesOf(config({ buses: "default" }, {})), "AWS::CloudWatch::Alarm").filter(
      ({ MetricName }) => MetricName === "FailedInvocations",
    );
    assert.deepEqual(alarm?.["Dimensions"], [{ Name: "RuleName", Value: "shirase-customer-0-relay" }]);
  });

  test("needs no bootstrap: no assets, no parameters, no rules about versions", () => {
    const template = hubTemplate(readHubConfig(EXAMPLE));
    assert.deepEqual(Object.keys(template).sort(), ["Description", "Outputs", "Resources"]);
  });

  test("what AWS would refuse is refused before, in words", () => {
    const accounts = Array.from({ length: 900 }, (_, n) => String(300_000_000_000 + n));
    assert.throws(() => hubTemplate(config({}, { accounts })), /policy of event bus shirase-customer-0 would have/);
  });

  test("a queue's policy does not grow with the customers: SQS takes 8,192 bytes", () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ bus: `bus-${n}`, slack: { channel: `C0CUSTOM${n + 100}` } }));
    for (const policy of ofType(resourcesOf(config({}, ...many)), "AWS::SQS::QueuePolicy")) {
      assert.ok(JSON.stringify(policy["PolicyDocument"]).length < 2000);
    }
  });

  test("more than CloudFormation takes is refused with a way out", () => {
    const many = Array.from({ length: 70 }, (_, n) => ({ ...byQ, slack: { channel: `C0CUSTOM${n + 100}` } }));
    assert.throws(() => hubTemplate(config({}, ...many)), /would have 5\d\d resources; .* 500 .*Divide the customers/);
  });

  test("a stack elsewhere than the config says is a slip", () => {
    const stack = new Stack(new App(), "Elsewhere", { env: { account: "999999999999", region: "us-east-1" } });
    assert.throws(
      () => new FindingsHub(stack, "Hub", { config: readHubConfig(EXAMPLE) }),
      /belongs in account 111111111111, region ap-northeast-1 .* stack Elsewhere is in 999999999999, us-east-1/,
    );
  });

  test("a stack that does not say where it is may hold the hub", () => {
    const hub = new FindingsHub(new Stack(new App(), "Anywhere"), "Hub", { config: readHubConfig(EXAMPLE) });
    assert.deepEqual([...hub.topics.keys()], ["globex"]);
    assert.ok(hub.relayQueue);
  });
});
