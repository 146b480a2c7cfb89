/**
 * `shirase init`: a first shirase.yaml from a few questions, or from flags. Overwrites nothing, and checks what it has
 * made before it writes it.
 */
import { existsSync, writeFileSync } from "node:fs";
import { formatProblems } from "@shirase/core/config-problem";
import type { Command } from "commander";
import { Option } from "commander";
import { GROUPS } from "./command-groups.ts";
import { type InitAnswers, initFile } from "./init-file.ts";
import { configOption } from "./load-config.ts";
import { EXIT, UserError } from "./user-error.ts";

type InitOptions = Partial<InitAnswers> & { readonly config: string; readonly yes?: true };

/** Placeholders that read as such, so that a file nobody has touched is recognised as one. */
const EXAMPLES: Omit<InitAnswers, "language" | "timezone"> = {
  hubAccount: "111111111111",
  region: "ap-northeast-1",
  workspace: "T0123456789",
  opsChannel: "",
  customer: "acme",
  name: "Acme Corporation",
  accounts: ["222222222222"],
  channel: "C0ACME00000",
};

/** Registers `init`. */
export function initCommand(program: Command): void {
  program
    .command("init")
    .helpGroup(GROUPS.configure)
    .description("write a first config file")
    .addOption(configOption())
    .option("-y, --yes", "ask nothing: take the flags, and examples for what they leave out")
    .addOption(new Option("--language <language>", "language of cards and comments").choices(["en", "ja"]))
    .option("--timezone <zone>", "time zone such as Asia/Tokyo (default: this machine's)")
    .option("--hub-account <id>", "your company's AWS account, 12 digits")
    .option("--region <region>", "the hub's region")
    .option("--workspace <id>", "Slack workspace id, T…")
    .option("--ops-channel <id>", "Slack channel id of the people who run it, C…")
    .option("--customer <id>", "first customer's id: a-z, 0-9 and -")
    .option("--name <name>", "first customer's name, for people")
    .option("--accounts <id...>", "first customer's AWS accounts")
    .option("--channel <id>", "first customer's Slack channel id, C…")
    .addHelpText(
      "after",
      `
Examples:
  shirase init
  shirase init --yes --language ja --hub-account 111111111111 --workspace T0123456789 \\
    --customer acme --name 株式会社アクメ --accounts 222222222222 333333333333 --channel C0ACME00000`,
    )
    .action(init);
}

async function init(options: InitOptions): Promise<void> {
  const file = options.config;
  if (existsSync(file)) {
    throw new UserError(`${file} is there already and stays as it is. Name another one: shirase init --config FILE`);
  }
  if (!options.yes && !process.stdin.isTTY) {
    throw new UserError("init asks questions and this is no terminal. Give the answers as flags, with --yes.", {
      exitCode: EXIT.usage,
    });
  }
  const { config: _config, yes: _yes, ...given } = options;
  const examples = { ...guesses(), ...EXAMPLES };
  const next = `${file} is written. Next: shirase check${file === "shirase.yaml" ? "" : ` --config ${file}`}`;
  if (options.yes) {
    await write(file, initFile({ ...examples, ...given }));
    console.log(next);
    return;
  }
  const { askForAnswers, closeQuestions } = await import("./init-questions.ts");
  const answers = await askForAnswers(given, examples);
  if (answers === undefined) {
    process.exitCode = EXIT.failed;
    return;
  }
  await write(file, initFile(answers));
  closeQuestions(next);
}

/** The text is checked as the file it will be; with `wx` a file that came into being meanwhile is safe too. */
async function write(file: string, text: string): Promise<void> {
  const { readConfig } = await import("@shirase/core/config-file");
  const read = readConfig(text, file);
  if ("problems" in read) {
    throw new UserError(`these answers make no config; nothing was written\n\n${formatProblems(read.problems)}`);
  }
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new UserError(`cannot write ${file} (${code})`, { cause: error });
  }
}

function guesses(): Pick<InitAnswers, "language" | "timezone"> {
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { language: locale.startsWith("ja") ? "ja" : "en", timezone: timeZone };
}
