/** `shirase silence` against the data folder of a relay that runs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { type Clock, systemClock } from "@shirase/relay/clock";
import { type Relay, startRelay, stderrLogger } from "@shirase/relay/main";
import { sampleEvent } from "@shirase/testkit/events";
import { loadConfig } from "./load-config.ts";

const BIN = join(import.meta.dirname, "bin.ts");
const CHANNEL = "C0ACME00000";
const CONFIG = `
hub: { account: "111111111111", region: ap-northeast-1 }
slack: { workspace: T0123456789 }
customers:
  - id: acme
    name: Acme
    timezone: Asia/Tokyo
    accounts: ["222222222222"]
    slack: { channel: ${CHANNEL} }
    silences:
      - { match: { source: [aws.macie] }, owner: bo, reason: "buckets move", from: "2026-01-01", until: "2026-01-31" }
`;

/** Whatever the relay does every few seconds it does at once here. */
const HASTY: Clock = { ...systemClock, wait: (ms, signal) => systemClock.wait(Math.min(ms, 50), signal) };

suite("shirase silence", () => {
  const folder = mkdtempSync(join(tmpdir(), "shirase-silence-"));
  const file = join(folder, "shirase.yaml");
  const dataDir = join(folder, "data");
  let slack!: FakeSlack;
  let relay!: Relay;
  before(async () => {
    writeFileSync(file, CONFIG);
    slack = await startFakeSlack({ channels: [{ id: CHANNEL }], limits: "off" });
    relay = await startRelay({
      config: await loadConfig(file),
      slackToken: slack.token,
      ingestKey: "a-key-for-tests",
      listen: { host: "127.0.0.1", port: 0 },
      dataDir,
      slackApiUrl: slack.apiUrl,
      logger: stderrLogger("fatal"),
      clock: HASTY,
    });
  });
  after(async () => {
    await relay?.stop();
    await slack?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function silence(...args: readonly string[]): {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
  } {
    const own = ["--config", file, "--data", dataDir];
    const all = ["--conditions=@shirase/source", BIN, "silence", ...args, ...own];
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: "utf8" });
    return { code: status, out: stdout, err: stderr };
  }

  let events = 0;
  /** How many are told of a new problem, at another resource each time. */
  async function tellNew(): Promise<number> {
    events += 1;
    const event = sampleEvent("securityhub/lifecycle/01-new.json");
    const text = JSON.stringify({ ...event, id: `e${events}` }).replaceAll("sg-", `sg-${events}-`);
    const told = await relay.accept([JSON.parse(text)]);
    assert.ok("told" in told);
    return told.told;
  }

  /** The relay looks at what others wrote now and then: until it has looked, the old holds. */
  async function until(wanted: number): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await tellNew()) === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`never ${wanted} told`);
  }

  test("made, obeyed by the relay that runs, listed with its count, ended, and told again", async () => {
    assert.equal(await tellNew(), 1);
    const match = '{"source":["aws.securityhub"]}';
    const made = silence("add", "acme", "--match", match, "--reason", "moving house", "--owner", "ana", "--for", "2d");
    assert.equal(made.code, 0, made.err);
    const [, id = ""] = /Its id: (\S+)/.exec(made.out) ?? [];
    await until(0);
    const listed = silence("list");
    assert.equal(listed.code, 0, listed.err);
    assert.match(listed.out, new RegExp(`^${id}  acme  holds  until .*Z  [1-9]\\d* held back  ana  moving house\n$`));
    const ended = silence("end", id.slice(0, 8));
    assert.equal(ended.out, "Ended: moving house (acme)\n", ended.err);
    await until(1);
    assert.equal(silence("list").out, "nothing is silenced\n");
    assert.match(silence("list", "acme", "--all").out, /^\S+ +acme {2}ended {2}until/m);
  });

  const refused: ReadonlyArray<readonly [why: string, args: readonly string[], says: RegExp]> = [
    ["nobody's customer", ["add", "acne", "--match", "{}", "--reason", "r"], /has no customer "acne". It has acme/],
    ["no pattern", ["add", "acme", "--match", '{"source":"x"}', "--reason", "r"], /--match: The pattern is none/],
    ["too long", ["add", "acme", "--match", '{"source":["x"]}', "--reason", "r", "--for", "91d"], /--for: .*90 days/],
    [
      "no length",
      ["add", "acme", "--match", '{"source":["x"]}', "--reason", "r", "--for", "a week"],
      /no length such as/,
    ],
    [
      "over",
      ["add", "acme", "--match", '{"source":["x"]}', "--reason", "r", "--until", "2026-01-01"],
      /--until: .*over/,
    ],
    [
      "no time",
      ["add", "acme", "--match", '{"source":["x"]}', "--reason", "r", "--until", "soon"],
      /no day and no moment/,
    ],
    ["no such silence", ["end", "12345678"], /No silence that holds .* "12345678"/],
    ["the config's", ["end", "config-123"], /stands in the config/],
  ];
  for (const [why, args, says] of refused) {
    test(`refused: ${why}`, () => {
      const { code, err } = silence(...args);
      assert.notEqual(code, 0);
      assert.match(err, says);
      assert.doesNotMatch(err, /\n\s+at /);
    });
  }
});
