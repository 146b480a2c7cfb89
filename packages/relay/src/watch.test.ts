import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { readEnvelope } from "@shirase/core/event";
import { hear } from "@shirase/core/hear";
import { prepare } from "@shirase/core/prepare";
import { manualClock } from "@shirase/testkit/clock";
import { loadConfig, loadCustomers } from "@shirase/testkit/load";
import { openSqliteStore } from "./store/sqlite.ts";
import type { NewMessage } from "./store/store.ts";
import { startWatching, type Watch } from "./watch.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-watch-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CUSTOMERS = loadCustomers(2);
const prepared = prepare(Config.parse(loadConfig(CUSTOMERS)));

suite("startWatching", () => {
  test("silence is told once and its end once, over restarts; a customer's channel never hears of either", async () => {
    const clock = manualClock();
    const store = openSqliteStore({ dataDir: folder });
    const faults: unknown[] = [];
    let ids = 0;
    const opsNotice = (text: string): NewMessage => {
      ids += 1;
      const about = { id: `o${ids}`, customerId: "", channelId: "C-ops", kind: "note", severityRank: 3 } as const;
      return { ...about, body: JSON.stringify({ text }), counted: 0, isBroadcast: false };
    };
    const start = (): Watch =>
      startWatching({
        store,
        customers: prepared.customers,
        language: "en",
        timezone: "UTC",
        clock,
        opsNotice,
        onNews: () => undefined,
        onFault: (error) => faults.push(error),
      });
    let beats = 0;
    const beat = async (customer: number): Promise<void> => {
      beats += 1;
      const event = {
        id: `beat-${beats}`,
        source: "shirase.heartbeat",
        "detail-type": "shirase heartbeat",
        account: CUSTOMERS[customer]?.account,
        region: "ap-northeast-1",
        time: clock.now().toISOString(),
        detail: {},
      };
      const read = readEnvelope(event);
      assert.ok("event" in read);
      await store.tell([{ heard: hear(read.event, {}, prepared), body: () => "" }], clock.now());
    };
    /** What waits for the ops channel, taken away. */
    const said = async (): Promise<readonly string[]> => {
      const texts: string[] = [];
      for (let next = await store.nextMessage("C-ops"); next; next = await store.nextMessage("C-ops")) {
        texts.push(JSON.parse(next.body).text);
        await store.markSent(next.id, "1.1", clock.now());
      }
      return texts;
    };

    let watch = start();
    await beat(0);
    await clock.advance(5 * HOUR);
    const [silence, ...others] = await said();
    assert.match(silence ?? "", /No heartbeat from 1 place.*\*Customer c0\* `200000000000`/s);
    assert.deepEqual(others, [], "customer 1 never beat: that is no silence");
    assert.deepEqual(
      (await watch.pulses()).map(({ customerId, state }) => `${customerId} ${state}`),
      ["c0 missed", "c1 never"],
    );

    await watch.stop();
    watch = start();
    await clock.advance(5 * HOUR);
    assert.deepEqual(await said(), [], "told before the restart");

    await beat(0);
    await clock.advance(2 * MINUTE);
    assert.match((await said()).join("\n"), /^Heartbeats are back from 1 place\(s\):\n• \*Customer c0\*/);
    await beat(0);
    await clock.advance(2 * HOUR);
    assert.deepEqual(await said(), []);
    assert.deepEqual(
      (await store.waiting()).map(({ channelId }) => channelId),
      [],
    );
    assert.deepEqual(faults, []);
    await watch.stop();
    await store.close();
  });
});
