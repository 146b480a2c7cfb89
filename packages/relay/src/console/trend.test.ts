import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Tally } from "./reads.ts";
import { lastDays, trendOf } from "./trend.ts";

const NOW = new Date("2026-11-26T05:00:00Z");

function tally(at: string, opened: number, ended: number): Tally {
  return { at: new Date(at), severityRank: 3, opened, ended, resolved: ended, fixedMs: 0 };
}

suite("trend", () => {
  test("days begin at the customer's midnight, today last", () => {
    assert.deepEqual(
      lastDays(NOW, "Asia/Tokyo", 3).map((day) => day.toISOString()),
      ["2026-11-23T15:00:00.000Z", "2026-11-24T15:00:00.000Z", "2026-11-25T15:00:00.000Z"],
    );
  });

  test("over a change of clocks no day is lost or twice there", () => {
    const days = lastDays(new Date("2026-03-31T05:00:00Z"), "Europe/Berlin", 4).map((day) => day.toISOString());
    assert.deepEqual(days, [
      "2026-03-27T23:00:00.000Z",
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
      "2026-03-30T22:00:00.000Z",
    ]);
  });

  test("what stood open is counted back from now", () => {
    const tallies = [
      tally("2026-11-24T14:00:00Z", 5, 1),
      tally("2026-11-24T15:00:00Z", 2, 0),
      tally("2026-11-26T04:00:00Z", 1, 3),
    ];
    const trend = trendOf(tallies, 4, lastDays(NOW, "Asia/Tokyo", 3));
    assert.deepEqual(
      trend.map(({ opened, ended, open }) => [opened, ended, open]),
      [
        [5, 1, 4],
        [2, 0, 6],
        [1, 3, 4],
      ],
    );
  });

  test("what was forgotten makes no day negative", () => {
    const trend = trendOf([tally("2026-11-26T04:00:00Z", 9, 0)], 4, lastDays(NOW, "Asia/Tokyo", 2));
    assert.deepEqual(
      trend.map(({ open }) => open),
      [0, 4],
    );
  });
});
