/** The tables of docs/cost.md, made from the prices and ways in @shirase/infra/costs. */
import {
  type CostLine,
  costLines,
  heartbeatsAMonth,
  type Load,
  PRICES,
  type PriceName,
  sumUsd,
  TOPOLOGIES,
} from "@shirase/infra/costs";

/** What the page's figures are for; the page says so above them. */
const EXAMPLE = { customers: 50, everyMinutes: 60, eventKb: 4 };
const MILLION = 1_000_000;

/** Every table, by the name of its place in the page. */
export function costTables(): Readonly<Record<string, string>> {
  return { prices: prices(), million: million(), idle: idle(), month: month(), heartbeats: heartbeats() };
}

function prices(): string {
  const rows = Object.values(PRICES).map(({ what, usd, per, source }) => [
    what,
    String(usd),
    per === 1 ? "" : per.toLocaleString("en"),
    `[${source.name}](${source.url})`,
  ]);
  return table(["price of", "USD", "for", "read at"], rows);
}

/** What a million findings add. Requests to KMS stand apart: they go with topics and hours, not with findings. */
function million(): string {
  const rows = TOPOLOGIES.map((way) => {
    const idle = costLines({ [way]: load({ everyMinutes: Number.POSITIVE_INFINITY }) });
    const busy = costLines({ [way]: load({ findings: MILLION, everyMinutes: Number.POSITIVE_INFINITY }) });
    const added = busy.map((line, index) => ({ ...line, usd: line.usd - (idle[index]?.usd ?? 0) }));
    const lines = added.filter((line) => line.usd > 0 && line.price !== "kmsRequest");
    const kms = sumUsd(added.filter(({ price }) => price === "kmsRequest"));
    const parts = lines.map((line) => `${line.why} ${money(line.usd)}`).join("; ");
    return [`\`${way}\``, `**${money(sumUsd(lines))}**`, ...shares(lines), kms === 0 ? "" : money(kms), parts];
  });
  return table(["way", "USD a million", "customers pay", "company pays", "and KMS, at most", "made of"], rows);
}

/** A month in which nothing is found. */
function idle(): string {
  const rows = TOPOLOGIES.map((way) => {
    const lines = costLines({ [way]: load({}) });
    const of = (...names: readonly PriceName[]): string =>
      money(sumUsd(lines.filter(({ price }) => names.includes(price))));
    const rest = lines.filter(({ price }) => price !== "kmsKey" && price !== "alarm");
    return [
      `\`${way}\``,
      `**${money(sumUsd(lines))}**`,
      of("alarm"),
      of("kmsKey"),
      money(sumUsd(rest)),
      ...shares(lines),
    ];
  });
  const head = ["way", "USD a month", "alarms", "key", "heartbeats, empty receives", "customers pay", "company pays"];
  return table(head, rows);
}

function month(): string {
  const counts = [0, 100_000, MILLION, 10 * MILLION];
  const rows = TOPOLOGIES.map((way) => [
    `\`${way}\``,
    ...counts.map((findings) => money(sumUsd(costLines({ [way]: load({ findings }) })))),
  ]);
  return table(["findings a month", ...counts.map((findings) => findings.toLocaleString("en"))], rows);
}

function heartbeats(): string {
  const rows = [5, 15, 60, 240].map((everyMinutes) => {
    const beating = load({ everyMinutes });
    const added =
      sumUsd(costLines({ "relay-sqs": beating })) - sumUsd(costLines({ "relay-sqs": { ...beating, heartbeats: 0 } }));
    return [`${everyMinutes} minutes`, beating.heartbeats.toLocaleString("en"), money(added)];
  });
  return table(["a heartbeat every", "heartbeats a month", "USD a month"], rows);
}

/** Heartbeats that never come are none. */
function load({ findings = 0, everyMinutes = EXAMPLE.everyMinutes }): Load {
  const { customers, eventKb } = EXAMPLE;
  return { customers, findings, heartbeats: heartbeatsAMonth(customers, everyMinutes), eventKb, mailAddresses: 0 };
}

function shares(lines: readonly CostLine[]): readonly string[] {
  return [money(sumUsd(lines, "customer")), money(sumUsd(lines, "company"))];
}

function money(usd: number): string {
  return usd > 0 && usd < 0.005 ? "< 0.01" : usd.toFixed(2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map(() => "---");
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
