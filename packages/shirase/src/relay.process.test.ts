/** `shirase relay` as a process of its own: killed, stopped, started wrongly, fed from files. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, suite, test } from "node:test";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { sampleEvent } from "@shirase/testkit/events";
import { OWN_ENV } from "@shirase/testkit/own-env";

const BIN = join(import.meta.dirname, "bin.ts");
const KEY = "a-key-for-tests";
const CHANNEL = "C0ACME00000";
/** A start that should fail and does not must not hang the run. */
const ENDS_WITHIN_MS = 20_000;
/** More than are taken before the kill. */
const MOST_POSTS = 400;
const CONFIG = `
hub: { account: "111111111111", region: ap-northeast-1 }
slack: { workspace: T0123456789, opsChannel: C0OPS000000 }
customers:
  - { id: acme, name: Acme, accounts: ["222222222222"], slack: { channel: ${CHANNEL} } }
`;
const folder = mkdtempSync(join(tmpdir(), "shirase-process-"));
const configFile = join(folder, "shirase.yaml");
writeFileSync(configFile, CONFIG);

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function newSlack(): Promise<FakeSlack> {
  const slack = await startFakeSlack({ channels: [{ id: CHANNEL }, { id: "C0OPS000000" }], limits: "off" });
  cleanUps.push(() => slack.close());
  return slack;
}

type Started = { readonly child: ChildProcess; readonly url: string; readonly ended: Promise<number | null> };
type Env = Readonly<Record<string, string>>;

function spawnRelay(slack: FakeSlack, args: readonly string[], env: Env = {}): ChildProcess {
  const all = [
    "--conditions=@shirase/source",
    BIN,
    "relay",
    "--config",
    configFile,
    "--listen",
    "127.0.0.1:0",
    ...args,
  ];
  const own = { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.apiUrl, SHIRASE_INGEST_KEY: KEY, ...env };
  const child = spawn(process.execPath, all, { env: { ...OWN_ENV, ...own }, stdio: "pipe" });
  cleanUps.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  });
  return child;
}

/** Starts it and waits until its log says where it listens. */
function start(slack: FakeSlack, dataDir: string): Promise<Started> {
  const child = spawnRelay(slack, ["--data", dataDir]);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return new Promise((resolve, reject) => {
    if (!child.stderr) return reject(new Error("no standard error"));
    createInterface({ input: child.stderr }).on("line", (line) => {
      const { url } = JSON.parse(line) as { url?: string };
      if (url !== undefined) resolve({ child, url, ended });
    });
    void ended.then((code) => reject(new Error(`it ended with ${code}`)));
  });
}

/** Runs it to its end. */
async function runToEnd(
  slack: FakeSlack,
  args: readonly string[],
  { env = {}, input = "" }: { readonly env?: Env; readonly input?: string } = {},
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawnRelay(slack, args, env);
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  child.stdin?.end(input);
  const tooLong = setTimeout(() => child.kill("SIGKILL"), ENDS_WITHIN_MS);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearTimeout(tooLong);
  return { code, said };
}

function finding(id: string): string {
  const text = JSON.stringify({ ...sampleEvent("securityhub/lifecycle/01-new.json"), id });
  return text.replaceAll("sg-0a1b2c3d4e5f60718", `sg-${id}`);
}

function isNamed(slack: FakeSlack, id: string): boolean {
  return slack
    .channel(CHANNEL)
    .messages()
    .some(({ payload }) => JSON.stringify(payload).includes(`sg-${id}`));
}

const headers = { authorization: `Bearer ${KEY}` };

/** Posts findings until the relay is gone, and hears of each 202. @returns the ids it answered 202 for. */
async function postUntilGone(url: string, from: number, onAcknowledged: (count: number) => void): Promise<string[]> {
  const acknowledged: string[] = [];
  const lane = async (first: number): Promise<void> => {
    for (let n = first; n < from + MOST_POSTS; n += 4) {
      const id = `k${n}x`;
      const request = { method: "POST", headers, body: finding(id) };
      const answer = await fetch(`${url}/v1/events`, request).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 202) acknowledged.push(id);
      onAcknowledged(acknowledged.length);
    }
  };
  await Promise.all([0, 1, 2, 3].map((lane4) => lane(from + lane4)));
  return acknowledged;
}

suite("shirase relay, killed", () => {
  test("kill -9 in mid-ingest, three times over: everything acknowledged is told", async () => {
    const slack = await newSlack();
    const dataDir = join(folder, "killed");
    const acknowledged: string[] = [];
    // By count, not by time: a slow machine must not be killed before it took anything.
    for (const [round, killAfter] of [1, 20, 60].entries()) {
      const { child, url, ended } = await start(slack, dataDir);
      acknowledged.push(
        ...(await postUntilGone(url, round * 1000, (count) => {
          if (count >= killAfter) child.kill("SIGKILL");
        })),
      );
      await ended;
    }
    assert.ok(acknowledged.length >= 81, `only ${acknowledged.length} were acknowledged before the kills`);
    const last = await start(slack, dataDir);
    const messages = (): readonly string[] => slack.ledger().map(({ payload }) => JSON.stringify(payload));
    const saying = (id: string): number => messages().filter((text) => text.includes(`sg-${id}`)).length;
    await slack.waitFor(() => acknowledged.every((id) => saying(id) > 0), 30_000);
    const twice = acknowledged.filter((id) => saying(id) > 1);
    assert.deepEqual(twice, [], `${twice.length} of ${acknowledged.length} acknowledged findings are told twice`);
    last.child.kill("SIGTERM");
    await last.ended;
  });
});

suite("shirase relay, stopped", () => {
  test("SIGTERM ends it with 0; what waited is told at the next start", async () => {
    const slack = await newSlack();
    const dataDir = join(folder, "stopped");
    slack.setChannel({ id: CHANNEL, isArchived: true });
    const first = await start(slack, dataDir);
    await fetch(`${first.url}/v1/events`, { method: "POST", headers, body: finding("stopped1") });
    await slack.waitFor(() => slack.channel("C0OPS000000").messages().length > 0);
    first.child.kill("SIGTERM");
    assert.equal(await first.ended, 0);
    slack.setChannel({ id: CHANNEL, isArchived: false });
    const { openSqliteStore } = await import("@shirase/relay/store/sqlite");
    const store = openSqliteStore({ dataDir });
    assert.equal(await store.redrive(undefined), 0);
    await store.close();
    await start(slack, dataDir);
    await slack.waitFor(() => slack.channel(CHANNEL).messages().length === 1);
  });
});

suite("shirase relay, started wrongly", () => {
  test("a taken address is one clear sentence", async () => {
    const slack = await newSlack();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const listen = ["--listen", `127.0.0.1:${port}`, "--data", join(folder, "taken")];
    const { code, said } = await runToEnd(slack, listen);
    assert.equal(code, 1);
    assert.match(said, /^shirase: the address 127\.0\.0\.1:\d+ is taken by another program.*--listen/);
    assert.ok(!said.includes("    at "), said);
  });

  const wrong: ReadonlyArray<readonly [why: string, args: readonly string[], env: Env, code: number, says: RegExp]> = [
    ["no token", [], { SLACK_BOT_TOKEN: "" }, 1, /SLACK_BOT_TOKEN/],
    ["nobody could send anything", [], { SHIRASE_INGEST_KEY: "" }, 1, /openssl rand -hex 32/],
    ["an address that is none", ["--listen", "here"], {}, 2, /HOST:PORT/],
    ["no such config", ["--config", "/nowhere/shirase.yaml"], {}, 1, /cannot read the config file/],
    ["a folder that is a file", ["--data", configFile], {}, 1, /cannot be used/],
  ];
  for (const [why, args, env, code, says] of wrong) {
    test(why, async () => {
      const ended = await runToEnd(await newSlack(), ["--data", join(folder, "wrong"), ...args], { env });
      assert.equal(ended.code, code, ended.said);
      assert.match(ended.said, says);
      assert.ok(!ended.said.includes("    at "), ended.said);
    });
  }
});

suite("shirase relay --read", () => {
  test("takes standard input a line at a time, tells it, says what is wrong with its line, and ends", async () => {
    const slack = await newSlack();
    const input = `${finding("in1")}\n\nnot json\n${JSON.stringify({ id: "x" })}\n${finding("in2")}\n`;
    const args = ["--data", join(folder, "read"), "--read", "-", "--log-level", "silent"];
    const { code, said } = await runToEnd(slack, args, { input });
    assert.match(said, /line 3 is not JSON/);
    assert.match(said, /line 4: source: expected a string/);
    assert.match(said, /2 events taken, 2 refused/);
    assert.equal(code, 1);
    assert.deepEqual(
      ["in1", "in2"].map((id) => isNamed(slack, id)),
      [true, true],
    );
  });

  test("takes a file, tells it and ends with 0; nobody could send it anything, and nobody need", async () => {
    const slack = await newSlack();
    const file = join(folder, "events.json");
    writeFileSync(file, `[${finding("f1")},${finding("f2")}]`);
    const args = ["--data", join(folder, "file"), "--read", file, "--log-level", "silent"];
    const { code, said } = await runToEnd(slack, args, { env: { SHIRASE_INGEST_KEY: "" } });
    assert.equal(code, 0, said);
    assert.deepEqual(
      ["f1", "f2"].map((id) => isNamed(slack, id)),
      [true, true],
    );
  });
});

suite("shirase redrive --list", () => {
  test("shows what is paused, dead and in quarantine, with nothing that plays tricks on a terminal", async () => {
    const dataDir = join(folder, "listed");
    const { openSqliteStore } = await import("@shirase/relay/store/sqlite");
    const store = openSqliteStore({ dataDir });
    const now = new Date("2026-11-20T00:00:00Z");
    const about = { id: "d1", customerId: "acme", channelId: CHANNEL, kind: "note", severityRank: 3 } as const;
    await store.enqueue({ ...about, body: "{}", counted: 1, isBroadcast: false }, now);
    await store.setAside("e2", "bus \u001b[2J\u202eevil is nobody's", "{}", now);
    await store.markDead("d1", "invalid_blocks", now);
    await store.pause({
      channelId: CHANNEL,
      reason: "is_archived",
      remedy: "Unarchive it.",
      pausedAt: now,
      recheckAt: now,
    });
    await store.close();
    const args = ["--conditions=@shirase/source", BIN, "redrive", "--data", dataDir, "--list"];
    const listed = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(listed.status, 0, listed.stderr);
    assert.equal(
      listed.stdout,
      "paused      C0ACME00000  2026-11-20T00:00:00.000Z  is_archived: Unarchive it.\n" +
        "dead        C0ACME00000  acme  2026-11-20T00:00:00.000Z  invalid_blocks\n" +
        "quarantine  2026-11-20T00:00:00.000Z  e2  bus [2Jevil is nobody's\n",
    );
  });
});
