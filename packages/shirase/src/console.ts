/** `shirase console`: the console of a relay on AWS, served from here until it is stopped. */
import type { Config } from "@shirase/core/config";
import { isRelayOnAws } from "@shirase/core/relay-queue";
import type { Command } from "commander";
import { Option } from "commander";
import { asNotInstalled } from "./aws/not-installed.ts";
import { GROUPS } from "./command-groups.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { onboardFor } from "./onboard-for.ts";
import { asUserError } from "./relay.ts";
import { addressOf, listenOption, readConsoleSecret, readSlackToken } from "./relay-options.ts";
import { runUntilStopped } from "./stop-signals.ts";
import { UserError } from "./user-error.ts";

type ConsoleFlags = {
  readonly config: string;
  readonly listen: string;
  readonly data: string;
  readonly table?: string;
  readonly profile?: string;
  readonly templateBase?: string;
};

/** Registers `console`. */
export function consoleCommand(program: Command): void {
  program
    .command("console")
    .helpGroup(GROUPS.run)
    .description("serve the console of a relay on AWS; a relay of one process serves its own")
    .addOption(configOption())
    .addOption(listenOption())
    .addOption(
      new Option("-d, --data <dir>", "a folder for a copy of what the table knows; it may be thrown away")
        .env("SHIRASE_CONSOLE_DATA")
        .default(".shirase-console"),
    )
    .option("--table <name>", "the table of a stack of your own")
    .option("--profile <name>", "a profile of ~/.aws/config; without it AWS_PROFILE")
    .option(
      "--template-base <url>",
      "for the console's links: where the customers' templates lie in S3 ({region} in it)",
    )
    .addHelpText("after", HELP)
    .action(serve);
}

const HELP = `
It finds the table by the outputs of stack shirase-relay, with credentials of the hub's account (docs/aws.md says which
rights). The first start reads the table's journal, later ones what is new in it. Without console in the config it is
served on 127.0.0.1 alone.

Environment:
  SLACK_BOT_TOKEN  wins over slack.token in the config; without either no link leads to Slack
  AWS_PROFILE …    the AWS SDK's own`;

async function serve(flags: ConsoleFlags): Promise<void> {
  const config = await loadConfig(flags.config);
  if (!isRelayOnAws(config) && flags.table === undefined) throw notOnAws();
  const address = addressOf(flags.listen);
  const complain = (text: string): void => void process.stderr.write(`shirase: ${text}\n`);
  const clientSecret = await readConsoleSecret(config, process.env, complain);
  const slackToken = await tokenFor(config, complain);
  const [{ withRelayTable }, { startConsole }, { stderrLogger }] = await Promise.all([
    import("./aws/relay-table.ts").catch(asNotInstalled),
    import("@shirase/relay/console-on-aws"),
    import("@shirase/relay/main"),
  ]);
  const wanted = { hub: config.hub, tableName: flags.table, profile: flags.profile };
  await withRelayTable(wanted, async ({ tableName, ...outside }) => {
    complain(`reading the journal of table ${tableName} ...`);
    const running = await startConsole({
      config,
      outside,
      tableName,
      dataDir: flags.data,
      listen: address,
      slackToken,
      slackApiUrl: process.env["SLACK_API_URL"],
      clientSecret,
      onboard: onboardFor(config, flags.templateBase),
      logger: stderrLogger(),
    }).catch(asUserError);
    await runUntilStopped(running.stop, (text) => void process.stderr.write(text));
  });
}

function notOnAws(): UserError {
  return new UserError(
    "The config has no relay on AWS (hub.relay: aws). A relay of one process serves its console itself: shirase relay.\n" +
      "For the table of a stack of your own, name it: --table NAME.",
  );
}

/** Links to Slack are worth having, and not worth refusing to start for. */
async function tokenFor(config: Config, complain: (text: string) => void): Promise<string | undefined> {
  const read = await readSlackToken(config, process.env);
  if ("secret" in read) return read.secret;
  complain(`no link leads to Slack: slack.token: ${read.problem}`);
  return undefined;
}
