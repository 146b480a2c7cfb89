/**
 * How long the console's questions take on a store with many problems: what the overview, a customer's page and its
 * search ask. `node --conditions=@shirase/source bench/console/search.bench.ts [problems]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReads } from "@shirase/relay/console/reads-sqlite";
import { openSqliteThread } from "@shirase/relay/store/sqlite-thread";
import { loadCustomers } from "@shirase/testkit/load";
import { fill } from "./fill.ts";

const PROBLEMS = Number(process.argv[2] ?? 100_000);
const CUSTOMERS = loadCustomers(10);
const dataDir = mkdtempSync(join(tmpdir(), "shirase-console-bench-"));
const store = await openSqliteThread({ dataDir });
const now = new Date("2026-11-20T02:00:00Z");
// Nine in ten belong to one customer: the worst case of its page.
await fill(store, CUSTOMERS, PROBLEMS, (n) => CUSTOMERS[n % 10 === 9 ? 1 : 0], now);
const reads = openReads(dataDir);
const ids = CUSTOMERS.map(({ id }) => id);
const customerId = ids[0] ?? "";
const base = { customerId, standing: "open", offset: 0, limit: 50 } as const;
const sample = (await reads.problems(base)).items[0];
const [account = "", region = "", , resource = ""] = sample?.key.split("|") ?? [];
await measure("the search's index, made in slices beside everything else", warmUp, 1);
await measure("figures of ten customers", () => reads.figures(ids.map((id) => ({ customerId: id, since: now }))));
await measure("a page of open findings", () => reads.problems(base));
await measure("search: one resource", () => reads.problems({ ...base, words: [resource] }));
await measure("search: matches nothing", () => reads.problems({ ...base, words: ["nosuchthing"] }));
await measure("search: matches everything", () => reads.problems({ ...base, words: [account] }));
await measure("search: two words that match everything", () => reads.problems({ ...base, words: [account, region] }));
await measure("search: two letters", () => reads.problems({ ...base, words: ["zz"] }));
await measure("search: page 40 of what matches everything", () =>
  reads.problems({ ...base, words: [account], offset: 2000 }),
);
await reads.close();
await store.close();
rmSync(dataDir, { recursive: true });

async function warmUp(): Promise<void> {
  while (!(await reads.warm()));
}

async function measure(what: string, ask: () => Promise<unknown>, times = 9): Promise<void> {
  const took: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const startedAt = performance.now();
    await ask();
    took.push(performance.now() - startedAt);
  }
  took.sort((a, b) => a - b);
  console.log(
    `${(took[Math.floor(times / 2)] ?? 0).toFixed(1).padStart(8)} ms (most ${took.at(-1)?.toFixed(1)})  ${what}`,
  );
}
