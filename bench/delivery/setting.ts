/** What every part of the bench starts: a fake Slack and a relay, each a process of its own, as they would run. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { type LoadCustomer, loadConfig } from "../../packages/testkit/src/load.ts";
import { OWN_ENV } from "../../packages/testkit/src/own-env.ts";

/** A message as the fake's ledger has it, as far as the bench reads it. */
export type Entry = {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly hidden: boolean;
  readonly deletedAt?: string;
  readonly receivedAt: string;
  readonly payload: {
    readonly text: string;
    readonly blocks: unknown;
    readonly attachments: unknown;
    readonly metadata?: { readonly event_payload: { readonly delivery: string; readonly counted: number } };
  };
};

/** A fake Slack that runs. */
export type Slack = {
  readonly url: string;
  readonly apiUrl: string;
  readonly token: string;
  /** An incoming webhook for each channel. */
  readonly webhooks: Readonly<Record<string, string>>;
  readonly ledger: () => Promise<readonly Entry[]>;
  readonly rateLimited: () => Promise<number>;
  readonly fault: (fault: object) => Promise<void>;
  readonly heal: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const ROOT = join(import.meta.dirname, "..", "..");
const NODE = [process.execPath, "--conditions=@shirase/source"] as const;
/** The key of every bench's relay. */
export const KEY = "a-key-for-a-bench";

/** Slack with limits on, or off. */
export async function startSlack(customers: readonly LoadCustomer[], flags: readonly string[] = []): Promise<Slack> {
  const channels = customers.flatMap(({ channel }) => ["--channel", channel]);
  const child = start(join("packages", "fake-slack", "src", "bin.ts"), [...channels, ...flags]);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { url, apiUrl, token, webhooks } = JSON.parse(line) as Pick<Slack, "url" | "apiUrl" | "token" | "webhooks">;
  const get = async <T>(path: string): Promise<T> => (await fetch(`${url}/_fake/${path}`)).json() as Promise<T>;
  const call = async (path: string, method: string, body?: object): Promise<void> => {
    const headers = { "content-type": "application/json" };
    await fetch(`${url}/_fake/${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  };
  return {
    url,
    apiUrl,
    token,
    webhooks,
    ledger: () => get("ledger"),
    rateLimited: async () => (await get<{ rateLimited: number }>("counters")).rateLimited,
    fault: (fault) => call("faults", "POST", fault),
    heal: () => call("faults", "DELETE"),
    stop: () => end(child),
  };
}

/** A relay that runs. */
export type Relay = {
  readonly eventsUrl: string;
  readonly port: number;
  readonly startedInMs: number;
  readonly rssMb: () => number;
  readonly stop: () => Promise<void>;
};

/** A data folder that is gone when the bench ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "shirase-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `shirase relay` for these customers. */
export async function startRelay(
  customers: readonly LoadCustomer[],
  slack: Slack,
  folder = tempFolder(),
): Promise<Relay> {
  const config = join(folder, "shirase.yaml");
  writeFileSync(config, JSON.stringify(loadConfig(customers)));
  const args = ["relay", "--config", config, "--listen", "127.0.0.1:0", "--data", join(folder, "data")];
  const env = { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.apiUrl, SHIRASE_INGEST_KEY: KEY };
  const startedAt = performance.now();
  const child = start(join("packages", "shirase", "src", "bin.ts"), args, env);
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on("line", (line) => {
      const found = /"url":"(http[^"]+)"/.exec(line)?.[1];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error("the relay ended before it listened")));
  });
  return {
    eventsUrl: `${url}/v1/events`,
    port: Number(new URL(url).port),
    startedInMs: performance.now() - startedAt,
    rssMb: () => rssOf(child.pid),
    stop: () => end(child),
  };
}

function start(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [node, ...flags] = NODE;
  return spawn(node, [...flags, join(ROOT, file), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...OWN_ENV, ...env },
  });
}

/** Ends a process that the bench started. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const killing = setTimeout(() => child.kill("SIGKILL"), 12_000);
  await once(child, "exit");
  clearTimeout(killing);
}

/** Linux only; elsewhere 0. */
function rssOf(pid: number | undefined): number {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kb ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** Posts events; whatever the answer but 202 is tried again, as EventBridge does. @returns when it was acknowledged. */
export async function post(url: string, events: readonly object[]): Promise<number> {
  const body = JSON.stringify(events.length === 1 ? events[0] : events);
  for (;;) {
    try {
      const answer = await fetch(url, { method: "POST", headers: { authorization: `Bearer ${KEY}` }, body });
      await answer.arrayBuffer();
      if (answer.status === 202) return Date.now();
    } catch {
      // Down: again in a moment.
    }
    await pause(50);
  }
}

const RESOURCE = /sg-[0-9a-f]{17}/g;

/** The resources that a message names, each once. */
export function namedIn({ payload }: Entry): ReadonlySet<string> {
  const { text, blocks, attachments } = payload;
  return new Set(JSON.stringify([text, blocks, attachments]).match(RESOURCE) ?? []);
}

/** Of numbers, the one below which so many in a hundred are. */
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** Waits until a look says true, looking every so often. @returns false when it never did. */
export async function until(look: () => Promise<boolean>, everyMs: number, atMostMs: number): Promise<boolean> {
  const end = Date.now() + atMostMs;
  while (Date.now() < end) {
    if (await look()) return true;
    await pause(everyMs);
  }
  return false;
}
