/**
 * `shirase send`, as typed, by the whole way: the real AWS SDK, localemu with the hub and the customers' stacks as
 * `shirase deploy` deploys them, SNS with real signatures, the real relay, and a Slack that refuses what Slack refuses.
 *
 * Two things no emulator has stand in testkit: what Security Hub does with an import, and Amazon Q.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, beforeEach, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { type Relay, startRelay, stderrLogger } from "@shirase/relay/main";
import { type AmazonQ, startAmazonQ } from "@shirase/testkit/amazon-q";
import { type Emulator, startLocalemu } from "@shirase/testkit/emulators";
import { OWN_ENV } from "@shirase/testkit/own-env";
import { type SecurityHubEdge, startSecurityHubEdge } from "@shirase/testkit/security-hub-edge";
import { type SnsEdge, snsSigner, startSnsEdge } from "@shirase/testkit/sns-edge";

const NODE = ["--conditions=@shirase/source", join(import.meta.dirname, "bin.ts")];
const HUB = "111111111111";
const HOME = "ap-northeast-1";
const AMAZON_Q = "xoxb-amazon-q";
/** By customer: where it hears, and the account that sends. */
const CHANNELS = { acme: "C0ACME00000", globex: "C0GLOBEX000", initech: "C0INITECH00" };
const ACCOUNTS = { acme: "222222222222", globex: "333333333333", initech: "444444444444" };

const emulator = await startLocalemu();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-send-"));
const closed = new Set<string>();
const denied = new Set<string>();
let slack: FakeSlack;
let relay: Relay;
let sns: SnsEdge;
let securityHub: SecurityHubEdge;
let amazonQ: AmazonQ;

function configWith(hub: object): object {
  return {
    hub: { account: HUB, region: HOME, ...hub },
    slack: { workspace: "T0123456789", opsChannel: "C0OPS000000", apiUrl: slack.apiUrl },
    ingest: { sns: { topics: ["acme", "initech"].map((id) => `arn:aws:sns:${HOME}:${HUB}:shirase-${id}`) } },
    defaults: { language: "ja", timezone: "Asia/Tokyo" },
    customers: [
      {
        id: "acme",
        name: "株式会社アクメ",
        accounts: [ACCOUNTS.acme],
        regions: [HOME, "us-east-1"],
        slack: { channel: CHANNELS.acme, mention: { HIGH: "here" } },
      },
      {
        id: "globex",
        name: "Globex",
        language: "en",
        delivery: "amazon-q",
        pattern: "classic",
        accounts: [ACCOUNTS.globex],
        slack: { channel: CHANNELS.globex },
      },
      {
        id: "initech",
        name: "Initech",
        accounts: [ACCOUNTS.initech],
        pattern: { source: ["aws.securityhub"], detail: { findings: { ProductName: ["GuardDuty"] } } },
        slack: { channel: CHANNELS.initech },
      },
    ],
  };
}

type Env = Readonly<Record<string, string>>;
type Ended = { readonly code: number; readonly out: string; readonly err: string };

function envOf(more: Env): NodeJS.ProcessEnv {
  return {
    ...OWN_ENV,
    HOME: folder,
    AWS_ENDPOINT_URL: (emulator as Emulator).endpoint,
    AWS_ENDPOINT_URL_SECURITYHUB: securityHub.url,
    AWS_ACCESS_KEY_ID: HUB,
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    SHIRASE_CONFIG: join(folder, "shirase.yaml"),
    SLACK_BOT_TOKEN: slack.token,
    ...more,
  };
}

function shirase(args: readonly string[], env: Env = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...NODE, ...args], { cwd: folder, env: envOf(env) }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
    child.stdin?.end();
  });
}

/** What it said, if it ended as it should. */
function said({ code, out, err }: Ended, want: number): string {
  assert.equal(code, want, `${out}\n${err}`);
  assert.doesNotMatch(err, /^\s+at /m);
  return `${out}${err}`;
}

/** Everything in a channel, as text. */
function inChannel(channelId: string): readonly string[] {
  return slack
    .channel(channelId)
    .messages()
    .map(({ shown, bot }) => JSON.stringify({ ...shown, bot: bot.name }));
}

/** How long it took, as the command says it. */
function delays(out: string): string {
  return [...out.matchAll(/^in Slack .*after (\d+\.\d s)/gm)].map(([, delay]) => delay).join(", ");
}

suite("shirase send", { skip, concurrency: 1 }, () => {
  before(async () => {
    const aws = emulator as Emulator;
    slack = await startFakeSlack({
      channels: [
        { id: CHANNELS.acme },
        { id: CHANNELS.globex, isPrivate: true },
        { id: CHANNELS.initech, isMember: false },
        { id: "C0OPS000000" },
      ],
      botName: "shirase",
      otherApps: [{ token: AMAZON_Q, name: "Amazon Q" }],
      limits: { channelPerSecond: 100, channelBurst: 100 },
    });
    securityHub = await startSecurityHubEdge(aws, {
      isEnabled: ({ account, region }) => !closed.has(`${account} ${region}`),
      mayImport: ({ account }) => !denied.has(account),
    });
    relay = await startRelay({
      config: Config.parse(configWith({})),
      slackToken: slack.token,
      ingestKey: undefined,
      listen: { host: "127.0.0.1", port: 0 },
      dataDir: join(folder, "data"),
      logger: stderrLogger("silent"),
      fetchText: (url) => sns.fetchText(url),
    });
    sns = await startSnsEdge(await snsSigner(HOME), aws.endpoint, `${relay.url}/v1/sns`);
    // JSON is YAML as well.
    writeFileSync(join(folder, "shirase.yaml"), JSON.stringify(configWith({ relay: { url: `${sns.url}v1/sns` } })));
    writeFileSync(join(folder, "config"), "");
    const profiles = Object.entries(ACCOUNTS).map(
      ([name, key]) => `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = any\n`,
    );
    writeFileSync(join(folder, "credentials"), profiles.join(""));
    said(await shirase(["deploy", "--yes"]), 0);
    amazonQ = await startAmazonQ({
      emulator: aws,
      account: HUB,
      region: HOME,
      slackApiUrl: slack.apiUrl,
      slackToken: AMAZON_Q,
    });
    await amazonQ.configure("shirase-globex", CHANNELS.globex);
  });
  after(async () => {
    await relay?.stop();
    await Promise.all([sns?.stop(), amazonQ?.stop(), securityHub?.stop(), slack?.close()]);
    rmSync(folder, { recursive: true, force: true });
    if ("stop" in emulator) await emulator.stop();
  });
  beforeEach(() => slack.clearFaults());

  test("a test event from each region is a card with its mark, found again with its address", async (t) => {
    const out = said(await shirase(["send", "acme"]), 0);
    const marks = [...out.matchAll(/^sent +222222222222, (\S+) +test event (shirase-\w{8}), taken by AWS in/gm)];
    assert.deepEqual(marks.map(([, region]) => region).sort(), ["ap-northeast-1", "us-east-1"]);
    const seen = [
      ...out.matchAll(/^in Slack +222222222222, \S+ +after \d+\.\d s {2}http\S+\/archives\/C0ACME00000\/p\d+$/gm),
    ];
    assert.equal(seen.length, 2, out);
    t.diagnostic(`in Slack after ${delays(out)}`);
    const messages = inChannel(CHANNELS.acme);
    assert.equal(messages.length, 2);
    for (const [, , mark = "?"] of marks) {
      assert.ok(
        messages.some((message) => message.includes(`*目印*\\n\`${mark}\``)),
        mark,
      );
    }
  });

  test("with Amazon Q, whose message is another app's", async (t) => {
    const out = said(await shirase(["send", "globex"]), 0);
    t.diagnostic(`in Slack after ${delays(out)}`);
    assert.match(out, /^in Slack +333333333333, ap-northeast-1 +after .*C0GLOBEX000/m);
    const [message, ...others] = inChannel(CHANNELS.globex);
    assert.deepEqual(others, []);
    assert.match(message ?? "", /A test event from account 333333333333 in ap-northeast-1.*"bot":"Amazon Q"/);
  });

  test("--real: a sample that wakes nobody, archived once it was seen, which its thread says, and nothing more", async (t) => {
    const earlier = inChannel(CHANNELS.acme).length;
    const out = said(await shirase(["send", "acme", "--real", "--region", HOME]), 0);
    assert.match(
      out,
      /^sent .* test finding shirase-\w{8}[\s\S]*^in Slack [\s\S]*^archived +222222222222, ap-northeast-1/m,
    );
    t.diagnostic(`in Slack after ${delays(out)}`);
    await slack.waitFor(() => inChannel(CHANNELS.acme).length >= earlier + 2, 10_000);
    const [card, over, ...others] = inChannel(CHANNELS.acme).slice(earlier);
    assert.deepEqual(others, []);
    assert.match(over ?? "", /✅ 解決/);
    assert.match(card ?? "", /\[サンプル\] HIGH（高）: shirase のテスト shirase-/);
    assert.doesNotMatch(card ?? "", /<!here>/);
    const states = securityHub.imported().map(({ Id, RecordState }) => `${Id} ${RecordState}`);
    const [mark = "?"] = /shirase-\w{8}/.exec(out) ?? [];
    assert.deepEqual(states, [`shirase/test/${mark} ACTIVE`, `shirase/test/${mark} ARCHIVED`]);
  });

  test("--real with the pattern of 2020 and Amazon Q", async () => {
    const out = said(await shirase(["send", "globex", "--real"]), 0);
    const [mark = "?"] = /shirase-\w{8}/.exec(out) ?? [];
    assert.match(out, /^archived/m);
    assert.equal(inChannel(CHANNELS.globex).filter((message) => message.includes(mark)).length, 1);
  });

  test("--no-wait sends, says what to look for, and asks Slack nothing", async () => {
    const asked = slack.counters().byMethod["conversations.history"];
    const out = said(await shirase(["send", "globex", "--no-wait"], { SLACK_BOT_TOKEN: "" }), 0);
    assert.match(
      out,
      /^look for {2}333333333333, ap-northeast-1 {2}Amazon Q's test message of 333333333333 .* sent at \d{4}-/m,
    );
    assert.equal(slack.counters().byMethod["conversations.history"], asked);
  });

  test("nobody would hear of it: nothing is imported, and why", async () => {
    const before = securityHub.imported().length;
    const out = said(await shirase(["send", "initech", "--real"]), 1);
    assert.match(
      out,
      /none was imported: it does not match the pattern custom: .*ProductName[\s\S]*shirase send initech/,
    );
    assert.equal(securityHub.imported().length, before);
  });

  test("a channel that the app is not in: sent all the same, what to do, what to look for", async () => {
    const out = said(await shirase(["send", "initech"]), 1);
    assert.match(
      out,
      /cannot look into channel C0INITECH00: not_in_channel\. Invite the app[\s\S]*shirase-\w{8} on a card/,
    );
    await slack.waitFor(() => inChannel(CHANNELS.initech).length === 1, 10_000);
  });

  test("no token: the same", async () => {
    const out = said(await shirase(["send", "acme", "--region", HOME], { SLACK_BOT_TOKEN: "" }), 1);
    assert.match(
      out,
      /^sent[\s\S]*there is no Slack token: environment variable SLACK_BOT_TOKEN is empty[\s\S]*shirase-\w{8}/m,
    );
  });

  test("what does not come within the time: where it may have stayed; a finding is archived", async () => {
    slack.fault({ kind: "status", status: 503, method: "chat.postMessage", times: 100 });
    const out = said(await shirase(["send", "acme", "--real", "--region", HOME, "--timeout", "1"]), 1);
    assert.match(out, /not in channel C0ACME00000 within 1 s:\n {2}shirase-\w{8}/);
    assert.match(out, /5\. the relay at http:\S+\/v1\/sns/);
    assert.equal(securityHub.imported().at(-1)?.["RecordState"], "ARCHIVED");
  });

  test("Ctrl-C while it waits: the finding is archived, and it ends with 1", async () => {
    slack.fault({ kind: "status", status: 503, method: "chat.postMessage", times: 100 });
    const args = [...NODE, "send", "acme", "--real", "--region", HOME];
    const child = spawn(process.execPath, args, { cwd: folder, env: envOf({}), stdio: ["ignore", "pipe", "pipe"] });
    const out = await interruptedAt(child, /^looking into channel/);
    assert.match(out, /^archived +222222222222, ap-northeast-1/m);
    assert.match(out, /stopped before everything was seen/);
    assert.equal(child.exitCode, 1, out);
    assert.equal(securityHub.imported().at(-1)?.["RecordState"], "ARCHIVED");
  });

  test("Security Hub is off in one region: said so, and the other goes on", async () => {
    closed.add(`${ACCOUNTS.acme} us-east-1`);
    const out = said(await shirase(["send", "acme", "--real"]), 1);
    closed.clear();
    assert.match(out, /^in Slack +222222222222, ap-northeast-1[\s\S]*^archived +222222222222, ap-northeast-1/m);
    assert.match(
      out,
      /222222222222, us-east-1: Security Hub is not switched on in account 222222222222, region us-east-1/,
    );
  });

  test("a finding that may not be imported: which permission is missing", async () => {
    denied.add(ACCOUNTS.acme);
    const before = securityHub.imported().length;
    const out = said(await shirase(["send", "acme", "--real", "--region", HOME]), 1);
    denied.clear();
    assert.match(
      out,
      /Permission is missing: securityhub:BatchImportFindings on arn:aws:securityhub:\S+:product\/222222222222\/default/,
    );
    assert.equal(securityHub.imported().length, before);
  });

  test("credentials of another account send nothing, and say which profile would", async () => {
    const out = said(await shirase(["send", "acme"], { AWS_SHARED_CREDENTIALS_FILE: "/dev/null" }), 1);
    assert.match(
      out,
      /Wrong account: acme's account is 222222222222, .* of 111111111111 .*\n.*--profile NAME, .*shirase-acme/,
    );
  });

  const wrong: ReadonlyArray<readonly [why: string, args: readonly string[], says: RegExp]> = [
    ["a customer nobody knows", ["acmee"], /no customer "acmee"\. It has acme, globex, initech\./],
    ["a region without a rule", ["globex", "--region", "us-east-1"], /globex has no rule there/],
    ["a timeout that is none", ["acme", "--timeout", "soon"], /seconds from 1 to 3600/],
  ];
  for (const [why, args, says] of wrong) {
    test(`${why} is a wrong command line`, async () => assert.match(said(await shirase(["send", ...args]), 2), says));
  }
});

/** Presses Ctrl-C when a line is there. @returns everything it said until it ended. */
async function interruptedAt(child: ChildProcess, line: RegExp): Promise<string> {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) throw new Error("the process has no output");
    createInterface({ input: stream }).on("line", (one) => {
      lines.push(one);
      if (line.test(one)) child.kill("SIGINT");
    });
  }
  await once(child, "close");
  return lines.join("\n");
}
