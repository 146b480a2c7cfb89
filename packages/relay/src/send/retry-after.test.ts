import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { retryAfterMs } from "./retry-after.ts";

suite("retryAfterMs", () => {
  const cases: ReadonlyArray<readonly [why: string, seconds: number | undefined, wantMs: number]> = [
    ["whole seconds become milliseconds", 30, 30_000],
    ["a fraction rounds up, never down", 1.2, 2000],
    ["no header still waits", undefined, 1000],
    ["zero would be a busy loop", 0, 1000],
    ["what is no number is no reason to wait for ever", Number.NaN, 1000],
    ["an hour is capped: the outbox tries again anyway", 3600, 300_000],
  ];
  for (const [why, seconds, wantMs] of cases) {
    test(`${why} (${seconds} -> ${wantMs} ms)`, () => assert.equal(retryAfterMs(seconds), wantMs));
  }
});
