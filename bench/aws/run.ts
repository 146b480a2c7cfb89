/**
 * `npm run bench:aws [-- FINDINGS CHANNELS KILLS]`: what the functions take of time by themselves (own-time.ts), then the
 * relay's deployed stack on an emulator, and a burst through it: SQS, Lambda (real Node processes), DynamoDB, a fake Slack
 * with Slack's limits. Functions are killed meanwhile. Nothing here is asserted: read it. An emulator's times say little
 * about AWS's; what is lost or told twice says all. With 0 findings there is no burst.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeSlack } from "@shirase/fake-slack";
import { startMinistack } from "@shirase/testkit/emulators";
import { lambdaWorkers } from "@shirase/testkit/lambda-workers";
import { loadConfig, loadCustomers, resourceOf, securityHubEvent } from "@shirase/testkit/load";
import { relayHome } from "@shirase/testkit/relay-on-aws";
import { ownTimes } from "./own-time.ts";

const [findings = 10_000, channels = 10, kills = 30] = process.argv.slice(2).map(Number);
const MOST_MS = 15 * 60_000;
/** Longer than the hub's queue hides what a killed function held. */
const STILL_MS = 240_000;

const emulator = await startMinistack();
if ("skip" in emulator) throw new Error(emulator.skip);
for (const [what, got] of await ownTimes(emulator)) process.stdout.write(`| ${what} | ${got} |\n`);
if (findings === 0) {
  await emulator.stop();
  process.exit(0);
}
const customers = loadCustomers(channels);
const slack = await startFakeSlack({ channels: customers.map(({ channel }) => ({ id: channel })) });
const folder = mkdtempSync(join(tmpdir(), "shirase-bench-aws-"));
const bin = join(import.meta.dirname, "..", "..", "packages", "shirase", "src", "bin.ts");
const configWith = (more: object): object => loadConfig(customers, more);
const { queue, shirase } = await relayHome({ emulator, bin, folder, configWith, slack });
const { code, err } = await shirase("deploy", "--only", "relay", "--yes");
if (code !== 0) throw new Error(err);

const each = Math.ceil(findings / channels);
const startedAt = Date.now();
let killed = 0;
const killing = setInterval(() => {
  const workers = lambdaWorkers();
  const victim = workers[Math.floor(Math.random() * workers.length)];
  if (victim === undefined || killed >= kills) return;
  killed += 1;
  process.kill(victim, "SIGKILL");
}, 1000);
for (const customer of customers) {
  await queue.send(Array.from({ length: each }, (_, n) => JSON.stringify(securityHubEvent(customer, n))));
}
const sentMs = Date.now() - startedAt;
let changedAt = Date.now();
let seen = 0;
while (Date.now() - startedAt < MOST_MS && Date.now() - changedAt < STILL_MS) {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  if (slack.ledger().length !== seen) changedAt = Date.now();
  seen = slack.ledger().length;
  if (namedOnce().missing === 0) break;
}
clearInterval(killing);
const doneMs = Date.now() - startedAt;

/** Every problem of every channel: in how many messages it is named. */
function namedOnce(): { readonly missing: number; readonly twice: number } {
  let missing = 0;
  let twice = 0;
  for (const { channel } of customers) {
    const texts = slack
      .channel(channel)
      .messages()
      .map(({ payload }) => JSON.stringify([payload["blocks"], payload["attachments"]]));
    const all = texts.join("\n");
    for (let n = 0; n < each; n += 1) {
      const times = all.split(resourceOf(n)).length - 1;
      if (times === 0) missing += 1;
      if (times > 1 && texts.filter((text) => text.includes(resourceOf(n))).length > 1) twice += 1;
    }
  }
  return { missing, twice };
}

const { missing, twice } = namedOnce();
const ids = slack.ledger().map(({ payload }) => JSON.stringify(payload["metadata"]));
const rows: readonly (readonly [string, unknown])[] = [
  ["findings", each * channels],
  ["functions killed", killed],
  ["lost", missing],
  ["told twice", twice],
  ["messages", ids.length],
  ["the same message twice", ids.length - new Set(ids).size],
  ["hidden by Slack for their number", slack.ledger().filter(({ hidden }) => hidden).length],
  ["answers 429", slack.refused().filter(({ error }) => error === "ratelimited").length],
  ["in the queue after", `${(sentMs / 1000).toFixed(1)} s`],
  ["all named after", `${(doneMs / 1000).toFixed(1)} s`],
];
for (const [what, got] of rows) process.stdout.write(`| ${what} | ${got} |\n`);
await slack.close();
await emulator.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(missing + twice > 0 ? 1 : 0);
