/** `shirase relay`: takes events and tells them in Slack, until it is stopped. `shirase redrive`: tries again. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { GROUPS } from "./command-groups.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { addressOf, dataOption, listenOption, readSecrets } from "./relay-options.ts";
import { runUntilStopped, stopInTime } from "./stop-signals.ts";
import { UserError } from "./user-error.ts";

type RelayFlags = {
  readonly config: string;
  readonly listen: string;
  readonly data: string;
  readonly read?: readonly string[];
  readonly logLevel: string;
};

/** Registers `relay`. */
export function relayCommand(program: Command): void {
  program
    .command("relay")
    .helpGroup(GROUPS.run)
    .description("take events by HTTP, SNS or from files, and tell them in Slack")
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
    .addHelpText("after", HELP)
    .action(relay);
}

const HELP = `
Environment:
  SLACK_BOT_TOKEN     the app's bot token; wins over slack.token in the config
  SLACK_API_URL       another Slack API than Slack's own
  SHIRASE_INGEST_KEY  the key that senders show; wins over ingest.key in the config

Send an event:
  curl -H "Authorization: Bearer $SHIRASE_INGEST_KEY" --data-binary @event.json http://127.0.0.1:8080/v1/events`;

async function relay(flags: RelayFlags): Promise<void> {
  const config = loadConfig(flags.config);
  const address = addressOf(flags.listen);
  const complain = (text: string): void => void process.stderr.write(text);
  const secrets = await readSecrets(config, process.env, (text) => complain(`shirase: ${text}\n`));
  const { startRelay, stderrLogger } = await import("@shirase/relay/main");
  const running = await startRelay({
    config,
    ...secrets,
    listen: address,
    dataDir: flags.data,
    slackApiUrl: process.env["SLACK_API_URL"],
    logger: stderrLogger(flags.logLevel),
  }).catch(asUserError);
  if (flags.read === undefined) {
    await runUntilStopped(running.stop, complain);
    return;
  }
  const { readAll } = await import("./read-events.ts");
  const isGood = await readAll(flags.read, running, complain);
  await stopInTime(running.stop, complain);
  if (!isGood) process.exitCode = 1;
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
    .option("--list", "only show what is paused and dead")
    .action(redrive);
}

async function redrive({ data, channel, list }: { data: string; channel?: string; list?: true }): Promise<void> {
  if (!existsSync(join(data, "relay.sqlite"))) {
    throw new UserError(`${data} is no data folder of a relay. Name it with --data DIR or SHIRASE_DATA.`);
  }
  const { openSqliteStore } = await import("@shirase/relay/store/sqlite");
  const store = openSqliteStore({ dataDir: data, isOwner: false });
  if (list) {
    for (const pause of store.pauses()) console.log(`paused  ${pause.channelId}  ${pause.reason}  ${pause.remedy}`);
    for (const letter of store.deadLetters(channel)) {
      console.log(
        `dead    ${letter.channelId}  ${letter.customerId}  ${letter.diedAt.toISOString()}  ${letter.reason}`,
      );
    }
  } else {
    const count = store.redrive(channel);
    console.log(
      `${count} dead ${count === 1 ? "letter waits" : "letters wait"} again; a running relay sends within 15 s.`,
    );
  }
  await store.close();
}
