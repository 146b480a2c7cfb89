/**
 * `shirase destroy`: deletes what `shirase deploy` made. The customers' stacks go first: without the hub, what they
 * send would only fill their dead-letter queues.
 */
import type { Command } from "commander";
import type { Reached } from "./aws/reachable.ts";
import { GROUPS } from "./command-groups.ts";
import { placeOf } from "./deploy.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { EXIT, UserError } from "./user-error.ts";

type Flags = {
  readonly config: string;
  readonly only?: string;
  readonly profile?: string;
  readonly yes?: true;
  readonly withData?: boolean;
};

const HELP = `
What the relay on AWS knows stays: its table and key are kept, with what waits to be told. With --with-data they go as
well: the stack is deployed once more so that it no longer keeps them, then deleted; AWS removes the key after 30 days.
Events that wait in the hub's queues, dead letters too, go with it. A customer's account that these credentials do not
reach keeps its stack: the customer deletes it, and until then its events go to its own dead-letter queue.`;

/** Registers `destroy`. */
export function destroyCommand(program: Command): void {
  program
    .command("destroy")
    .helpGroup(GROUPS.deploy)
    .description("delete the stacks again: the customers' that these credentials reach, then the hub")
    .addOption(configOption())
    .option("--only <part>", "only this part: hub, relay, or a customer's id")
    .option("--profile <name>", "a profile of ~/.aws/config; without it AWS_PROFILE, or what the environment gives")
    .option("--with-data", "also what the relay on AWS knows: its table and key")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", HELP)
    .action(destroy);
}

async function destroy({ config: file, only, profile, yes, withData = false }: Flags): Promise<void> {
  const config = await loadConfig(file);
  const [{ stacksOf }, { reachOf }, { deployStack, destroyStack }, { terminalTeller }] = await Promise.all([
    import("./aws/stacks.ts"),
    import("./aws/reachable.ts"),
    import("./aws/toolkit.ts"),
    import("./aws/teller.ts"),
  ]);
  const { reached, unreached } = await reachOf(await stacksOf(config, only, !withData), profile);
  const doomed = reached.toReversed();
  if (yes !== true) await agree(doomed, withData);
  const teller = terminalTeller(true);
  for (const { stack, identity } of doomed) {
    const context = { identity, teller, slackWorkspaceId: config.slack.workspace };
    if (withData && stack.part === "relay" && (await isDeployed(stack, identity))) {
      teller.progress(`${stack.part}: its table shall be kept no longer …`);
      await deployStack(stack, context);
    }
    teller.progress(`${stack.part}: deleting ${placeOf(stack)} …`);
    const existed = await destroyStack(stack, context);
    console.log(`${existed ? "deleted  " : "not there"}  ${placeOf(stack)}`);
  }
  for (const stack of unreached) console.log(`left alone  ${placeOf(stack)}: not reached with these credentials`);
}

async function isDeployed({ region }: Reached["stack"], identity: Reached["identity"]): Promise<boolean> {
  const { deployedRelay } = await import("./aws/relay-table.ts");
  return (await deployedRelay(identity, region)) !== undefined;
}

/** @throws UserError when the answer is no, or when nobody can be asked. */
async function agree(doomed: readonly Reached[], withData: boolean): Promise<void> {
  const { ask, isTerminal } = await import("./aws/teller.ts");
  const list = doomed.map(({ stack }) => `  ${placeOf(stack)}`).join("\n");
  if (!isTerminal()) {
    const words = `this would delete\n${list}\nand there is no terminal to ask. Say --yes if it is meant.`;
    throw new UserError(words, { exitCode: EXIT.usage });
  }
  const what = withData
    ? "everything that waits in their queues, and all that the relay knows"
    : "everything that waits in their queues";
  if (await ask(`Delete these stacks, with ${what}?\n${list}`)) return;
  throw new UserError("nothing was deleted.");
}
