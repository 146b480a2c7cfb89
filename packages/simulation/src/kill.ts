/**
 * `shirase relay` as it runs, killed with SIGKILL again and again in the middle of a burst, with Slack's limits on: when
 * all is told, what was acknowledged is named once, and nothing else happened. Counts, no times.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { loadConfig, loadCustomers, resourceOf, securityHubEvent } from "@shirase/testkit/load";
import { type RelayProcess, spawnRelay } from "@shirase/testkit/relay-process";
import { chanceOf } from "./chance.ts";
import { namedIn, shownIn } from "./shown.ts";

/** What is done to it. */
export type Killing = {
  readonly seed: number;
  readonly kills: number;
  readonly findings: number;
  readonly customers: number;
};

/** What came of it. */
export type Killed = {
  readonly acknowledged: number;
  /** Acknowledged, and named nowhere. */
  readonly lost: number;
  /** Named in more than one message, or shown twice as a message. */
  readonly twice: number;
  readonly hidden: number;
  readonly rateLimited: number;
  readonly messages: number;
};

const BIN = join(import.meta.dirname, "..", "..", "shirase", "src", "bin.ts");
const KEY = "a-key-for-a-test";
const BATCH = 10;
const BETWEEN_BATCHES_MS = 40;
const RETRY_MS = 60;
const TOLD_WITHIN_MS = 180_000;

/** Runs it to the end. @throws when not everything is told three minutes after the last kill. */
export async function killInBurst({ seed, kills, findings, customers: count }: Killing): Promise<Killed> {
  const customers = loadCustomers(count);
  const slack = await startFakeSlack({
    channels: customers.map(({ channel }) => ({ id: channel })),
    limits: { over: "hide" },
  });
  const folder = mkdtempSync(join(tmpdir(), "shirase-kill-"));
  const config = join(folder, "shirase.yaml");
  writeFileSync(config, JSON.stringify(loadConfig(customers)));
  const port = await freePort();
  const args = ["--config", config, "--listen", `127.0.0.1:${port}`, "--data", join(folder, "data")];
  const env = { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.apiUrl, SHIRASE_INGEST_KEY: KEY };
  const spawn = (): RelayProcess => spawnRelay({ bin: BIN, args, env });
  let relay = spawn();
  try {
    const events = Array.from({ length: findings }, (_, n) => eventOf(n, customers));
    const sending = send(events, `http://127.0.0.1:${port}/v1/events`);
    const chance = chanceOf(seed);
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(300 + chance.below(1700));
      await relay.stop("SIGKILL");
      relay = spawn();
    }
    await sending;
    await untilNamed(slack, findings);
    return resultOf(slack, findings);
  } finally {
    await relay.stop("SIGTERM");
    await slack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function eventOf(n: number, customers: ReturnType<typeof loadCustomers>): object {
  const customer = customers[n % customers.length];
  if (!customer) throw new Error("at least one customer is needed");
  return securityHubEvent(customer, n);
}

/** Each request until it is acknowledged, however often its answer is lost. */
async function send(events: readonly object[], url: string): Promise<void> {
  for (let from = 0; from < events.length; from += BATCH) {
    const body = JSON.stringify(events.slice(from, from + BATCH));
    while (!(await isAcknowledged(url, body))) await pause(RETRY_MS);
    await pause(BETWEEN_BATCHES_MS);
  }
}

async function isAcknowledged(url: string, body: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: "POST", headers: { authorization: `Bearer ${KEY}` }, body });
    await answer.arrayBuffer();
    return answer.status === 202;
  } catch {
    return false; // It is down, or died before it answered.
  }
}

async function untilNamed(slack: FakeSlack, findings: number): Promise<void> {
  const named = new Set<string>();
  let read = 0;
  await slack.waitFor(() => {
    const entries = slack.ledger();
    for (; read < entries.length; read += 1) {
      const entry = entries[read];
      if (entry && !entry.hidden) for (const resource of namedIn(entry)) named.add(resource);
    }
    return named.size >= findings;
  }, TOLD_WITHIN_MS);
}

function resultOf(slack: FakeSlack, findings: number): Killed {
  const { named, twice, hidden, rateLimited } = shownIn(slack);
  const counts = Array.from({ length: findings }, (_, n) => named.get(resourceOf(n)) ?? 0);
  return {
    acknowledged: findings,
    lost: counts.filter((times) => times === 0).length,
    twice: Math.max(counts.filter((times) => times > 1).length, twice.length),
    hidden,
    rateLimited,
    messages: slack.ledger().length,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}
