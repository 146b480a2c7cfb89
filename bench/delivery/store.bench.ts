/**
 * What the store costs an event: microseconds of `tell`, from the call to the answer, durably, by kind of event, batch
 * and concurrency. `node --conditions=@shirase/source bench/delivery/store.bench.ts [events]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "@shirase/core/config";
import { readEnvelope } from "@shirase/core/event";
import { hear } from "@shirase/core/hear";
import { prepare } from "@shirase/core/prepare";
import { openSqliteThread } from "@shirase/relay/store/sqlite-thread";
import type { HeardWithBody, Store } from "@shirase/relay/store/store";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";

const EVENTS = Number(process.argv[2] ?? 40_000);
const CUSTOMERS = loadCustomers(10);
const prepared = prepare(Config.parse(loadConfig(CUSTOMERS)));
const folder = mkdtempSync(join(tmpdir(), "shirase-store-bench-"));

const store: Store = await openSqliteThread({ dataDir: join(folder, "data") });
const now = new Date("2026-11-20T02:00:00Z");
await measure("new problems, batches of 10, 8 at once", heardAll(0, 0), 10, 8);
await measure("the same again, batches of 10, 8 at once", heardAll(0, 1), 10, 8);
await measure("redelivered, batches of 10, 8 at once", heardAll(0, 1), 10, 8);
await measure("new problems, one by one, 64 at once", heardAll(EVENTS, 0), 1, 64);
await measure("the same again, one by one, 64 at once", heardAll(EVENTS, 1), 1, 64);
await measure("fixed, one by one, 64 at once", heardAll(EVENTS, 2, "PASSED"), 1, 64);
const rssMb = Math.round(process.memoryUsage().rss / 1e6);
console.log(`${rssMb} MB RSS, ${(await store.stats()).known} known`);
await store.close();
rmSync(folder, { recursive: true });

function heardAll(from: number, telling: number, status: "FAILED" | "PASSED" = "FAILED"): readonly HeardWithBody[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const customer = CUSTOMERS[index % CUSTOMERS.length] ?? CUSTOMERS[0];
    if (!customer) throw new Error("no customer");
    const read = readEnvelope(securityHubEvent(customer, from + index, telling, { status }));
    if (!("event" in read)) throw new Error(read.problem.message);
    return { heard: hear(read.event, {}, prepared), body: () => "{}" };
  });
}

async function measure(what: string, events: readonly HeardWithBody[], batch: number, atOnce: number): Promise<void> {
  let next = 0;
  const cpu = process.cpuUsage();
  const ownCpu = process.threadCpuUsage();
  const startedAt = performance.now();
  const sender = async (): Promise<void> => {
    while (next < events.length) {
      const some = events.slice(next, next + batch);
      next += batch;
      await store.tell(some, now);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  const micros = ((performance.now() - startedAt) * 1000) / events.length;
  const own = microsOf(process.threadCpuUsage(ownCpu)) / events.length;
  const others = microsOf(process.cpuUsage(cpu)) / events.length - own;
  const rate = Math.round(1e6 / micros).toLocaleString("en");
  const cost = `${rate}/s; CPU here ${own.toFixed(1)}, store's thread ${others.toFixed(1)} µs`;
  console.log(`${micros.toFixed(1).padStart(6)} µs an event (${cost})  ${what}`);
}

function microsOf({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}
