/**
 * May an event cross? Three doors must be open: EventBridge may take on the customer's role for the rule, the role may
 * put events on the bus, the bus admits the account and the event. Asked of the templates of the example's customers,
 * in every account and region; and each door is shown to be one: opened alone it lets nobody else through, shut alone it
 * stops everybody.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Config } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { fillTemplate } from "@shirase/testkit/filled-template";
import { evaluate, type Statement } from "@shirase/testkit/policy";
import { busPolicy } from "./bus-policy.ts";
import { declaredEvents } from "./declared-events.ts";
import { hubBusArn } from "./names.ts";
import { spokeTemplate } from "./spoke.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const config = example();
const customers = config.customers.map((entry) => resolveCustomer(config, entry));

/** What stands between an event and a bus. */
type Doors = {
  readonly trust: readonly Statement[];
  readonly permission: readonly Statement[];
  readonly bus: readonly Statement[];
};
type Door = keyof Doors;
type Crossing = {
  readonly account: string;
  readonly ruleArn: string;
  readonly bus: string;
  readonly event: readonly [source: string, detailType: string];
};

function example(): Config {
  const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

function doorsOf(customer: ResolvedCustomer, account: string, region: string): Doors {
  const filled = fillTemplate(spokeTemplate(config, customer, region), { account, region });
  const role = filled["SendRole"]?.Properties ?? {};
  const policies = role["Policies"] as readonly { readonly PolicyDocument: unknown }[];
  return {
    trust: statements(role["AssumeRolePolicyDocument"]),
    permission: policies.flatMap(({ PolicyDocument }) => statements(PolicyDocument)),
    bus: customers.flatMap((one) => busPolicy(config, one)),
  };
}

function statements(document: unknown): readonly Statement[] {
  return (document as { readonly Statement: readonly Statement[] }).Statement;
}

/** The door that stops it, the first on its way; undefined when it crosses. */
function stoppedBy(
  { trust, permission, bus }: Doors,
  { account, ruleArn, bus: resource, event }: Crossing,
): Door | undefined {
  const assumed = evaluate(trust, {
    principal: "events.amazonaws.com",
    action: "sts:AssumeRole",
    resource: "",
    context: { "aws:SourceAccount": account, "aws:SourceArn": ruleArn },
  });
  if (!assumed.allowed) return "trust";
  const context = { "events:source": event[0], "events:detail-type": event[1] };
  const put = { principal: account, action: "events:PutEvents", resource, context };
  if (!evaluate(permission, put).allowed) return "permission";
  return evaluate(bus, put).allowed ? undefined : "bus";
}

const places = customers.flatMap((customer) =>
  customer.regions.flatMap((region) => sendingAccounts(customer).map((account) => ({ customer, account, region }))),
);

function crossingOf({ customer, account, region }: (typeof places)[number]): Crossing {
  return {
    account,
    ruleArn: `arn:aws:events:${region}:${account}:rule/shirase-${customer.id}`,
    bus: hubBusArn(config, customer),
    event: ["shirase.test", "Test"],
  };
}

suite("an event crosses", () => {
  for (const place of places) {
    const { customer, account, region } = place;
    const doors = doorsOf(customer, account, region);
    const crossing = crossingOf(place);
    const where = `${customer.id} in ${account}, ${region}`;

    test(`${where}: all that it declared, to its own bus`, () => {
      for (const { source, detailTypes } of declaredEvents(customer)) {
        for (const detailType of detailTypes) {
          assert.equal(stoppedBy(doors, { ...crossing, event: [source, detailType] }), undefined, detailType);
        }
      }
    });

    for (const other of customers.filter(({ id }) => id !== customer.id)) {
      test(`${where}: not to the bus of ${other.id}, which two doors each keep shut`, () => {
        const strayed = { ...crossing, bus: hubBusArn(config, other) };
        const wideRole = { ...doors, permission: doors.permission.map((one) => ({ ...one, Resource: "*" })) };
        const wideBus = { ...doors, bus: doors.bus.map((one) => ({ ...one, Principal: "*" })) };
        assert.equal(stoppedBy(doors, strayed), "permission");
        assert.equal(stoppedBy(wideRole, strayed), "bus");
        assert.equal(stoppedBy(wideBus, strayed), "permission");
        assert.equal(stoppedBy({ ...wideRole, bus: wideBus.bus }, strayed), undefined, "only these two keep it out");
      });
    }
  }

  const [place] = places;
  assert.ok(place);
  const doors = doorsOf(place.customer, place.account, place.region);
  const crossing = crossingOf(place);
  const shut: ReadonlyArray<readonly [why: string, changed: Partial<Doors>, by: Door]> = [
    ["a role without its policy", { permission: [] }, "permission"],
    [
      "a role for another bus",
      { permission: doors.permission.map((one) => ({ ...one, Resource: `${one["Resource"]}-2` })) },
      "permission",
    ],
    [
      "a role for another action",
      { permission: doors.permission.map((one) => ({ ...one, Action: "events:PutRule" })) },
      "permission",
    ],
    [
      "a role that trusts another service",
      { trust: doors.trust.map((one) => ({ ...one, Principal: { Service: "lambda.amazonaws.com" } })) },
      "trust",
    ],
    ["a role that trusts nobody", { trust: [] }, "trust"],
    ["another region's role", { trust: doorsOf(place.customer, place.account, "us-east-1").trust }, "trust"],
    ["another account's role", { trust: doorsOf(place.customer, "555555555555", place.region).trust }, "trust"],
    ["a bus without a policy", { bus: [] }, "bus"],
    ["a customer that was withdrawn", { bus: doors.bus.filter(({ Sid }) => Sid !== "shirase-acme") }, "bus"],
  ];
  for (const [why, changed, by] of shut) {
    test(`not with ${why}: stopped by its ${by}`, () => {
      assert.equal(stoppedBy(doors, crossing), undefined, "it does not cross to begin with");
      assert.equal(stoppedBy({ ...doors, ...changed }, crossing), by);
    });
  }

  test("not what was never declared, whatever the customer's pattern says", () => {
    assert.equal(stoppedBy(doors, { ...crossing, event: ["acme.app", "Order Placed"] }), "bus");
  });

  test("not by another rule of the customer's account", () => {
    assert.equal(stoppedBy(doors, { ...crossing, ruleArn: `${crossing.ruleArn}-of-others` }), "trust");
  });
});
