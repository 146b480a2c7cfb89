/**
 * The parts of the hub that need no relay (bus, rules, key, topic, dead letters, alarms) deployed by the AWS CDK's
 * command line into ministack, which knows some things better than localemu: whether a pattern is valid, and that
 * PutEvents takes no event of an AWS service.
 *
 * What it does not know it says itself when it is shown the whole template; that is left out and said. It knows one
 * account at a time, so the customer here has the hub's own; and it delivers over HTTP in its own region alone.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HUB_STACK_NAME, hubApp } from "../packages/cdk/src/hub-stack.ts";
import { Config } from "../packages/core/src/config.ts";
import { TEST } from "../packages/infra/src/declared-events.ts";
import { busCaller } from "../packages/testkit/src/buses.ts";
import { cdkCli } from "../packages/testkit/src/cdk-cli.ts";
import { findingFrom } from "../packages/testkit/src/crossing.ts";
import { resourceCounts } from "../packages/testkit/src/deployed.ts";
import { type Emulator, startMinistack } from "../packages/testkit/src/emulators.ts";
import type { AwsPlace } from "../packages/testkit/src/queues.ts";
import { createStack } from "../packages/testkit/src/stacks.ts";
import { startTopicListener } from "../packages/testkit/src/topic-listener.ts";
import { exampleConfig, inventory, type Trial, type Tried, timed } from "./hub-trial.ts";

type Template = { readonly Resources: Readonly<Record<string, { readonly Type: string }>> };

/** ministack's own. */
const REGION = "us-east-1";
const SAMPLE = "examples/events/01-security-group-open.json";

/** @throws Error when something is not as it must be. */
export async function tryAmazonQ({ say, onEnd, folder }: Trial): Promise<Tried> {
  const emulator = await startMinistack();
  if ("skip" in emulator) return emulator;
  onEnd(emulator.stop);
  const config = withoutRelay();
  const home = { account: config.hub.account, region: config.hub.region };
  const cdk = await cdkCli({ emulator, ...home, home: folder });
  if ("skip" in cdk) return cdk;
  say(`\nThe parts that need no relay, in ministack at ${emulator.endpoint}`);

  const assembly = join(folder, "amazon-q");
  mkdirSync(assembly);
  const whole = hubApp(config, assembly).app.synth().getStackByName(HUB_STACK_NAME).template as Template;
  const unknown = await unknownTypes(emulator, home, whole);
  const known = Object.entries(whole.Resources).filter(([, { Type }]) => !unknown.includes(Type));
  const template = { ...whole, Resources: Object.fromEntries(known) };
  writeFileSync(join(assembly, `${HUB_STACK_NAME}.template.json`), JSON.stringify(template));
  for (const type of unknown) say(`  LEFT OUT  ${type}: ministack does not know it`);

  const deploy = ["deploy", HUB_STACK_NAME, "--app", assembly, "--require-approval", "never"];
  await timed(say, `cdk deploy ${HUB_STACK_NAME}  (no bootstrap: the hub has no assets)`, () =>
    cdk.run(deploy, folder),
  );
  for (const line of inventory(await resourceCounts(emulator, home, HUB_STACK_NAME))) say(`    ${line}`);
  await sendTest({ emulator, config, home, say, onEnd });
  return { emulator: "ministack", endpoint: emulator.endpoint };
}

/** The example's customers of Amazon Q's, in the hub's own account. */
function withoutRelay(): Config {
  const { hub, slack, customers } = exampleConfig();
  const account = hub.account;
  const own = customers
    .filter(({ delivery }) => delivery === "amazon-q")
    .map((customer) => ({ ...customer, accounts: [account] }));
  return Config.parse({ hub: { ...hub, region: REGION }, slack, customers: own });
}

/** The types that ministack refuses. It checks them before it makes anything, and names all of them at once. */
async function unknownTypes(emulator: Emulator, home: AwsPlace, template: object): Promise<readonly string[]> {
  try {
    await createStack(emulator, { ...home, name: "whole", template });
  } catch (error) {
    const [, types] = /Unrecognized resource types: \[([^\]]+)\]/.exec(String(error)) ?? [];
    if (types === undefined) throw error;
    return types.split(", ");
  }
  throw new Error("ministack took the whole hub: nothing is left out any more, so say so here and in docs/testing.md");
}

type Sending = Pick<Trial, "say" | "onEnd"> & {
  readonly emulator: Emulator;
  readonly config: Config;
  readonly home: AwsPlace;
};

async function sendTest({ emulator, config, home, say, onEnd }: Sending): Promise<void> {
  const [customer] = config.customers;
  const bus = `shirase-${customer?.id}`;
  const listener = await startTopicListener(() => emulator);
  onEnd(listener.stop);
  await listener.subscribe(`arn:aws:sns:${home.region}:${home.account}:${bus}`);
  const caller = busCaller(emulator, home);
  const refused = await caller.put({ ...findingFrom(home, SAMPLE, "c1"), bus }).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (refused === undefined) throw new Error("PutEvents took an event of aws.securityhub; on AWS only AWS sends those");
  say(`  put       a finding with source aws.securityhub: refused, as on AWS (${refused})`);
  await caller.put({ ...TEST, detail: {}, bus });
  caller.close();
  await listener.until((heard) => heard.length > 0);
  const [{ message = "" } = {}] = listener.heard;
  const { content } = JSON.parse(message);
  say(`  put       a test event: it arrived in topic ${bus}, in the words that Amazon Q shows:`);
  say(`            ${content.description}`);
}
