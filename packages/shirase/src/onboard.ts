/** `shirase onboard CUSTOMER`: what to send to a customer, ready to copy. */
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { onboarding } from "@shirase/infra/onboarding";
import { type Command, Option } from "commander";
import { GROUPS } from "./command-groups.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { EXIT, UserError } from "./user-error.ts";

type OnboardFlags = {
  readonly config: string;
  readonly templateBase?: string;
  readonly lang?: "en" | "ja";
  readonly json?: true;
};

/** Registers `onboard`. */
export function onboardCommand(program: Command): void {
  program
    .command("onboard")
    .helpGroup(GROUPS.deploy)
    .description("what to send to a customer: the link, the command, and a message")
    .argument("<customer>", "the customer's id")
    .addOption(configOption())
    .option("--template-base <url>", "where the templates of `shirase synth` lie in S3; {region} stands for the region")
    .addOption(
      new Option("--lang <language>", "language of the message (default: the customer's)").choices(["en", "ja"]),
    )
    .option("--json", "print it as JSON")
    .action(onboard);
}

function onboard(id: string, { config: file, templateBase, lang, json }: OnboardFlags): void {
  const config = loadConfig(file);
  const entry = config.customers.find((customer) => customer.id === id);
  if (!entry) {
    const known = config.customers.map((customer) => customer.id).join(", ");
    throw new UserError(`${file} has no customer ${JSON.stringify(id)}; it has ${known}`, { exitCode: EXIT.usage });
  }
  if (templateBase !== undefined && !/^https:\/\/.+\/$/.test(templateBase)) {
    throw new UserError("--template-base takes an https address that ends in a slash", { exitCode: EXIT.usage });
  }
  const sent = onboarding(config, resolveCustomer(config, entry), { templateBase, language: lang });
  console.log(json ? JSON.stringify(sent, null, 2) : sent.message);
}
