import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { midnight, monthStart } from "./days.ts";

suite("days as a customer counts them", () => {
  const rows: ReadonlyArray<readonly [why: string, now: string, zone: string, want: string]> = [
    ["in Tokyo it is tomorrow already", "2026-11-25T16:00:00Z", "Asia/Tokyo", "2026-11-25T15:00:00.000Z"],
    ["a minute before Tokyo's midnight", "2026-11-25T14:59:00Z", "Asia/Tokyo", "2026-11-24T15:00:00.000Z"],
    ["UTC needs no shift", "2026-11-25T16:00:00Z", "UTC", "2026-11-25T00:00:00.000Z"],
    ["the day on which clocks went forward", "2026-03-29T15:00:00Z", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["the day on which clocks went back", "2026-10-25T15:00:00Z", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
    ["half an hour from UTC", "2026-11-25T16:00:00Z", "Asia/Kolkata", "2026-11-24T18:30:00.000Z"],
  ];
  for (const [why, now, zone, want] of rows) {
    test(`${why} (${zone})`, () => assert.equal(midnight(new Date(now), zone).toISOString(), want));
  }

  test("a month begins in its own zone, over the turn of the year as well", () => {
    const now = new Date("2026-01-31T16:00:00Z");
    assert.equal(monthStart(now, "Asia/Tokyo").toISOString(), "2026-01-31T15:00:00.000Z");
    assert.equal(monthStart(now, "Asia/Tokyo", 1).toISOString(), "2025-12-31T15:00:00.000Z");
    assert.equal(monthStart(now, "UTC", 2).toISOString(), "2025-11-01T00:00:00.000Z");
  });
});
