/** What the machine pays: durable ingest beside its floors, kill -9, memory and start with many problems known. */
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { Config } from "../../packages/core/src/config.ts";
import { readEnvelope } from "../../packages/core/src/event.ts";
import { hear } from "../../packages/core/src/hear.ts";
import { prepare } from "../../packages/core/src/prepare.ts";
import { openSqliteStore } from "../../packages/relay/src/store/sqlite.ts";
import { killInBurst } from "../../packages/simulation/src/kill.ts";
import { loadConfig, loadCustomers, securityHubEvent } from "../../packages/testkit/src/load.ts";
import type { Figure } from "./run.ts";
import { KEY, percentile, startRelay, startSlack, tempFolder } from "./setting.ts";

type Sent = {
  readonly requests: number;
  readonly refused: number;
  readonly seconds: number;
  readonly latencies: number[];
};

/** Sends as fast as 64 connections go. */
async function send(port: number, requests: number, batch: number, offset: number): Promise<Sent> {
  const data = { port, key: KEY, connections: 64, requests, batch, offset };
  const worker = new Worker(new URL("client.mjs", import.meta.url), { workerData: data });
  await once(worker, "message");
  worker.postMessage("go");
  const [sent] = (await once(worker, "message")) as [Sent];
  await worker.terminate();
  return sent;
}

const rate = ({ requests, seconds }: Sent, batch: number): string =>
  `${Math.round((requests * batch) / seconds).toLocaleString("en")} /s`;

/** Requests with one event, and with ten; and what this machine could do at best. */
export async function ingest(): Promise<readonly Figure[]> {
  const http = await httpFloor();
  const customers = loadCustomers(50);
  const slack = await startSlack(customers);
  const relay = await startRelay(customers, slack);
  await send(relay.port, 2000, 1, 9_000_000);
  const single = await send(relay.port, 20_000, 1, 0);
  const again = await send(relay.port, 20_000, 1, 0);
  const tens = await send(relay.port, 4000, 10, 1_000_000);
  const rss = relay.rssMb();
  await relay.stop();
  await slack.stop();
  const slowest = ({ latencies }: Sent): string => `p99 ${percentile(latencies, 99).toFixed(0)} ms`;
  return [
    { what: "floor: node:http + JSON.parse, 64 connections", target: "", got: rate(http, 1) },
    { what: "floor: SQLite, groups of 100, synchronous FULL", target: "", got: sqliteFloor() },
    {
      what: "durable ingest, new problems, 64 connections",
      target: ">= 10,000 /s",
      got: `${rate(single, 1)}, ${slowest(single)}, ${single.refused} refused`,
    },
    { what: "the same events delivered again", target: "", got: `${rate(again, 1)}, ${slowest(again)}` },
    {
      what: "durable ingest, new problems, ten a request: events",
      target: ">= 25,000 /s",
      got: `${rate(tens, 10)}, ${slowest(tens)}, ${tens.refused} refused, ${rss} MB`,
    },
  ];
}

async function httpFloor(): Promise<Sent> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      JSON.parse(Buffer.concat(chunks).toString("utf8"));
      response.writeHead(202, { "content-length": "2" });
      response.end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const sent = await send(typeof address === "object" && address ? address.port : 0, 20_000, 1, 0);
  server.close();
  return sent;
}

function sqliteFloor(): string {
  const database = new DatabaseSync(join(tempFolder(), "floor.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE state (key TEXT PRIMARY KEY, body TEXT); CREATE TABLE outbox (seq INTEGER PRIMARY KEY, body TEXT)",
  );
  const put = database.prepare("INSERT OR REPLACE INTO state VALUES (?, ?)");
  const out = database.prepare("INSERT INTO outbox (body) VALUES (?)");
  const body = "x".repeat(3600);
  const startedAt = performance.now();
  const groups = 200;
  for (let group = 0; group < groups; group += 1) {
    database.exec("BEGIN IMMEDIATE");
    for (let n = 0; n < 100; n += 1) {
      put.run(`key ${group} ${n}`, body);
      out.run("a notice");
    }
    database.exec("COMMIT");
  }
  const seconds = (performance.now() - startedAt) / 1000;
  database.close();
  return `${Math.round((groups * 100) / seconds).toLocaleString("en")} /s`;
}

/** Fifty times. */
export async function killing(): Promise<readonly Figure[]> {
  const { lost, twice, hidden, rateLimited } = await killInBurst({ seed: 1, kills: 50, findings: 1000, customers: 4 });
  return [
    {
      what: "kill -9 at 50 moments of a burst of 1,000: acknowledged and lost / twice / hidden / 429",
      target: "0 / 0 / 0 / 0",
      got: [lost, twice, hidden, rateLimited].join(" / "),
    },
  ];
}

const SIZES = [0, 100_000, 1_000_000] as const;

/** How long until it listens and how much memory it takes, with so many problems known. */
export async function size(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const known of SIZES) figures.push(await sizeWith(known));
  return figures;
}

async function sizeWith(known: number): Promise<Figure> {
  const customers = loadCustomers(50);
  const folder = tempFolder();
  await fill(join(folder, "data"), customers, known);
  const slack = await startSlack(customers);
  const relay = await startRelay(customers, slack, folder);
  await fetch(`http://127.0.0.1:${relay.port}/metrics`);
  const got = `ready in ${Math.round(relay.startedInMs)} ms, ${relay.rssMb()} MB`;
  await relay.stop();
  await slack.stop();
  const target = known === 1_000_000 ? "<= 300 MB" : "ready <= 500 ms, <= 100 MB";
  return { what: `start with ${known.toLocaleString("en")} problems known`, target, got };
}

/** Problems that are over and that nobody heard of: known, and nothing to tell. */
async function fill(dataDir: string, customers: ReturnType<typeof loadCustomers>, known: number): Promise<void> {
  const store = openSqliteStore({ dataDir });
  const prepared = prepare(Config.parse(loadConfig(customers)));
  for (let from = 0; from < known; from += 1000) {
    const events = Array.from({ length: 1000 }, (_, n) => {
      const customer = customers[n % customers.length];
      if (!customer) throw new Error("at least one customer is needed");
      const read = readEnvelope(securityHubEvent(customer, from + n, 0, { status: "PASSED" }));
      if ("problem" in read) throw new Error(read.problem.message);
      return { heard: hear(read.event, {}, prepared), body: () => "" };
    });
    await store.tell(events, new Date());
  }
  await store.close();
}
