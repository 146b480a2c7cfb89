/** Queues of an emulator, read by a whole relay: what is in the store, what is left in the queue. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { type Emulator, startMinistack } from "@shirase/testkit/emulators";
import { sampleEvent } from "@shirase/testkit/events";
import { createQueue, type TestQueue } from "@shirase/testkit/queues";
import { type Relay, startRelay, stderrLogger } from "../main.ts";
import { openQueues } from "./sqs-queue.ts";

const HUB = "111111111111";
const HOME = { account: HUB, region: "ap-northeast-1" };
const ACME = "C0ACME00000";
const OPS = "C0OPS000000";

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-sqs-"));
const cleanUps: (() => Promise<unknown>)[] = [];
let names = 0;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (!("skip" in emulator)) await emulator.stop();
});

function aws(): Emulator {
  if ("skip" in emulator) throw new Error(emulator.skip);
  return emulator;
}

function newName(): string {
  names += 1;
  return `queue-${names}`;
}

type World = { readonly relay: Relay; readonly slack: FakeSlack };

/** @param isTold - false: Slack closed the customer's channel, so that everything that is kept can be counted. */
async function start(queues: readonly string[], isTold = true): Promise<World> {
  const channels = [{ id: ACME, isArchived: !isTold }, { id: OPS }];
  const slack = await startFakeSlack({ channels, limits: "off" });
  cleanUps.push(() => slack.close());
  const relay = await startRelay({
    config: Config.parse({ ...SAMPLE_CONFIG, ingest: { sqs: { queues } } }),
    slackToken: slack.token,
    ingestKey: undefined,
    listen: { host: "127.0.0.1", port: 0 },
    dataDir: join(folder, newName()),
    slackApiUrl: slack.apiUrl,
    logger: stderrLogger("silent"),
    aws: aws().clientFor(HUB, "us-east-1"),
  });
  cleanUps.push(() => relay.stop());
  return { relay, slack };
}

/** Of a security group of its own: told again it would be no news. */
function finding(id: string): string {
  const text = JSON.stringify({ ...sampleEvent("securityhub/lifecycle/01-new.json"), id });
  return text.replaceAll("sg-0a1b2c3d4e5f60718", `sg-${id.replaceAll(" ", "-")}`);
}

function upTo(count: number, prefix: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** Asked again and again: neither the emulator nor another thread tells when it is done. */
async function until(holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilEmpty(queue: TestQueue): Promise<void> {
  await until(async () => (await queue.count()) === 0);
}

/** How often each outcome was counted, of the metric that is named. */
async function metric(relay: Relay, name: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${relay.url}/metrics`)).text();
  const lines = [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\d+)$`, "gm"))];
  return Object.fromEntries(lines.map(([, labels = "", value]) => [labels, Number(value)]));
}

suite("a relay that reads queues", { skip }, () => {
  test("1,000 messages of two queues: each in the store once, what is no event in quarantine, the queues empty", async (t) => {
    const queues = [
      await createQueue(aws(), HOME, newName()),
      await createQueue(aws(), { ...HOME, region: "us-east-1" }, newName()),
    ];
    const [first, second] = queues as [TestQueue, TestQueue];
    const own = upTo(490, "a").map(finding);
    const poison = ["no JSON", JSON.stringify({ hello: "world" }), "[".repeat(1000), JSON.stringify([]), "5"];
    const again = own.slice(0, 10);
    await first.send([...own.slice(0, 250), ...poison, ...own.slice(250), ...again]);
    await second.send(upTo(495, "b").map(finding));
    const startedAt = performance.now();
    const arns = queues.map(({ arn }) => arn);
    const { relay } = await start(arns, false);
    await Promise.all(queues.map(untilEmpty));
    t.diagnostic(`1,000 messages kept and deleted in ${Math.round(performance.now() - startedAt)} ms`);
    const stats = await relay.store.stats();
    assert.equal(stats.waitingByCustomer.get("acme"), 985);
    assert.equal(stats.quarantined, poison.length);
    const bodies = (await relay.store.quarantined(10)).map(({ body }) => body);
    assert.deepEqual(bodies.sort(), [...poison].sort());
    assert.deepEqual(await metric(relay, "shirase_events_total"), {
      'outcome="accepted"': 985,
      'outcome="duplicate"': 10,
      'outcome="quarantined"': 5,
    });
    assert.deepEqual(await metric(relay, "shirase_sqs_messages_total"), {
      [`queue="${first.arn}"`]: 505,
      [`queue="${second.arn}"`]: 495,
    });
  });

  test("a message is told in its customer's channel; a stranger's goes to quarantine", async () => {
    const queue = await createQueue(aws(), HOME, newName());
    const { relay, slack } = await start([queue.arn]);
    const stranger = { ...sampleEvent("securityhub/lifecycle/01-new.json"), account: "999999999999" };
    await queue.send([finding("told"), JSON.stringify(stranger)]);
    await slack.waitFor(() => slack.channel(ACME).messages().length > 0, 10_000);
    await untilEmpty(queue);
    assert.equal(slack.ledger().length, 1);
    assert.match((await relay.store.quarantined(1))[0]?.reason ?? "", /999999999999/);
  });

  test("what somebody took and never deleted comes to the relay when its time is over", async () => {
    const queue = await createQueue(aws(), HOME, newName(), { VisibilityTimeout: "2" });
    await queue.send([finding("left behind")]);
    assert.equal(await queue.hold(), 1);
    const { slack } = await start([queue.arn]);
    await slack.waitFor(() => slack.channel(ACME).messages().length > 0, 10_000);
    await untilEmpty(queue);
  });

  test("a queue that is not there: said on /readyz with what to do, in the metrics, and read when it is made", async () => {
    const name = newName();
    const { relay, slack } = await start([`arn:aws:sqs:${HOME.region}:${HUB}:${name}`]);
    const ready = (): Promise<Response> => fetch(`${relay.url}/readyz`);
    await until(async () => (await ready()).status === 503);
    const { problem } = (await (await ready()).json()) as { problem: string };
    assert.match(problem, new RegExp(`^queue ${name} in ap-northeast-1: there is no such queue\\. .*RelayQueueArn`));
    assert.deepEqual(Object.values(await metric(relay, "shirase_sqs_failing")), [1]);
    const failures = Object.entries(await metric(relay, "shirase_sqs_failures_total"));
    assert.ok(failures.length === 1 && failures[0]?.[0].endsWith('operation="receive",code="no-queue"'));
    const queue = await createQueue(aws(), HOME, name);
    await queue.send([finding("late")]);
    await until(async () => (await ready()).status === 200);
    await slack.waitFor(() => slack.channel(ACME).messages().length > 0, 10_000);
    assert.deepEqual(Object.values(await metric(relay, "shirase_sqs_failing")), [0]);
  });

  test("stopping in a long poll", async () => {
    const queue = await createQueue(aws(), HOME, newName());
    const { relay } = await start([queue.arn]);
    await until(async () => (await fetch(`${relay.url}/healthz`)).ok);
    await relay.stop();
    // What comes afterwards is left alone.
    await queue.send([finding("after")]);
    assert.equal(await queue.count(), 1);
  });

  test("breaking off does not wait for credentials that do not come", async () => {
    const never = { credentials: () => new Promise<never>(() => undefined) };
    const [queue] = await openQueues([`arn:aws:sqs:${HOME.region}:${HUB}:any`], never);
    const stopping = new AbortController();
    const receiving = queue?.receive(20, stopping.signal);
    stopping.abort();
    assert.deepEqual(await receiving, { messages: [] });
    queue?.close();
  });

  test("nobody answers where AWS should be", async () => {
    const nowhere = { ...aws().clientFor(HUB, HOME.region), endpoint: "http://127.0.0.1:1" };
    const [queue] = await openQueues([`arn:aws:sqs:${HOME.region}:${HUB}:any`], nowhere);
    const received = await queue?.receive(20, new AbortController().signal);
    assert.ok(received && "trouble" in received);
    assert.equal(received.trouble.code, "unreachable");
    const removed = await queue?.remove(["receipt"]);
    assert.ok(removed && "trouble" in removed);
    assert.equal(removed.trouble.code, "unreachable");
    queue?.close();
  });
});
