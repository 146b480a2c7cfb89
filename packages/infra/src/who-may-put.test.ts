/**
 * Who may put events on a customer's bus in the hub? The templates answer, by an evaluator of their policies; and each
 * answer is shown to hang on the line it should hang on, by loosening that line.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Config } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { evaluate, type PolicyRequest, type Statement } from "@shirase/testkit/policy";
import { busPolicy } from "./bus-policy.ts";
import { spokeTemplates, type Template } from "./spoke.ts";

const HUB = "111111111111";
const ACME = "222222222222";
const ACME_TWO = "333333333333";
const GLOBEX = "444444444444";
const STRANGER = "999999999999";
const REGION = "ap-northeast-1";

function configWith(buses: string): Config {
  const read = readConfig(
    `
hub: { account: "${HUB}", region: ${REGION}, buses: ${buses} }
slack: { workspace: T0123456789 }
customers:
  - { id: acme, name: Acme, accounts: ["${ACME}", "${ACME_TWO}"], regions: [${REGION}, us-east-1], sources: [security-hub, guardduty], slack: { channel: C0ACME00000 } }
  - { id: globex, name: Globex, accounts: ["${GLOBEX}"], slack: { channel: C0GLOBEX000 } }
`,
    "shirase.yaml",
  );
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

const PER_CUSTOMER = configWith("per-customer");
const SHARED = configWith("shared");

function statementsOf(config: Config, without?: string): readonly Statement[] {
  return config.customers
    .filter(({ id }) => id !== without)
    .flatMap((customer) => busPolicy(config, resolveCustomer(config, customer)));
}

const bus = (name: string): string => `arn:aws:events:${REGION}:${HUB}:event-bus/${name}`;

function put(
  principal: string,
  busName: string,
  source = "aws.securityhub",
  type = "Security Hub Findings - Imported",
): PolicyRequest {
  const context = { "events:source": source, "events:detail-type": type };
  return { principal, action: "events:PutEvents", resource: bus(busName), context };
}

type Case = readonly [why: string, config: Config, request: PolicyRequest, allowed: boolean];

const CASES: readonly Case[] = [
  ["the customer's account, on its own bus", PER_CUSTOMER, put(ACME, "shirase-acme"), true],
  ["its other account too", PER_CUSTOMER, put(ACME_TWO, "shirase-acme"), true],
  ["another declared source", PER_CUSTOMER, put(ACME, "shirase-acme", "aws.guardduty", "GuardDuty Finding"), true],
  [
    "the new Security Hub's events",
    PER_CUSTOMER,
    put(ACME, "shirase-acme", "aws.securityhub", "Findings Imported V2"),
    true,
  ],
  ["a heartbeat", PER_CUSTOMER, put(ACME, "shirase-acme", "shirase.heartbeat", "Heartbeat"), true],
  ["a test message", PER_CUSTOMER, put(ACME, "shirase-acme", "shirase.test", "Test"), true],
  ["a stranger", PER_CUSTOMER, put(STRANGER, "shirase-acme"), false],
  ["another customer, on this one's bus", PER_CUSTOMER, put(GLOBEX, "shirase-acme"), false],
  ["this customer, on another's bus", PER_CUSTOMER, put(ACME, "shirase-globex"), false],
  ["the customer, on the hub's default bus", PER_CUSTOMER, put(ACME, "default"), false],
  [
    "a source it did not declare",
    PER_CUSTOMER,
    put(ACME, "shirase-acme", "aws.ec2", "EC2 Instance State-change Notification"),
    false,
  ],
  [
    "a source that another customer declared",
    PER_CUSTOMER,
    put(GLOBEX, "shirase-globex", "aws.guardduty", "GuardDuty Finding"),
    false,
  ],
  [
    "a detail-type it did not declare",
    PER_CUSTOMER,
    put(ACME, "shirase-acme", "aws.securityhub", "AWS API Call via CloudTrail"),
    false,
  ],
  ["events of its own making", PER_CUSTOMER, put(ACME, "shirase-acme", "acme.app", "Order Placed"), false],
  ["both customers share a bus: the first", SHARED, put(ACME, "shirase"), true],
  ["both customers share a bus: the second", SHARED, put(GLOBEX, "shirase"), true],
  ["both customers share a bus: a stranger", SHARED, put(STRANGER, "shirase"), false],
  [
    "both customers share a bus: what only the other declared",
    SHARED,
    put(GLOBEX, "shirase", "aws.guardduty", "GuardDuty Finding"),
    false,
  ],
  ["another action on the bus", PER_CUSTOMER, { ...put(ACME, "shirase-acme"), action: "events:PutRule" }, false],
  ["deleting the bus", PER_CUSTOMER, { ...put(ACME, "shirase-acme"), action: "events:DeleteEventBus" }, false],
  ["a request that says no source", PER_CUSTOMER, { ...put(ACME, "shirase-acme"), context: {} }, false],
];

suite("the hub's bus policy", () => {
  for (const [why, config, request, allowed] of CASES) {
    test(`${allowed ? "allows" : "denies"} ${why}`, () => {
      const answer = evaluate(statementsOf(config), request);
      assert.equal(answer.allowed, allowed, `decided by ${answer.by}`);
    });
  }

  test("denies a customer that was withdrawn", () => {
    assert.equal(evaluate(statementsOf(PER_CUSTOMER, "acme"), put(ACME, "shirase-acme")).allowed, false);
  });

  const loosened: ReadonlyArray<readonly [why: string, request: PolicyRequest, loosen: (one: Statement) => Statement]> =
    [
      ["principals", put(STRANGER, "shirase-acme"), (one) => ({ ...one, Principal: "*" })],
      ["conditions", put(ACME, "shirase-acme", "aws.ec2", "x"), ({ Condition: _, ...one }) => one],
      ["resource", put(ACME, "default"), (one) => ({ ...one, Resource: "*" })],
      ["action", { ...put(ACME, "shirase-acme"), action: "events:PutRule" }, (one) => ({ ...one, Action: "events:*" })],
    ];
  for (const [why, request, loosen] of loosened) {
    test(`would let in what it denies, were its ${why} loosened`, () => {
      const statements = statementsOf(PER_CUSTOMER);
      assert.equal(evaluate(statements, request).allowed, false);
      assert.equal(evaluate(statements.map(loosen), request).allowed, true);
    });
  }
});

suite("the customer's role", () => {
  const files = spokeTemplates(PER_CUSTOMER);
  const template = files[0]?.template as Template;
  const trust = policyOf(template, "SendRole", "AssumeRolePolicyDocument");
  const permissions = rolePolicies(template, "SendRole");
  const rule = (name: string, account = ACME): string => `arn:aws:events:${REGION}:${account}:rule/${name}`;
  const assume = (principal: string, account: string, arn: string): PolicyRequest => ({
    principal,
    action: "sts:AssumeRole",
    resource: "",
    context: { "aws:SourceAccount": account, "aws:SourceArn": arn },
  });

  test("EventBridge takes it for our rule", () => {
    assert.ok(evaluate(trust, assume("events.amazonaws.com", ACME, rule("shirase-acme"))).allowed);
  });
  const refused: ReadonlyArray<readonly [why: string, request: PolicyRequest]> = [
    ["EventBridge, for another rule of the account", assume("events.amazonaws.com", ACME, rule("somebody-elses"))],
    [
      "EventBridge, for a rule of another account",
      assume("events.amazonaws.com", STRANGER, rule("shirase-acme", STRANGER)),
    ],
    ["the company's account", assume(HUB, HUB, rule("shirase-acme"))],
    ["another service", assume("lambda.amazonaws.com", ACME, rule("shirase-acme"))],
  ];
  for (const [why, request] of refused) {
    test(`is not for ${why}`, () => assert.equal(evaluate(trust, request).allowed, false));
  }

  test("may put events on the customer's own bus, and can do nothing else anywhere", () => {
    const may = (action: string, resource: string): boolean =>
      evaluate(permissions, { principal: ACME, action, resource, context: {} }).allowed;
    assert.ok(may("events:PutEvents", bus("shirase-acme")));
    for (const other of [bus("shirase-globex"), bus("default"), `arn:aws:events:${REGION}:${ACME}:event-bus/default`]) {
      assert.equal(may("events:PutEvents", other), false, other);
    }
    for (const action of [
      "events:PutRule",
      "s3:GetObject",
      "iam:PassRole",
      "sts:AssumeRole",
      "securityhub:GetFindings",
    ]) {
      assert.equal(may(action, bus("shirase-acme")), false, action);
    }
  });
});

/** The statements of a role's document with the account filled in, as CloudFormation would. */
function policyOf(template: Template, resource: string, property: string): readonly Statement[] {
  const { Properties } = template.Resources[resource] as unknown as { readonly Properties: Record<string, unknown> };
  return statements(Properties[property]);
}

function rolePolicies(template: Template, resource: string): readonly Statement[] {
  const { Properties } = template.Resources[resource] as unknown as {
    readonly Properties: { readonly Policies: readonly { readonly PolicyDocument: unknown }[] };
  };
  return Properties.Policies.flatMap(({ PolicyDocument }) => statements(PolicyDocument));
}

function statements(document: unknown): readonly Statement[] {
  const text = JSON.stringify(document)
    .replaceAll('{"Ref":"AWS::AccountId"}', JSON.stringify(ACME))
    .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, (_, sub: string) => sub.replaceAll("${AWS::AccountId}", ACME));
  const { Statement } = JSON.parse(text) as { readonly Statement: readonly Statement[] };
  return Statement;
}
