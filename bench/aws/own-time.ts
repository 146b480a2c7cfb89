/**
 * What the functions take of time by themselves: how large each file is, how long it takes from an empty process to its
 * handler, and how long intake works on a batch of ten when it is warm.
 *
 * An emulator's answers say nothing about DynamoDB's, so waiting is not counted: own time is what the process used of the
 * processor, all threads together; beside it how long its event loop was at work, which also counts when somebody else had
 * the processor meanwhile. The real bundled file runs, with the real SDK, in a process of its own.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Config } from "@shirase/core/config";
import { writeFunctionCode } from "@shirase/relay/function-code";
import { storeTable } from "@shirase/relay/store/dynamodb-tables.contract";
import type { Emulator } from "@shirase/testkit/emulators";
import { loadConfig, loadCustomers } from "@shirase/testkit/load";
import { createQueue } from "@shirase/testkit/queues";
import { rawCall } from "@shirase/testkit/raw-call";
import { HUB } from "@shirase/testkit/relay-on-aws";

/** What it says of itself on standard output. */
export type Worked = { readonly activeMs: number; readonly cpuMs: number; readonly wallMs: number };
/** By what is in a batch of ten. */
export type WarmIntake = Readonly<Record<string, Worked>>;
/** A row of the report. */
export type Row = readonly [what: string, got: string];

const run = promisify(execFile);
const STARTS = 7;
const MOST_COLD_MS = 350;
const MOST_WARM_MS = 15;
const MOST_BYTES = 1_500_000;
/** Its own children get no warnings, and find sources as this process does. */
const NODE = ["--conditions=@shirase/source", "--enable-source-maps"];

/** Measures, a few seconds long. The emulator keeps a table and a queue of ours. */
export async function ownTimes(emulator: Emulator): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "shirase-own-time-"));
  const secret = { ssm: "/shirase/own-time" };
  const slack = { token: secret, signingSecret: secret };
  const config = Config.parse({ ...loadConfig(loadCustomers(10), slack), hub: { ...HUB, relay: "aws" } });
  await writeFunctionCode(folder, config);
  await rawCall(emulator, HUB, {
    service: "dynamodb",
    target: "DynamoDB_20120810.CreateTable",
    body: JSON.stringify(storeTable("own-time")),
  });
  await createQueue(emulator, HUB, "own-time.fifo", { FifoQueue: "true" });
  const parameter = { Name: secret.ssm, Value: "any", Type: "SecureString" };
  await rawCall(emulator, HUB, {
    service: "ssm",
    target: "AmazonSSM.PutParameter",
    body: JSON.stringify(parameter),
  });
  const env = {
    PATH: process.env["PATH"],
    LAMBDA_TASK_ROOT: folder,
    SHIRASE_TABLE: "own-time",
    SHIRASE_WAKE_QUEUE: `${emulator.endpoint}/${HUB.account}/own-time.fifo`,
    SHIRASE_LOG_LEVEL: "info",
    AWS_REGION: HUB.region,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ACCESS_KEY_ID: HUB.account,
    AWS_SECRET_ACCESS_KEY: "any",
  };
  try {
    const rows: Row[] = [];
    for (const name of ["intake", "deliver", "tick", "door"]) rows.push(await coldStart(folder, name, env));
    const { stderr } = await run(process.execPath, [...NODE, join(import.meta.dirname, "warm-intake.ts")], {
      env,
      maxBuffer: 1 << 28,
    });
    const warm = JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as WarmIntake;
    return [...rows, ...warmRows(warm)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function coldStart(folder: string, name: string, env: NodeJS.ProcessEnv): Promise<Row> {
  const file = join(folder, `${name}.mjs`);
  const code = `const at = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - at);`;
  const times: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], { env });
    // A function may say a word at its start; the time comes last.
    times.push(Number(stdout.trim().split("\n").at(-1)));
  }
  const { size } = statSync(file);
  const [median = 0] = times.sort((a, b) => a - b).slice(Math.floor(STARTS / 2));
  const got = `${median.toFixed(0)} ms (goal ${MOST_COLD_MS}), ${(size / 1e6).toFixed(2)} MB (goal ${MOST_BYTES / 1e6})`;
  return [`${name}: to its handler, the middle of ${STARTS} starts; its file`, got];
}

function warmRows(warm: WarmIntake): readonly Row[] {
  return Object.entries(warm).map(([what, { activeMs, cpuMs, wallMs }]) => {
    const waits = `at work ${activeMs.toFixed(1)} ms, with the emulator's answers ${wallMs.toFixed(0)} ms`;
    return [`intake, warm: ${what}`, `${cpuMs.toFixed(1)} ms of processor (goal ${MOST_WARM_MS}); ${waits}`];
  });
}
