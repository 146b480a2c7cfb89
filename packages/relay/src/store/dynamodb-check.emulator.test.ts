/** Is a table sound, and is said what is not: on an emulator, with what functions would have left there. */
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/prepare";
import { startMinistack } from "@shirase/testkit/emulators";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { accept } from "../accept.ts";
import type { DynamoStore } from "./dynamodb.ts";
import { storeOn } from "./dynamodb.ts";
import { checkTable } from "./dynamodb-check.ts";
import { keyOf } from "./dynamodb-keys.ts";
import { type Table, tableOf } from "./dynamodb-table.ts";
import { createStoreTable } from "./dynamodb-tables.contract.ts";

const NOW = new Date("2026-11-20T02:00:00Z");
const CUSTOMERS = loadCustomers(1);
const PREPARED = prepare(Config.parse(loadConfig(CUSTOMERS)));
const [{ id: CUSTOMER, channel: CHANNEL } = { id: "", channel: "" }] = CUSTOMERS;
const NOTE = { customerId: CUSTOMER, channelId: CHANNEL, kind: "note", severityRank: 3, body: "{}" } as const;

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;

suite("checkTable", { skip }, () => {
  if ("skip" in emulator) return;
  const client = new DynamoDBClient(emulator.clientFor("111111111111", "ap-northeast-1"));
  after(async () => {
    client.destroy();
    await emulator.stop();
  });
  let tables = 0;
  /** Two findings and two messages wait, one message was given up, and something is in quarantine. */
  const used = async (): Promise<{ readonly table: Table; readonly store: DynamoStore }> => {
    tables += 1;
    const table = tableOf(client, await createStoreTable(client, `check-${tables}`));
    const store = storeOn(table);
    const events = CUSTOMERS.flatMap((customer) => [0, 1].map((n) => securityHubEvent(customer, n)));
    await accept(events, {}, { prepared: PREPARED, store }, NOW);
    for (const id of ["m1", "m2", "m3"]) await store.enqueue({ ...NOTE, id, counted: 1, isBroadcast: false }, NOW);
    await store.markDead("m3", "invalid_blocks", NOW);
    await store.setAside("x", "not JSON", "hello", NOW);
    return { table, store };
  };
  const saysOf = async (table: Table): Promise<readonly string[]> =>
    (await checkTable(table)).map(({ problem }) => problem);

  test("what is used is sound, empty or not", async () => {
    tables += 1;
    assert.deepEqual(await saysOf(tableOf(client, await createStoreTable(client, `check-${tables}`))), []);
    assert.deepEqual(await saysOf((await used()).table), []);
  });

  const faults: ReadonlyArray<readonly [what: string, harm: (table: Table) => Promise<unknown>]> = [
    [
      "findings that wait and whose text is gone: 1",
      async (table) => {
        const [row] = await table.query(keyOf.channel(CHANNEL), keyOf.notices(CUSTOMER));
        await table.removeAll([keyOf.noticeBody(String(row?.["body"]))]);
      },
    ],
    ["messages that wait in a channel and are not there: 1", (table) => table.removeAll([keyOf.message("m1")])],
    [
      "messages that wait and are in no channel: 2",
      async (table) => table.removeAll(await table.query(keyOf.channel(CHANNEL), "M#")),
    ],
    [
      "channels in which something waits and no counter says so: 1",
      (table) => table.removeAll([keyOf.head(CHANNEL, CUSTOMER)]),
    ],
  ];
  for (const [what, harm] of faults) {
    test(`finds ${what}`, async () => {
      const { table } = await used();
      await harm(table);
      assert.deepEqual(await saysOf(table), [what]);
    });
  }

  test("what moved on between two looks is no fault", async () => {
    const { table, store } = await used();
    const moving: Table = {
      ...table,
      scan: async function* () {
        for await (const page of table.scan()) {
          // The message was there when its place was read, and is sent before the page with it comes.
          yield page.filter(({ pk, sk }) => !(pk === "M#m1" && sk === "M"));
        }
        await store.markSent("m1", "1.1", NOW);
      },
    };
    assert.deepEqual(await saysOf(moving), []);
  });
});
