/** What readers of Slack get: each thing once, a burst quickly, one problem at once, and all of it after an outage. */
import { setTimeout as pause } from "node:timers/promises";
import { type LoadCustomer, loadCustomers, resourceOf, securityHubEvent } from "../../packages/testkit/src/load.ts";
import type { Figure } from "./run.ts";
import { scoreOf } from "./score.ts";
import { percentile, post, type Slack, startRelay, startSlack, until } from "./setting.ts";

const at = (customers: readonly LoadCustomer[], n: number): LoadCustomer => {
  const customer = customers[n % customers.length];
  if (!customer) throw new Error("at least one customer is needed");
  return customer;
};
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const seconds = (ms: number | undefined): string => (ms === undefined ? "never" : `${(ms / 1000).toFixed(1)} s`);

/** 100 findings, told 24 times more. */
export async function reimport(): Promise<readonly Figure[]> {
  const customers = loadCustomers(10);
  const slack = await startSlack(customers);
  const relay = await startRelay(customers, slack);
  const wanted = new Set(upTo(100).map(resourceOf));
  const tell = (telling: number) =>
    post(
      relay.eventsUrl,
      upTo(100).map((n) => securityHubEvent(at(customers, n), n, telling)),
    );
  await tell(0);
  await until(async () => scoreOf(await slack.ledger(), wanted).missing === 0, 500, 60_000);
  const first = (await slack.ledger()).length;
  for (const telling of upTo(24)) await tell(telling + 1);
  await pause(5000);
  const further = (await slack.ledger()).length - first;
  await relay.stop();
  await slack.stop();
  return [
    { what: "100 findings re-imported 24 times: further messages", target: "0", got: `${further} (first ${first})` },
  ];
}

/** 10,000 findings of 10 customers within 5 s, and an eleventh with one CRITICAL a second. */
export async function burst(): Promise<readonly Figure[]> {
  const customers = loadCustomers(11);
  const noisy = customers.slice(0, 10);
  const quiet = at(customers, 10);
  const slack = await startSlack(customers);
  const relay = await startRelay(customers, slack);
  await pause(4000);
  const startedAt = Date.now();
  let lastAt = startedAt;
  const sending = upTo(100).map(async (batch) => {
    await pause(batch * 50);
    lastAt = Math.max(
      lastAt,
      await post(
        relay.eventsUrl,
        upTo(100).map((n) => burstEvent(noisy, batch * 100 + n)),
      ),
    );
  });
  const sentAt = new Map<string, number>();
  const quietly = upTo(25).map(async (n) => {
    await pause(500 + n * 1100);
    const problem = 500_000 + n * 8;
    sentAt.set(resourceOf(problem), Date.now());
    await post(relay.eventsUrl, [securityHubEvent(quiet, problem, 0, { severity: "CRITICAL" })]);
  });
  await Promise.all([...sending, ...quietly]);
  const wanted = new Set(upTo(10_000).map(resourceOf));
  await until(async () => scoreOf(await slack.ledger(), wanted).missing === 0, 500, 120_000);
  const ledger = await slack.ledger();
  const own = new Set(noisy.map(({ channel }) => channel));
  const score = scoreOf(
    ledger.filter(({ channel }) => own.has(channel)),
    wanted,
  );
  const quietNamed = scoreOf(
    ledger.filter(({ channel }) => channel === quiet.channel),
    new Set(sentAt.keys()),
  );
  const waits = [...sentAt].map(([resource, sent]) => (quietNamed.firstNamed.get(resource) ?? Number.NaN) - sent);
  const limited = await slack.rateLimited();
  await relay.stop();
  await slack.stop();
  const what = "10,000 findings, 10 customers, 5 s:";
  const since = (ms: number | undefined): string => seconds(ms === undefined ? undefined : Math.max(0, ms - lastAt));
  return [
    { what: `${what} all acknowledged after`, target: "", got: seconds(lastAt - startedAt) },
    { what: `${what} counted after the last`, target: "<= 2 s", got: since(score.countedAtMs) },
    { what: `${what} each named after the last`, target: "<= 25 s", got: since(score.namedAtMs) },
    {
      what: `${what} 429 / hidden / lost / twice / messages`,
      target: "0 / 0 / 0 / 0",
      got: [limited, score.hidden, score.missing, score.twice, score.messages].join(" / "),
    },
    {
      what: "another customer's CRITICAL during it, p50 / p99",
      target: "p99 < 2 s",
      got: `${percentile(waits, 50)} / ${percentile(waits, 99)} ms`,
    },
  ];
}

function burstEvent(customers: readonly LoadCustomer[], n: number): object {
  return securityHubEvent(at(customers, n), n);
}

/** One CRITICAL at a time, two a second, each in another channel. */
export async function idle(): Promise<readonly Figure[]> {
  const customers = loadCustomers(100);
  const slack = await startSlack(customers);
  const relay = await startRelay(customers, slack);
  await pause(4000);
  const sentAt = new Map<string, number>();
  for (const n of upTo(200)) {
    const resource = resourceOf(n * 8);
    sentAt.set(resource, Date.now());
    await post(relay.eventsUrl, [securityHubEvent(at(customers, n), n * 8, 0, { severity: "CRITICAL" })]);
    await pause(300);
  }
  await pause(2000);
  const { firstNamed } = scoreOf(await slack.ledger(), new Set(sentAt.keys()));
  const waits = [...sentAt].map(([resource, sent]) => (firstNamed.get(resource) ?? Number.NaN) - sent);
  const rss = relay.rssMb();
  await relay.stop();
  await slack.stop();
  return [
    {
      what: "one new CRITICAL, idle relay: ingest to Slack, p50 / p99",
      target: "< 10 / < 30 ms",
      got: `${percentile(waits, 50)} / ${percentile(waits, 99)} ms`,
    },
    { what: "memory, idle", target: "<= 100 MB", got: `${rss} MB` },
  ];
}

const OUTAGES: ReadonlyArray<readonly [name: string, begin: (slack: Slack) => Promise<void>]> = [
  ["500", (slack) => slack.fault({ kind: "status", status: 500, times: 1e9 })],
  ["429", (slack) => slack.fault({ kind: "429", retryAfter: 5, times: 1e9 })],
  ["reset after accepting", (slack) => slack.fault({ kind: "reset_after", method: "chat.postMessage", times: 1e9 })],
];
const OUTAGE_MS = 30_000;

/** 600 findings at 20 a second while Slack is away for 30 s. */
export async function outages(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, begin] of OUTAGES) figures.push(await outage(name, begin));
  figures.push(await lostAnswers());
  return figures;
}

async function outage(name: string, begin: (slack: Slack) => Promise<void>): Promise<Figure> {
  const customers = loadCustomers(10);
  const slack = await startSlack(customers);
  const relay = await startRelay(customers, slack);
  await pause(4000);
  await begin(slack);
  const healing = pause(OUTAGE_MS).then(async () => {
    await slack.heal();
    return Date.now();
  });
  await sendSlowly(relay.eventsUrl, customers);
  const healedAt = await healing;
  return finish(`${name} for 30 s, 600 findings: lost / twice / last shown after recovery`, healedAt, slack, relay);
}

/** One answer in ten is lost after Slack took the message, for as long as findings come. */
async function lostAnswers(): Promise<Figure> {
  const customers = loadCustomers(10);
  const slack = await startSlack(customers);
  const relay = await startRelay(customers, slack);
  await pause(4000);
  let isOver = false;
  const losing = (async () => {
    while (!isOver) {
      await slack.fault({ kind: "reset_after", method: "chat.postMessage", times: 1 });
      await pause(2000);
    }
  })();
  await sendSlowly(relay.eventsUrl, customers);
  isOver = true;
  await losing;
  await slack.heal();
  return finish(
    "an answer lost every 2 s for 30 s, 600 findings: lost / twice / last shown after",
    Date.now(),
    slack,
    relay,
  );
}

async function sendSlowly(url: string, customers: readonly LoadCustomer[]): Promise<void> {
  for (const n of upTo(600)) {
    const sentAt = Date.now();
    await post(url, [burstEvent(customers, n)]);
    await pause(Math.max(0, OUTAGE_MS / 600 - (Date.now() - sentAt)));
  }
}

async function finish(
  what: string,
  healedAt: number,
  slack: Slack,
  relay: { readonly stop: () => Promise<void> },
): Promise<Figure> {
  const wanted = new Set(upTo(600).map(resourceOf));
  await until(async () => scoreOf(await slack.ledger(), wanted).missing === 0, 500, 120_000);
  await pause(3000);
  const score = scoreOf(await slack.ledger(), wanted);
  await relay.stop();
  await slack.stop();
  const after = score.namedAtMs === undefined ? undefined : Math.max(0, score.namedAtMs - healedAt);
  return { what, target: "0 / 0 / <= 15 s", got: `${score.missing} / ${score.twice} / ${seconds(after)}` };
}
