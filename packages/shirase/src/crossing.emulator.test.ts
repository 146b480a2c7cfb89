/**
 * The crossing, whole: the synthesised templates of three customers deployed by CloudFormation into the accounts of
 * localemu, Security Hub's findings put on the buses of the customers' accounts in each of their regions, and what
 * becomes of them in Slack. From the hub on there are three ways: the relay's queue, SNS over HTTP to the relay, and SNS
 * to Amazon Q, in whose place a stand-in shows what Amazon Q would.
 *
 * Each finding is to end as one message in its own customer's channel; what is filtered, a stranger's and a withdrawn
 * customer's nowhere. A rule of the test's own on each hub bus records what arrived there: "nowhere" counts only for
 * what was on its way.
 *
 * No emulator enforces a bus's policy, so a stranger gets as far as the hub's bus here, and on AWS not even there
 * (who-may-put.test.ts of @shirase/infra).
 *
 * `npm run record` writes what arrived into packages/testkit/events/crossing.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, type TestContext, test } from "node:test";
import { HUB_STACK_NAME, hubTemplate } from "@shirase/cdk/hub-stack";
import { Config } from "@shirase/core/config";
import { RELAY_QUEUE_NAME, relayQueueArn } from "@shirase/core/relay-queue";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { matches, parsePattern } from "@shirase/event-pattern";
import { type FakeSlack, type LedgerEntry, startFakeSlack } from "@shirase/fake-slack";
import { HEARTBEAT, TEST } from "@shirase/infra/declared-events";
import { hubBusArn, hubBusName, spokeStackName } from "@shirase/infra/names";
import { spokeTemplate } from "@shirase/infra/spoke";
import { type Relay, startRelay, stderrLogger } from "@shirase/relay/main";
import { type AmazonQ, startAmazonQ } from "@shirase/testkit/amazon-q";
import { type BusCaller, busCaller, type NewEvent } from "@shirase/testkit/buses";
import {
  ACCOUNTS,
  CROSSING_CONFIG,
  findingFrom,
  marksIn,
  REGIONS,
  type Sender,
  WITHDRAWN_CUSTOMER,
} from "@shirase/testkit/crossing";
import { type Emulator, startLocalemu } from "@shirase/testkit/emulators";
import { type CrossedEvent, EVENTS_FOLDER } from "@shirase/testkit/events";
import { type AwsPlace, createQueue, openQueue, type Received, type TestQueue } from "@shirase/testkit/queues";
import { type SnsEdge, snsSigner, startSnsEdge } from "@shirase/testkit/sns-edge";
import { createStack, physicalIds, updateStack } from "@shirase/testkit/stacks";
import { deleteTopic } from "@shirase/testkit/topic-listener";

/** An account that no customer lists. */
const NOBODY = "999999999999";
const AMAZON_Q_TOKEN = "xoxb-amazon-q";
const CROSSING_FOLDER = join(EVENTS_FOLDER, "crossing");
const BASIS = "recorded: put in the sender's account on localemu, as it arrived at the hub's bus";
const FAST = { burst: 1000, perMinute: 60_000 };
/** Nothing is timed here; a machine that is busy with other things shall not fail. */
const WITHIN_MS = 60_000;

/** What each customer sends from each of its places. */
const FINDINGS: ReadonlyArray<readonly [why: string, file: string, isTold: boolean, name: string]> = [
  ["a control that fails", "securityhub/lifecycle/01-new.json", true, "new"],
  ["a vulnerability, which has no Compliance", "securityhub/products/inspector.json", true, "vulnerability"],
  ["an exposure in the OCSF of the new Security Hub", "securityhub-v2/07-exposure.json", true, "exposure"],
  ["texts that want to be markup", "securityhub/hostile.json", true, "hostile"],
  ["what somebody is at work on already", "securityhub/lifecycle/03-notified.json", false, "notified"],
  ["what has passed: there is no card to close", "securityhub/lifecycle/05-passed.json", false, "passed"],
  ["what is not severe enough", "examples/events/08-medium-not-wanted.json", false, "medium"],
  ["what the customer's filter names", "examples/events/14-filtered-macie.json", false, "filtered"],
];

type Topology = {
  readonly name: string;
  readonly buses: "per-customer" | "shared";
  readonly delivery: "queue" | "http";
  /** The last digits of its accounts, so that all can live in one emulator. */
  readonly suffix: string;
  /** Its events are those that other tests read. */
  readonly isRecorded?: true;
};
const TOPOLOGIES: readonly Topology[] = [
  {
    name: "a bus each, the relay reads the queue",
    buses: "per-customer",
    delivery: "queue",
    suffix: "",
    isRecorded: true,
  },
  { name: "a bus each, SNS delivers to the relay", buses: "per-customer", delivery: "http", suffix: "02" },
  { name: "one bus for all, the relay reads the queue", buses: "shared", delivery: "queue", suffix: "03" },
  { name: "one bus for all, SNS delivers to the relay", buses: "shared", delivery: "http", suffix: "04" },
];

const emulator = await startLocalemu();
const skip = "skip" in emulator ? emulator.skip : false;
const signer = await snsSigner(REGIONS.home);
const folder = mkdtempSync(join(tmpdir(), "shirase-crossing-"));
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (!("skip" in emulator)) await emulator.stop();
});

function aws(): Emulator {
  if ("skip" in emulator) throw new Error(emulator.skip);
  return emulator;
}

/** Everything of one topology that runs or was deployed. */
type World = {
  readonly topology: Topology;
  readonly home: AwsPlace;
  /** An account of the crossing as this topology has it. */
  readonly own: (account: string) => string;
  /** Four customers, and the three that are left after one was withdrawn. */
  readonly four: Config;
  readonly three: Config;
  /** The hub's template for the four. */
  readonly template: object;
  readonly slack: FakeSlack;
  readonly amazonQ: AmazonQ;
  readonly relay: Relay;
};

/** @param cleanUps - gets what ends whatever was started, also when the rest cannot be. */
async function start(topology: Topology, cleanUps: (() => Promise<void>)[]): Promise<World> {
  const own = (account: string): string => account.slice(0, 12 - topology.suffix.length) + topology.suffix;
  const home = { account: own(ACCOUNTS.hub), region: REGIONS.home };
  const slack = await startFakeSlack({
    channels: ["C0ACME00000", "C0GLOBEX000", "C0INITECH00", "C0UMBRELLA0", "C0OPS000000"].map((id) => ({ id })),
    tokens: ["xoxb-shirase", AMAZON_Q_TOKEN],
    limits: "off",
  });
  cleanUps.push(() => slack.close());
  const relayOf = async (config: Config, fetchText?: SnsEdge["fetchText"]): Promise<Relay> => {
    const relay = await relayFor(config, slack, fetchText);
    cleanUps.push(() => relay.stop());
    return relay;
  };
  // The hub has to know the edge's address, and the edge the relay's; a queue has to be there before it is read.
  let edge: SnsEdge | undefined;
  const early =
    topology.delivery === "http"
      ? await relayOf(
          configOf(topology, own),
          (url) => edge?.fetchText(url) ?? Promise.reject(new Error("no edge yet")),
        )
      : undefined;
  if (early) {
    const running = await startSnsEdge(signer, aws().endpoint, `${early.url}/v1/sns`);
    cleanUps.push(running.stop);
    edge = running;
  }
  const four = configOf(topology, own, edge?.url);
  const three = { ...four, customers: four.customers.filter(({ id }) => id !== WITHDRAWN_CUSTOMER.id) };
  const template = hubTemplate(four);
  await createStack(aws(), { ...home, name: HUB_STACK_NAME, template });
  await Promise.all(four.customers.map((one) => deploySpokes(four, resolveCustomer(four, one))));
  const relay = early ?? (await relayOf(four));
  const amazonQ = await amazonQFor(template, home, slack);
  cleanUps.push(amazonQ.stop);
  return { topology, home, own, four, three, template, slack, amazonQ, relay };
}

/** The config as its file would be, with this topology's accounts. */
function configOf(topology: Topology, own: World["own"], relayUrl?: string): Config {
  const { hub, slack, customers } = CROSSING_CONFIG;
  const all = [...customers, WITHDRAWN_CUSTOMER];
  const topics = all.map(({ id }) => `arn:aws:sns:${hub.region}:${hub.account}:shirase-${id}`);
  const ingest = topology.delivery === "http" ? { sns: { topics } } : { sqs: { queues: [relayQueueArn(hub)] } };
  const relay = relayUrl === undefined ? {} : { relay: { url: relayUrl } };
  const config = { hub: { ...hub, buses: topology.buses, ...relay }, slack, ingest, customers: all };
  const text = Object.values(ACCOUNTS).reduce((done, account) => {
    return done.replaceAll(account, own(account));
  }, JSON.stringify(config));
  return Config.parse(JSON.parse(text));
}

function relayFor(config: Config, slack: FakeSlack, fetchText: SnsEdge["fetchText"] | undefined): Promise<Relay> {
  return startRelay({
    config,
    slackToken: "xoxb-shirase",
    ingestKey: undefined,
    listen: { host: "127.0.0.1", port: 0 },
    dataDir: join(folder, config.hub.account),
    slackApiUrl: slack.apiUrl,
    logger: stderrLogger("silent"),
    // Slack's pace is another test's; here each message shows how long its way was.
    pace: { channel: FAST, workspace: FAST, edits: FAST, looks: FAST },
    aws: aws().clientFor(config.hub.account, config.hub.region),
    ...(fetchText && { fetchText }),
  });
}

async function deploySpokes(config: Config, customer: ResolvedCustomer): Promise<void> {
  for (const region of customer.regions) {
    const template = spokeTemplate(config, customer, region);
    for (const account of sendingAccounts(customer)) {
      await createStack(aws(), { account, region, name: spokeStackName(customer.id), template });
    }
  }
}

/** A template's resource, as far as it is looked at here. */
type Resource = {
  readonly Type: string;
  readonly Properties: {
    readonly Name: string;
    readonly EventBusName: string;
    readonly SlackChannelId: string;
    readonly SnsTopicArns: readonly { readonly Ref: string }[];
  };
};

function resourcesOf(template: object, type: string): readonly Resource["Properties"][] {
  const { Resources } = template as { readonly Resources: Readonly<Record<string, Resource>> };
  return Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
}

/** Hears what the deployed stack configures: each channel's topics. */
async function amazonQFor(template: object, home: AwsPlace, slack: FakeSlack): Promise<AmazonQ> {
  const where = { slackApiUrl: slack.apiUrl, slackToken: AMAZON_Q_TOKEN };
  const amazonQ = await startAmazonQ({ emulator: aws(), ...home, ...where });
  const ids = await physicalIds(aws(), home, HUB_STACK_NAME);
  for (const { SlackChannelId, SnsTopicArns } of resourcesOf(template, "AWS::Chatbot::SlackChannelConfiguration")) {
    for (const { Ref } of SnsTopicArns) await amazonQ.configure(ids.get(Ref)?.split(":").at(-1) ?? "", SlackChannelId);
  }
  return amazonQ;
}

/** A queue that hears everything that arrives on any bus of the hub. */
async function recorderFor({ three, home }: World): Promise<TestQueue> {
  const recorder = await createQueue(aws(), home, "crossing-recorder");
  const caller = busCaller(aws(), home);
  for (const bus of new Set(three.customers.map((customer) => hubBusName(three, customer)))) {
    await caller.route({ bus, name: "crossing-recorder", pattern: { source: [{ prefix: "" }] } }, recorder.arn);
  }
  caller.close();
  return recorder;
}

/** The stranger sends what Security Hub finds in his account to acme's bus, by a rule and a role of his own. */
async function strangersRule({ three, own }: World): Promise<void> {
  const account = own(ACCOUNTS.stranger);
  const caller = busCaller(aws(), { account, region: REGIONS.home });
  const pattern = { source: ["aws.securityhub"] };
  await caller.route({ name: "own", pattern }, hubBusArn(three, acmeOf(three)), `arn:aws:iam::${account}:role/own`);
  caller.close();
}

function acmeOf({ customers: [acme] }: Config): Config["customers"][number] {
  if (!acme) throw new Error("the crossing's config has no customer");
  return acme;
}

/** An event to put, and what should come of it. */
type Sent = {
  readonly why: string;
  readonly sender: Sender;
  readonly file: string;
  readonly mark: string;
  readonly event: NewEvent;
  /** The hub's bus that it gets to; undefined where a rule keeps it, or the bus is gone. */
  readonly bus: string | undefined;
  /** Where it is told; undefined for nowhere. */
  readonly channel: string | undefined;
  /** Whose it is, for the relay; undefined for nobody's. */
  readonly owner: string | undefined;
  /** The name it is recorded by. */
  readonly record?: string;
};
type Sending = Omit<Sent, "event"> & { readonly direct?: string };

/** @param direct - ARN of the bus that it is put on; without it the sender's own. */
function sent({ direct, ...one }: Sending): Sent {
  const event = findingFrom(one.sender, one.file, one.mark);
  return { ...one, event: direct === undefined ? event : { ...event, bus: direct } };
}

/** What each customer sends, from each of its regions. */
function customersFindings({ three }: World, mark: () => string): readonly Sent[] {
  const customers = three.customers.map((entry) => resolveCustomer(three, entry));
  return customers.flatMap((customer) => {
    const bus = hubBusName(three, customer);
    return customer.regions.flatMap((region) => findingsOf(customer, region, bus, mark));
  });
}

function findingsOf(customer: ResolvedCustomer, region: string, bus: string, mark: () => string): readonly Sent[] {
  const { id, regions, slack } = customer;
  const sender = { account: sendingAccounts(customer)[0] ?? "", region };
  const isHome = region === regions[0];
  return FINDINGS.map(([why, file, isTold, name]) => {
    const channel = isTold ? slack.channel : undefined;
    const one = sent({ why, file, mark: mark(), sender, bus: undefined, channel, owner: id });
    // Of the others one finding from each place shows whose it is; what it says is acme's again.
    const isRecorded = name === "new" || (isHome && id === "acme");
    const named = isRecorded ? { record: `${id}-${isHome ? "home" : "away"}-${name}` } : {};
    return { ...one, ...named, bus: letsOut(customer, one) ? bus : undefined };
  });
}

/** Does a rule of the customer's let it out? By AWS's rules, which localemu's matcher keeps for patterns of strings. */
function letsOut(customer: ResolvedCustomer, { sender: { account, region }, event }: Sent): boolean {
  const { source, detailType, detail } = event;
  const envelope = { source, "detail-type": detailType, account, region, detail };
  return customer.rulePatterns.some((text) => {
    const parsed = parsePattern(text);
    return "pattern" in parsed && matches(parsed.pattern, envelope);
  });
}

/** A delegated administrator speaks for its members, and for nobody else. */
function membersFindings({ three, own }: World, mark: () => string): readonly Sent[] {
  const admin = { account: own(ACCOUNTS.initech), region: REGIONS.home };
  const file = "securityhub/lifecycle/01-new.json";
  const common = { file, owner: "initech", bus: three.hub.buses === "shared" ? "shirase" : "shirase-initech" };
  return [
    sent({
      ...common,
      why: "a member's finding, sent by its administrator",
      sender: { ...admin, about: own(ACCOUNTS.initechMember) },
      mark: mark(),
      channel: "C0INITECH00",
      record: "initech-member",
    }),
    sent({
      ...common,
      why: "an administrator's finding about an account that the customer does not list",
      sender: { ...admin, about: NOBODY },
      mark: mark(),
      channel: undefined,
      record: "initech-nobody-knows",
    }),
  ];
}

/** Who is no customer, any more or at all, and what a customer is not allowed to. Put on buses that nobody guards here. */
function strangersFindings({ three, own }: World, mark: () => string): readonly Sent[] {
  const isShared = three.hub.buses === "shared";
  const direct = hubBusArn(three, acmeOf(three));
  const bus = hubBusName(three, acmeOf(three));
  const common = { file: "securityhub/lifecycle/01-new.json", channel: undefined, owner: undefined, bus };
  const from = (account: string): Sender => ({ account: own(account), region: REGIONS.home });
  const stranger = from(ACCOUNTS.stranger);
  const asAcme = { ...stranger, about: own(ACCOUNTS.acme) };
  const say = "a stranger who says it is acme's";
  const gone = { ...common, bus: isShared ? bus : undefined };
  return [
    sent({ ...common, why: say, sender: asAcme, mark: mark(), direct, record: "stranger-direct" }),
    sent({ ...common, why: "a stranger's own rule", sender: stranger, mark: mark(), record: "stranger-by-rule" }),
    sent({ ...gone, why: "the withdrawn customer", sender: from(ACCOUNTS.umbrella), mark: mark() }),
    // On a shared bus there is no other's bus.
    ...(isShared
      ? []
      : [
          sent({
            ...common,
            why: "globex on acme's bus",
            sender: from(ACCOUNTS.globex),
            mark: mark(),
            direct,
            record: "globex-on-acmes-bus",
          }),
        ]),
  ];
}

/** Callers by place: making one for each event would be most of the time. */
type Callers = Map<string, BusCaller>;

function callerFor(callers: Callers, place: AwsPlace): BusCaller {
  const key = `${place.account} ${place.region}`;
  const caller = callers.get(key) ?? busCaller(aws(), place);
  callers.set(key, caller);
  return caller;
}

/** Puts events, one after the other. @returns when each was put, in epoch milliseconds, by its mark. */
async function putAll(all: readonly Sent[]): Promise<ReadonlyMap<string, number>> {
  const callers: Callers = new Map();
  const putAt = new Map<string, number>();
  for (const { sender, event, mark } of all) {
    putAt.set(mark, Date.now());
    await callerFor(callers, sender).put(event);
  }
  for (const caller of callers.values()) caller.close();
  return putAt;
}

/** From each place of each customer a heartbeat, which nobody is told of, and a test. @returns the tests' channels. */
async function putOwnEvents({ three }: World): Promise<readonly string[]> {
  const callers: Callers = new Map();
  const channels: string[] = [];
  for (const customer of three.customers.map((entry) => resolveCustomer(three, entry))) {
    const [account = ""] = sendingAccounts(customer);
    for (const region of customer.regions) {
      const caller = callerFor(callers, { account, region });
      await caller.put({ ...HEARTBEAT, detail: {} });
      await caller.put({ ...TEST, detail: {} });
      channels.push(customer.slack.channel);
    }
  }
  for (const caller of callers.values()) caller.close();
  return channels;
}

/** What a reader of Slack sees of a message. */
function textOf({ shown: { text, blocks, attachments } }: LedgerEntry): string {
  return JSON.stringify(blocks.length + attachments.length > 0 ? { blocks, attachments } : text);
}

/** The mark of each message and its channel; "" for a message without one. */
function toldIn(messages: readonly LedgerEntry[]): readonly (readonly [mark: string, channel: string])[] {
  return messages.map((entry) => [[...new Set(marksIn(textOf(entry)))].join(), entry.channel] as const);
}

/** Deploys the hub without the fourth customer. */
async function withdraw({ template: before, three, home }: World): Promise<void> {
  const template = hubTemplate(three);
  await updateStack(aws(), { ...home, name: HUB_STACK_NAME, template });
  // localemu's CloudFormation looks for a rule to delete on the default bus only, and leaves all others.
  const kept = new Set(resourcesOf(template, "AWS::Events::Rule").map(({ Name }) => Name));
  const caller = busCaller(aws(), home);
  for (const { Name: name, EventBusName: bus } of resourcesOf(before, "AWS::Events::Rule")) {
    if (!kept.has(name)) await caller.deleteRule({ bus, name });
  }
  caller.close();
}

type Figures = {
  readonly put: number;
  readonly wrong: number;
  readonly arrived: number;
  readonly told: readonly LedgerEntry[];
  readonly putAt: ReadonlyMap<string, number>;
};

/** From PutEvents to Slack, by who posted. */
function report(t: TestContext, { put, arrived, told, wrong, putAt }: Figures): void {
  t.diagnostic(`put ${put}, arrived at the hub ${arrived}, told in Slack ${told.length}, wrong place ${wrong}`);
  const took = (isRelays: boolean): readonly number[] =>
    told
      .filter(({ payload }) => (payload.metadata !== undefined) === isRelays)
      .flatMap((entry) => {
        const at = putAt.get(marksIn(textOf(entry))[0] ?? "");
        return at === undefined ? [] : [entry.receivedAt.getTime() - at];
      })
      .sort((a, b) => a - b);
  for (const [who, times] of [
    ["the relay", took(true)],
    ["Amazon Q's stand-in", took(false)],
  ] as const) {
    const [median, longest] = [times[Math.floor(times.length / 2)], times.at(-1)];
    t.diagnostic(`PutEvents to Slack by ${who}: p50 ${median} ms, max ${longest} ms (${times.length})`);
  }
}

/** Writes what arrived at the hub into the sample events, each with what the relay should make of it. */
function record({ three }: World, bodies: readonly string[], all: readonly Sent[]): void {
  const rows = [...recordedFindings(three, bodies, all), ...recordedOwnEvents(bodies)];
  rmSync(CROSSING_FOLDER, { recursive: true, force: true });
  mkdirSync(CROSSING_FOLDER, { recursive: true });
  for (const { row, body } of rows) {
    writeFileSync(join(EVENTS_FOLDER, row.file), `${JSON.stringify(JSON.parse(body), null, 2)}\n`);
  }
  const index = rows.map(({ row }) => row);
  writeFileSync(join(CROSSING_FOLDER, "index.json"), `${JSON.stringify(index, null, 1)}\n`);
}

type Recorded = { readonly row: CrossedEvent; readonly body: string };

function recordedFindings(config: Config, bodies: readonly string[], all: readonly Sent[]): readonly Recorded[] {
  const isRelays = (id: string | undefined): boolean =>
    config.customers.some((customer) => customer.id === id && resolveCustomer(config, customer).delivery === "relay");
  return all.flatMap(({ record: name, why, mark, owner, channel, bus, sender, event }) => {
    const body = bodies.find((text) => marksIn(text).includes(mark));
    if (name === undefined || bus === undefined || body === undefined) return [];
    const isForeign = owner === undefined || sender.about === NOBODY;
    const isTold = channel !== undefined && isRelays(owner);
    const expect = { owner: owner ?? null, told: isTold, quarantined: isForeign };
    return [{ row: { file: fileOf(name), detailType: event.detailType, case: why, basis: BASIS, bus, expect }, body }];
  });
}

function recordedOwnEvents(bodies: readonly string[]): readonly Recorded[] {
  const ofAcme = (source: string): string =>
    bodies.find((text) => {
      const event = JSON.parse(text);
      return event.source === source && event.account === ACCOUNTS.acme && event.region === REGIONS.home;
    }) ?? "";
  const row = (name: string, detailType: string, why: string, isTold: boolean): CrossedEvent => {
    const expect = { owner: "acme", told: isTold, quarantined: false };
    return { file: fileOf(name), detailType, case: why, basis: BASIS, bus: "shirase-acme", expect };
  };
  return [
    { row: row("acme-home-test", TEST.detailType, "a test event", true), body: ofAcme(TEST.source) },
    { row: row("acme-home-heartbeat", HEARTBEAT.detailType, "a heartbeat", false), body: ofAcme(HEARTBEAT.source) },
  ];
}

function fileOf(name: string): string {
  return `crossing/${name}.json`;
}

/** All is told or known to be nobody's: Slack refused nothing, Amazon Q dropped nothing, no queue holds anything. */
async function nothingIsOnItsWay({ home, topology, slack, amazonQ, relay }: World): Promise<void> {
  const queues = ["shirase-dead-letters", ...(topology.delivery === "queue" ? [RELAY_QUEUE_NAME] : [])];
  for (const name of queues) assert.equal(await (await openQueue(aws(), home, name)).count(), 0, name);
  assert.deepEqual(slack.refused(), []);
  assert.deepEqual(amazonQ.dropped(), []);
  assert.deepEqual(await relay.store.waiting(), []);
  // The administrator's finding about nobody's account. No stranger got as far as the relay.
  const [isolated, ...others] = await relay.store.quarantined(10);
  assert.match(isolated?.reason ?? "", new RegExp(NOBODY));
  assert.deepEqual(others, []);
}

for (const topology of TOPOLOGIES) {
  suite(`the crossing: ${topology.name}`, { skip }, () => {
    let world: World;
    const cleanUps: (() => Promise<void>)[] = [];
    let marks = 0;
    const mark = (): string => {
      marks += 1;
      return `c${String(marks).padStart(3, "0")}`;
    };

    before(async () => {
      world = await start(topology, cleanUps);
    });
    after(async () => {
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
    });

    test("a customer is told, until it is withdrawn", async () => {
      const { own, slack } = world;
      const sender = { account: own(ACCOUNTS.umbrella), region: REGIONS.home };
      const file = "securityhub/lifecycle/01-new.json";
      const told = sent({
        why: "still a customer",
        sender,
        file,
        mark: mark(),
        bus: "",
        channel: "C0UMBRELLA0",
        owner: "umbrella",
      });
      await putAll([told]);
      await slack.waitFor(() => slack.ledger().length > 0, WITHIN_MS);
      assert.deepEqual(toldIn(slack.ledger()), [[told.mark, "C0UMBRELLA0"]]);
      // The relay still knows it: what keeps it out is the hub's template alone.
      await withdraw(world);
    });

    test("each finding is told once in its own channel, and nothing anywhere else", async (t) => {
      const { slack } = world;
      const recorder = await recorderFor(world);
      await strangersRule(world);
      const all = [
        ...customersFindings(world, mark),
        ...membersFindings(world, mark),
        ...strangersFindings(world, mark),
      ];
      const before = slack.ledger().length;
      const putAt = await putAll(all);
      const tests = await putOwnEvents(world);
      const wanted = [
        ...all.flatMap(({ mark: one, channel }) => (channel === undefined ? [] : [[one, channel] as const])),
        ...tests.map((channel) => ["", channel] as const),
      ];
      // When it does not come to that, the comparison below says what is missing.
      await slack.waitFor(() => slack.ledger().length - before >= wanted.length, WITHIN_MS).catch(() => undefined);
      const arrived = await recorder.drain(); // The silent second at its end is time for what should not come.
      const told = slack.ledger().slice(before);
      const places = new Set(wanted.map(String));
      const wrong = toldIn(told).filter((one) => !places.has(String(one))).length;
      report(t, { put: all.length + 2 * tests.length, arrived: arrived.length, told, wrong, putAt });
      assert.deepEqual([...toldIn(told)].sort(), [...wanted].sort());
      const bodies = arrived.map(({ Body = "" }) => Body);
      const reachedHub = all.filter(({ bus }) => bus !== undefined).map((one) => one.mark);
      assert.deepEqual([...new Set(bodies.flatMap(marksIn))].sort(), [...reachedHub].sort());
      assert.equal(arrived.length, reachedHub.length + 2 * tests.length);
      await nothingIsOnItsWay(world);
      if (topology.isRecorded && process.env["RECORD_CROSSING"] === "1") record(world, bodies, all);
    });

    test("a target that is gone: the finding waits in the dead-letter queue, and says why", async () => {
      const { three, home, own, slack } = world;
      const before = slack.ledger().length;
      const target = topology.delivery === "queue" ? RELAY_QUEUE_NAME : "shirase-acme";
      if (topology.delivery === "queue") await (await openQueue(aws(), home, target)).destroy();
      else await deleteTopic(aws(), `arn:aws:sns:${home.region}:${home.account}:${target}`);
      const caller = busCaller(aws(), home);
      await caller.withoutRetries({ bus: hubBusName(three, acmeOf(three)), name: "shirase-acme-relay" });
      caller.close();
      const sender = { account: own(ACCOUNTS.acme), region: REGIONS.virginia };
      const lost = findingFrom(sender, "securityhub/lifecycle/01-new.json", mark());
      const spoke = busCaller(aws(), sender);
      await spoke.put(lost);
      spoke.close();
      const dead = await openQueue(aws(), home, "shirase-dead-letters");
      let letters: readonly Received[] = [];
      for (let tries = 0; tries < 30 && letters.length === 0; tries += 1) letters = await dead.drain();
      assert.equal(letters.length, 1);
      const { Body = "", MessageAttributes: said = {} } = letters[0] ?? {};
      const { account, region, detail } = JSON.parse(Body);
      assert.deepEqual({ account, region, detail }, { ...sender, detail: lost.detail });
      assert.match(said["RULE_ARN"]?.StringValue ?? "", /shirase-acme-relay$/);
      assert.match(said["TARGET_ARN"]?.StringValue ?? "", new RegExp(`:${target}$`));
      assert.ok(said["ERROR_CODE"]?.StringValue && said["ERROR_MESSAGE"]?.StringValue, JSON.stringify(said));
      assert.equal(slack.ledger().length, before);
    });
  });
}
