/**
 * The hub of examples/cdk-app, deployed by the AWS CDK's own command line into account 111111111111 of localemu, its
 * customers' templates beside it, and a finding put in each customer's account: what was deployed, what arrived where.
 */
import { join } from "node:path";
import { readHubConfig } from "../packages/cdk/src/read-hub-config.ts";
import type { Config } from "../packages/core/src/config.ts";
import { type ResolvedCustomer, resolveCustomer } from "../packages/core/src/resolved-customer.ts";
import { sendingAccounts } from "../packages/core/src/sending-accounts.ts";
import { hubBusArn, spokeStackName } from "../packages/infra/src/names.ts";
import { spokeTemplate } from "../packages/infra/src/spoke.ts";
import { busCaller } from "../packages/testkit/src/buses.ts";
import { cdkCli } from "../packages/testkit/src/cdk-cli.ts";
import { findingFrom, marksIn } from "../packages/testkit/src/crossing.ts";
import { resourceCounts } from "../packages/testkit/src/deployed.ts";
import { CDK_CLI_VERSION, type Emulator, startLocalemu } from "../packages/testkit/src/emulators.ts";
import { type AwsPlace, openQueue } from "../packages/testkit/src/queues.ts";
import { createStack } from "../packages/testkit/src/stacks.ts";
import { startTopicListener, type TopicListener } from "../packages/testkit/src/topic-listener.ts";

/** What both trials are given. */
export type Trial = {
  /** Hears a line for people. */
  readonly say: (line: string) => void;
  /** Runs when all is over, the last one first. */
  readonly onEnd: (cleanUp: () => Promise<void>) => void;
  /** A folder to write to, deleted at the end by whoever made it. */
  readonly folder: string;
};

const APP = join(import.meta.dirname, "..", "examples", "cdk-app");
/** The stack that the example's app.ts makes. */
const STACK = "security";
const STRANGER = "444444444444";
const SAMPLE = "examples/events/01-security-group-open.json";

/** The example's config; it and its app say the same account and region. */
export function exampleConfig(): Config {
  return readHubConfig(join(APP, "shirase.yaml"));
}

/** Where it was done, or why this machine cannot do it. */
export type Tried = { readonly emulator: string; readonly endpoint: string } | { readonly skip: string };

/** @throws Error when something is not as it must be. */
export async function tryHub({ say, onEnd, folder }: Trial): Promise<Tried> {
  const emulator = await startLocalemu();
  if ("skip" in emulator) return emulator;
  onEnd(emulator.stop);
  const config = exampleConfig();
  const home = { account: config.hub.account, region: config.hub.region };
  const cdk = await cdkCli({ emulator, ...home, home: folder });
  if ("skip" in cdk) return cdk;
  say(`The hub, in account ${home.account} of localemu, which stands in for AWS at ${emulator.endpoint}`);

  await timed(say, `cdk bootstrap aws://${home.account}/${home.region}  (AWS CDK ${CDK_CLI_VERSION})`, () =>
    cdk.run(["bootstrap", `aws://${home.account}/${home.region}`], folder),
  );
  const deploy = ["deploy", STACK, "--require-approval", "never", "--output", join(folder, "cdk.out")];
  await timed(say, `cdk deploy ${STACK}  (in examples/cdk-app)`, () => cdk.run(deploy, APP));
  for (const line of inventory(await resourceCounts(emulator, home, STACK))) say(`    ${line}`);

  const customers = config.customers.map((entry) => resolveCustomer(config, entry));
  for (const customer of customers) await deploySpokes(emulator, config, customer, say);
  await sendAndWatch({ emulator, config, customers, home, say, onEnd });
  return { emulator: "localemu", endpoint: emulator.endpoint };
}

async function deploySpokes(
  emulator: Emulator,
  config: Config,
  customer: ResolvedCustomer,
  say: Trial["say"],
): Promise<void> {
  for (const region of customer.regions) {
    const template = spokeTemplate(config, customer, region);
    for (const account of sendingAccounts(customer)) {
      const name = spokeStackName(customer.id);
      await createStack(emulator, { account, region, name, template });
      say(`  deployed  ${customer.name}'s template as ${name} in ${account}, ${region}`);
    }
  }
}

type Watch = Pick<Trial, "say" | "onEnd"> & {
  readonly emulator: Emulator;
  readonly config: Config;
  readonly customers: readonly ResolvedCustomer[];
  readonly home: AwsPlace;
};

/** What was seen of a finding: its mark, the account that EventBridge says it is from, and where. */
type Seen = { readonly mark: string; readonly account: string; readonly where: string };

async function sendAndWatch({ emulator, config, customers, home, say, onEnd }: Watch): Promise<void> {
  const listener = await startTopicListener(() => emulator);
  onEnd(listener.stop);
  const topic = (id: string): string => `arn:aws:sns:${home.region}:${home.account}:shirase-${id}`;
  const byTopic = customers.filter(({ delivery }) => delivery === "amazon-q");
  for (const { id } of byTopic) await listener.subscribe(topic(id));

  const put: { readonly who: string; readonly mark: string; readonly account: string; readonly want: string }[] = [];
  for (const [index, customer] of customers.entries()) {
    const mark = `c${index + 1}`;
    const [account = ""] = sendingAccounts(customer);
    await putFinding(emulator, { account, region: home.region }, mark);
    const want = customer.delivery === "amazon-q" ? `topic shirase-${customer.id}` : "queue shirase-relay";
    put.push({ who: customer.name, mark, account, want });
  }
  const [first] = customers;
  const strangers = { account: STRANGER, region: home.region };
  if (first) await putFinding(emulator, strangers, "c999", hubBusArn(config, first));

  await listener.until((heard) => heard.length >= byTopic.length);
  const seen = [...(await inQueue(emulator, home)), ...heardBy(listener)];
  for (const { who, mark, account, want } of put) {
    const places = seen.filter((one) => one.mark === mark);
    const said = places.map(({ where, account: from }) => `${where}, as of account ${from}`).join("; ") || "nowhere";
    say(`  put       a finding in ${account}, ${who}'s account: it arrived in ${said}`);
    const isRight = places.length === 1 && places[0]?.where === want && places[0].account === account;
    if (!isRight) throw new Error(`the finding of ${who} must arrive in ${want} alone, but arrived in ${said}`);
  }
  const strays = seen.filter(({ mark }) => !put.some((one) => one.mark === mark));
  if (strays.length > 0) throw new Error(`what nobody may see arrived: ${JSON.stringify(strays)}`);
  say(`  put       a finding of a stranger, ${STRANGER}, on ${first?.name}'s bus itself: it arrived nowhere`);
}

async function putFinding(emulator: Emulator, place: AwsPlace, mark: string, bus?: string): Promise<void> {
  const caller = busCaller(emulator, place);
  await caller.put({ ...findingFrom(place, SAMPLE, mark), ...(bus !== undefined && { bus }) });
  caller.close();
}

async function inQueue(emulator: Emulator, home: AwsPlace): Promise<readonly Seen[]> {
  const letters = await (await openQueue(emulator, home, "shirase-dead-letters")).count();
  if (letters > 0) throw new Error(`${letters} events lie in shirase-dead-letters`);
  const received = await (await openQueue(emulator, home, "shirase-relay")).drain();
  return received.map(({ Body = "" }) => seenIn(Body, "queue shirase-relay"));
}

function heardBy({ heard }: TopicListener): readonly Seen[] {
  return heard.map(({ message, topicArn }) => seenIn(message, `topic ${topicArn.split(":").at(-1)}`));
}

function seenIn(body: string, where: string): Seen {
  return { mark: [...new Set(marksIn(body))].join(), account: JSON.parse(body).account, where };
}

/** `2 Events::EventBus, 3 Events::Rule`, a line for each AWS service. */
export function inventory(counts: ReadonlyMap<string, number>): readonly string[] {
  const services = new Map<string, string[]>();
  for (const [type, count] of [...counts].sort(([a], [b]) => a.localeCompare(b))) {
    const [, service = "", name = ""] = type.split("::");
    services.set(service, [...(services.get(service) ?? []), `${count} ${name}`]);
  }
  return [...services].map(([service, names]) => `${service.padEnd(11)} ${names.join(", ")}`);
}

/** Says what it does and how long that took. */
export async function timed(say: Trial["say"], what: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await work();
  say(`  ran       ${what}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
