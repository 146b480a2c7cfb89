/**
 * `shirase onboard CUSTOMER`: what to send to a customer, ready to copy, or as files to attach.
 *
 * Asks AWS nothing and sends nothing: whoever runs it sends it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onboarding } from "@shirase/infra/onboarding";
import { type Command, Option } from "commander";
import { GROUPS } from "./command-groups.ts";
import { customerNamed } from "./customer-named.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { EXIT, UserError } from "./user-error.ts";

type OnboardFlags = {
  readonly config: string;
  readonly templateBase?: string;
  readonly lang?: "en" | "ja";
  readonly out?: string;
  readonly json?: true;
};

const HELP = `
Prints a message for the customer: what it is asked to launch, what that can and cannot do, and how: by a link into its
console (with --template-base), by one command, by Terraform. --out writes what to attach. Deploy the hub first:
AWS refuses a customer's rule while the hub does not admit its account.`;

/** Registers `onboard`. */
export function onboardCommand(program: Command): void {
  program
    .command("onboard")
    .helpGroup(GROUPS.deploy)
    .description("write what a customer is sent: a message with the link, the command, the templates")
    .argument("<customer>", "the customer's id")
    .addOption(configOption())
    .option("--template-base <url>", "where the templates lie in S3; {region} in it stands for the stack's region")
    .addOption(
      new Option("--lang <language>", "language of the message (default: the customer's)").choices(["en", "ja"]),
    )
    .option("-o, --out <dir>", "a folder to write the message and its attachments to")
    .option("--json", "print everything as JSON")
    .addHelpText("after", HELP)
    .action(onboard);
}

async function onboard(id: string, { config: file, templateBase, lang, out, json }: OnboardFlags): Promise<void> {
  const config = await loadConfig(file);
  const sent = onboarding(config, customerNamed(id, config, file), { templateBase, language: lang });
  if ("problem" in sent) throw new UserError(`--template-base: ${sent.problem}`, { exitCode: EXIT.usage });
  if (out !== undefined) writeAttachments(out, sent.attachments);
  console.log(json ? JSON.stringify(sent, null, 2) : sent.message);
}

function writeAttachments(folder: string, attachments: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(attachments)) writeFileSync(join(folder, name), text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`cannot write to ${folder} (${code}). Name another folder with --out.`, { cause: error });
  }
  process.stderr.write(`${Object.keys(attachments).length} files in ${folder}\n`);
}
