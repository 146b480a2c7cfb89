import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Waiting } from "./store/store.ts";
import { createTurns } from "./turns.ts";

const [HIGH, CRITICAL] = [3, 4];
function channel(customerId: string, severityRank: number, channelId = `C-${customerId}`): Waiting {
  return { customerId, severityRank, channelId };
}

/** Serves the first in order, over and over. */
function served(waiting: readonly Waiting[], times: number): readonly string[] {
  const turns = createTurns();
  return Array.from({ length: times }, () => {
    const [first] = turns.order(waiting);
    if (first) turns.took(first);
    return first?.channelId ?? "";
  });
}

suite("createTurns", () => {
  const cases: ReadonlyArray<readonly [why: string, waiting: readonly Waiting[], order: string]> = [
    ["the worst goes first, however often it was served", [channel("a", HIGH), channel("b", CRITICAL)], "C-b C-b C-b"],
    ["customers alternate", [channel("a", HIGH), channel("b", HIGH)], "C-a C-b C-a"],
    ["among those who had no turn, the order given stays", [channel("b", HIGH), channel("a", HIGH)], "C-b C-a C-b"],
    [
      "a customer with two channels has no two turns",
      [channel("a", HIGH, "C-1"), channel("a", HIGH, "C-2"), channel("b", HIGH, "C-3")],
      "C-1 C-3 C-2 C-3 C-1",
    ],
  ];
  for (const [why, waiting, order] of cases) {
    test(`${why} (${order})`, () => {
      const want = order.split(" ");
      assert.deepEqual(served(waiting, want.length), want);
    });
  }
});
