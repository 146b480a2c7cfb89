/**
 * The relay on AWS as it is deployed: `shirase deploy` brings the stack to an emulator, events go into the hub's queue,
 * the functions run as Node processes, and a fake Slack with Slack's own limits hears of each finding once.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { writeFunctionCode } from "@shirase/relay/function-code";
import { type Emulator, startMinistack } from "@shirase/testkit/emulators";
import { canFindWorkers, lambdaWorkers } from "@shirase/testkit/lambda-workers";
import { loadConfig, loadCustomers, resourceOf, type Says, securityHubEvent } from "@shirase/testkit/load";
import type { TestQueue } from "@shirase/testkit/queues";
import { rawCall } from "@shirase/testkit/raw-call";
import { CODE_BUCKET, HUB, type RelayHome, relayHome } from "@shirase/testkit/relay-on-aws";
import { spawnRelay } from "@shirase/testkit/relay-process";
import { physicalIds, stackStatus } from "@shirase/testkit/stacks";

const CUSTOMERS = loadCustomers(3);
const EACH = 40;
/** A queue shows again what a killed function held after 90 s, and each may be killed again. */
const PATIENCE_MS = 300_000;

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-aws-"));

function aws(): Emulator {
  if ("skip" in emulator) throw new Error(emulator.skip);
  return emulator;
}

/** Kills functions' processes at moments that nobody chose. @returns how many it killed, when called. */
function killIntakes(): () => number {
  let kills = 0;
  const killing = setInterval(() => {
    const [first] = lambdaWorkers();
    if (first === undefined || kills >= 3) return;
    kills += 1;
    process.kill(first, "SIGKILL");
  }, 300);
  return () => {
    clearInterval(killing);
    return kills;
  };
}

suite("the relay on AWS", { skip, concurrency: 1 }, () => {
  let slack: FakeSlack;
  let queue: TestQueue;
  let shirase: RelayHome["shirase"];
  let env: RelayHome["env"];

  before(async () => {
    slack = await startFakeSlack({ channels: CUSTOMERS.map(({ channel }) => ({ id: channel })) });
    const configWith = (more: object): object => loadConfig(CUSTOMERS, more);
    const bin = join(import.meta.dirname, "bin.ts");
    ({ queue, shirase, env } = await relayHome({ emulator: aws(), bin, folder, configWith, slack }));
  });
  after(async () => {
    await slack.close();
    rmSync(folder, { recursive: true, force: true });
    if (!("skip" in emulator)) await emulator.stop();
  });

  const events = (from: number, count: number, telling = 0, says: Says = {}): readonly string[] =>
    CUSTOMERS.flatMap((customer) =>
      Array.from({ length: count }, (_, n) => JSON.stringify(securityHubEvent(customer, from + n, telling, says))),
    );

  /** In how many messages of the channel each problem is named. */
  const timesNamed = (channel: string, from: number, count: number): readonly number[] => {
    const messages = slack.channel(channel).messages();
    const texts = messages.map(({ payload }) => JSON.stringify([payload["blocks"], payload["attachments"]]));
    return Array.from({ length: count }, (_, n) => texts.filter((text) => text.includes(resourceOf(from + n))).length);
  };
  const areAllNamed = (from: number, count: number): boolean =>
    CUSTOMERS.every(({ channel }) => !timesNamed(channel, from, count).includes(0));

  test("shirase deploy brings the stack, its code and nothing else; again it changes nothing", async () => {
    const { code, out, err } = await shirase("deploy", "--only", "relay", "--yes");
    assert.equal(code, 0, `${out}\n${err}`);
    assert.match(out, /deployed {3}shirase-relay in 111111111111, ap-northeast-1\n +TableName: /);
    assert.equal(await stackStatus(aws(), HUB, "shirase-relay"), "CREATE_COMPLETE");
    const again = await shirase("deploy", "--only", "relay", "--yes");
    assert.match(again.out, /^unchanged {2}shirase-relay/m, again.err);
  });

  test("its functions are small: each file at most 1.5 MB", async () => {
    const config = Config.parse(JSON.parse(readFileSync(join(folder, "shirase.yaml"), "utf8")));
    const digest = await writeFunctionCode(join(folder, "code"), config);
    for (const name of ["intake", "deliver", "tick"]) {
      const { size } = statSync(join(folder, "code", `${name}.mjs`));
      assert.ok(size < 1_500_000, `${name}.mjs has ${size} bytes`);
    }
    assert.equal(await writeFunctionCode(join(folder, "again"), config), digest, "the same code has the same name");
    const template = await rawCall(aws(), HUB, { service: "s3", method: "GET", path: `/${CODE_BUCKET}` });
    assert.match(template, new RegExp(digest), "and is what was deployed");
  });

  test("a few findings are cards in their customers' channels, and what becomes of them is said there", async () => {
    await queue.send(events(0, 2));
    await slack.waitFor(() => areAllNamed(0, 2), PATIENCE_MS);
    for (const { channel } of CUSTOMERS) assert.equal(slack.channel(channel).messages().length, 2);
    await queue.send(events(0, 1, 5, { status: "PASSED" }));
    await slack.waitFor(() => slack.ledger().length === 3 * CUSTOMERS.length, PATIENCE_MS);
    assert.equal(slack.ledger().filter(({ thread_ts: thread }) => thread !== undefined).length, CUSTOMERS.length);
  });

  test("a burst is counted and named, nothing lost and nothing twice, though functions are killed in the middle", async () => {
    const from = 100;
    await queue.send(events(from, EACH));
    const stopKilling = killIntakes();
    try {
      await slack.waitFor(() => areAllNamed(from, EACH), PATIENCE_MS);
    } finally {
      const kills = stopKilling();
      if (canFindWorkers()) assert.ok(kills > 0, "none was killed");
    }
    assert.deepEqual(
      CUSTOMERS.flatMap(({ channel }) => timesNamed(channel, from, EACH)).filter((times) => times !== 1),
      [],
    );
    const messages = slack.ledger().map(({ payload }) => JSON.stringify(payload["metadata"]));
    assert.equal(new Set(messages).size, messages.length, "no message twice");
    assert.equal(slack.ledger().filter(({ hidden }) => hidden).length, 0);
  });

  test("events told again change nothing, and a tick brings the cards up to date", async () => {
    const posted = slack.ledger().length;
    await queue.send(events(100, EACH));
    // The cards of the problems that are over; a burst that went on is edited as well.
    const cards = slack.ledger().filter((one) => !one.thread_ts && JSON.stringify(one.payload).includes(resourceOf(0)));
    const isEdited = (): boolean => cards.every(({ seq }) => (slack.ledger()[seq]?.edits.length ?? 0) > 0);
    assert.equal(cards.length, CUSTOMERS.length);
    // A card follows ten seconds after the change; by now that is nearly over.
    const deadline = Date.now() + PATIENCE_MS;
    while (!(isEdited() && (await queue.count()) === 0) && Date.now() < deadline) {
      const path = "/2015-03-31/functions/shirase-tick/invocations";
      await rawCall(aws(), HUB, { service: "lambda", path, body: "{}" });
    }
    assert.ok(isEdited(), "no tick brought them up to date");
    assert.deepEqual([await queue.count(), slack.ledger().length], [0, posted]);
  });

  test("shirase console shows all of it, and what its buttons do is told", async () => {
    const bin = join(import.meta.dirname, "bin.ts");
    const args = ["--listen", "127.0.0.1:0", "--data", join(folder, "console")];
    const running = spawnRelay({
      bin,
      command: "console",
      args,
      env: { ...env, SHIRASE_CONFIG: join(folder, "shirase.yaml") },
    });
    try {
      const { url = "" } = await running.logged(({ msg }) => msg === "listening");
      const page = async (path: string): Promise<string> => {
        const answer = await fetch(new URL(path, url), { headers: { "accept-language": "en" } });
        assert.equal(answer.status, 200, path);
        return answer.text();
      };
      for (const { id, channel } of CUSTOMERS) {
        const customer = await page(`/customers/${id}`);
        assert.match(customer, new RegExp(resourceOf(1)), "an open problem");
        assert.doesNotMatch(customer, new RegExp(resourceOf(0)), "one that is over");
        assert.match(await page(`/customers/${id}?standing=resolved`), new RegExp(resourceOf(0)));
        assert.match(await page(`/customers/${id}/channel`), new RegExp(`Resolved.*${resourceOf(0)}`, "s"), channel);
      }
      const [link = ""] = /\/findings\/\d+/.exec(await page(`/customers/c0?standing=resolved`)) ?? [];
      const story = await page(link);
      assert.match(story, /resolved.*opened/s, "the newest first");
      assert.match(story, /&quot;detail-type&quot;|"detail-type"/, "the event as it came");
      const posted = slack.ledger().length;
      const setup = await fetch(new URL("/setup", url));
      const [, token = ""] = /name="token" value="([^"]+)"/.exec(await setup.text()) ?? [];
      const cookie = setup.headers
        .getSetCookie()
        .map((one) => one.split(";")[0])
        .join("; ");
      const tested = await fetch(new URL("/setup/test", url), {
        method: "POST",
        body: new URLSearchParams({ token, customer: "c0" }),
        headers: { cookie, origin: new URL(url).origin },
        redirect: "manual",
      });
      assert.equal(tested.status, 303);
      await slack.waitFor(() => slack.ledger().length > posted, PATIENCE_MS);
      assert.equal(slack.ledger().at(-1)?.channel, CUSTOMERS[0]?.channel);
      assert.match(await page("/audit"), /customer c0/);
    } finally {
      assert.equal(await running.stop("SIGTERM"), 0);
    }
  });

  test("what it knows stays when the stack is destroyed", async () => {
    const table = (await physicalIds(aws(), HUB, "shirase-relay")).get("RelayTable34E39608") ?? "";
    const { code, out, err } = await shirase("destroy", "--only", "relay", "--yes");
    assert.equal(code, 0, `${out}\n${err}`);
    const target = "DynamoDB_20120810.DescribeTable";
    const body = JSON.stringify({ TableName: table });
    assert.match(await rawCall(aws(), HUB, { service: "dynamodb", target, body }), /ACTIVE/);
  });

  test("a stack that is told so takes what it knows with it", async () => {
    const none = await shirase("destroy", "--only", "relay", "--yes", "--with-data");
    assert.match(none.out, /^not there {2}shirase-relay/m, none.err);
    const deployed = await shirase("deploy", "--only", "relay", "--yes");
    assert.equal(deployed.code, 0, deployed.err);
    const table = (await physicalIds(aws(), HUB, "shirase-relay")).get("RelayTable34E39608") ?? "";
    const { code, out, err } = await shirase("destroy", "--only", "relay", "--yes", "--with-data");
    assert.equal(code, 0, `${out}\n${err}`);
    const target = "DynamoDB_20120810.ListTables";
    const tables = await rawCall(aws(), HUB, { service: "dynamodb", target, body: "{}" });
    assert.ok(table !== "" && !tables.includes(`"${table}"`), tables);
  });
});
