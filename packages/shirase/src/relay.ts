/** `shirase relay`: takes events and tells them in Slack, until it is stopped. */
import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import { GROUPS } from "./command-groups.ts";
import { loadConfigApart } from "./config-apart.ts";
import { configOption } from "./load-config.ts";
import { onboardFor } from "./onboard-for.ts";
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
  readonly templateBase?: string;
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
    .option(
      "--template-base <url>",
      "for the console's links: where the customers' templates lie in S3 ({region} in it)",
    )
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
    onboard: onboardFor(config, flags.templateBase),
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
