import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { manualClock } from "@shirase/testkit/clock";
import type { QueueTrouble } from "./queue.ts";
import { createQueueHealth, type QueueHealth } from "./queue-health.ts";

const ARN = "arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay";
const MINUTE = 60_000;

function troubleOf(code: string): QueueTrouble {
  return { code, problem: `the problem of ${code}`, remedy: `The remedy for ${code}.` };
}
const DENIED = troubleOf("access-denied");
const THROTTLED = troubleOf("throttled");

function start(): {
  readonly health: QueueHealth;
  readonly clock: ReturnType<typeof manualClock>;
  readonly heard: string[];
} {
  const clock = manualClock();
  const heard: string[] = [];
  const health = createQueueHealth(ARN, clock, {
    failed: (_, operation, { code }, isNews) => heard.push(`${operation} ${code}${isNews ? "" : " again"}`),
    stuck: (_, { code }) => heard.push(`stuck ${code}`),
    works: (_, wasStuck) => heard.push(wasStuck ? "works after long" : "works"),
  });
  return { health, clock, heard };
}

suite("createQueueHealth", () => {
  test("a trouble is news once, its cure as well, and a queue that is well is no news", () => {
    const { health, heard } = start();
    health.worked("receive");
    health.failed("receive", DENIED);
    health.failed("receive", DENIED);
    assert.deepEqual(health.trouble(), DENIED);
    health.worked("receive");
    health.worked("receive");
    assert.equal(health.trouble(), undefined);
    assert.deepEqual(heard, ["receive access-denied", "receive access-denied again", "works"]);
  });

  test("another trouble is news", () => {
    const { health, heard } = start();
    health.failed("receive", THROTTLED);
    health.failed("receive", DENIED);
    assert.deepEqual(heard, ["receive throttled", "receive access-denied"]);
  });

  test("who may read and not delete is in trouble however often reading works", () => {
    const { health, heard } = start();
    for (let round = 0; round < 3; round += 1) {
      health.worked("receive");
      health.failed("delete", DENIED);
    }
    health.worked("receive");
    assert.deepEqual(health.trouble(), DENIED);
    health.worked("delete");
    assert.deepEqual(heard, [
      "delete access-denied",
      "delete access-denied again",
      "delete access-denied again",
      "works",
    ]);
  });

  test("what lasts five minutes is told to people, once, and so is its end", async () => {
    const { health, clock, heard } = start();
    for (let minute = 0; minute < 12; minute += 1) {
      health.failed("receive", DENIED);
      await clock.advance(MINUTE);
    }
    health.worked("receive");
    const said = heard.filter((one) => !one.endsWith("again"));
    assert.deepEqual(said, ["receive access-denied", "stuck access-denied", "works after long"]);
    assert.equal(heard.indexOf("stuck access-denied"), 6);
  });

  test("troubles with cures between them never last", async () => {
    const { health, clock, heard } = start();
    for (let minute = 0; minute < 12; minute += 1) {
      health.failed("receive", THROTTLED);
      await clock.advance(MINUTE);
      health.worked("receive");
    }
    assert.ok(!heard.some((one) => one.startsWith("stuck") || one.endsWith("long")));
  });
});
