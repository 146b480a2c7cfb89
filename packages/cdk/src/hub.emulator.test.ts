/**
 * The hub and the customers' templates, deployed by CloudFormation into several accounts of localemu, and real events
 * put into the customers' accounts: each arrives at its own customer's target and nowhere else.
 *
 * What this proves is the way: account to account, region to region, rule to target. Who may put on a bus is not
 * checked by any emulator (bus-policy.test.ts of @shirase/infra does that); that the hub's rules name the accounts is
 * why a stranger is not heard here even so.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { HEARTBEAT, TEST } from "@shirase/infra/declared-events";
import { spokeStackName } from "@shirase/infra/names";
import { spokeTemplate } from "@shirase/infra/spoke";
import { busCaller } from "@shirase/testkit/buses";
import { type Emulator, startLocalemu } from "@shirase/testkit/emulators";
import { openQueue, type Received, type TestQueue } from "@shirase/testkit/queues";
import { createStack } from "@shirase/testkit/stacks";
import { type Heard, startTopicListener } from "@shirase/testkit/topic-listener";
import { HUB_STACK_NAME, hubTemplate } from "./hub-stack.ts";

const HOME = "ap-northeast-1";
const AWAY = "us-east-1";
const ACME = "222222222222";
const GLOBEX = "333333333333";
const STRANGER = "444444444444";
const INITECH = "555555555555";

/** A topology: its hub has an account of its own, so that all can live in one emulator. */
type Topology = {
  readonly name: string;
  readonly hub: { readonly account: string } & Readonly<Record<string, unknown>>;
  readonly acmeBus: string;
};
type Arrived = {
  readonly where: string;
  readonly account: string;
  readonly mark: string;
  readonly at: number;
  readonly text: string;
};

const emulator = await startLocalemu();
const skip = "skip" in emulator ? emulator.skip : false;
const listener = await startTopicListener(running);

after(async () => {
  await listener.stop();
  if (!("skip" in emulator)) await emulator.stop();
});

function running(): Emulator {
  if ("skip" in emulator) throw new Error(emulator.skip);
  return emulator;
}

function configFor({ hub }: Topology): Config {
  // The customers' accounts are those of the topology: the last digits are the hub's.
  const own = (account: string): string => account.slice(0, 9) + hub.account.slice(9);
  return Config.parse({
    hub: { region: HOME, ...hub },
    slack: { workspace: "T0123456789", opsChannel: "C0OPS000000" },
    customers: [
      { id: "acme", name: "Acme", accounts: [own(ACME)], regions: [HOME, AWAY], slack: { channel: "C0ACME00000" } },
      {
        id: "globex",
        name: "Globex",
        accounts: [own(GLOBEX)],
        delivery: "amazon-q",
        slack: { channel: "C0GLOBEX000" },
      },
      {
        id: "initech",
        name: "Initech",
        accounts: [own(INITECH)],
        pattern: "classic",
        slack: { channel: "C0INITECH00" },
      },
    ],
  });
}

async function deployAll(config: Config): Promise<void> {
  const home = { account: config.hub.account, region: HOME };
  await createStack(running(), { ...home, name: HUB_STACK_NAME, template: hubTemplate(config) });
  for (const customer of config.customers.map((one) => resolveCustomer(config, one))) {
    for (const region of customer.regions) {
      const template = spokeTemplate(config, customer, region);
      for (const account of sendingAccounts(customer)) {
        await createStack(running(), { account, region, name: spokeStackName(customer.id), template });
      }
    }
  }
}

type Put = {
  readonly account: string;
  /** Something in the event to know it by; shirase's own events are known by their source. */
  readonly mark: string;
  readonly region?: string;
  readonly bus?: string;
  readonly severity?: string;
  readonly own?: { readonly source: string; readonly detailType: string };
};

async function put({ account, region = HOME, bus, mark, severity = "CRITICAL", own }: Put): Promise<void> {
  const finding = {
    Id: mark,
    AwsAccountId: account,
    Compliance: { Status: "FAILED" },
    RecordState: "ACTIVE",
    Severity: { Label: severity },
    Workflow: { Status: "NEW" },
  };
  const caller = busCaller(running(), { account, region });
  await caller.put({
    source: own?.source ?? "aws.securityhub",
    detailType: own?.detailType ?? "Security Hub Findings - Imported",
    detail: own ? {} : { findings: [finding] },
    ...(bus && { bus }),
  });
  caller.close();
}

function arrivedAt(where: string, body: string, at: number): Arrived {
  const event = JSON.parse(body);
  return { where, account: event.account, mark: event.detail?.findings?.[0]?.Id ?? event.source, at, text: body };
}

/** `111111111101:shirase-acme` of a topic's ARN. */
function heardAt({ topicArn, message, at }: Heard): Arrived {
  return arrivedAt(topicArn.split(":").slice(4).join(":"), message, at);
}

const TOPOLOGIES: readonly Topology[] = [
  { name: "a bus each, the relay reads a queue", hub: { account: "111111111101" }, acmeBus: "shirase-acme" },
  { name: "one shared bus", hub: { account: "111111111102", buses: "shared" }, acmeBus: "shirase" },
  { name: "the default bus", hub: { account: "111111111103", buses: "default" }, acmeBus: "default" },
  {
    name: "a bus each, the relay over HTTP",
    hub: { account: "111111111104", relay: { url: listener.url } },
    acmeBus: "shirase-acme",
  },
];

for (const topology of TOPOLOGIES) {
  suite(`hub on localemu: ${topology.name}`, { skip }, () => {
    const config = configFor(topology);
    const hub = config.hub.account;
    const isHttp = config.hub.relay !== undefined;
    const [acme = "", globex = "", initech = ""] = config.customers.flatMap(({ accounts }) =>
      accounts.map(({ id }) => id),
    );
    const stranger = STRANGER.slice(0, 9) + hub.slice(9);
    const home = { account: hub, region: HOME };
    const queue = (name: string): Promise<TestQueue> => openQueue(running(), home, name);
    /** What topics of this hub delivered. */
    const byTopic = (heard: readonly Heard[] = listener.heard): readonly Arrived[] =>
      heard.map(heardAt).filter(({ where }) => where.startsWith(hub));

    /** Everything that has arrived anywhere since the last call. */
    const arrivals = async (): Promise<readonly Arrived[]> => {
      const queued = isHttp ? [] : await (await queue("shirase-relay")).drain();
      assert.deepEqual(await (await queue("shirase-dead-letters")).drain(), []);
      return [...queued.map(({ Body = "", at }) => arrivedAt(`${hub}:shirase-relay`, Body, at)), ...byTopic()];
    };

    before(async () => {
      await deployAll(config);
      const topic = (id: string): string => `arn:aws:sns:${HOME}:${hub}:shirase-${id}`;
      // In Amazon Q's place.
      await listener.subscribe(topic("globex"));
      if (isHttp) for (const id of ["acme", "initech"]) await listener.confirmed(topic(id));
    });

    test("each finding arrives at its own customer's target, and nothing anywhere else", async (t) => {
      const wanted: ReadonlyArray<readonly [put: Put, where: string]> = [
        [{ account: acme, mark: "acme-home" }, isHttp ? "shirase-acme" : "shirase-relay"],
        [{ account: acme, region: AWAY, mark: "acme-away" }, isHttp ? "shirase-acme" : "shirase-relay"],
        [{ account: globex, mark: "globex" }, "shirase-globex"],
        [{ account: initech, mark: "initech" }, isHttp ? "shirase-initech" : "shirase-relay"],
        [{ account: acme, mark: HEARTBEAT.source, own: HEARTBEAT }, isHttp ? "shirase-acme" : "shirase-relay"],
      ];
      const unwanted: readonly Put[] = [
        { account: acme, mark: "not severe enough", severity: "LOW" },
        { account: globex, region: AWAY, mark: "a region without a spoke" },
        { account: globex, mark: "a heartbeat is nothing for people", own: HEARTBEAT },
        { account: stranger, mark: "an account without a spoke" },
        {
          account: stranger,
          mark: "a stranger knocks",
          bus: `arn:aws:events:${HOME}:${hub}:event-bus/${topology.acmeBus}`,
        },
      ];
      const startedAt = performance.now();
      for (const [one] of wanted) await put(one);
      for (const one of unwanted) await put(one);
      await listener.until((heard) => byTopic(heard).some(({ mark }) => mark === "globex"));
      const arrived = await arrivals(); // The last second of it brought nothing more.
      const seen = arrived.map(({ where, account, mark }) => [mark, account, where]).sort();
      assert.deepEqual(seen, wanted.map(([{ mark, account }, where]) => [mark, account, `${hub}:${where}`]).sort());
      const last = Math.round(Math.max(...arrived.map(({ at }) => at)) - startedAt);
      t.diagnostic(
        `put ${wanted.length + unwanted.length}, arrived ${arrived.length}, wrong place 0, last after ${last} ms`,
      );
    });

    test("a test event is told in Amazon Q's own words", async () => {
      await put({ account: globex, mark: TEST.source, own: TEST });
      await listener.until((heard) => byTopic(heard).some(({ mark }) => mark === "custom"));
      const { text } = byTopic().find(({ mark }) => mark === "custom") ?? {};
      const { content } = JSON.parse(text ?? "");
      assert.match(content.description, new RegExp(`A test event from account ${globex} in ${HOME}[\\s\\S]*テスト`));
    });

    // With a relay outside AWS there is no queue of ours that could go.
    if (!isHttp) {
      test("a target that is gone: the event waits in the dead-letter queue and says why", async () => {
        await (await queue("shirase-relay")).destroy();
        const caller = busCaller(running(), home);
        await caller.withoutRetries({ bus: topology.acmeBus, name: "shirase-acme-relay" });
        caller.close();
        await put({ account: acme, mark: "nobody there" });
        const dead = await queue("shirase-dead-letters");
        let letters: readonly Received[] = [];
        for (let tries = 0; tries < 10 && letters.length === 0; tries += 1) letters = await dead.drain();
        const [letter] = letters;
        assert.equal(letters.length, 1);
        assert.equal(arrivedAt("", letter?.Body ?? "", 0).mark, "nobody there");
        assert.match(letter?.MessageAttributes?.["RULE_ARN"]?.StringValue ?? "", /shirase-acme-relay$/);
        assert.ok(letter?.MessageAttributes?.["ERROR_CODE"]?.StringValue);
      });
    }
  });
}
