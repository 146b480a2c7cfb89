/** `shirase relay`: takes events and tells them in Slack, until it is stopped. `shirase redrive`: tries again. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { oneLine } from "@shirase/core/slack-text";
import type { Store } from "@shirase/relay/store/store";
import { type Command, InvalidArgumentError } from "commander";
import { GROUPS } from "./command-groups.ts";
import { loadConfigApart } from "./config-apart.ts";
import { configOption } from "./load-config.ts";
import { addressOf, dataOption, listenOption, readSecrets } from "./relay-options.ts";
import { runUntilStopped, stopInTime } from "./stop-signals.ts";
import { UserError } from "./user-error.ts";

type RelayFlags = {
  readonly config: string;
  readonly listen: string;
  readonly data: string;
  readonly read?: readonly string[];
  readonly logLevel: string;
  readonly console?: boolean;
};

/** Registers `relay`. */
export function relayCommand(program: Command): void {
  program
    .command("relay")
    .helpGroup(GROUPS.run)
    .description("take events by HTTP, SNS, from SQS queues or files, and tell them in Slack")
    .addOption(configOption())
    .addOption(listenOption())
    .addOption(dataOption())
    .option("-r, --read <file...>", "take the events of these files (- is standard input), tell them, and end")
    .option(
      "--log-level <level>",
      "debug, info, warn, error or silent; the log goes to standard error",
      logLevel,
      "info",
    )
    .option("--console", "refuse to start on an address that has no console (it needs 127.0.0.1, ::1 or localhost)")
    .option("--no-console", "no console")
    .addHelpText("after", HELP)
    .action(relay);
}

const HELP = `
Environment:
  SLACK_BOT_TOKEN     the app's bot token; wins over slack.token in the config
  SLACK_API_URL       another Slack API than Slack's own
  SHIRASE_INGEST_KEY  the key that senders show; wins over ingest.key in the config
  AWS_PROFILE …       the AWS SDK's own, AWS_ENDPOINT_URL among them, for ingest.sqs and for secrets in AWS

Send an event:
  curl -H "Authorization: Bearer $SHIRASE_INGEST_KEY" --data-binary @event.json http://127.0.0.1:8080/v1/events`;

async function relay(flags: RelayFlags): Promise<void> {
  const [config, { startRelay, stderrLogger }] = await Promise.all([
    loadConfigApart(flags.config),
    import("@shirase/relay/main"),
  ]);
  const complain = (text: string): void => void process.stderr.write(text);
  // Reading files needs no sender: a key that nobody knows, no address that another relay may have, and none of its
  // queues.
  const isReading = flags.read !== undefined;
  const address = isReading ? addressOf("127.0.0.1:0") : addressOf(flags.listen);
  const env = isReading ? { ...process.env, SHIRASE_INGEST_KEY: randomUUID() } : process.env;
  const secrets = await readSecrets(config, env, (text) => complain(`shirase: ${text}\n`));
  const running = await startRelay({
    config,
    ...secrets,
    listen: address,
    dataDir: flags.data,
    slackApiUrl: process.env["SLACK_API_URL"],
    readsQueues: !isReading,
    console: isReading ? false : flags.console,
    logger: stderrLogger(flags.logLevel),
  }).catch(asUserError);
  if (flags.read === undefined) {
    setTimeout(giveBackMemory, STARTED_MS).unref();
    await runUntilStopped(running.stop, complain);
    return;
  }
  const { readAll } = await import("./read-events.ts");
  const isGood = await readAll(flags.read, running, complain);
  await stopInTime(running.stop, complain);
  if (!isGood) process.exitCode = 1;
}

/** By then all is loaded, and what loading needed is garbage. */
const STARTED_MS = 1000;

/** Left alone, an idle relay would keep what only its start needed, for good: V8 collects when it needs room. */
async function giveBackMemory(): Promise<void> {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.collectGarbage");
  session.disconnect();
}

/** A folder or an address that cannot be used is the user's to mend; anything else is not expected. */
export function asUserError(error: unknown): never {
  const isExpected = error instanceof Error && (error.name === "DataDirError" || error.name === "ListenError");
  if (isExpected) throw new UserError(error.message, { cause: error });
  throw error;
}

const LEVELS = ["debug", "info", "warn", "error", "silent"];

function logLevel(text: string): string {
  if (LEVELS.includes(text)) return text;
  throw new InvalidArgumentError(`one of ${LEVELS.join(", ")}.`);
}

/** Registers `redrive`. */
export function redriveCommand(program: Command): void {
  program
    .command("redrive")
    .helpGroup(GROUPS.run)
    .description("try again what Slack refused: dead letters wait again, pauses are lifted")
    .addOption(dataOption())
    .option("--channel <id>", "only this channel; without it, all")
    .option("--list", "only show what is paused, dead and in quarantine")
    .action(redrive);
}

async function redrive({ data, channel, list }: { data: string; channel?: string; list?: true }): Promise<void> {
  if (!existsSync(join(data, "relay.sqlite"))) {
    throw new UserError(`${data} is no data folder of a relay. Name it with --data DIR or SHIRASE_DATA.`);
  }
  const { openSqliteStore } = await import("@shirase/relay/store/sqlite");
  const store = openSqliteStore({ dataDir: data, isOwner: false });
  if (list) {
    for (const line of await troubles(store, channel)) console.log(line);
  } else {
    const count = await store.redrive(channel);
    console.log(
      `${count} dead ${count === 1 ? "letter waits" : "letters wait"} again; a running relay sends within 15 s.`,
    );
  }
  await store.close();
}

const MOST_QUARANTINED = 20;

/** What waits for a person, one a line. Reasons quote what others sent: cleaned before a terminal sees them. */
async function troubles(store: Store, channel: string | undefined): Promise<readonly string[]> {
  const pauses = (await store.pauses()).filter((pause) => channel === undefined || pause.channelId === channel);
  const letters = await store.deadLetters(channel);
  const strangers = channel === undefined ? await store.quarantined(MOST_QUARANTINED) : [];
  const more = channel === undefined ? (await store.stats()).quarantined - strangers.length : 0;
  const lines = [
    ...pauses.map((it) => ["paused", it.channelId, it.pausedAt.toISOString(), `${it.reason}: ${it.remedy}`]),
    ...letters.map((it) => ["dead", it.channelId, it.customerId, it.diedAt.toISOString(), it.reason]),
    ...strangers.map((it) => ["quarantine", it.at.toISOString(), it.eventId, it.reason]),
  ];
  const shown = lines.map(([kind = "", ...rest]) => `${kind.padEnd(10)}  ${rest.map(oneLine).join("  ")}`);
  if (shown.length === 0) return ["nothing is paused, dead or in quarantine"];
  return more > 0 ? [...shown, `quarantine  ${more} more, older`] : shown;
}
