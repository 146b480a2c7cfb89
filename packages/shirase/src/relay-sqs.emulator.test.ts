/** `shirase relay` with a queue, as a process of its own: killed, stopped, out of disk. The queue is an emulator's. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, suite, test } from "node:test";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { openSqliteStore } from "@shirase/relay/store/sqlite";
import { type Emulator, startMinistack } from "@shirase/testkit/emulators";
import { sampleEvent } from "@shirase/testkit/events";
import { createQueue, type TestQueue } from "@shirase/testkit/queues";
import { type LogLine, type RelayProcess, spawnRelay } from "@shirase/testkit/relay-process";

const BIN = join(import.meta.dirname, "bin.ts");
const HOME = { account: "111111111111", region: "ap-northeast-1" };
const CHANNEL = "C0ACME00000";
const IS_LINUX = process.platform === "linux";

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-relay-sqs-"));
const cleanUps: (() => Promise<unknown>)[] = [];

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

/** Nothing is told: Slack closed its only channel, so everything that is kept is there to be counted. */
async function closedSlack(): Promise<FakeSlack> {
  const slack = await startFakeSlack({ channels: [{ id: CHANNEL }], limits: "off" });
  slack.setChannel({ id: CHANNEL, isArchived: true });
  cleanUps.push(() => slack.close());
  return slack;
}

type Starting = {
  readonly slack: FakeSlack;
  readonly queue: TestQueue;
  /** Of its config and its data folder. */
  readonly name: string;
  readonly args?: readonly string[];
  readonly largestFileKiB?: number;
};

/** Starts it with the environment that somebody would give it, and no ingest key. */
function start({ slack, queue, name, args = [], ...limits }: Starting): RelayProcess {
  const config = join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    `hub: { account: "111111111111", region: ap-northeast-1 }
slack: { workspace: T0123456789 }
ingest: { sqs: { queues: ["${queue.arn}"] } }
customers:
  - { id: acme, name: Acme, accounts: ["222222222222"], slack: { channel: ${CHANNEL} } }
`,
  );
  const relay = spawnRelay({
    bin: BIN,
    args: ["--config", config, "--listen", "127.0.0.1:0", "--data", join(folder, name), ...args],
    env: {
      SLACK_BOT_TOKEN: slack.token,
      SLACK_API_URL: slack.apiUrl,
      AWS_ENDPOINT_URL: aws().endpoint,
      AWS_ACCESS_KEY_ID: HOME.account,
      AWS_SECRET_ACCESS_KEY: "any",
    },
    ...limits,
  });
  cleanUps.push(() => relay.stop("SIGKILL"));
  return relay;
}

function findings(count: number): readonly string[] {
  const event = JSON.stringify(sampleEvent("securityhub/lifecycle/01-new.json"));
  return Array.from({ length: count }, (_, index) => {
    const ofOneGroup = JSON.parse(event.replaceAll("sg-0a1b2c3d4e5f60718", `sg-${index}-x`)) as object;
    return JSON.stringify({ ...ofOneGroup, id: `e${index}` });
  });
}

/** How many findings a stopped relay has to tell. */
async function keptIn(name: string): Promise<number> {
  const store = openSqliteStore({ dataDir: join(folder, name), isOwner: false });
  const waiting = (await store.stats()).waitingByCustomer.get("acme") ?? 0;
  await store.close();
  return waiting;
}

/** Longer than the half minute that a killed relay's messages stay hidden. */
const WITHIN_MS = 90_000;

/** Another process and an emulator: neither tells when it is done. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not happen within ${WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Is this the log's so many-th decision? */
function decision(count: number): (line: LogLine) => boolean {
  const seen = new Set<LogLine>();
  return (line) => {
    if (line.msg === "decided") seen.add(line);
    return seen.size >= count;
  };
}

suite("shirase relay with a queue", { skip }, () => {
  test("kill -9 in the middle, three times over: every message is kept, and once", async () => {
    const slack = await closedSlack();
    const queue = await createQueue(aws(), HOME, "killed");
    const given = { slack, queue, name: "killed" };
    await queue.send(findings(400));
    for (const killAfter of [1, 40, 100]) {
      const relay = start(given);
      await relay.logged(decision(killAfter));
      await relay.stop("SIGKILL");
    }
    const left = await queue.count();
    assert.ok(left > 0, "all was read before the last kill: nothing was in the middle");
    const last = start(given);
    await until(async () => (await queue.count()) === 0);
    assert.equal(await last.stop("SIGTERM"), 0);
    assert.equal(await keptIn("killed"), 400);
  });

  test("SIGTERM in a long poll: it ends with 0, not by being cut short", async () => {
    const slack = await closedSlack();
    const queue = await createQueue(aws(), HOME, "stopped");
    const relay = start({ slack, queue, name: "stopped" });
    await queue.send(findings(1));
    await relay.logged(decision(1));
    await until(async () => (await queue.count()) === 0);
    // It waits for the next one now, 20 seconds long; the process would be cut short after ten, with 1.
    assert.equal(await relay.stop("SIGTERM"), 0);
    assert.equal(relay.log.at(-1)?.msg, "stopped");
  });

  test("a disk that is full: nothing is deleted that is not kept; with room again all of it is", {
    skip: IS_LINUX ? false : "only Linux lets a process's limits be changed from outside",
  }, async () => {
    const slack = await closedSlack();
    const queue = await createQueue(aws(), HOME, "full");
    await queue.send(findings(200));
    const relay = start({ slack, queue, name: "full", largestFileKiB: 400 });
    await relay.logged(({ msg }) => msg?.startsWith("the store takes nothing") === true);
    const nothingIsLost = async (): Promise<void> => {
      const [left, kept] = [await queue.count(), await keptIn("full")];
      assert.ok(left > 0 && left + kept >= 200, `${left} left, ${kept} kept`);
    };
    await nothingIsLost();
    await relay.makeRoom();
    await relay.logged(({ msg }) => msg === "the store takes events again");
    await until(async () => (await queue.count()) === 0);
    assert.equal(await relay.stop("SIGTERM"), 0);
    assert.equal(await keptIn("full"), 200);
  });

  test("--read takes a file and leaves the queue alone", async () => {
    const slack = await closedSlack();
    slack.setChannel({ id: CHANNEL, isArchived: false });
    const queue = await createQueue(aws(), HOME, "reading");
    await queue.send(findings(1));
    const file = join(folder, "event.json");
    writeFileSync(file, findings(1)[0] ?? "");
    const relay = start({ slack, queue, name: "reading", args: ["--read", file] });
    assert.equal(await relay.ended, 0);
    assert.equal(slack.ledger().length, 1);
    assert.equal(await queue.count(), 1);
  });
});
