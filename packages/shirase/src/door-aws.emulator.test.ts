/**
 * The relay's address as it is deployed: `shirase deploy` brings stack and function URL to an emulator, requests come over
 * HTTP, the function runs in a Node process of its own, and what it takes is in the table.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { openTable } from "@shirase/relay/store/dynamodb-outside";
import { startMinistack } from "@shirase/testkit/emulators";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { rawCall } from "@shirase/testkit/raw-call";
import { HUB, type RelayHome, relayHome } from "@shirase/testkit/relay-on-aws";
import { slackHeaders } from "@shirase/testkit/slack-signature";

const CUSTOMERS = loadCustomers(1);
const SIGNING = "8f742231b10e8888abcd99yyyzzz85a5";
const KEY = "a-key-for-tests";
const INGEST = { key: { ssm: "/shirase/ingest-key" } };

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-door-"));

type Answer = { readonly status: number; readonly body: string };

suite("the relay's address on AWS", { skip, concurrency: 1 }, () => {
  if ("skip" in emulator) return;
  let shirase: RelayHome["shirase"];
  let host: string;
  let tableName: string;

  before(async () => {
    const configWith = (more: object): object => {
      const slack = { ...more, signingSecret: { ssm: "/shirase/signing-secret" } };
      return { ...loadConfig(CUSTOMERS, slack), ingest: INGEST };
    };
    const bin = join(import.meta.dirname, "bin.ts");
    // Nobody listens there: nothing is told in this test.
    const slack = { apiUrl: "http://127.0.0.1:1/", token: "xoxb-none" };
    ({ shirase } = await relayHome({ emulator, bin, folder, configWith, slack }));
    for (const [name, Value] of [
      ["/shirase/signing-secret", SIGNING],
      ["/shirase/ingest-key", KEY],
    ]) {
      const body = JSON.stringify({ Name: name, Value, Type: "SecureString" });
      await rawCall(emulator, HUB, { service: "ssm", target: "AmazonSSM.PutParameter", body });
    }
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await emulator.stop();
  });

  /** The emulator knows a function URL by its host. */
  const post = (path: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asked = request(new URL(path, emulator.endpoint), { method: "POST", headers: { ...headers, host } });
      asked.on("error", reject);
      asked.on("response", (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        });
      });
      asked.end(body);
    });

  test("deploy prints it", async () => {
    const { code, out, err } = await shirase("deploy", "--only", "relay", "--yes");
    assert.equal(code, 0, `${out}\n${err}`);
    const address = /^ +Address: (https:\S+)$/m.exec(out)?.[1] ?? "";
    host = new URL(address).host;
    tableName = /^ +TableName: (\S+)$/m.exec(out)?.[1] ?? "";
    assert.match(host, /^[a-z0-9]+\.lambda-url\.ap-northeast-1\.on\.aws$/);
  });

  test("a click that Slack signed is acknowledged; one that it did not is not", async () => {
    const body = `payload=${encodeURIComponent(JSON.stringify({ type: "block_actions", user: { id: "U1" } }))}`;
    const headers = { "content-type": "application/x-www-form-urlencoded", ...slackHeaders(SIGNING, body) };
    assert.deepEqual(await post("/v1/slack", body, headers), { status: 200, body: "" });
    const changed = await post("/v1/slack", `${body}&x=1`, headers);
    assert.deepEqual([changed.status, /slack-signature/.test(changed.body)], [401, true]);
  });

  test("an event with the key is in the table when it is answered for", async () => {
    const [acme] = CUSTOMERS;
    if (!acme) return assert.fail("no customer");
    const event = JSON.stringify(securityHubEvent(acme, 1));
    const json = { "content-type": "application/json" };
    const { status, body } = await post("/v1/events", event, { ...json, authorization: `Bearer ${KEY}` });
    assert.deepEqual([status, body], [202, '{"accepted":1,"duplicates":0,"quarantined":0,"told":1}']);
    const table = openTable(emulator.clientFor(HUB.account, HUB.region), tableName);
    try {
      assert.equal((await table.store.stats()).known, 1);
    } finally {
      await table.close();
    }
    assert.equal((await post("/v1/events", event, json)).status, 401);
  });
});
