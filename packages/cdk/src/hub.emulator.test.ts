/**
 * The hub and the customers' templates, deployed by CloudFormation into several accounts of localemu, and real events
 * put into the customers' accounts: each arrives at its own customer's target and nowhere else.
 *
 * What this proves is the way: account to account, region to region, rule to target. Who may put on a bus is not
 * checked by any emulator (bus-policy.test.ts of @shirase/infra does that); that the hub's rules name the accounts is
 * why a stranger is not heard here even so.
 */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { after, before, suite, test } from "node:test";
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { Config } from "@shirase/core/config";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { HEARTBEAT, TEST } from "@shirase/infra/declared-events";
import { sendingAccounts, spokeStackName } from "@shirase/infra/names";
import { spokeTemplate } from "@shirase/infra/spoke";
import { type Emulator, startLocalemu } from "@shirase/testkit/emulators";
import { hubTemplate } from "./hub-stack.ts";

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
const listener = await startListener();

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

async function deploy(account: string, region: string, name: string, template: object): Promise<void> {
  const client = new CloudFormationClient(running().clientFor(account, region));
  const TemplateBody = JSON.stringify(template);
  await client.send(new CreateStackCommand({ StackName: name, TemplateBody, Capabilities: ["CAPABILITY_NAMED_IAM"] }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: name });
}

async function deployAll(config: Config): Promise<void> {
  await deploy(config.hub.account, HOME, "shirase-hub", hubTemplate(config));
  for (const customer of config.customers.map((one) => resolveCustomer(config, one))) {
    for (const region of customer.regions) {
      const template = spokeTemplate(config, customer, region);
      for (const id of sendingAccounts(customer)) await deploy(id, region, spokeStackName(customer.id), template);
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
  const entry = {
    Source: own?.source ?? "aws.securityhub",
    DetailType: own?.detailType ?? "Security Hub Findings - Imported",
    Detail: JSON.stringify(own ? {} : { findings: [finding] }),
    ...(bus && { EventBusName: bus }),
  };
  await new EventBridgeClient(running().clientFor(account, region)).send(new PutEventsCommand({ Entries: [entry] }));
}

/** AWS does not retry what is not there; localemu retries everything, with pauses, as often as the rule says. */
async function withoutRetries(hub: string, bus: string): Promise<void> {
  const client = new EventBridgeClient(running().clientFor(hub, HOME));
  const rule = { Rule: "shirase-acme-relay", EventBusName: bus };
  const { Targets = [] } = await client.send(new ListTargetsByRuleCommand(rule));
  const impatient = Targets.map((target) => ({ ...target, RetryPolicy: { MaximumRetryAttempts: 0 } }));
  await client.send(new PutTargetsCommand({ ...rule, Targets: impatient }));
}

async function queueUrl(sqs: SQSClient, name: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  assert.ok(QueueUrl);
  return QueueUrl;
}

/** What comes until the queue has been silent for a second, and when. */
async function drain(sqs: SQSClient, url: string): Promise<readonly (Message & { readonly at: number })[]> {
  const messages: (Message & { readonly at: number })[] = [];
  while (true) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) return messages;
    for (const message of Messages) {
      messages.push({ ...message, at: performance.now() });
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
    }
  }
}

function arrivedAt(where: string, body: string, at = performance.now()): Arrived {
  const event = JSON.parse(body);
  return { where, account: event.account, mark: event.detail?.findings?.[0]?.Id ?? event.source, at, text: body };
}

/** An address that SNS topics deliver to. */
async function startListener(): Promise<Listener> {
  const heard: Arrived[] = [];
  const confirmed = new Set<string>();
  const changes = new EventEmitter();
  const take = async (text: string): Promise<void> => {
    const { Type: type, TopicArn: topicArn, SubscribeURL: subscribeUrl, Message: message } = JSON.parse(text);
    const topic = topicArn.split(":").slice(4).join(":");
    if (type === "Notification") heard.push(arrivedAt(topic, message));
    else {
      await fetch(`${running().endpoint}/${new URL(subscribeUrl).search}`);
      confirmed.add(topic);
    }
    changes.emit("change");
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      response.end();
      take(Buffer.concat(chunks).toString("utf8")).catch((error: unknown) => changes.emit("error", error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1/sns`,
    heard,
    until: async (holds) => {
      const signal = AbortSignal.timeout(20_000);
      while (!holds({ heard, confirmed })) await once(changes, "change", { signal });
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Listener = {
  readonly url: string;
  readonly heard: readonly Arrived[];
  readonly until: (
    holds: (seen: { readonly heard: readonly Arrived[]; readonly confirmed: Set<string> }) => boolean,
  ) => Promise<void>;
  readonly stop: () => Promise<void>;
};

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
    const client = (): SQSClient => new SQSClient(running().clientFor(hub, HOME));

    /** Everything that has arrived anywhere since the last call. */
    const arrivals = async (): Promise<readonly Arrived[]> => {
      const sqs = client();
      const queued = isHttp ? [] : await drain(sqs, await queueUrl(sqs, "shirase-relay"));
      const dead = await drain(sqs, await queueUrl(sqs, "shirase-dead-letters"));
      assert.deepEqual(dead, []);
      const byTopic = listener.heard.filter(({ where }) => where.startsWith(hub));
      return [...queued.map(({ Body = "", at }) => arrivedAt(`${hub}:shirase-relay`, Body, at)), ...byTopic];
    };

    before(async () => {
      await deployAll(config);
      const TopicArn = `arn:aws:sns:${HOME}:${hub}:shirase-globex`;
      // In Amazon Q's place.
      await new SNSClient(running().clientFor(hub, HOME)).send(
        new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: listener.url }),
      );
      const topics = ["globex", ...(isHttp ? ["acme", "initech"] : [])].map((id) => `${hub}:shirase-${id}`);
      await listener.until(({ confirmed }) => topics.every((topic) => confirmed.has(topic)));
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
      await listener.until(({ heard }) => heard.some(({ mark, where }) => mark === "globex" && where.startsWith(hub)));
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
      await listener.until(({ heard }) => heard.some(({ mark, where }) => mark === "custom" && where.startsWith(hub)));
      const { text } = listener.heard.find(({ mark, where }) => mark === "custom" && where.startsWith(hub)) ?? {};
      const { content } = JSON.parse(text ?? "");
      assert.match(content.description, new RegExp(`A test event from account ${globex} in ${HOME}[\\s\\S]*テスト`));
    });

    // With a relay outside AWS there is no queue of ours that could go.
    if (!isHttp) {
      test("a target that is gone: the event waits in the dead-letter queue and says why", async () => {
        const sqs = client();
        await sqs.send(new DeleteQueueCommand({ QueueUrl: await queueUrl(sqs, "shirase-relay") }));
        await withoutRetries(hub, topology.acmeBus);
        await put({ account: acme, mark: "nobody there" });
        const url = await queueUrl(sqs, "shirase-dead-letters");
        let letters: readonly Message[] = [];
        for (let tries = 0; tries < 10 && letters.length === 0; tries += 1) letters = await drain(sqs, url);
        const [letter] = letters;
        assert.equal(letters.length, 1);
        assert.equal(arrivedAt("", letter?.Body ?? "").mark, "nobody there");
        assert.match(letter?.MessageAttributes?.["RULE_ARN"]?.StringValue ?? "", /shirase-acme-relay$/);
        assert.ok(letter?.MessageAttributes?.["ERROR_CODE"]?.StringValue);
      });
    }
  });
}
