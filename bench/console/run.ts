/**
 * `npm run bench:console [-- PROBLEMS VISITS]`: how soon the console's pages are painted in a real browser. A relay as it
 * runs, with 100,000 open problems of ten customers, each page opened ten times; beside it, in the same run and browser,
 * an empty page that node:http serves: the floor. Nothing here is asserted: read it.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { cpus } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteThread } from "@shirase/relay/store/sqlite-thread";
import { startBrowser } from "@shirase/testkit/browser";
import { loadCustomers, resourceOf } from "@shirase/testkit/load";
import { percentile, startRelay, startSlack, tempFolder } from "../delivery/setting.ts";
import { fill, markTold } from "./fill.ts";
import { type Paint, paintOf } from "./paint.ts";

const [problems = 100_000, visits = 10] = process.argv.slice(2).map(Number);
const CUSTOMERS = loadCustomers(10);
const folder = tempFolder();
const data = join(folder, "data");

const started = await startBrowser();
if ("skip" in started) throw new Error(started.skip);
const { browser } = started;
const store = await openSqliteThread({ dataDir: data });
const now = new Date();
await fill(store, CUSTOMERS, problems, (n) => CUSTOMERS[n % CUSTOMERS.length], now);
await markTold(store, CUSTOMERS, problems, now);
await store.close();
const slack = await startSlack(CUSTOMERS);
const relay = await startRelay(CUSTOMERS, slack, folder);
const url = `http://127.0.0.1:${relay.port}`;
const floor = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end("<!doctype html><title>empty</title><p>empty");
}).listen(0, "127.0.0.1");
await once(floor, "listening");
const address = floor.address();
const floorUrl = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;

const pages: ReadonlyArray<readonly [name: string, path: string]> = [
  ["overview", "/"],
  ["customer", "/customers/c0"],
  ["finding", `/findings/${findingId()}`],
  ["deliveries", "/deliveries"],
  ["playground", "/playground?customer=c0"],
  ["setup", "/setup"],
  ["sent", "/setup/customers/c0"],
  ["report", "/customers/c0/report"],
  ["audit", "/audit"],
  ["search: a word", "/customers/c0?q=security"],
  ["search: a resource", `/customers/c0?q=${resourceOf(0)}`],
  ["search: two words", "/customers/c0?q=security+groups"],
];

// A browser's first page pays for the browser, and the relay's first for its code.
for (const [, path] of pages) await paintOf(browser, `${url}${path}`);
const floorPaints = await paints(floorUrl);
const floorMs = percentile(
  floorPaints.map(({ paintMs }) => paintMs),
  50,
);
print(`${cpus().length} x ${cpus()[0]?.model ?? "?"}, Node ${process.versions.node}, Chromium ${browser.version()}`);
print(`${problems.toLocaleString("en")} problems; ${visits} visits, nothing cached\n`);
print(
  "| page | first byte p50 / max | first paint p50 / max (goal < 200 ms) | of the floor | weight (goal < 150 kB) |",
);
print("|---|---|---|---|---|");
row("floor: an empty page of node:http", floorPaints);
for (const [name, path] of pages.filter(([name]) => !name.startsWith("search")))
  row(name, await paints(`${url}${path}`));
print("\n| search in one customer's | answered p50 / max (goal < 100 ms) | painted p50 / max |");
print("|---|---|---|");
for (const [name, path] of pages.filter(([name]) => name.startsWith("search"))) {
  const all = await paints(`${url}${path}`);
  print(
    `| ${name.slice("search: ".length)} | ${span(all.map(({ byteMs }) => byteMs))} | ${span(all.map(({ paintMs }) => paintMs))} |`,
  );
}
await started.stop();
await relay.stop();
await slack.stop();
floor.close();

async function paints(of: string): Promise<readonly Paint[]> {
  const all: Paint[] = [];
  for (let visit = 0; visit < visits; visit += 1) all.push(await paintOf(browser, of));
  return all;
}

function row(name: string, all: readonly Paint[]): void {
  const byte = span(all.map(({ byteMs }) => byteMs));
  const times = all.map(({ paintMs }) => paintMs);
  const weight = `${(
    percentile(
      all.map(({ bytes }) => bytes),
      50,
    ) / 1000
  ).toFixed(1)} kB`;
  print(`| ${name} | ${byte} | ${span(times)} | ${(percentile(times, 50) / floorMs).toFixed(1)} x | ${weight} |`);
}

function span(numbers: readonly number[]): string {
  return `${percentile(numbers, 50).toFixed(0)} / ${Math.max(...numbers).toFixed(0)} ms`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The problem whose page is opened: the first, which was told of. */
function findingId(): number {
  const database = new DatabaseSync(join(data, "relay.sqlite"), { readOnly: true });
  const id = database.prepare("SELECT min(id) AS id FROM findings WHERE customer_id = 'c0'").get()?.["id"];
  database.close();
  return Number(id);
}
