/**
 * `shirase deploy`: the hub, then every customer's stack that these credentials reach.
 *
 * Most customers' accounts are the customers' own: they are not reached from here, and that is no error. They are
 * listed with what to send them.
 */
import type { Command } from "commander";
import type { StackToDeploy } from "./aws/stacks.ts";
import { colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { textTable } from "./text-table.ts";
import { EXIT } from "./user-error.ts";

type DeployFlags = {
  readonly config: string;
  readonly only?: string;
  readonly profile?: string;
  readonly yes?: true;
};

const HELP = `
The hub comes first: AWS refuses a customer's rule until the hub's bus admits its account. Then the relay, with
hub.relay: aws; its code goes into the bucket that \`cdk bootstrap\` made.
A customer's account is reached by the credentials at hand, or by a profile in ~/.aws/config that is named after it
(222222222222, acme or shirase-acme), signs in to it (sso_account_id), or takes on a role in it (role_arn).

Examples:
  shirase diff && shirase deploy
  shirase deploy --only hub --profile msp-security
  shirase deploy --only acme
Exit code 1 when AWS refused something, or when the customer named by --only is not reached.
Environment: the AWS SDK's own, AWS_PROFILE and AWS_ENDPOINT_URL among them.`;

/** Registers `deploy`. */
export function deployCommand(program: Command): void {
  program
    .command("deploy")
    .helpGroup(GROUPS.deploy)
    .description("deploy the hub, and the customers' stacks where these credentials reach; only what changed")
    .addOption(configOption())
    .option("--only <part>", "only this part: hub, relay, or a customer's id")
    .option("--profile <name>", "a profile of ~/.aws/config; without it AWS_PROFILE, or what the environment gives")
    .option("-y, --yes", "do not ask before permissions widen")
    .addHelpText("after", HELP)
    .action(deploy);
}

async function deploy({ config: file, only, profile, yes }: DeployFlags): Promise<void> {
  const config = await loadConfig(file);
  const [{ stacksOf, tellWarnings }, { reachOf }, { deployStack }, { terminalTeller }] = await Promise.all([
    import("./aws/stacks.ts"),
    import("./aws/reachable.ts"),
    import("./aws/toolkit.ts"),
    import("./aws/teller.ts"),
  ]);
  const stacks = await stacksOf(config, only);
  tellWarnings(stacks);
  const { reached, unreached } = await reachOf(stacks, profile);
  const teller = terminalTeller(yes === true);
  const colors = colorsFor(process.stdout);
  for (const { stack, identity } of reached) {
    teller.progress(`${stack.part}: deploying ${placeOf(stack)} …`);
    const context = { identity, teller, slackWorkspaceId: config.slack.workspace };
    const { isChanged, outputs } = await deployStack(stack, context);
    console.log(`${colors.green(isChanged ? "deployed " : "unchanged")}  ${placeOf(stack)}`);
    for (const [name, value] of Object.entries(outputs)) console.log(`           ${shortName(name)}: ${value}`);
  }
  if (unreached.length > 0) console.log(toSend(unreached));
  if (only !== undefined && unreached.length > 0) process.exitCode = EXIT.failed;
}

/** `shirase-acme in 222222222222, ap-northeast-1`. */
export function placeOf({ stackName, accountId, region }: StackToDeploy): string {
  return `${stackName} in ${accountId}, ${region}`;
}

/** CDK puts the construct's name before an output's. */
function shortName(output: string): string {
  return output.replace(/^(Hub|Relay(?=TableName|WakeUps|Address))/, "").replace(/[0-9A-F]{8}$/, "");
}

function toSend(stacks: readonly StackToDeploy[]): string {
  const rows = stacks.map((stack) => [
    "  ",
    stack.part,
    stack.accountId,
    stack.region,
    `shirase onboard ${stack.part}`,
  ]);
  const lines = textTable(rows);
  return ["", "Not reached from here; the customer deploys these. What to send:", ...lines].join("\n");
}
