/**
 * `shirase demo`: the real relay, four customers and a Slack that never leaves this machine; with a bot token and a
 * config, the real Slack.
 *
 * Nothing of the relay is staged: simulated accounts put events on their own bus, each customer's real pattern decides which leave,
 * they reach the relay over HTTP with its key, and the relay posts through Slack's own client.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "@shirase/core/config";
import type { FakeSlack } from "@shirase/fake-slack";
import type { RelayOptions } from "@shirase/relay/main";
import { type Command, InvalidArgumentError } from "commander";
import { colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { emitEvents } from "./demo/emit.ts";
import { demoSilence } from "./demo/silence.ts";
import { loadConfig } from "./load-config.ts";
import { onboardFor } from "./onboard-for.ts";
import { asUserError } from "./relay.ts";
import { addressOf, type Env, listenOption, readSecrets } from "./relay-options.ts";
import { runUntilStopped } from "./stop-signals.ts";
import { UserError } from "./user-error.ts";

type DemoFlags = {
  readonly config?: string;
  readonly listen: string;
  readonly data?: string;
  readonly every: number;
  readonly seed: number;
};

/** Registers `demo`. */
export function demoCommand(program: Command): void {
  program
    .command("demo")
    .helpGroup(GROUPS.run)
    .description("see it work: relay, demo customers and a fake Slack on this machine")
    .option("-c, --config <file>", "your own customers instead of the demo's (or SHIRASE_CONFIG)")
    .addOption(listenOption())
    .option("-d, --data <dir>", "keep the relay's data here; without it, in a folder that goes with the demo")
    .option("--every <seconds>", "how often something happens in one of the accounts", seconds, 4)
    .option("--seed <number>", "the same number, the same findings", whole, 1)
    .addHelpText("after", HELP)
    .action(demo);
}

const HELP = `
With SLACK_BOT_TOKEN set and a config (--config, SHIRASE_CONFIG or ./shirase.yaml), the findings go to the real Slack,
into your customers' channels. Otherwise nothing leaves this machine.`;

/** What is wrong with the demo's own last customer, so that there is something to mend: shirase.yaml beside it says so. */
const TROUBLES = { archived: "C0HOOLI0000", asleep: { account: "888888888888", region: "us-east-1" } } as const;
const OWN_CONFIG = fileURLToPath(new URL("../demo/shirase.yaml", import.meta.url));

async function demo(flags: DemoFlags): Promise<void> {
  const { env } = process;
  const address = addressOf(flags.listen);
  const chosen = flags.config ?? env["SHIRASE_CONFIG"] ?? (env["SLACK_BOT_TOKEN"] ? "shirase.yaml" : undefined);
  if (env["SLACK_BOT_TOKEN"] && chosen !== undefined && !existsSync(chosen)) {
    throw new UserError(
      `SLACK_BOT_TOKEN is set, so the demo would post to the real Slack, but there is no config ${chosen} that says where.\n` +
        "Name one with --config, or unset SLACK_BOT_TOKEN to stay on this machine.",
    );
  }
  const config = await loadConfig(chosen ?? OWN_CONFIG);
  const isReal = Boolean(env["SLACK_BOT_TOKEN"]);
  const slack = isReal ? undefined : await fakeSlackFor(config, address.port);
  const dataDir = flags.data ?? mkdtempSync(join(tmpdir(), "shirase-demo-"));
  try {
    await runDemo({ config, slack, dataDir, address, flags, env });
  } finally {
    await slack?.close();
    if (flags.data === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

type Pages = Parameters<NonNullable<RelayOptions["mount"]>>[0];

type Demo = {
  readonly config: Config;
  /** Undefined: the real Slack. */
  readonly slack: FakeSlack | undefined;
  readonly dataDir: string;
  readonly address: ReturnType<typeof addressOf>;
  readonly flags: DemoFlags;
  readonly env: Env;
};

async function runDemo({ config, slack, dataDir, address, flags, env }: Demo): Promise<void> {
  const complain = (text: string): void => void process.stderr.write(text);
  const ingestKey = env["SHIRASE_INGEST_KEY"] ?? randomBytes(16).toString("hex");
  const secrets = slack
    ? { slackToken: slack.token, ingestKey }
    : await readSecrets(config, { ...env, SHIRASE_INGEST_KEY: ingestKey }, complain);
  const { startRelay, stderrLogger } = await import("@shirase/relay/main");
  const { channelPages } = await import("@shirase/fake-slack");
  const { isLoopback } = await import("@shirase/relay/console/guard");
  const back = { href: "/", label: "console" };
  const mountSlack = (app: Pages, fake: FakeSlack): void => {
    app.route("/slack", channelPages(fake, { basePath: "/slack", timeZone: config.defaults.timezone, back }));
    // Where others reach the demo there is no console, and somebody may still look for a page.
    if (!isLoopback(address.host)) app.get("/", (context) => context.redirect("/slack"));
  };
  const relay = await startRelay({
    config,
    ...secrets,
    listen: address,
    dataDir,
    slackApiUrl: slack?.apiUrl ?? env["SLACK_API_URL"],
    // Its data may go with it: what lies in the queues is for the relay that stays.
    readsQueues: false,
    logger: stderrLogger("error"),
    onboard: onboardFor(config, undefined),
    ...(slack ? { mount: (app) => mountSlack(app, slack) } : {}),
  }).catch(asUserError);
  const silence = demoSilence(config, new Date());
  if (silence && slack) await relay.store.addSilence(silence);
  console.log(greeting(relay.url, config, slack !== undefined, ingestKey));
  const stopping = new AbortController();
  const say = (line: string): void => console.log(line);
  const emitting = emitEvents({
    config,
    relayUrl: relay.url,
    ingestKey,
    everyMs: flags.every * 1000,
    seed: flags.seed,
    asleep: TROUBLES.asleep,
    signal: stopping.signal,
    say,
    colors: colorsFor(process.stdout),
  });
  await runUntilStopped(async () => {
    stopping.abort();
    await emitting;
    await relay.stop();
    console.log("\nstopped");
  }, complain);
}

function greeting(url: string, config: Config, isFake: boolean, ingestKey: string): string {
  const colors = colorsFor(process.stdout);
  const names = config.customers.map(({ name }) => name).join(", ");
  const where = isFake ? `${url}/slack   the customers' channels as Slack would show them` : "your Slack";
  return [
    `${colors.bold("shirase demo")}: ${names}`,
    "",
    `  open    ${colors.bold(url)}   the console: every customer at a glance`,
    `  slack   ${where}`,
    `  send    curl -H "Authorization: Bearer ${ingestKey}" --data-binary @examples/events/01-security-group-open.json ${url}/v1/events`,
    "  stop    Ctrl-C",
    "",
    colors.dim("What happens in the accounts, and whether the customer's pattern lets it out:"),
  ].join("\n");
}

/** A workspace with every channel the config names. */
async function fakeSlackFor(config: Config, port: number): Promise<FakeSlack> {
  const { startFakeSlack } = await import("@shirase/fake-slack");
  const channels = new Map<string, string>();
  for (const { id, slack } of config.customers) channels.set(slack.channel, `${id}-security`);
  if (config.slack.opsChannel) channels.set(config.slack.opsChannel, "ops");
  return startFakeSlack({
    teamId: config.slack.workspace,
    teamName: "Your company",
    botName: "shirase",
    channels: [...channels].map(([id, name]) => ({ id, name, isArchived: id === TROUBLES.archived })),
    ...(port === 0 ? {} : { pagesUrl: `http://127.0.0.1:${port}/slack` }),
  });
}

function seconds(text: string): number {
  const value = Number(text);
  if (value >= 0.01 && value <= 3600) return value;
  throw new InvalidArgumentError("a number of seconds from 0.01 to 3600.");
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError("a whole number.");
}
