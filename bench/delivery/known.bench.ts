/**
 * What it costs a relay to know much: how soon it is ready, and how much memory it has, with so many problems known; then
 * what it has after 20,000 more tellings. `node --conditions=@shirase/source bench/delivery/known.bench.ts [known ...]`
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "@shirase/core/config";
import { readEnvelope } from "@shirase/core/event";
import { hear } from "@shirase/core/hear";
import { prepare } from "@shirase/core/prepare";
import { startFakeSlack } from "@shirase/fake-slack";
import { openSqliteStore } from "@shirase/relay/store/sqlite";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { spawnRelay } from "@shirase/testkit/relay-process";

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [0, 100_000, 1_000_000];
const BIN = join(import.meta.dirname, "../../packages/shirase/src/bin.ts");
const KEY = "a-key-for-the-bench";
const CUSTOMERS = loadCustomers(10);
const config = loadConfig(CUSTOMERS);
const prepared = prepare(Config.parse(config));
const folder = mkdtempSync(join(tmpdir(), "shirase-known-bench-"));
const slack = await startFakeSlack({ channels: CUSTOMERS.map(({ channel }) => ({ id: channel })), limits: "off" });
const configFile = join(folder, "shirase.yaml");
writeFileSync(configFile, JSON.stringify(config));

for (const known of SIZES) {
  const dataDir = join(folder, String(known));
  await fill(dataDir, known);
  await measure(dataDir, known);
}
await slack.close();
rmSync(folder, { recursive: true });

/** Problems that are known and over: nothing is to be told of them. */
async function fill(dataDir: string, known: number): Promise<void> {
  const store = openSqliteStore({ dataDir });
  const now = new Date();
  for (let from = 0; from < known; from += 2000) {
    const events = Array.from({ length: Math.min(2000, known - from) }, (_, index) => heardOf(from + index));
    await store.tell(events, now);
  }
  await store.close();
}

function heardOf(n: number) {
  const read = readEnvelope(eventOf(n, 0));
  if (!("event" in read)) throw new Error(read.problem.message);
  return { heard: hear(read.event, {}, prepared), body: () => "{}" };
}

function eventOf(n: number, telling: number): object {
  const customer = CUSTOMERS[n % CUSTOMERS.length];
  if (!customer) throw new Error("no customer");
  return securityHubEvent(customer, n, telling, { status: "PASSED" });
}

async function measure(dataDir: string, known: number): Promise<void> {
  const startedAt = performance.now();
  const args = ["--config", configFile, "--listen", "127.0.0.1:0", "--data", dataDir, "--log-level", "info"];
  const env = { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.apiUrl, SHIRASE_INGEST_KEY: KEY };
  const relay = spawnRelay({ bin: BIN, args, env });
  const { url = "" } = await relay.logged(({ msg }) => msg === "listening");
  while ((await fetch(`${url}/readyz`)).status !== 200);
  const readyMs = Math.round(performance.now() - startedAt);
  const idle = rssMb(relay.child.pid);
  const step = Math.max(1, Math.floor(known / 20_000));
  for (let count = 0; count < 20_000; count += 100) {
    const events = Array.from({ length: 100 }, (_, index) => eventOf((count + index) * step, 1));
    await fetch(`${url}/v1/events`, { method: "POST", headers: { "x-api-key": KEY }, body: JSON.stringify(events) });
  }
  const busy = rssMb(relay.child.pid);
  await (await fetch(`${url}/metrics`)).text();
  await relay.stop("SIGTERM");
  const diskMb = Math.round(statSync(join(dataDir, "relay.sqlite")).size / 1e6);
  const figures = `ready after ${readyMs} ms, ${idle} MB RSS idle, ${busy} MB after 20,000 tellings, ${diskMb} MB on disk`;
  console.log(`${known.toLocaleString("en").padStart(9)} known: ${figures}`);
}

function rssMb(pid: number | undefined): number {
  const pages = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(pages) / 1000);
}
