/** `npm run sim:scale`: 10,000 customers and 100 million findings a month against AWS's and Slack's limits. */
import { parseArgs } from "node:util";
import { chanceOf } from "./chance.ts";
import { playScale, QUOTAS, type Scaled, type Waits } from "./scale.ts";
import { LARGE, scenariosOf } from "./scale-scenarios.ts";

const HELP = `npm run sim:scale [-- --customers N] [--events N] [--deliveries N] [--intake N] [--seed N]

How long findings wait, stage by stage, and how many wait at most.
  --customers N   default ${LARGE.customers}
  --events N      events a month; default ${LARGE.eventsAMonth}
  --deliveries N  EventBridge's deliveries a second in the hub's region; default ${QUOTAS.deliveries} (ap-northeast-1)
  --intake N      events that intake takes a second; default ${QUOTAS.intake}
  --seed N        default 1
`;

const { values } = parseArgs({
  options: {
    customers: { type: "string" },
    events: { type: "string" },
    deliveries: { type: "string" },
    intake: { type: "string" },
    seed: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) process.stdout.write(HELP);
else run();

function run(): void {
  const { customers, events, deliveries, intake, seed } = values;
  const size = {
    customers: Number(customers ?? LARGE.customers),
    eventsAMonth: Number(events ?? LARGE.eventsAMonth),
  };
  const quotas = {
    ...QUOTAS,
    deliveries: Number(deliveries ?? QUOTAS.deliveries),
    intake: Number(intake ?? QUOTAS.intake),
  };
  const head = [
    "scenario",
    "events",
    "news",
    "bus",
    "queue",
    "counted in Slack",
    "named in Slack",
    "posts",
    "held back",
  ];
  process.stdout.write(`${row(head)}${row(head.map(() => "---"))}`);
  for (const scenario of scenariosOf(size)) {
    const scaled = playScale(scenario, quotas, chanceOf(Number(seed ?? 1)));
    process.stdout.write(row([scenario.name, ...cellsOf(scaled)]));
  }
  process.stdout.write("\nWaits are p50 / p99 / longest, then how many waited at most.\n");
}

function cellsOf({ events, news, bus, queue, counted, named, posts, held, tail }: Scaled): readonly string[] {
  const limits = Object.entries(held).flatMap(([limit, seconds]) => (seconds > 0 ? [`${limit} ${time(seconds)}`] : []));
  const late = tail === undefined ? ["not done a day later"] : [];
  const whole = [events, news].map((count) => count.toLocaleString("en"));
  const waits = [bus, queue, counted, named].map(waitsText);
  return [...whole, ...waits, posts.toLocaleString("en"), [...limits, ...late].join(", ") || "nothing"];
}

function waitsText({ p50, p99, most, backlog }: Waits): string {
  return most === 0 ? "0" : `${time(p50)} / ${time(p99)} / ${time(most)}; ${backlog.toLocaleString("en")}`;
}

function time(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}
