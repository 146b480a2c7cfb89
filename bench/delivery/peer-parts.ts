/** The same burst through what people have today. */
import { setTimeout as pause } from "node:timers/promises";
import { loadCustomers, resourceOf } from "../../packages/testkit/src/load.ts";
import { batcher, naive, type Peer } from "./peers.ts";
import { PROGRAMS } from "./programs.ts";
import type { Figure } from "./run.ts";
import { scoreOf } from "./score.ts";
import { type Slack, startSlack, until } from "./setting.ts";

/** Others are given this long. */
const WATCHED_MS = 150_000;

/** 10,000 findings of 10 customers within 5 s, through each. */
export async function peers(): Promise<readonly Figure[]> {
  const figures = [
    await through("naive Lambda straight to Slack", async (slack) => naive(slack)),
    await through("batcher in memory", async (slack) => batcher(slack)),
  ];
  for (const [name, { env, start }] of Object.entries(PROGRAMS)) {
    const file = process.env[env];
    const what = `the burst, ${name}`;
    if (file === undefined) figures.push({ what, target: "", got: `SKIPPED: ${env} names no program` });
    else figures.push(await through(name, (slack) => start(file, slack)));
  }
  return figures;
}

async function through(name: string, startPeer: (slack: Slack) => Promise<Peer>): Promise<Figure> {
  const customers = loadCustomers(10);
  const slack = await startSlack(customers);
  const running = await startPeer(slack);
  for (let batch = 0; batch < 100; batch += 1) {
    for (let n = 0; n < 100; n += 1) {
      const problem = batch * 100 + n;
      const customer = customers[problem % customers.length];
      if (customer) running.take(customer, resourceOf(problem));
    }
    await pause(50);
  }
  const lastAt = Date.now();
  const wanted = new Set(Array.from({ length: 10_000 }, (_, n) => resourceOf(n)));
  await until(async () => scoreOf(await slack.ledger(), wanted).missing === 0, 1000, WATCHED_MS);
  const score = scoreOf(await slack.ledger(), wanted);
  const limited = await slack.rateLimited();
  await running.stop();
  await slack.stop();
  const when =
    score.namedAtMs === undefined
      ? "never all"
      : `all ${((score.namedAtMs - lastAt) / 1000).toFixed(1)} s after the last`;
  const got = `${score.named.toLocaleString("en")} named (${when}), ${limited.toLocaleString("en")} x 429`;
  return { what: `the burst, ${name}`, target: "", got };
}
