import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Waiting } from "./store/store.ts";
import { createTurns } from "./turns.ts";

const [HIGH, CRITICAL] = [3, 4];
type Place = { readonly channelId?: string; readonly stage?: Waiting["stage"]; readonly at?: number };
function channel(customerId: string, severityRank: number, place: Place = {}): Waiting {
  const { channelId = `C-${customerId}`, stage = "notices", at = 0 } = place;
  return { customerId, severityRank, channelId, stage, oldestAt: new Date(at) };
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
    [
      "among those who had no turn, the one that waits longest",
      [channel("a", HIGH, { at: 2 }), channel("b", HIGH, { at: 1 })],
      "C-b C-a C-b",
    ],
    [
      "what was counted and is to be named waits for what nobody heard of",
      [channel("a", CRITICAL, { stage: "names" }), channel("b", HIGH)],
      "C-b C-b",
    ],
    [
      "a customer with two channels has no two turns",
      [channel("a", HIGH, { channelId: "C-1" }), channel("a", HIGH, { channelId: "C-2" }), channel("b", HIGH)],
      "C-1 C-b C-2 C-b C-1",
    ],
  ];
  for (const [why, waiting, order] of cases) {
    test(`${why} (${order})`, () => {
      const want = order.split(" ");
      assert.deepEqual(served(waiting, want.length), want);
    });
  }

  test("a channel has one turn, for its worst customer; a message that waits there goes first", () => {
    const note = channel("", HIGH, { channelId: "C-1", stage: "message" });
    const [turn, ...others] = createTurns().order([
      channel("a", HIGH, { channelId: "C-1" }),
      note,
      channel("b", CRITICAL, { channelId: "C-1" }),
    ]);
    assert.deepEqual(others, []);
    assert.deepEqual([turn?.customerId, turn?.hasMessage], ["b", true]);
  });
});
