/**
 * `shirase check`: is the config right, and what does it say? Every problem with its place, or a summary of who is
 * told what where, with warnings about what this version does not act on.
 */
import type { Config } from "@shirase/core/config";
import type { ConfigReading } from "@shirase/core/config-file";
import { type ConfigProblem, formatProblems, printable } from "@shirase/core/config-problem";
import { configWarnings } from "@shirase/core/config-warnings";
import { describeSecretRef } from "@shirase/relay/secrets";
import type { Command } from "commander";
import { type Colors, colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { customerRows } from "./customers.ts";
import { configOption, countProblems, readConfigAt } from "./load-config.ts";
import { textTable } from "./text-table.ts";
import { EXIT } from "./user-error.ts";

type CheckOptions = { readonly config: string; readonly json?: true; readonly strict?: true };

/** Registers `check`. */
export function checkCommand(program: Command): void {
  program
    .command("check")
    .helpGroup(GROUPS.configure)
    .description("check the config file and say what it configures")
    .addOption(configOption())
    .option("--json", "print the answer as JSON")
    .option("--strict", "count warnings as wrong, too")
    .addHelpText(
      "after",
      "\nExit code 1 when something is wrong; with --strict also when there is a warning. Hints never count.",
    )
    .action(check);
}

async function check({ config: file, json, strict }: CheckOptions): Promise<void> {
  const read = await readConfigAt(file);
  const isRight = "config" in read && !(strict && configWarnings(read.config).some(({ kind }) => kind === "warning"));
  if (!isRight) process.exitCode = EXIT.failed;
  if (json) console.log(JSON.stringify(asJson(read), null, 2));
  else if ("problems" in read) console.log(problemText(file, read.problems, colorsFor(process.stdout)));
  else console.log(summaryText(file, read.config, colorsFor(process.stdout)));
}

function asJson(read: ConfigReading): object {
  if ("problems" in read) return { ok: false, problems: read.problems };
  return { ok: true, customers: read.config.customers.length, warnings: configWarnings(read.config) };
}

function problemText(file: string, problems: readonly ConfigProblem[], colors: Colors): string {
  const painted = formatProblems(problems)
    .replaceAll(/^\S.*$/gm, (place) => colors.bold(place))
    .replaceAll(/\^+$/gm, (mark) => colors.red(mark));
  return `${painted}\n\n${colors.red(`${countProblems(problems.length)} in ${file}`)}`;
}

function summaryText(file: string, config: Config, colors: Colors): string {
  const { hub, slack } = config;
  const accounts = config.customers.reduce((sum, customer) => sum + customer.accounts.length, 0);
  const token = slack.token ? describeSecretRef(slack.token) : "environment variable SLACK_BOT_TOKEN";
  const facts = [
    ["hub", `${hub.account} in ${hub.region}`],
    ["slack", `${slack.workspace}, token from ${token}`],
    ["operators", slack.opsChannel ?? "no channel"],
    ["customers", `${config.customers.length} with ${accounts} ${accounts === 1 ? "account" : "accounts"}`],
  ];
  const paint = { warning: colors.yellow, hint: colors.cyan };
  const warnings = configWarnings(config).flatMap(({ kind, path, message, fix }) => [
    `${paint[kind](`${kind}:`)} ${printable(`${path} ${message}`)}`,
    `  ${printable(fix)}`,
  ]);
  return [
    colors.green(`${file} is right.`),
    "",
    ...textTable(facts),
    "",
    ...textTable(customerRows(config)),
    ...(warnings.length > 0 ? ["", ...warnings] : []),
  ].join("\n");
}
