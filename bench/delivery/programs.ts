/**
 * Routers that people run in front of Slack, as programs of their own: Alertmanager and falcosidekick. Neither is on npm,
 * so each is run when its program is named in the environment:
 *
 * - `ALERTMANAGER_BIN`: `go install github.com/prometheus/alertmanager/cmd/alertmanager@v0.31.1`
 * - `FALCOSIDEKICK_BIN`: `go build` in a checkout of github.com/falcosecurity/falcosidekick
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { LoadCustomer } from "../../packages/testkit/src/load.ts";
import type { Peer } from "./peers.ts";
import { end, type Slack, tempFolder, until } from "./setting.ts";

/** Where the programs are, by the name of what they are. */
export const PROGRAMS = {
  "Alertmanager, grouped by customer": { env: "ALERTMANAGER_BIN", start: alertmanager },
  falcosidekick: { env: "FALCOSIDEKICK_BIN", start: falcosidekick },
} as const satisfies Record<string, { env: string; start: (file: string, slack: Slack) => Promise<Peer> }>;

const STARTS_WITHIN_MS = 20_000;

/** Sensible settings for Slack: a message for each customer, ten seconds between two of them (its default is 5 min). */
async function alertmanager(file: string, slack: Slack): Promise<Peer> {
  const folder = tempFolder();
  const config = join(folder, "alertmanager.json");
  const slackConfig = {
    api_url: `${slack.apiUrl}chat.postMessage`,
    channel: "{{ .CommonLabels.channel }}",
    title: "{{ .CommonLabels.customer }}: {{ len .Alerts }} findings",
    text: "{{ range .Alerts }}{{ .Labels.resource }}\n{{ end }}",
    send_resolved: false,
    http_config: { authorization: { credentials: slack.token } },
  };
  const route = { receiver: "slack", group_by: ["customer"], group_wait: "1s", group_interval: "10s" };
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      route: { ...route, repeat_interval: "24h" },
      receivers: [{ name: "slack", slack_configs: [slackConfig] }],
    }),
  );
  const port = await freePort();
  const args = [`--config.file=${config}`, `--storage.path=${join(folder, "data")}`, "--cluster.listen-address="];
  const child = start(file, [...args, `--web.listen-address=127.0.0.1:${port}`], {});
  await isUp(`http://127.0.0.1:${port}/-/ready`);
  const alertOf = (customer: LoadCustomer, resource: string): object => ({
    labels: { alertname: "finding", customer: customer.id, channel: customer.channel, resource, severity: "CRITICAL" },
  });
  return sending(child, (customer, resource) =>
    postTo(`http://127.0.0.1:${port}/api/v2/alerts`, [alertOf(customer, resource)]),
  );
}

/** It knows one webhook, so one channel for all customers. */
async function falcosidekick(file: string, slack: Slack): Promise<Peer> {
  const port = await freePort();
  const webhook = Object.values(slack.webhooks)[0] ?? "";
  const env = { LISTENPORT: String(port), LISTENADDRESS: "127.0.0.1", SLACK_WEBHOOKURL: webhook };
  const child = start(file, [], env);
  await isUp(`http://127.0.0.1:${port}/ping`);
  const eventOf = (customer: LoadCustomer, resource: string): object => ({
    output: `${customer.id}: ${resource}`,
    priority: "Critical",
    rule: "finding",
    time: new Date().toISOString(),
    output_fields: { resource },
  });
  return sending(child, (customer, resource) => postTo(`http://127.0.0.1:${port}/`, eventOf(customer, resource)));
}

function start(file: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(file, args, { stdio: "ignore", env: { PATH: process.env["PATH"], ...env } });
}

function sending(child: ChildProcess, send: (customer: LoadCustomer, resource: string) => Promise<void>): Peer {
  return {
    take: (customer, resource) => void send(customer, resource).catch(() => undefined),
    stop: () => end(child),
  };
}

async function postTo(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
}

async function isUp(url: string): Promise<void> {
  const look = async (): Promise<boolean> =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  if (!(await until(look, 100, STARTS_WITHIN_MS))) throw new Error(`nothing answers at ${url}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}
