/**
 * `shirase redrive` and `shirase data` for a relay on AWS: its stack is deployed to an emulator, and what its functions
 * would have left is put into the table that the stack names.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type OutsideTable, openTable } from "@shirase/relay/store/dynamodb-outside";
import { openSqliteStore } from "@shirase/relay/store/sqlite";
import { startMinistack } from "@shirase/testkit/emulators";
import { loadConfig, loadCustomers } from "@shirase/testkit/load";
import { rawCall } from "@shirase/testkit/raw-call";
import { HUB, type RelayHome, relayHome } from "@shirase/testkit/relay-on-aws";
import { physicalIds } from "@shirase/testkit/stacks";

const NOW = new Date("2026-11-20T02:00:00Z");
const CUSTOMERS = loadCustomers(2);
const [{ channel: CHANNEL } = { channel: "" }] = CUSTOMERS;
const NOTE = { customerId: "c0", channelId: CHANNEL, kind: "note", severityRank: 3, body: "{}" } as const;
const PAUSE = { channelId: CHANNEL, reason: "is_archived", remedy: "Unarchive it.", pausedAt: NOW, recheckAt: NOW };

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-kept-"));

suite("what a relay on AWS keeps", { skip, concurrency: 1 }, () => {
  if ("skip" in emulator) return;
  let shirase: RelayHome["shirase"];
  let table: OutsideTable;
  let tableName: string;

  before(async () => {
    const configWith = (more: object): object => loadConfig(CUSTOMERS, more);
    const bin = join(import.meta.dirname, "bin.ts");
    // Nobody listens there, and no function is asked for anything.
    const slack = { apiUrl: "http://127.0.0.1:1/", token: "xoxb-none" };
    ({ shirase } = await relayHome({ emulator, bin, folder, configWith, slack }));
  });
  after(async () => {
    await table?.close();
    rmSync(folder, { recursive: true, force: true });
    await emulator.stop();
  });

  const said = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await shirase(...args);
    assert.equal(code, 0, `${out}\n${err}`);
    return out;
  };

  test("before the stack is deployed it is said what is missing, and what to do", async () => {
    const { code, err } = await shirase("redrive");
    assert.equal(code, 1);
    assert.match(err, /^shirase: There is no stack shirase-relay in account 111111111111, region ap-northeast-1/);
    assert.match(err, /shirase deploy --only relay.*--table NAME.*--data DIR/);
  });

  test("stats counts what is in the table of the deployed stack", async () => {
    await said("deploy", "--only", "relay", "--yes");
    tableName = (await physicalIds(emulator, HUB, "shirase-relay")).get("RelayTable34E39608") ?? "";
    table = openTable({ ...emulator.clientFor(HUB.account, HUB.region), maxAttempts: 3 }, tableName);
    const { store } = table;
    // A day from now: the clock function of the emulator, should it run, leaves it alone.
    await store.pause({ ...PAUSE, recheckAt: new Date(Date.now() + 86_400_000) });
    for (const id of ["waits", "dead"]) await store.enqueue({ ...NOTE, id, counted: 3, isBroadcast: false }, NOW);
    await store.markDead("dead", "invalid_blocks", NOW);
    await store.setAside("x", "not JSON", "hello", NOW);
    const lines = (await said("data", "stats")).split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));
    assert.deepEqual(lines.slice(0, 6), [
      "problems known | 0",
      "findings that wait to be told | 3 | c0",
      "the oldest of them since | 2026-11-20T02:00:00.000Z",
      "messages given up | 1 | c0",
      "channels paused | 1",
      "events in quarantine | 1",
    ]);
    assert.match(lines[6] ?? "", /^size of the table \| \d+\.\d MB, as DynamoDB counted it/);
    const json = JSON.parse(await said("data", "stats", "--json")) as Record<string, unknown>;
    assert.deepEqual([json["deadByCustomer"], json["freeBytes"]], [{ c0: 1 }, undefined]);
  });

  test("check says what the table lacks, and finds it sound then", async () => {
    // The emulator's CloudFormation leaves time to live out.
    const lacking = await shirase("data", "check");
    assert.deepEqual(
      [lacking.code, lacking.out.split("\n")[0]],
      [1, "✖ nothing is forgotten: time to live is not on for ttl"],
    );
    const spec = { AttributeName: "ttl", Enabled: true };
    await rawCall(emulator, HUB, {
      service: "dynamodb",
      target: "DynamoDB_20120810.UpdateTimeToLive",
      body: JSON.stringify({ TableName: tableName, TimeToLiveSpecification: spec }),
    });
    assert.equal(await said("data", "check"), `✔ table ${tableName} is sound\n`);
  });

  test("redrive lists, then lets wait again what was given up, in one channel or in all", async () => {
    const listed = await said("redrive", "--list");
    assert.equal(
      listed,
      `paused      ${CHANNEL}  2026-11-20T02:00:00.000Z  is_archived: Unarchive it.\n` +
        `dead        ${CHANNEL}  c0  2026-11-20T02:00:00.000Z  invalid_blocks\n` +
        `quarantine  ${listed.split("quarantine  ")[1]?.split("  ")[0]}  x  not JSON\n`,
    );
    assert.match(await said("redrive", "--channel", "C0OTHER0000"), /^0 dead letters wait again/);
    const { store } = table;
    assert.equal((await store.deadLetters(undefined)).length, 1);
    assert.equal(await said("redrive"), "1 dead letter waits again; its clock looks within a minute.\n");
    assert.deepEqual([await store.deadLetters(undefined), await store.pauses()], [[], []]);
  });

  test("a table is named by hand; a folder that is named is the folder", async () => {
    assert.equal(await said("data", "check", "--table", tableName), `✔ table ${tableName} is sound\n`);
    const missing = await shirase("data", "check", "--table", "none-such");
    assert.deepEqual([missing.code, /ResourceNotFound|not found/i.test(missing.err)], [1, true], missing.err);
    const dataDir = join(folder, "data");
    await openSqliteStore({ dataDir }).close();
    assert.equal(await said("data", "check", "--data", dataDir), `✔ ${dataDir} is sound\n`);
    assert.match(await said("redrive", "--data", dataDir), /a running relay sends within 15 s/);
  });

  test("a backup is DynamoDB's, and that is said", async () => {
    const { code, err } = await shirase("data", "backup", "copy");
    assert.deepEqual(
      [code, /^shirase: .*restored to any second of the last 35 days\.\n.*create-backup/.test(err)],
      [1, true],
    );
  });

  test("without hub.relay: aws it is the folder, as ever", async () => {
    const file = join(folder, "elsewhere.yaml");
    const config = JSON.parse(readFileSync(join(folder, "shirase.yaml"), "utf8")) as { hub: object };
    writeFileSync(file, JSON.stringify({ ...config, hub: HUB }));
    const { code, err } = await shirase("redrive", "--config", file);
    assert.equal(code, 1);
    assert.match(err, /\.shirase is no data folder of a relay/);
  });
});
