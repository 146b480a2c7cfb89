/** `shirase diff`: what `shirase deploy` would change, compared with what AWS has. Changes nothing. */
import type { Command } from "commander";
import { GROUPS } from "./command-groups.ts";
import { placeOf } from "./deploy.ts";
import { configOption, loadConfig } from "./load-config.ts";

type DiffFlags = { readonly config: string; readonly only?: string; readonly profile?: string };

/** Registers `diff`. */
export function diffCommand(program: Command): void {
  program
    .command("diff")
    .helpGroup(GROUPS.deploy)
    .description("show what deploy would change, compared with what is in AWS now")
    .addOption(configOption())
    .option("--only <part>", "only this part: hub, relay, or a customer's id")
    .option("--profile <name>", "a profile of ~/.aws/config; without it AWS_PROFILE, or what the environment gives")
    .addHelpText("after", "\nAccounts that these credentials do not reach are listed and left out.")
    .action(diff);
}

async function diff({ config: file, only, profile }: DiffFlags): Promise<void> {
  const config = await loadConfig(file);
  const [{ stacksOf, tellWarnings }, { reachOf }, { diffStack }, { terminalTeller }] = await Promise.all([
    import("./aws/stacks.ts"),
    import("./aws/reachable.ts"),
    import("./aws/toolkit.ts"),
    import("./aws/teller.ts"),
  ]);
  const stacks = await stacksOf(config, only);
  tellWarnings(stacks);
  const { reached, unreached } = await reachOf(stacks, profile);
  const teller = terminalTeller(true);
  for (const { stack, identity } of reached) {
    const changes = await diffStack(stack, { identity, teller, slackWorkspaceId: config.slack.workspace });
    console.log(changes === undefined ? `${placeOf(stack)}: no changes` : `${placeOf(stack)}\n${changes}\n`);
  }
  for (const stack of unreached) console.log(`${placeOf(stack)}: not reached with these credentials`);
}
