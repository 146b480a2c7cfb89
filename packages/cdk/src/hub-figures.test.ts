/**
 * The figures that docs/cost.md gives of a hub are those of the hub itself: what is reckoned (@shirase/infra/costs) is
 * what its template has, and so many customers fit into one as the page says.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { costLines, loadsOf, type PriceName } from "@shirase/infra/costs";
import { planHub } from "./hub-plan.ts";
import { hubTemplate } from "./hub-stack.ts";
import { readHubConfig } from "./read-hub-config.ts";
import { codePlace, relayTemplate } from "./relay-stack.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const EXAMPLE = join(ROOT, "examples", "three-customers", "shirase.yaml");
const PAGE = readFileSync(join(ROOT, "docs", "cost.md"), "utf8");
/** CloudFormation's, for a stack. */
const MOST_RESOURCES = 500;

const HTTPS = { relay: { url: "https://relay.msp.example/v1/sns" } };
const BY_Q = { delivery: "amazon-q" };
type Kind = readonly [name: string, hub: object, each: object];
const KINDS: readonly Kind[] = [
  ["amazon-q", {}, BY_Q],
  ["relay-sqs", {}, {}],
  ["relay-sns", HTTPS, {}],
];

/** A hub with so many customers of one account each, every one with a channel of its own. */
function config(count: number, hub: object, each: object): Config {
  const customers = Array.from({ length: count }, (_, index) => ({
    id: `customer-${String(index).padStart(3, "0")}`,
    name: `Customer ${index}`,
    accounts: [String(222_222_222_222 + index)],
    slack: { channel: `C0CUSTOMER${String(index).padStart(3, "0")}` },
    ...each,
  }));
  return Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1", ...hub },
    slack: { workspace: "T0123456789" },
    customers,
  });
}

function typesIn(read: Config): readonly string[] {
  const { Resources } = hubTemplate(read) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  };
  return Object.values(Resources).map(({ Type }) => Type);
}

suite("what a hub costs", () => {
  const hubs: ReadonlyArray<readonly [name: string, config: Config]> = [
    ["the three customers of the example", readHubConfig(EXAMPLE)],
    ...KINDS.map(([name, hub, each]): readonly [string, Config] => [`20 customers, ${name}`, config(20, hub, each)]),
  ];
  for (const [name, read] of hubs) {
    test(`${name}: as many alarms and keys as are reckoned`, () => {
      const types = typesIn(read);
      const made = (type: string): number => types.filter((one) => one === type).length;
      const lines = costLines(loadsOf(read, { findings: 1000, eventKb: 4 }));
      const reckoned = (price: PriceName): number =>
        lines.filter((line) => line.price === price).reduce((sum, { quantity }) => sum + quantity, 0);
      assert.equal(reckoned("alarm"), made("AWS::CloudWatch::Alarm"));
      assert.equal(reckoned("kmsKey"), made("AWS::KMS::Key"));
    });
  }
});

test("the relay on AWS has as many alarms and keys as are reckoned", () => {
  const read = Config.parse({
    ...config(20, { relay: "aws" }, {}),
    slack: { workspace: "T0123456789", token: { ssm: "/shirase/slack-token" } },
  });
  const { Resources } = relayTemplate(read, codePlace(read, "abc")) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  };
  const types = [...typesIn(read), ...Object.values(Resources).map(({ Type }) => Type)];
  const lines = costLines(loadsOf(read, { findings: 1000, eventKb: 4 }));
  for (const [price, type] of [
    ["alarm", "AWS::CloudWatch::Alarm"],
    ["kmsKey", "AWS::KMS::Key"],
  ] as const) {
    const reckoned = lines.filter((line) => line.price === price).reduce((sum, { quantity }) => sum + quantity, 0);
    assert.equal(reckoned, types.filter((one) => one === type).length, price);
  }
});

/** The numbers in a row of the page's table of how many customers fit. */
function rowOf(name: string): readonly number[] {
  const row = PAGE.split("\n").find((line) => line.startsWith(`| ${name} |`)) ?? "";
  return row.split("|").slice(2, -1).map(Number);
}

/** How many customers fit in by what AWS grants for buses and policies. */
function mostPlanned(hub: object, each: object): number {
  let count = 1;
  while ("plan" in planHub(config(count + 1, hub, each))) count += 1;
  return count;
}

/** And by the resources of a stack: each customer adds as many as the one before. */
function mostInStack(hub: object, each: object): number {
  const [two, three] = [2, 3].map((count) => typesIn(config(count, hub, each)).length);
  assert.ok(two !== undefined && three !== undefined);
  return 2 + Math.floor((MOST_RESOURCES - two) / (three - two));
}

suite("how many customers fit into a hub", () => {
  test("a bus for each", () => {
    const fit = KINDS.map(([, hub, each]) => Math.min(mostPlanned(hub, each), mostInStack(hub, each)));
    assert.deepEqual(rowOf("a bus for each"), fit);
  });

  test("one bus for all", () => {
    const fit = KINDS.map(([, hub, each]) => {
      const shared = { ...hub, buses: "shared" };
      return Math.min(mostPlanned(shared, each), mostInStack(shared, each));
    });
    assert.deepEqual(rowOf("one bus for all"), fit);
  });
});
