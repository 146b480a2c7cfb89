import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/prepare";
import { loadConfig, loadCustomers } from "@shirase/testkit/load";
import { overviewOf } from "./overview.ts";
import type { CustomerFigures } from "./reads.ts";

const NOW = new Date("2026-11-26T05:00:00Z");
const OPS = "C0OPS000000";
const config = Config.parse(loadConfig(loadCustomers(3)));
const customers = [...prepare(config).customers.values()];
const [a, b, c] = customers.map(({ id }) => id);

function figures(customerId: string | undefined, more: Partial<CustomerFigures> = {}): CustomerFigures {
  return { customerId: customerId ?? "", open: {}, openedSince: 0, resolvedSince: 0, waiting: 0, dead: 0, ...more };
}

function pause(channelId: string) {
  return { channelId, reason: "is_archived", remedy: "", pausedAt: NOW, recheckAt: NOW };
}

suite("who needs a person", () => {
  const channelOf = (id: string | undefined) => customers.find((one) => one.id === id)?.slack.channel ?? "";
  const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
  const rows: ReadonlyArray<
    readonly [
      why: string,
      figures: readonly CustomerFigures[],
      pauses: readonly string[],
      order: readonly string[],
      needs: string,
    ]
  > = [
    ["nobody: by name", [figures(b), figures(a)], [], [a ?? "", b ?? ""], ""],
    [
      "who hears nothing goes before open findings",
      [figures(a, { open: { CRITICAL: 9 } }), figures(b)],
      [channelOf(b)],
      [b ?? "", a ?? ""],
      "paused",
    ],
    [
      "a dead letter goes before a backlog",
      [figures(a, { waiting: 1, oldestWaitingAt: ago(9) }), figures(b, { dead: 1 })],
      [],
      [b ?? "", a ?? ""],
      "dead",
    ],
    [
      "what waits for six minutes is late",
      [figures(a), figures(b, { waiting: 1, oldestWaitingAt: ago(6) })],
      [],
      [b ?? "", a ?? ""],
      "late",
    ],
    [
      "what waits for four is in its turn",
      [figures(a), figures(b, { waiting: 1, oldestWaitingAt: ago(4) })],
      [],
      [a ?? "", b ?? ""],
      "",
    ],
    [
      "one CRITICAL goes before many HIGH",
      [figures(a, { open: { HIGH: 90 } }), figures(c, { open: { CRITICAL: 1 } })],
      [],
      [c ?? "", a ?? ""],
      "",
    ],
    ["the operators' own channel counts as well", [figures(a), figures("")], [OPS], ["", a ?? ""], "paused"],
  ];
  for (const [why, given, pauses, order, needs] of rows) {
    test(why, () => {
      const parts = { customers, opsChannelId: OPS, figures: given, pulses: [], pauses: pauses.map(pause) };
      const found = overviewOf(parts, NOW);
      assert.deepEqual(
        found.map(({ id }) => id),
        order,
      );
      assert.equal(found[0]?.needs.join(), needs);
    });
  }

  test("a silent account is a need; one that was never set up is none", () => {
    const place = { customerId: a ?? "", accountId: "222222222222", region: "us-east-1", everyMs: 1 };
    const needs = (state: "never" | "missed") =>
      overviewOf(
        { customers, opsChannelId: undefined, figures: [figures(a)], pulses: [{ ...place, state }], pauses: [] },
        NOW,
      )[0]?.needs;
    assert.deepEqual(needs("missed"), ["silent"]);
    assert.deepEqual(needs("never"), []);
  });
});
