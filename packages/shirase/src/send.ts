/**
 * `shirase send CUSTOMER`: something harmless by the real way, from the customer's account to its Slack channel, and a
 * look whether it arrived.
 *
 * What is sent and how it is known again is in send/; here is the order of things: look whether the channel can be
 * read, send, wait, put away what was imported, and say at the end what did not go well.
 */
import { randomInt } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import { asNotInstalled } from "./aws/not-installed.ts";
import { GROUPS } from "./command-groups.ts";
import { customerNamed } from "./customer-named.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { newMark, placesOf } from "./send/probe.ts";
import { interruptible } from "./stop-signals.ts";
import { UserError } from "./user-error.ts";

type SendFlags = {
  readonly config: string;
  readonly real?: true;
  readonly account?: string;
  readonly region?: string;
  readonly timeout?: number;
  readonly wait: boolean;
  readonly profile?: string;
};

const HELP = `
Puts a test event on the default bus of the customer's account, in each of its regions: it takes the way of every
finding. Then looks into the customer's Slack channel until the message is there. That takes the bot token (as for
shirase relay) with the scope channels:history, for a private channel groups:history, and the app in the channel; also
when Amazon Q posts. Without, it says what to look for.

--real imports a finding into Security Hub instead, marked as a sample and a test, and archives it afterwards: when it was
seen, when it was not, and after Ctrl-C. It asks the customer's own pattern first; what nobody would hear of is not
imported. Needs securityhub:BatchImportFindings in the customer's account.

The account is reached as by shirase deploy: by the credentials at hand, or by a profile named after it.

Examples:
  shirase send acme
  shirase send acme --real --region ap-northeast-1
  shirase send acme --account acme-prod --profile acme-prod --timeout 300
Exit code 0 when every message was seen (with --no-wait: when all was sent), 1 when not.
Environment: SLACK_BOT_TOKEN, SLACK_API_URL, and the AWS SDK's own, AWS_PROFILE and AWS_ENDPOINT_URL among them.`;

/** Registers `send`. */
export function sendCommand(program: Command): void {
  program
    .command("send")
    .helpGroup(GROUPS.deploy)
    .description("send a test through the real path, from the customer's account to Slack, and see whether it arrives")
    .argument("<customer>", "the customer's id")
    .addOption(configOption())
    .option("--real", "import a harmless finding into Security Hub instead, and archive it afterwards")
    .option("--account <id>", "the account to send from, by id or name; needed when the customer has several")
    .option("--region <region>", "only from this region; without it, from each of the customer's")
    .option("--timeout <seconds>", "how long to wait for the messages (default: 120, with --real 300)", seconds)
    .option("--no-wait", "do not look into Slack")
    .option("--profile <name>", "a profile of ~/.aws/config; without it AWS_PROFILE, or what the environment gives")
    .addHelpText("after", HELP)
    .action(send);
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value >= 1 && value <= 3600) return value;
  throw new InvalidArgumentError("a whole number of seconds from 1 to 3600.");
}

async function send(id: string, flags: SendFlags): Promise<void> {
  const config = await loadConfig(flags.config);
  const customer = customerNamed(id, config, flags.config);
  const kind = flags.real ? "test finding" : "test event";
  const probes = placesOf(customer, flags).map((place) => ({ ...place, kind, mark: newMark(randomInt) }) as const);
  const [{ sendingsOf }, { channelOf }, { carryOut }, { systemClock }] = await Promise.all([
    import("./send/sending.ts"),
    import("./send/channel.ts"),
    import("./send/carry-out.ts"),
    import("@shirase/relay/clock"),
  ]).catch(asNotInstalled);
  const complain = (line: string): void => void process.stderr.write(`${line}\n`);
  const sendings = await sendingsOf(probes, { config, customer, profile: flags.profile });
  const looker = { env: process.env, warn: (text: string) => complain(`shirase: ${text}`) };
  const channel = flags.wait ? await channelOf(config, customer, looker) : undefined;
  const timeoutMs = (flags.timeout ?? (flags.real ? 300 : 120)) * 1000;
  const common = { config, customer, channel, timeoutMs, clock: systemClock, tell: console.log, progress: complain };
  const problems = await interruptible(
    (signal) => carryOut(sendings, { ...common, signal }),
    () => lastWords(sendings.flatMap(({ leftBehind }) => leftBehind() ?? [])),
  );
  if (problems.length > 0) throw new UserError(problems.join("\n\n"));
}

function lastWords(commands: readonly string[]): string {
  if (commands.length === 0) return "shirase: stopped at once\n";
  const list = commands.map((command) => `  ${command}\n`).join("");
  return `shirase: stopped at once. A finding may still be ACTIVE in Security Hub. Put it away by hand:\n${list}`;
}
