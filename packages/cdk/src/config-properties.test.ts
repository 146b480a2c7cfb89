/**
 * Made-up configs of every kind that the file allows: whatever a company writes down, the hub and all customers'
 * templates come out, fit into AWS's limits, and keep the promises that the examples keep.
 *
 * The hub is looked at as its plan, which every config has in a millisecond; a few configs in each run become templates
 * as well, because the CDK takes half a second for one.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Config, SOURCES } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { matches, parsePattern } from "@shirase/event-pattern";
import { LARGEST_TEMPLATE_BYTES, templateText } from "@shirase/infra/cloud-formation";
import { declaredEvents } from "@shirase/infra/declared-events";
import { hubBusArn } from "@shirase/infra/names";
import { spokeTemplates } from "@shirase/infra/spoke";
import { fillTemplate } from "@shirase/testkit/filled-template";
import { evaluate, type PolicyRequest, type Statement } from "@shirase/testkit/policy";
import fc from "fast-check";
import { type HubPlan, planHub } from "./hub-plan.ts";
import { hubTemplate } from "./hub-stack.ts";

const LONGEST_PATTERN = 2048;
const LARGEST_POLICY_BYTES = 10_240;
const LARGEST_TEMPLATE_FROM_BUCKET = 1_000_000;
const MOST_TARGETS = 5;
const HUB = "111111111111";
const STRANGER = "999999999999";
const REGIONS = ["ap-northeast-1", "us-east-1", "eu-west-1"] as const;
const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"] as const;
const FILTERS = [
  { detail: { findings: { ProductName: [{ "anything-but": ["Macie"] }, { exists: false }] } } },
  { $or: [{ source: ["aws.securityhub"] }, { source: ["aws.health"] }] },
];

/** What a made-up customer is made of; its number gives it accounts, channel and id that no other has. */
const customerShape = fc.record(
  {
    delivery: fc.constantFrom("relay", "amazon-q"),
    accountCount: fc.integer({ min: 1, max: 12 }),
    isAdministered: fc.boolean(),
    organization: fc.boolean(),
    regions: fc.uniqueArray(fc.constantFrom(...REGIONS), { minLength: 1 }),
    sources: fc.uniqueArray(fc.constantFrom(...SOURCES), { minLength: 1 }),
    severities: fc.uniqueArray(fc.constantFrom(...SEVERITIES), { minLength: 1 }),
    pattern: fc.constantFrom("classic", "alerts", "lifecycle", { source: ["aws.securityhub", "aws.guardduty"] }),
    filter: fc.constantFrom(...FILTERS),
    heartbeatMinutes: fc.constantFrom(5, 15, 60),
  },
  { requiredKeys: ["accountCount", "isAdministered", "organization"] },
);

const configs = fc
  .record({
    buses: fc.constantFrom("per-customer", "shared", "default"),
    isHttps: fc.boolean(),
    shapes: fc.array(customerShape, { minLength: 1, maxLength: 25 }),
  })
  .map(({ buses, isHttps, shapes }) => {
    const hub = { account: HUB, region: REGIONS[0], buses, ...(isHttps && { relay: { url: RELAY } }) };
    const customers = shapes.map(customerOf);
    return { hub, slack: { workspace: "T0123456789", opsChannel: "C0OPS000000" }, customers };
  });
const RELAY = "https://relay.msp.example/v1/sns";

type Shape = typeof customerShape extends fc.Arbitrary<infer T> ? T : never;

function customerOf({ accountCount, isAdministered, organization, ...more }: Shape, number: number): object {
  const accounts = Array.from({ length: accountCount }, (_, n) => String(200_000_000_000 + number * 100 + n));
  const numbered = String(number).padStart(2, "0");
  return {
    ...more,
    id: `customer-${numbered}`,
    name: `Customer ${numbered}`,
    accounts,
    slack: { channel: `C0CUSTOM${numbered}` },
    ...(isAdministered && { delegatedAdmin: accounts[0] }),
    ...(organization && { organizationId: `o-ab12cd34${numbered}` }),
  };
}

/** Through the file's own reader, so that only what a person may write down is looked at. */
function read(made: object): Config {
  const answer = readConfig(JSON.stringify(made), "made-up.yaml");
  assert.ok("config" in answer, JSON.stringify(answer));
  return answer.config;
}

function planOf(config: Config): HubPlan {
  const planned = planHub(config);
  assert.ok("plan" in planned, "problems" in planned ? planned.problems.join("\n") : "");
  return planned.plan;
}

function statementsOf({ buses }: HubPlan): readonly Statement[] {
  return buses.flatMap(({ statements }) => statements);
}

function holds(times: number, property: (config: Config) => void): void {
  fc.assert(
    fc.property(configs, (made) => {
      const config = read(made);
      if (!isRefused(config)) property(config);
    }),
    { numRuns: times },
  );
}

/** Many customers of one bus, each with accounts and sources of its own, may need a larger policy than AWS takes. */
function isRefused(config: Config): boolean {
  const planned = planHub(config);
  if ("plan" in planned) return false;
  for (const problem of planned.problems) assert.match(problem, /^The policy of event bus \S+ would have \d+ bytes;/);
  assert.notEqual(config.hub.buses, "per-customer", "a customer's own bus has room for all of its accounts");
  return true;
}

type Targets = readonly { readonly Arn: unknown; readonly RoleArn?: unknown; readonly DeadLetterConfig?: unknown }[];

type PutEvent = readonly [source: string, detailType: string];
const FINDING: PutEvent = ["aws.securityhub", "Security Hub Findings - Imported"];

function putBy(principal: string, resource: string, [source, detailType]: PutEvent): PolicyRequest {
  const context = { "events:source": source, "events:detail-type": detailType };
  return { principal, action: "events:PutEvents", resource, context };
}

/** By the first of its accounts, which is in its Organization when it has one. */
function putByCustomer(customer: ResolvedCustomer, bus: string, event: PutEvent): PolicyRequest {
  const { organizationId } = customer;
  const request = putBy(sendingAccounts(customer)[0] ?? "", bus, event);
  if (organizationId === undefined) return request;
  return { ...request, context: { ...request.context, "aws:PrincipalOrgID": organizationId } };
}

suite("any config that may be written down", () => {
  test("plans a hub: patterns, policies and names within AWS's limits, each rule with its customer's accounts", () => {
    holds(150, (config) => {
      const plan = planOf(config);
      for (const { statements } of plan.buses) {
        assert.ok(JSON.stringify({ Version: "2012-10-17", Statement: statements }).length <= LARGEST_POLICY_BYTES);
        assert.equal(new Set(statements.map(({ Sid }) => Sid)).size, statements.length);
      }
      for (const { customer, rules } of plan.routes) {
        const own = sendingAccounts(customer);
        for (const { name, pattern } of rules) {
          const text = JSON.stringify(pattern);
          assert.ok(text.length <= LONGEST_PATTERN, `${name}: ${text.length}`);
          assert.ok("pattern" in parsePattern(text), text);
          assert.match(name, /^[.\-_A-Za-z0-9]{1,64}$/);
          const accounts = pattern["account"] as readonly string[];
          assert.ok(accounts.length > 0 && accounts.every((account) => own.includes(account)), name);
        }
      }
    });
  });

  test("makes customers' templates that parse, fit into one call, and name role and dead letters at every target", () => {
    holds(60, (config) => {
      for (const { template } of spokeTemplates(config)) {
        const text = templateText(template);
        assert.ok(Buffer.byteLength(text) <= LARGEST_TEMPLATE_BYTES);
        assert.deepEqual(JSON.parse(text), template);
        const rules = Object.values(template.Resources).filter(({ Type }) => Type === "AWS::Events::Rule");
        assert.ok(rules.length > 0);
        for (const { Properties } of rules) {
          assert.ok(JSON.stringify(Properties["EventPattern"]).length <= LONGEST_PATTERN);
          const targets = Properties["Targets"] as Targets;
          assert.ok(targets.length > 0 && targets.length <= MOST_TARGETS);
          for (const { Arn, RoleArn, DeadLetterConfig } of targets) {
            assert.match(String(Arn), new RegExp(`^arn:aws:events:${REGIONS[0]}:${HUB}:event-bus/`));
            assert.ok(RoleArn && DeadLetterConfig);
          }
        }
      }
    });
  });

  test("lets a customer's roles put events on its own bus of the hub, or of its own account, and do nothing else", () => {
    holds(60, (config) => {
      const customers = config.customers.map((entry) => resolveCustomer(config, entry));
      for (const { fileName, region, template } of spokeTemplates(config)) {
        const customer = customers.find(({ id }) => fileName.startsWith(`customers/${id}.`));
        assert.ok(customer);
        const [account = ""] = sendingAccounts(customer);
        const resources = Object.values(fillTemplate(template, { account, region }));
        const roles = resources.filter(({ Type }) => Type === "AWS::IAM::Role");
        const granted = roles.flatMap(({ Properties }) => {
          assert.equal(Properties["ManagedPolicyArns"], undefined);
          const policies = Properties["Policies"] as readonly {
            readonly PolicyDocument: { readonly Statement: readonly Statement[] };
          }[];
          return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
        });
        assert.deepEqual(
          granted.map(({ Effect, Action, Resource }) => [Effect, Action, Resource]),
          [
            ["Allow", "events:PutEvents", hubBusArn(config, customer)],
            ["Allow", "events:PutEvents", `arn:aws:events:${region}:${account}:event-bus/default`],
          ],
        );
        assert.ok(
          !resources.some(({ Type }) => /^AWS::(?:Lambda|EC2|ECS)::|IAM::(?:User|Policy|ManagedPolicy)$/.test(Type)),
        );
      }
    });
  });

  test("lets each customer in with what it declared, and no two let each other in", () => {
    holds(40, (config) => {
      const statements = statementsOf(planOf(config));
      const isShared = config.hub.buses !== "per-customer" && config.hub.buses !== undefined;
      const customers = config.customers.map((entry) => resolveCustomer(config, entry));
      for (const customer of customers) {
        const own = hubBusArn(config, customer);
        const events = declaredEvents(customer).flatMap(({ source, detailTypes }) =>
          detailTypes.map((detailType): PutEvent => [source, detailType]),
        );
        const foreign = events.map((event) => evaluate(statements, putBy(STRANGER, own, event)).allowed);
        assert.deepEqual([...new Set(foreign)], [false]);
        const may = (bus: string, event: PutEvent): boolean =>
          evaluate(statements, putByCustomer(customer, bus, event)).allowed;
        assert.deepEqual([...new Set(events.map((event) => may(own, event)))], [true], customer.id);
        assert.ok(!may(own, ["acme.app", "Order Placed"]));
        const others = isShared ? [] : customers.filter(({ id }) => id !== customer.id);
        for (const other of others) assert.ok(!may(hubBusArn(config, other), FINDING));
      }
    });
  });

  test("on whatever bus, an event sets off rules of its own customer only", () => {
    holds(40, (config) => {
      const { routes } = planOf(config);
      const rules = routes.flatMap(({ customer, rules: own }) =>
        own.map(({ pattern }) => {
          const parsed = parsePattern(JSON.stringify(pattern));
          assert.ok("pattern" in parsed);
          return { owner: customer.id, pattern: parsed.pattern };
        }),
      );
      for (const { customer } of routes) {
        const [account = ""] = sendingAccounts(customer);
        const detail = { findings: [{ AwsAccountId: account, ProductName: "Security Hub" }] };
        const event = { account, source: "aws.securityhub", "detail-type": "Security Hub Findings - Imported", detail };
        const owners = rules.filter(({ pattern }) => matches(pattern, event)).map(({ owner }) => owner);
        assert.deepEqual(owners, [customer.id]);
      }
    });
  });

  test("becomes a hub template within CloudFormation's limits, dead letters at every target", () => {
    holds(3, (config) => {
      const template = hubTemplate(config) as {
        readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
      };
      const text = JSON.stringify(template);
      assert.ok(text.length <= LARGEST_TEMPLATE_FROM_BUCKET);
      const resources = Object.values(template.Resources);
      assert.ok(resources.length <= 500);
      for (const { Type, Properties } of resources) {
        if (Type !== "AWS::Events::Rule") continue;
        const { Targets: targets } = Properties as { readonly Targets: Targets };
        for (const { DeadLetterConfig } of targets) assert.ok(DeadLetterConfig);
      }
    });
  });
});
