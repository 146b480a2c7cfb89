/**
 * Who may put events on a hub bus, and who may act as the customer's roles? The templates answer, by an evaluator of
 * their policies; and each answer is shown to hang on the line it should hang on: with that line changed it turns.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { sampleEvent } from "@shirase/testkit/events";
import { fillTemplate } from "@shirase/testkit/filled-template";
import { evaluate, type PolicyRequest, type Statement } from "@shirase/testkit/policy";
import { busPolicy, busPolicySizeBytes, unitedPolicy } from "./bus-policy.ts";
import { spokeTemplate } from "./spoke.ts";

const HUB = "111111111111";
const ACME = "222222222222";
const ACME_TWO = "333333333333";
const GLOBEX = "444444444444";
const ADMIN = "666666666666";
const MEMBER = "777777777777";
const STRANGER = "999999999999";
const REGION = "ap-northeast-1";
const ORGANIZATION = "o-ab12cd34ef";

function configWith(buses: string, more: object = {}): Config {
  const customer = (id: string, accounts: readonly string[], rest: object = {}): object => ({
    id,
    name: id,
    accounts,
    slack: { channel: "C0CHANNEL00" },
    ...rest,
  });
  return Config.parse({
    hub: { account: HUB, region: REGION, buses },
    slack: { workspace: "T0123456789" },
    customers: [
      customer("acme", [ACME, ACME_TWO], { sources: ["security-hub", "guardduty"], ...more }),
      customer("globex", [GLOBEX], { pattern: "classic" }),
      customer("initech", [ADMIN, MEMBER], { delegatedAdmin: ADMIN }),
    ],
  });
}

const OWN = configWith("per-customer");
const SHARED = configWith("shared");
const DEFAULT = configWith("default");
const ORG = configWith("per-customer", { organizationId: ORGANIZATION });

function busStatements(config: Config): readonly Statement[] {
  return unitedPolicy(config.customers.flatMap((customer) => busPolicy(config, resolveCustomer(config, customer))));
}

const bus = (name: string): string => `arn:aws:events:${REGION}:${HUB}:event-bus/${name}`;
const SECURITY_HUB = ["aws.securityhub", "Security Hub Findings - Imported"] as const;

function put(principal: string, busName: string, event: readonly [string, string] = SECURITY_HUB): PolicyRequest {
  const context = { "events:source": event[0], "events:detail-type": event[1] };
  return { principal, action: "events:PutEvents", resource: bus(busName), context };
}

const inOrganization = (request: PolicyRequest, id: string): PolicyRequest => ({
  ...request,
  context: { ...request.context, "aws:PrincipalOrgID": id },
});

/** A change to each statement of a policy. */
type Change = (statement: Statement) => Statement;
const anybody: Change = (one) => ({ ...one, Principal: "*" });
const anyBus: Change = (one) => ({ ...one, Resource: "*" });
const anyAction: Change = (one) => ({ ...one, Action: "events:*" });
const anyEvent: Change = (one) => without(without(one, "events:source"), "events:detail-type");
const anySource: Change = (one) => without(one, "events:source");
const anyDetailType: Change = (one) => without(one, "events:detail-type");
const anyOrganization: Change = (one) => without(one, "aws:PrincipalOrgID");
const nobody: Change = (one) => ({ ...one, Principal: { AWS: [] } });
const nothing: Change = (one) => ({ ...one, Condition: { StringEquals: { "events:source": [] } } });
const noBus: Change = (one) => ({ ...one, Resource: bus("another") });
const forbidden: Change = (one) => ({ ...one, Effect: "Deny" });

/** The statement without this key in any of its conditions. */
function without(statement: Statement, key: string): Statement {
  const conditions = statement["Condition"] as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const left = Object.entries(conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).filter(([name]) => name !== key)),
  ]);
  return { ...statement, Condition: Object.fromEntries(left) };
}

type Case = readonly [may: "may" | "not", why: string, config: Config, request: PolicyRequest, turnedBy: Change];

const CASES: readonly Case[] = [
  ["may", "the customer's account, on its own bus", OWN, put(ACME, "shirase-acme"), nobody],
  ["may", "its other account too", OWN, put(ACME_TWO, "shirase-acme"), forbidden],
  [
    "may",
    "another source it declared",
    OWN,
    put(ACME, "shirase-acme", ["aws.guardduty", "GuardDuty Finding"]),
    nothing,
  ],
  ["may", "OCSF findings", OWN, put(ACME, "shirase-acme", ["aws.securityhub", "Findings Imported V2"]), nothing],
  ["may", "a heartbeat", OWN, put(ACME, "shirase-acme", ["shirase.heartbeat", "Heartbeat"]), nothing],
  ["may", "a test message", OWN, put(ACME, "shirase-acme", ["shirase.test", "Test"]), noBus],
  ["not", "a stranger", OWN, put(STRANGER, "shirase-acme"), anybody],
  ["not", "another customer, on this one's bus", OWN, put(GLOBEX, "shirase-acme"), anybody],
  ["not", "this customer, on another's bus", OWN, put(ACME, "shirase-globex"), anyBus],
  ["not", "the customer, on the hub's default bus", OWN, put(ACME, "default"), anyBus],
  ["not", "a source it did not declare", OWN, put(ACME, "shirase-acme", ["aws.health", "AWS Health Event"]), anyEvent],
  [
    "not",
    "another source under a declared name",
    OWN,
    put(ACME, "shirase-acme", ["aws.ec2", SECURITY_HUB[1]]),
    anySource,
  ],
  ["not", "a declared source's other events", OWN, put(ACME, "shirase-acme", ["aws.guardduty", "X"]), anyDetailType],
  [
    "not",
    "what `classic` never sends",
    OWN,
    put(GLOBEX, "shirase-globex", ["aws.securityhub", "Findings Imported V2"]),
    anyDetailType,
  ],
  ["not", "events of its own making", OWN, put(ACME, "shirase-acme", ["acme.app", "Order Placed"]), anyEvent],
  ["not", "an event that says no source", OWN, { ...put(ACME, "shirase-acme"), context: {} }, anyEvent],
  ["not", "rules on the bus", OWN, { ...put(ACME, "shirase-acme"), action: "events:PutRule" }, anyAction],
  ["not", "deleting the bus", OWN, { ...put(ACME, "shirase-acme"), action: "events:DeleteEventBus" }, anyAction],
  ["may", "an administrator, for its members", OWN, put(ADMIN, "shirase-initech"), nobody],
  ["not", "a member, past its administrator", OWN, put(MEMBER, "shirase-initech"), anybody],
  ["may", "one customer on the shared bus", SHARED, put(ACME, "shirase"), noBus],
  ["may", "another customer on the shared bus", SHARED, put(GLOBEX, "shirase"), nobody],
  ["not", "a stranger on the shared bus", SHARED, put(STRANGER, "shirase"), anybody],
  [
    "not",
    "what only another declared",
    SHARED,
    put(GLOBEX, "shirase", ["aws.guardduty", "GuardDuty Finding"]),
    anybody,
  ],
  ["may", "a customer on the default bus", DEFAULT, put(ACME, "default"), noBus],
  ["not", "a stranger on the default bus", DEFAULT, put(STRANGER, "default"), anybody],
  [
    "may",
    "an account of the Organization",
    ORG,
    inOrganization(put(STRANGER, "shirase-acme"), ORGANIZATION),
    forbidden,
  ],
  ["not", "another Organization", ORG, inOrganization(put(STRANGER, "shirase-acme"), "o-zz99zz99zz"), anyOrganization],
  ["not", "an account of no Organization", ORG, put(STRANGER, "shirase-acme"), anyOrganization],
  [
    "not",
    "the Organization, undeclared",
    ORG,
    inOrganization(put(ACME, "shirase-acme", ["aws.s3", "X"]), ORGANIZATION),
    anyEvent,
  ],
];

suite("who may put events on a hub bus", () => {
  for (const [may, why, config, request, turnedBy] of CASES) {
    test(`${may}: ${why}; and the other way round when that line is changed`, () => {
      const statements = busStatements(config);
      const { allowed, by } = evaluate(statements, request);
      assert.equal(allowed, may === "may", `decided by ${by}`);
      assert.equal(evaluate(statements.map(turnedBy), request).allowed, may === "not", "hangs on another line");
    });
  }

  test("not: a customer that was withdrawn", () => {
    const left = { ...OWN, customers: OWN.customers.filter(({ id }) => id !== "acme") };
    assert.equal(evaluate(busStatements(left), put(ACME, "shirase-acme")).allowed, false);
  });

  for (const file of ["shirase/01-test.json", "shirase/02-heartbeat.json"]) {
    test(`may: the sample ${file}, so that other tests read what really arrives`, () => {
      const { source, "detail-type": detailType } = sampleEvent(file);
      assert.ok(typeof source === "string" && typeof detailType === "string");
      assert.equal(evaluate(busStatements(OWN), put(ACME, "shirase-acme", [source, detailType])).allowed, true);
    });
  }

  test("the statement that decided is named by the customer", () => {
    assert.equal(evaluate(busStatements(SHARED), put(GLOBEX, "shirase")).by, "shirase-globex");
  });
});

suite("statements that are alike become one", () => {
  const like = (count: number, more: (index: number) => object = () => ({})): Config =>
    Config.parse({
      hub: { account: HUB, region: REGION, buses: "shared" },
      slack: { workspace: "T0123456789" },
      customers: Array.from({ length: count }, (_, index) => ({
        id: `customer-${index}`,
        name: `Customer ${index}`,
        accounts: [String(200_000_000_000 + index)],
        slack: { channel: "C0CHANNEL00" },
        ...more(index),
      })),
    });
  const apart = (config: Config): readonly Statement[] =>
    config.customers.flatMap((customer) => busPolicy(config, resolveCustomer(config, customer)));

  test("two hundred customers who declared the same fit into the policy of one bus", () => {
    const config = like(200);
    const statements = unitedPolicy(config.customers.flatMap((one) => busPolicy(config, resolveCustomer(config, one))));
    assert.equal(statements.length, 1);
    assert.ok(busPolicySizeBytes(statements) <= 10_240);
    assert.match(statements[0]?.Sid ?? "", /^[\w-]{1,64}$/);
  });

  test("its name stays when customers come and go", () => {
    const sids = [2, 3, 90].map((count) => busStatements(like(count)).map(({ Sid }) => Sid));
    assert.deepEqual(sids[0], sids[1]);
    assert.deepEqual(sids[0], sids[2]);
  });

  const sources = (index: number): object => (index % 2 === 0 ? {} : { sources: ["guardduty"] });
  const organizations = (index: number): object => ({ ...sources(index), organizationId: `o-ab12cd34e${index}` });
  const rows: ReadonlyArray<readonly [why: string, config: Config, statements: number]> = [
    ["accounts with two kinds of declarations", like(6, sources), 2],
    ["Organizations with two kinds of declarations", like(6, organizations), 2],
    ["accounts beside Organizations", like(6, (index) => (index < 3 ? {} : organizations(0))), 2],
  ];
  for (const [why, config, statements] of rows) {
    test(`${why}: whoever may, may the same as before, and nobody else`, () => {
      assert.equal(busStatements(config).length, statements);
      const accounts = [...config.customers.flatMap(({ accounts: own }) => own.map(({ id }) => id)), STRANGER];
      const ids = ["", ...config.customers.flatMap(({ organizationId = "" }) => organizationId), "o-zz99zz99zz"];
      const kinds = [SECURITY_HUB, ["aws.guardduty", "GuardDuty Finding"], ["aws.s3", "X"]] as const;
      const requests = accounts
        .flatMap((account) => kinds.map((kind) => put(account, "shirase", kind)))
        .flatMap((request) => ids.map((id) => (id === "" ? request : inOrganization(request, id))));
      const answers = (statements: readonly Statement[]): readonly boolean[] =>
        requests.map((request) => evaluate(statements, request).allowed);
      assert.deepEqual(answers(busStatements(config)), answers(apart(config)));
      assert.equal(new Set(answers(apart(config))).size, 2, "some may, some may not");
    });
  }
});

const [acme] = OWN.customers;
assert.ok(acme);
const spoke = fillTemplate(spokeTemplate(OWN, resolveCustomer(OWN, acme), REGION), { account: ACME, region: REGION });

function document(value: unknown): readonly Statement[] {
  return (value as { readonly Statement: readonly Statement[] }).Statement;
}

function trustOf(role: string): readonly Statement[] {
  return document(spoke[role]?.Properties["AssumeRolePolicyDocument"]);
}

function permissionsOf(role: string): readonly Statement[] {
  const policies = spoke[role]?.Properties["Policies"] as readonly { readonly PolicyDocument: unknown }[];
  return policies.flatMap(({ PolicyDocument }) => document(PolicyDocument));
}

const assume = (principal: string, account: string, resource: string): PolicyRequest => ({
  principal,
  action: "sts:AssumeRole",
  resource: "",
  context: { "aws:SourceAccount": account, "aws:SourceArn": `arn:aws:${resource}` },
});
const events = "events.amazonaws.com";
const scheduler = "scheduler.amazonaws.com";
const ownRule = `events:${REGION}:${ACME}:rule/shirase-acme`;
const ownGroup = `scheduler:${REGION}:${ACME}:schedule-group/default`;
const anyArn: Change = (one) => without(one, "aws:SourceArn");
const anyService: Change = (one) => ({ ...one, Principal: "*" });
const anyOrigin: Change = (one) => without(without(one, "aws:SourceArn"), "aws:SourceAccount");

const ROLES: ReadonlyArray<
  readonly [may: "may" | "not", why: string, role: string, request: PolicyRequest, turnedBy: Change]
> = [
  ["may", "EventBridge for our rule", "SendRole", assume(events, ACME, ownRule), nobody],
  ["not", "EventBridge for another rule", "SendRole", assume(events, ACME, `${ownRule}-of-others`), anyArn],
  [
    "not",
    "EventBridge for our rule elsewhere",
    "SendRole",
    assume(events, ACME, ownRule.replace(REGION, "us-east-1")),
    anyArn,
  ],
  [
    "not",
    "a stranger's rule of that name",
    "SendRole",
    assume(events, STRANGER, ownRule.replace(ACME, STRANGER)),
    anyOrigin,
  ],
  ["not", "the company", "SendRole", assume(HUB, ACME, ownRule), anyService],
  ["not", "another service", "SendRole", assume("lambda.amazonaws.com", ACME, ownRule), anyService],
  ["may", "Scheduler for a schedule here", "HeartbeatRole", assume(scheduler, ACME, ownGroup), nobody],
  ["not", "EventBridge", "HeartbeatRole", assume(events, ACME, ownGroup), anyService],
  ["not", "another group", "HeartbeatRole", assume(scheduler, ACME, ownGroup.replace("default", "theirs")), anyArn],
  [
    "not",
    "a stranger's schedule",
    "HeartbeatRole",
    assume(scheduler, STRANGER, ownGroup.replace(ACME, STRANGER)),
    anyOrigin,
  ],
];

suite("who may act as the customer's roles", () => {
  for (const [may, why, role, request, turnedBy] of ROLES) {
    test(`${role} ${may}: ${why}; and the other way round when that line is changed`, () => {
      const statements = trustOf(role);
      assert.equal(evaluate(statements, request).allowed, may === "may");
      assert.equal(evaluate(statements.map(turnedBy), request).allowed, may === "not", "hangs on another line");
    });
  }

  const ownBus = `arn:aws:events:${REGION}:${ACME}:event-bus/default`;
  const scopes = [
    ["SendRole", bus("shirase-acme"), [bus("shirase-globex"), bus("default"), ownBus]],
    ["HeartbeatRole", ownBus, [bus("shirase-acme"), ownBus.replace(REGION, "us-east-1"), ownBus.replace(ACME, GLOBEX)]],
  ] as const;
  for (const [role, only, others] of scopes) {
    test(`${role} may put events on ${only}, and can do nothing else anywhere`, () => {
      const may = (action: string, resource: string): boolean =>
        evaluate(permissionsOf(role), { principal: ACME, action, resource, context: {} }).allowed;
      assert.ok(may("events:PutEvents", only));
      for (const other of others) assert.equal(may("events:PutEvents", other), false, other);
      for (const action of [
        "events:PutRule",
        "s3:GetObject",
        "iam:PassRole",
        "sts:AssumeRole",
        "securityhub:GetFindings",
      ]) {
        assert.equal(may(action, only), false, action);
      }
    });
  }
});

suite("who may use the queue of what was not delivered", () => {
  const queue = `arn:aws:sqs:${REGION}:${ACME}:shirase-acme-dead-letters`;
  const statements = document(spoke["DeadLettersPolicy"]?.Properties["PolicyDocument"]);
  const send = (principal: string, rule: string, tls: string): PolicyRequest => ({
    principal,
    action: "sqs:SendMessage",
    resource: queue,
    context: { "aws:SourceArn": `arn:aws:${rule}`, "aws:SecureTransport": tls },
  });
  const rows: ReadonlyArray<readonly [may: "may" | "not", why: string, request: PolicyRequest]> = [
    ["may", "our rule", send(events, ownRule, "true")],
    ["not", "our rule without TLS", send(events, ownRule, "false")],
    ["not", "another rule", send(events, `${ownRule}-of-others`, "true")],
    ["not", "the company", send(HUB, ownRule, "true")],
    ["not", "reading, by EventBridge", { ...send(events, ownRule, "true"), action: "sqs:ReceiveMessage" }],
  ];
  for (const [may, why, request] of rows) {
    test(`${may}: ${why}`, () => assert.equal(evaluate(statements, request).allowed, may === "may"));
  }
});
