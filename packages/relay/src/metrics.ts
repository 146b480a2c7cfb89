/** What the relay says of itself, in Prometheus's text format. Counters live with the process, gauges with the store. */
import type { Pulse } from "@shirase/core/heartbeat";
import type { QueueState } from "./ingest/sqs.ts";
import type { StoreStats } from "./store/store.ts";

/** Counts of things that happened, by their labels. */
export type Counters = {
  readonly add: (name: CounterName, labels: Readonly<Record<string, string>>, by?: number) => void;
  readonly render: (gauges: Gauges) => string;
};

/** What is measured when it is asked for. */
export type Gauges = {
  readonly stats: StoreStats;
  readonly queues: readonly QueueState[];
  readonly pulses: readonly Pulse[];
  readonly now: Date;
};

/** Every counter with its help line. */
const COUNTERS = {
  shirase_events_total: "Events acknowledged, by what became of them.",
  shirase_news_total: "What events changed, by customer and kind of news.",
  shirase_notices_total: "News that somebody is to hear, by customer.",
  shirase_sent_total: "Messages that Slack accepted, by customer.",
  shirase_send_failures_total: "Tries that failed, by kind.",
  shirase_rate_limited_total: "Answers 429 by Slack.",
  shirase_requests_refused_total: "HTTP requests refused, by code.",
  shirase_sqs_messages_total: "Messages kept and deleted from an SQS queue.",
  shirase_sqs_failures_total: "Requests to SQS that failed, by queue, operation and code.",
} as const;
export type CounterName = keyof typeof COUNTERS;

/** Counters that start at nothing. */
export function createCounters(): Counters {
  const counts = new Map<CounterName, Map<string, number>>();
  return {
    add: (name, labels, by = 1) => {
      const series = counts.get(name) ?? new Map<string, number>();
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + by);
      counts.set(name, series);
    },
    render: (measured) => {
      const counters = Object.entries(COUNTERS).map(([name, help]) => {
        const series = [...(counts.get(name as CounterName) ?? new Map([["", 0]]))];
        return family(name, help, "counter", series);
      });
      return [...counters, ...gauges(measured)].join("");
    },
  };
}

function gauges({ stats, queues, pulses, now }: Gauges): readonly string[] {
  const byCustomer = (counts: ReadonlyMap<string, number>): readonly Series[] =>
    counts.size === 0 ? [["", 0]] : [...counts].map(([customer, count]) => [labelText({ customer }), count]);
  const failing = queues.map(({ arn, trouble }): Series => [labelText({ queue: arn }), trouble ? 1 : 0]);
  const place = ({ customerId, accountId, region }: Pulse): string =>
    labelText({ customer: customerId, account: accountId, region });
  const ages = pulses.flatMap((pulse): readonly Series[] =>
    pulse.at ? [[place(pulse), Math.round((now.getTime() - pulse.at.getTime()) / 1000)]] : [],
  );
  const states = pulses.map((pulse): Series => [place(pulse), pulse.state === "beating" ? 1 : 0]);
  const ageSeconds = stats.oldestWaitingAt ? (now.getTime() - stats.oldestWaitingAt.getTime()) / 1000 : 0;
  return [
    family("shirase_backlog", "News that waits to be told, by customer.", "gauge", byCustomer(stats.waitingByCustomer)),
    family("shirase_oldest_undelivered_seconds", "How long the oldest of them waits.", "gauge", [["", ageSeconds]]),
    family("shirase_dead_letters", "Messages given up, by customer.", "gauge", byCustomer(stats.deadByCustomer)),
    family("shirase_known_findings", "Problems that are remembered.", "gauge", [["", stats.known]]),
    family("shirase_quarantined", "Events that are nobody's.", "gauge", [["", stats.quarantined]]),
    family("shirase_paused_channels", "Channels that Slack refuses.", "gauge", [["", stats.paused]]),
    family(
      "shirase_heartbeat_age_seconds",
      "Since the last heartbeat of an account and region.",
      "gauge",
      orNothing(ages),
    ),
    family(
      "shirase_heartbeat_up",
      "1 for a place whose heartbeats come, 0 for silence and before the first.",
      "gauge",
      orNothing(states),
    ),
    family("shirase_sqs_failing", "1 for an SQS queue that cannot be read or emptied.", "gauge", orNothing(failing)),
  ];
}

/** A family without series says 0, so that it is there. */
function orNothing(series: readonly Series[]): readonly Series[] {
  return series.length === 0 ? [["", 0]] : series;
}

type Series = readonly [labels: string, value: number];

function family(name: string, help: string, type: "counter" | "gauge", series: readonly Series[]): string {
  const lines = series.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  // Asked for each event: hardly any needs it.
  if (!/["\\\n]/.test(value)) return value;
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
