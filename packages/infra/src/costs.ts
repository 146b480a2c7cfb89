/**
 * What a way from the customers' accounts to Slack costs a month, line by line, and who pays it: the hub's four
 * deliveries, and two shorter ways that shirase does not build, for comparison.
 *
 * Arithmetic on published prices: nothing here asks AWS. The prices are list prices of us-east-1, which are the same in
 * most regions; free tiers, volume discounts and taxes are left out. docs/cost.md and `shirase cost` are made from this.
 */

import type { Config } from "@shirase/core/config";
import { isRelayOnAws, relayUrl } from "@shirase/core/relay-queue";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";

/** A price as AWS lists it: so many dollars for so many. */
export type Price = {
  readonly what: string;
  readonly usd: number;
  readonly per: number;
  /** Where the figure was read. */
  readonly source: { readonly name: string; readonly url: string };
};

const EVENTBRIDGE = { name: "cloudburn, March 2026", url: "https://cloudburn.io/blog/amazon-eventbridge-pricing" };
const SNS = {
  name: "FactualMinds, June 2026",
  url: "https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/",
};
const KMS = { name: "cloudburn, March 2026", url: "https://cloudburn.io/blog/aws-kms-pricing" };
const DYNAMODB = { name: "Airbyte, July 2025", url: "https://airbyte.com/data-engineering-resources/dynamodb-pricing" };
const LAMBDA = { name: "Cloudchipr, 2024", url: "https://cloudchipr.com/blog/aws-lambda-pricing" };
const MILLION = 1_000_000;

/** Every price that is used, by a name of ours. */
export const PRICES = {
  crossing: { what: "event to a bus of another account", usd: 1, per: MILLION, source: EVENTBRIDGE },
  direct: {
    what: "event to a queue, topic or function of another account",
    usd: 0.05,
    per: MILLION,
    source: {
      name: "AWS price list, January 2025: `CrossAccountInvoke-CustomEvent`",
      url: "https://github.com/labofsahil/aws-pricing-dataset",
    },
  },
  ownEvent: { what: "event of one's own on a bus (PutEvents)", usd: 1, per: MILLION, source: EVENTBRIDGE },
  schedule: { what: "start of a schedule", usd: 1, per: MILLION, source: EVENTBRIDGE },
  apiDestination: { what: "call of an API destination", usd: 0.2, per: MILLION, source: EVENTBRIDGE },
  sqs: {
    what: "request to SQS",
    usd: 0.4,
    per: MILLION,
    source: { name: "cloudburn, March 2026", url: "https://cloudburn.io/blog/amazon-sqs-pricing" },
  },
  sqsFifo: {
    what: "request to SQS, FIFO",
    usd: 0.5,
    per: MILLION,
    source: { name: "cloudburn, March 2026", url: "https://cloudburn.io/blog/amazon-sqs-pricing" },
  },
  dynamoWrite: { what: "write unit of DynamoDB, on demand", usd: 0.625, per: MILLION, source: DYNAMODB },
  dynamoRead: { what: "read unit of DynamoDB, on demand", usd: 0.125, per: MILLION, source: DYNAMODB },
  lambdaCall: { what: "call of a Lambda function", usd: 0.2, per: MILLION, source: LAMBDA },
  lambdaSeconds: { what: "GB-second of Lambda, arm64", usd: 13.3334, per: MILLION, source: LAMBDA },
  snsPublish: { what: "message published to SNS", usd: 0.5, per: MILLION, source: SNS },
  snsHttps: { what: "SNS delivery over HTTPS", usd: 0.6, per: MILLION, source: SNS },
  snsMail: { what: "SNS delivery by e-mail", usd: 2, per: 100_000, source: SNS },
  kmsKey: { what: "KMS key, a month", usd: 1, per: 1, source: KMS },
  kmsRequest: { what: "request to KMS", usd: 0.03, per: 10_000, source: KMS },
  alarm: {
    what: "CloudWatch alarm, a month",
    usd: 0.1,
    per: 1,
    source: { name: "c3x", url: "https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm" },
  },
  dataOut: {
    what: "GB from AWS to the internet",
    usd: 0.09,
    per: 1,
    source: {
      name: "unanswered.io, 2026",
      url: "https://unanswered.io/guide/aws-sqs-pricing-and-cost-optimization",
    },
  },
} as const satisfies Readonly<Record<string, Price>>;
export type PriceName = keyof typeof PRICES;

/** The ways there are. The first four are what `shirase deploy` makes. */
export const TOPOLOGIES = ["amazon-q", "relay-sqs", "relay-sns", "relay-aws", "api-destination", "direct-sqs"] as const;
export type Topology = (typeof TOPOLOGIES)[number];

/** What comes down a way in a month. */
export type Load = {
  /** Each has a rule with an alarm in the hub and, with SNS, a topic. */
  readonly customers: number;
  /** Events that the customers' rules let through, heartbeats not among them. */
  readonly findings: number;
  /** Of all accounts and regions together: {@link heartbeatsAMonth}. */
  readonly heartbeats: number;
  /** How large an event is. AWS counts each 64 KB begun as one. */
  readonly eventKb: number;
  /** E-mail addresses of each customer of Amazon Q's. */
  readonly mailAddresses: number;
};

/** One line of the bill. */
export type CostLine = {
  readonly payer: "customer" | "company";
  /** What it is for. */
  readonly why: string;
  readonly price: PriceName;
  /** In the price's unit: events, requests, alarms, GB. */
  readonly quantity: number;
  readonly usd: number;
};

/** AWS's own calculator takes a month for so many hours. */
const HOURS_A_MONTH = 730;
const CHUNK_KB = 64;
/** What the relay takes from the queue at a time when there is enough of it. */
const BATCH = 10;
const LONG_POLL_SECONDS = 20;
/** Lambda asks a queue by so many at once, however little is there. */
const LAMBDA_POLLERS = 5;
/** Of what the rules let through; the rest says again what is known. */
const NEWS_SHARE = 0.1;
const LAMBDA_GB = 0.5;
/**
 * SNS uses a data key for up to five minutes, and asks KMS twice for each publisher and key.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (R = B / D * (2 * P))
 */
const MOST_KMS_REQUESTS_A_TOPIC = ((HOURS_A_MONTH * 3600) / 300) * 2;

/** How many heartbeats so many accounts and regions send in a month. */
export function heartbeatsAMonth(places: number, everyMinutes: number): number {
  return Math.round((places * HOURS_A_MONTH * 60) / everyMinutes);
}

/** What a month brings that no config says. */
export type Month = Pick<Load, "findings" | "eventKb">;

/** What comes down which way for a config's customers. Each is taken to have as many findings as any other. */
export function loadsOf(config: Config, { findings, eventKb }: Month): Readonly<Partial<Record<Topology, Load>>> {
  const customers = config.customers.map((customer) => resolveCustomer(config, customer));
  const loads: Partial<Record<Topology, Load>> = {};
  for (const delivery of ["amazon-q", "relay"] as const) {
    const some = customers.filter((customer) => customer.delivery === delivery);
    if (some.length === 0) continue;
    loads[wayOf(delivery, config)] = {
      customers: some.length,
      findings: (findings * some.length) / customers.length,
      heartbeats: some.reduce((sum, customer) => sum + heartbeatsOf(customer), 0),
      eventKb,
      mailAddresses: some.reduce((sum, { email }) => sum + (email?.length ?? 0), 0) / some.length,
    };
  }
  return loads;
}

function wayOf(delivery: "amazon-q" | "relay", config: Config): Topology {
  if (delivery === "amazon-q") return "amazon-q";
  if (isRelayOnAws(config)) return "relay-aws";
  return relayUrl(config) === undefined ? "relay-sqs" : "relay-sns";
}

function heartbeatsOf(customer: ResolvedCustomer): number {
  const places = sendingAccounts(customer).length * customer.regions.length;
  return heartbeatsAMonth(places, customer.heartbeatMinutes);
}

/** The bill of a month for everything that comes down these ways; what a hub has once is counted once. */
export function costLines(loads: Readonly<Partial<Record<Topology, Load>>>): readonly CostLine[] {
  const used = TOPOLOGIES.flatMap((topology) => {
    const load = loads[topology];
    return load === undefined ? [] : [{ topology, load }];
  });
  const hasHub = used.some(({ topology }) => HUB_WAYS.has(topology));
  return [...used.flatMap(({ topology, load }) => WAYS[topology](load)), ...(hasHub ? ONCE_A_HUB : [])];
}

/** The sum of lines, all or one payer's, in USD. */
export function sumUsd(lines: readonly CostLine[], payer?: CostLine["payer"]): number {
  return lines.filter((line) => payer === undefined || line.payer === payer).reduce((sum, { usd }) => sum + usd, 0);
}

/** Those that have the hub's buses and rules. */
const HUB_WAYS: ReadonlySet<Topology> = new Set(["amazon-q", "relay-sqs", "relay-sns", "relay-aws"]);

const ONCE_A_HUB: readonly CostLine[] = [
  line("company", "the hub's key", "kmsKey", 1),
  line("company", "alarm on dead letters", "alarm", 1),
];

const WAYS: Readonly<Record<Topology, (load: Load) => readonly CostLine[]>> = {
  "amazon-q": (load) => [
    ...toTheHub(load),
    // Heartbeats stop at the hub's rule: Amazon Q would not show them.
    line("company", "findings to the customers' topics", "snsPublish", load.findings * chunks(load)),
    line("company", "from there to Amazon Q, if billed as HTTPS", "snsHttps", load.findings * chunks(load)),
    line("company", "and to e-mail addresses", "snsMail", load.findings * load.mailAddresses),
    kmsRequests(load.customers, load.findings),
    ruleAlarms(load),
  ],
  "relay-sqs": (load) => [...toTheHub(load), ...throughQueue(load), ruleAlarms(load), ...queueAlarms()],
  "relay-sns": (load) => [
    ...toTheHub(load),
    line("company", "events to the customers' topics", "snsPublish", load.findings * chunks(load) + load.heartbeats),
    line("company", "from there to the relay", "snsHttps", load.findings * chunks(load) + load.heartbeats),
    line("company", "out of AWS to the relay", "dataOut", (load.findings * load.eventKb + load.heartbeats) / MILLION),
    kmsRequests(load.customers, load.findings + load.heartbeats),
    ruleAlarms(load),
  ],
  "relay-aws": (load) => [
    ...toTheHub(load),
    ...throughQueue(load, LAMBDA_POLLERS),
    ...onLambda(load),
    ruleAlarms(load),
    ...queueAlarms(),
    line("company", "alarms on the functions", "alarm", 5),
    line("company", "the table's key", "kmsKey", 1),
  ],
  "api-destination": (load) => [
    ...heartbeats(load),
    line("customer", "events to the relay", "apiDestination", load.findings * chunks(load) + load.heartbeats),
  ],
  "direct-sqs": (load) => [
    ...heartbeats(load),
    line("customer", "events to the company's queue", "direct", load.findings * chunks(load) + load.heartbeats),
    ...throughQueue(load),
    ...queueAlarms(),
  ],
};

/** To the hub's bus: the sender pays, for what it sends as for events of its own. */
function toTheHub(load: Load): readonly CostLine[] {
  return [
    ...heartbeats(load),
    line("customer", "events to the hub's bus", "crossing", load.findings * chunks(load) + load.heartbeats),
  ];
}

/** Onto the account's own bus. What AWS's services put there is free, what a schedule puts there is not. */
function heartbeats(load: Load): readonly CostLine[] {
  return [
    line("customer", "heartbeat: the schedule", "schedule", load.heartbeats),
    line("customer", "heartbeat: onto the account's own bus", "ownEvent", load.heartbeats),
  ];
}

/** In by the hub's rule, out by the relay: findings in tens, as in a burst; heartbeats come alone. */
function throughQueue(load: Load, pollers = 1): readonly CostLine[] {
  const receives = (load.findings / BATCH) * Math.ceil((BATCH * load.eventKb) / CHUNK_KB);
  const deletes = load.findings / BATCH;
  return [
    line("company", "events into the queue", "sqs", load.findings * chunks(load) + load.heartbeats),
    line("company", "taken and deleted by the relay, in tens", "sqs", receives + deletes + 2 * load.heartbeats),
    line("company", "asked in vain, every 20 seconds", "sqs", pollers * emptyPolls()),
  ];
}

function emptyPolls(): number {
  return (HOURS_A_MONTH * 3600) / LONG_POLL_SECONDS;
}

/** What the functions do (docs/aws.md), counted for findings of which one in ten is news and each news a message. */
function onLambda({ findings, heartbeats }: Load): readonly CostLine[] {
  const news = findings * NEWS_SHARE;
  const minutes = HOURS_A_MONTH * 60;
  const taken = findings / BATCH + heartbeats;
  const gbSeconds = LAMBDA_GB * (0.1 * taken + 0.5 * news + 0.2 * minutes);
  return [
    line("company", "findings remembered and told: written", "dynamoWrite", 2 * (findings + heartbeats) + 24 * news),
    line("company", "and read", "dynamoRead", 2.1 * (findings + heartbeats) + 10 * news),
    line("company", "the clock's reads", "dynamoRead", 20 * minutes),
    line("company", "wake-ups sent, received and deleted", "sqsFifo", 3 * news),
    line("company", "asked in vain for wake-ups", "sqsFifo", LAMBDA_POLLERS * emptyPolls()),
    line("company", "functions called", "lambdaCall", taken + news + minutes),
    line("company", "functions running", "lambdaSeconds", gbSeconds),
    line("company", "the clock, every minute", "schedule", minutes),
  ];
}

function kmsRequests(topics: number, published: number): CostLine {
  const requests = Math.min(2 * published, MOST_KMS_REQUESTS_A_TOPIC * topics);
  return line("company", "data keys for the topics, at most", "kmsRequest", requests);
}

function ruleAlarms({ customers }: Load): CostLine {
  return line("company", "alarms on the customers' rules", "alarm", customers);
}

function queueAlarms(): readonly CostLine[] {
  return [line("company", "alarms on the relay's queues", "alarm", 2)];
}

function chunks({ eventKb }: Load): number {
  return Math.max(1, Math.ceil(eventKb / CHUNK_KB));
}

function line(payer: CostLine["payer"], why: string, price: PriceName, quantity: number): CostLine {
  return { payer, why, price, quantity, usd: (quantity * PRICES[price].usd) / PRICES[price].per };
}
