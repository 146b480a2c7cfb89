/**
 * A second opinion on every pattern that the presets and the hub's rules produce. ministack refuses invalid patterns at
 * PutRule as AWS does; localemu takes anything, and cfn-lint does not read patterns.
 */
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { Config, SOURCES } from "@shirase/core/config";
import { spokeTemplates } from "@shirase/infra/spoke";
import { type BusCaller, busCaller } from "@shirase/testkit/buses";
import { startMinistack } from "@shirase/testkit/emulators";
import { planHub } from "./hub-plan.ts";

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const ACCOUNTS = Array.from({ length: 150 }, (_, n) => String(200_000_000_000 + n));

after(() => ("skip" in emulator ? undefined : emulator.stop()));

function caller(): BusCaller {
  if ("skip" in emulator) throw new Error(emulator.skip);
  return busCaller(emulator, { account: "111111111111", region: "us-east-1" });
}

/** Every preset with every source alone, with all, with each severity, by each delivery; filters; many accounts. */
function configs(): readonly Config[] {
  const shapes: object[] = [];
  for (const delivery of ["relay", "amazon-q"]) {
    for (const pattern of ["classic", "alerts", "lifecycle"]) {
      for (const sources of [...SOURCES.map((source) => [source]), SOURCES])
        shapes.push({ delivery, pattern, sources });
      for (const severity of ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"]) {
        shapes.push({ delivery, pattern, sources: SOURCES, severities: [severity] });
      }
    }
    const filter = { detail: { findings: { ProductName: [{ "anything-but": ["Macie"] }, { exists: false }] } } };
    shapes.push({ delivery, accounts: ACCOUNTS, filter });
    shapes.push({ delivery, accounts: ACCOUNTS, delegatedAdmin: ACCOUNTS[0], filter });
    shapes.push({ delivery, accounts: ACCOUNTS.slice(0, 3), delegatedAdmin: ACCOUNTS[0], sources: SOURCES });
    shapes.push({ delivery, filter: { $or: [filter, { source: ["aws.health"] }] } });
    shapes.push({ delivery, delegatedAdmin: "222222222222", filter: { $or: [filter, { source: ["aws.health"] }] } });
  }
  return shapes.map((shape) =>
    Config.parse({
      hub: { account: "111111111111", region: "us-east-1" },
      slack: { workspace: "T0123456789" },
      customers: [
        { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...shape },
      ],
    }),
  );
}

/** The patterns of the customers' rules and of the hub's, each once. */
function patterns(): readonly string[] {
  const found = configs().flatMap((config) => {
    const planned = planHub(config);
    assert.ok("plan" in planned, JSON.stringify(planned));
    const hub = planned.plan.routes.flatMap(({ rules }) => rules.map(({ pattern }) => pattern));
    const resources = spokeTemplates(config).flatMap(({ template }) => Object.values(template.Resources));
    const spoke = resources.flatMap(({ Type, Properties }) =>
      Type === "AWS::Events::Rule" ? [Properties["EventPattern"]] : [],
    );
    return [...hub, ...spoke].map((pattern) => JSON.stringify(pattern));
  });
  return [...new Set(found)];
}

suite("ministack on our patterns", { skip }, () => {
  test("takes every pattern that presets and rules produce", async (t) => {
    const events = caller();
    const refused: string[] = [];
    const all = patterns();
    for (const pattern of all) {
      await events.putRule({ name: "second-opinion", pattern }).catch((error: unknown) => {
        refused.push(`${error}: ${pattern}`);
      });
    }
    events.close();
    assert.deepEqual(refused, []);
    t.diagnostic(`${all.length} patterns`);
  });

  const bad: ReadonlyArray<readonly [why: string, pattern: string]> = [
    ["a string where a list belongs", '{"source":"aws.securityhub"}'],
    ["an operator that does not exist", '{"source":[{"regex":"aws.*"}]}'],
    ["a list of nothing", '{"source":[]}'],
    ["an alternative alone", '{"$or":[{"source":["a"]}]}'],
    ["no JSON", "{"],
  ];
  for (const [why, pattern] of bad) {
    test(`refuses ${why}, as AWS does: its yes means something`, async () => {
      const events = caller();
      await assert.rejects(events.putRule({ name: "refused", pattern }), /pattern|JSON|Event/i);
      events.close();
    });
  }

  test("PutEvents takes nothing from sources that are AWS's own", async () => {
    const events = caller();
    for (const source of ["aws.securityhub", "aws.guardduty", "aws.health"]) {
      const event = { source, detailType: "Security Hub Findings - Imported", detail: {} };
      await assert.rejects(events.put(event), /Not authorized for the source/, source);
    }
    await events.put({ source: "shirase.test", detailType: "Test", detail: {} });
    events.close();
  });
});
