import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { manualClock } from "@shirase/testkit/clock";
import type { QueueState } from "./ingest/sqs.ts";
import { type Readiness, readinessOf } from "./readiness.ts";
import type { DeliveryFailure } from "./send/destination.ts";

type World = {
  readonly ready: Readiness;
  readonly clock: ReturnType<typeof manualClock>;
  readonly asked: { slack: number; disk: number };
  slack: DeliveryFailure | undefined;
  disk: Error | undefined;
  queues: readonly QueueState[];
};

function start(): World {
  const clock = manualClock();
  const asked = { slack: 0, disk: 0 };
  const probe = async (): Promise<void> => {
    asked.disk += 1;
    if (world.disk) throw world.disk;
  };
  const check = (): Promise<DeliveryFailure | undefined> => {
    asked.slack += 1;
    return Promise.resolve(world.slack);
  };
  const queues = (): readonly QueueState[] => world.queues;
  const ready = readinessOf({ store: { probe }, destination: { check }, queues, clock });
  const world: World = { ready, clock, asked, slack: undefined, disk: undefined, queues: [] };
  return world;
}

suite("readinessOf", () => {
  test("all is well, however often it is asked: Slack is asked once a minute, the disk every five seconds", async () => {
    const world = start();
    for (let second = 0; second < 60; second += 1) {
      for (let n = 0; n < 3; n += 1) assert.equal(await world.ready(), undefined);
      await world.clock.advance(1000);
    }
    assert.deepEqual(world.asked, { slack: 1, disk: 12 });
  });

  test("a token that Slack refuses is said with its remedy, and the cure shows at once", async () => {
    const world = start();
    world.slack = { kind: "stop", scope: "workspace", reason: "invalid_auth", remedy: "Install the app again." };
    assert.equal(await world.ready(), "Slack: invalid_auth. Install the app again.");
    world.slack = undefined;
    assert.equal(await world.ready(), undefined);
  });

  for (const failure of [
    { kind: "retry", reason: "HTTP 503" },
    { kind: "wait", afterMs: 1000 },
  ] as const) {
    test(`a Slack that is away for a while (${failure.kind}) is no reason to take no events`, async () => {
      const world = start();
      world.slack = failure;
      assert.equal(await world.ready(), undefined);
    });
  }

  test("a disk that takes nothing is said first", async () => {
    const world = start();
    world.disk = new Error("database or disk is full");
    assert.match((await world.ready()) ?? "", /cannot be written: database or disk is full\. Make room/);
    assert.equal(world.asked.slack, 0);
  });

  test("a queue that cannot be read is named with its remedy; one that can is not", async () => {
    const world = start();
    const trouble = { code: "access-denied", problem: "these AWS credentials may not use it", remedy: "Allow them." };
    world.queues = [
      { arn: "arn:aws:sqs:ap-northeast-1:111111111111:well", trouble: undefined },
      { arn: "arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay", trouble },
    ];
    const problem = "queue shirase-relay in ap-northeast-1: these AWS credentials may not use it. Allow them.";
    assert.equal(await world.ready(), problem);
    world.queues = [];
    assert.equal(await world.ready(), undefined);
  });
});
