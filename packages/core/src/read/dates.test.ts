import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Json } from "../event.ts";
import { dateOf } from "./dates.ts";

suite("dateOf", () => {
  const cases: ReadonlyArray<readonly [why: string, value: Json | undefined, want: string | undefined]> = [
    ["ISO 8601 as Security Hub writes it", "2026-11-20T01:12:09.511Z", "2026-11-20T01:12:09.511Z"],
    ["seconds alone", "2026-11-20T07:00:00Z", "2026-11-20T07:00:00.000Z"],
    ["OCSF has nanoseconds at times", "2026-11-20T10:00:00.337224100Z", "2026-11-20T10:00:00.337Z"],
    ["CloudWatch leaves the colon out of the offset", "2026-11-20T06:50:00.551+0000", "2026-11-20T06:50:00.551Z"],
    ["an offset counts", "2026-11-20T09:00:00+09:00", "2026-11-20T00:00:00.000Z"],
    ["no zone means UTC, wherever the relay runs", "2026-11-20T09:00:00", "2026-11-20T09:00:00.000Z"],
    ["a day alone", "2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["Inspector's form", "Wed Sep 04 16:59:44.356 UTC 2024", "2024-09-04T16:59:44.356Z"],
    ["Inspector's former form, afternoon", "Mar 20, 2023, 6:08:05 PM", "2023-03-20T18:08:05.000Z"],
    ["the same with the narrow space that ICU writes", "Mar 20, 2023, 6:08:05\u202fPM", "2023-03-20T18:08:05.000Z"],
    ["midnight is 12 AM", "Mar 20, 2023, 12:08:05 AM", "2023-03-20T00:08:05.000Z"],
    ["Health's RFC 1123", "Fri, 20 Nov 2026 06:02:51 GMT", "2026-11-20T06:02:51.000Z"],
    ["OCSF's milliseconds", 1795137129511, "2026-11-20T01:12:09.511Z"],
    ["seconds since 1970", 1795137129, "2026-11-20T01:12:09.000Z"],
    ["milliseconds in a string, as Trusted Advisor has them", "1795137129511", "2026-11-20T01:12:09.511Z"],
    ["the 31st of February is no date", "2026-02-31T00:00:00Z", undefined],
    ["year 9999 would break a calendar", "9999-12-31T00:00:00Z", undefined],
    ["before AWS", 0, undefined],
    ["a word", "yesterday", undefined],
    ["nothing", undefined, undefined],
    ["another type", { $date: 1 }, undefined],
  ];
  for (const [why, value, want] of cases) {
    test(`${why} (${JSON.stringify(value)})`, () => assert.equal(dateOf(value)?.toISOString(), want));
  }

  test("any text is a date within 2000 to 2200 or none, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.date().map(String), fc.double()), (value) => {
        const year = dateOf(value)?.getUTCFullYear() ?? 2000;
        assert.ok(year >= 2000 && year < 2200);
      }),
    );
  });
});
