import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { TABLE_SHAPE } from "@shirase/core/table-shape";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { FindingsRelay } from "./findings-relay.ts";
import { codePlace, relayApp, relayTemplate } from "./relay-stack.ts";

type Resource = {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
};

function configWith(token: object | undefined): Config {
  return Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1", relay: "aws" },
    slack: { workspace: "T0123456789", opsChannel: "C0OPS000000", ...(token ? { token } : {}) },
    customers: [{ id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" } }],
  });
}

const CONFIG = configWith({ ssm: "/shirase/slack-token" });
/** Everybody may call who can. */
const OPEN: Config = {
  ...CONFIG,
  slack: { ...CONFIG.slack, signingSecret: { ssm: "/shirase/signing-secret" } },
  ingest: {
    key: { secretsmanager: "ingest-key" },
    sns: { topics: ["arn:aws:sns:ap-northeast-1:111111111111:shirase-acme"] },
  },
};
const PLACE = codePlace(CONFIG, "abc");

function resources(config = CONFIG): Readonly<Record<string, Resource>> {
  const template = relayTemplate(config, PLACE) as { readonly Resources: Readonly<Record<string, Resource>> };
  return template.Resources;
}

function ofType(type: string, config = CONFIG): readonly Resource[] {
  return Object.values(resources(config)).filter(({ Type }) => Type === type);
}

type Statement = {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};

function statementsOf(name: string, config: Config): readonly Statement[] {
  const all = Object.entries(resources(config));
  const policy = all.find(([id, { Type }]) => Type === "AWS::IAM::Policy" && id.includes(`Relay${name}Role`))?.[1];
  if (!policy) throw new Error(`function ${name} has no policy`);
  return (policy.Properties["PolicyDocument"] as { readonly Statement: readonly Statement[] }).Statement;
}

/** What each function may do: actions by resource, as text. */
function rightsOf(name: string, config = CONFIG): ReadonlyArray<readonly [on: string, actions: readonly string[]]> {
  return statementsOf(name, config).map(({ Action, Resource: on }) => {
    return [JSON.stringify(on), typeof Action === "string" ? [Action] : Action] as const;
  });
}

/** On which conditions it may look through partitions. */
function queriesOf(name: string, config = CONFIG): readonly unknown[] {
  return statementsOf(name, config)
    .filter(({ Action }) => [Action].flat().includes("dynamodb:Query"))
    .map(({ Condition }) => Condition);
}

const SILENCES_ALONE = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["silences"] } };

suite("FindingsRelay", () => {
  test("cdk-nag has nothing to say (AwsSolutions, Serverless)", () => {
    for (const config of [CONFIG, OPEN]) {
      const { app } = relayApp(config, PLACE);
      for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
        const { violations } = pack.validateScope(app);
        assert.deepEqual(
          violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources]),
          [],
        );
      }
    }
  });

  test("the template is the one that was last read", () => {
    const file = join(import.meta.dirname, "__golden__", "relay.template.json");
    const text = `${JSON.stringify(relayTemplate(CONFIG, PLACE), null, 2)}\n`;
    if (process.env["GOLDEN"] === "1") writeFileSync(file, text);
    assert.equal(text, readFileSync(file, "utf8"), "npm run golden, then read the diff");
  });

  test("the table is the one that the store wants", () => {
    const [table] = ofType("AWS::DynamoDB::Table");
    const { KeySchema, GlobalSecondaryIndexes, TimeToLiveSpecification } = table?.Properties ?? {};
    const { partitionKey, sortKey, timeToLive, index } = TABLE_SHAPE;
    const keys = (hash: string, range: string) => [
      { AttributeName: hash, KeyType: "HASH" },
      { AttributeName: range, KeyType: "RANGE" },
    ];
    assert.deepEqual(KeySchema, keys(partitionKey, sortKey));
    assert.deepEqual(TimeToLiveSpecification, { AttributeName: timeToLive, Enabled: true });
    const KeySchemaOfIndex = keys(index.partitionKey, index.sortKey);
    const projection = { ProjectionType: "KEYS_ONLY" };
    assert.deepEqual(GlobalSecondaryIndexes, [
      { IndexName: index.name, KeySchema: KeySchemaOfIndex, Projection: projection },
    ]);
  });

  test("what is known outlives the stack, unless told otherwise", () => {
    const kept = [...ofType("AWS::DynamoDB::Table"), ...ofType("AWS::KMS::Key")];
    assert.deepEqual(
      kept.map(({ DeletionPolicy }) => DeletionPolicy),
      ["Retain", "Retain"],
    );
    assert.equal(kept[0]?.Properties["DeletionProtectionEnabled"], true);
    const stack = new Stack(new App(), "S", { env: { account: "111111111111", region: "ap-northeast-1" } });
    const code = Code.fromBucket(Bucket.fromBucketName(stack, "Code", "bucket"), "key.zip");
    new FindingsRelay(stack, "Relay", { config: CONFIG, code, keepsData: false });
    const { Resources: made } = Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> };
    const table = Object.values(made).find(({ Type }) => Type === "AWS::DynamoDB::Table");
    assert.deepEqual([table?.DeletionPolicy, table?.Properties["DeletionProtectionEnabled"]], ["Delete", false]);
  });

  const FUNCTIONS = ["Intake", "Deliver", "Tick"] as const;
  for (const name of FUNCTIONS) {
    test(`${name} may do nothing but its work: no wildcard, no scan, no other table or queue`, () => {
      const rights = rightsOf(name);
      const actions = rights.flatMap(([, all]) => all);
      assert.deepEqual(
        actions.filter((action) => action.includes("*") || /Scan|Delete(?!Item|Message)|CreateTable/.test(action)),
        [],
      );
      assert.ok(!rights.some(([on]) => on === '"*"'));
      const [looks] = queriesOf(name);
      assert.deepEqual(looks, name === "Intake" ? SILENCES_ALONE : undefined, "intake looks through silences alone");
      assert.equal(actions.includes("ssm:GetParameter"), name !== "Intake", "intake never sees the token");
      assert.equal(actions.includes("sqs:ReceiveMessage"), name !== "Tick");
    });
  }

  test("has an address when the config says who may call there, and only then", () => {
    assert.deepEqual([ofType("AWS::Lambda::Url"), ofType("AWS::Lambda::Permission")], [[], []]);
    const { key, sns } = OPEN.ingest ?? {};
    const callers: readonly Config[] = [
      { ...OPEN, slack: CONFIG.slack, ingest: { key } },
      { ...CONFIG, ingest: { sns } },
    ];
    for (const config of [OPEN, { ...OPEN, ingest: undefined }, ...callers]) {
      assert.equal(ofType("AWS::Lambda::Url", config).length, 1);
    }
    const elsewhere: Config = { ...OPEN, hub: { ...OPEN.hub, relay: undefined } };
    assert.equal(ofType("AWS::Lambda::Url", elsewhere).length, 0);
  });

  test("the address asks nobody who they are: the function does; nobody calls it another way", () => {
    const [url] = ofType("AWS::Lambda::Url", OPEN);
    assert.deepEqual([url?.Properties["AuthType"], url?.Properties["Cors"]], ["NONE", undefined]);
    const permissions = ofType("AWS::Lambda::Permission", OPEN).map(({ Properties }) => Properties);
    assert.deepEqual(
      permissions.map(({ Action, FunctionUrlAuthType, InvokedViaFunctionUrl }) => {
        return [Action, FunctionUrlAuthType, InvokedViaFunctionUrl];
      }),
      [
        ["lambda:InvokeFunctionUrl", "NONE", undefined],
        ["lambda:InvokeFunction", undefined, true],
      ],
    );
  });

  test("who answers the world keeps what it takes and reads two secrets, never the Slack token", () => {
    const rights = rightsOf("Door", OPEN);
    assert.deepEqual(
      rights.filter(([, actions]) => actions.some((action) => /Get(Parameter|SecretValue)/.test(action))),
      rights.filter(([on]) => /parameter\/shirase\/signing-secret|:secret:ingest-key-\?{6}/.test(on)),
    );
    const actions = rights.flatMap(([, all]) => all);
    assert.deepEqual(
      actions.filter((action) => /\*|Scan|Receive|Invoke|Delete(?!Item)/.test(action)),
      [],
    );
    assert.deepEqual(queriesOf("Door", OPEN), [SILENCES_ALONE]);
    assert.ok(!rights.some(([on]) => on === '"*"'));
  });

  test("an alarm rings when the address answers 500 and above", () => {
    const alarms = ofType("AWS::CloudWatch::Alarm", OPEN).map(({ Properties }) => Properties);
    const [door] = alarms.filter(({ AlarmName }) => AlarmName === "shirase-door-fails");
    assert.deepEqual(
      [door?.["MetricName"], door?.["Threshold"], JSON.stringify(door?.["Dimensions"])],
      ["Url5xxCount", 5, '[{"Name":"FunctionName","Value":"shirase-door"}]'],
    );
  });

  test("runs on Node 24 and arm64, each with reserved concurrency, its log kept for a month", () => {
    const functions = ofType("AWS::Lambda::Function", OPEN).map(({ Properties }) => Properties);
    assert.deepEqual(
      functions.map(({ Runtime, Architectures, ReservedConcurrentExecutions }) => {
        return [Runtime, Architectures, ReservedConcurrentExecutions];
      }),
      [10, 10, 1, 10].map((concurrency) => ["nodejs24.x", ["arm64"], concurrency]),
    );
    assert.deepEqual(
      ofType("AWS::Logs::LogGroup", OPEN).map(({ Properties }) => Properties["RetentionInDays"]),
      [30, 30, 30, 30],
    );
  });

  test("a wake-up stays hidden for longer than a run may take, and an event six times as long", () => {
    const [deliver] = ofType("AWS::Lambda::Function").filter(
      ({ Properties }) => Properties["FunctionName"] === "shirase-deliver",
    );
    const [wakeUps] = ofType("AWS::SQS::Queue").filter(
      ({ Properties }) => Properties["QueueName"] === "shirase-wake-ups.fifo",
    );
    assert.ok(Number(wakeUps?.Properties["VisibilityTimeout"]) > Number(deliver?.Properties["Timeout"]));
    const mappings = ofType("AWS::Lambda::EventSourceMapping").map(({ Properties }) => Properties);
    assert.deepEqual(
      mappings.map(({ FunctionResponseTypes, BatchSize }) => [FunctionResponseTypes, BatchSize]),
      [
        [["ReportBatchItemFailures"], 10],
        [["ReportBatchItemFailures"], 10],
      ],
    );
  });

  const TOKENS: ReadonlyArray<readonly [why: string, token: object, wanted: RegExp]> = [
    [
      "a parameter by name",
      { ssm: "/shirase/slack-token" },
      /:ssm:ap-northeast-1:111111111111:parameter\/shirase\/slack-token"/,
    ],
    ["a secret by name, with what AWS adds", { secretsmanager: "slack#token" }, /:secret:slack-\?{6}"/],
    [
      "a secret by ARN",
      { secretsmanager: "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:slack-AbCdEf" },
      /"arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:slack-AbCdEf"/,
    ],
  ];
  for (const [why, token, wanted] of TOKENS) {
    test(`may read the token and no other secret: ${why}`, () => {
      const policies = JSON.stringify(ofType("AWS::IAM::Policy", configWith(token)));
      assert.match(policies, wanted);
      assert.equal(policies.match(/GetParameter|GetSecretValue/g)?.length, 2);
    });
  }

  test("a token that no function can read is refused in words", () => {
    assert.throws(() => resources(configWith(undefined)), /slack\.token must be in SSM or Secrets Manager/);
  });
});
