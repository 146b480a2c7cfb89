/**
 * The first real crossing, in one account: an event on a bus of an AWS emulator, the customer's real pattern in a rule,
 * SNS, an HTTP subscription that the relay confirms, signatures checked, SQLite, Slack's client, the fake Slack.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { Config } from "@shirase/core/config";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { type Emulator, startMinistack } from "@shirase/testkit/emulators";
import { sampleEvent } from "@shirase/testkit/events";
import { type SnsEdge, snsSigner, startSnsEdge } from "@shirase/testkit/sns-edge";
import { type Relay, startRelay, stderrLogger } from "./main.ts";

const ACCOUNT = "222222222222";
// A SubscribeURL names no region outside its host, and the emulator takes a request without one for us-east-1.
const REGION = "us-east-1";
const CHANNEL = "C0ACME00000";
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:shirase`;

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;

suite("from a bus through SNS and the relay to Slack", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "shirase-crossing-"));
  let slack: FakeSlack;
  let relay: Relay;
  let edge: SnsEdge;
  let events: EventBridgeClient;
  let topics: SNSClient;

  before(async () => {
    const aws = emulator as Emulator;
    events = new EventBridgeClient(aws.clientFor(ACCOUNT, REGION));
    topics = new SNSClient(aws.clientFor(ACCOUNT, REGION));
    slack = await startFakeSlack({ channels: [{ id: CHANNEL }, { id: "C0OPS000000" }] });
    const config = Config.parse({ ...SAMPLE_CONFIG, ingest: { sns: { topics: [TOPIC] } } });
    const signer = await snsSigner(REGION);
    relay = await startRelay({
      config,
      slackToken: slack.token,
      ingestKey: undefined,
      listen: { host: "127.0.0.1", port: 0 },
      dataDir: folder,
      slackApiUrl: slack.apiUrl,
      logger: stderrLogger("silent"),
      fetchText: (url) => edge.fetchText(url),
    });
    edge = await startSnsEdge(signer, aws.endpoint, `${relay.url}/v1/sns`);
    await subscribe(config);
  });
  after(async () => {
    await relay?.stop();
    await edge?.stop();
    await slack?.close();
    rmSync(folder, { recursive: true, force: true });
    if ("stop" in emulator) await emulator.stop();
  });

  /** What a deployment would do: topic, subscription, one rule for each of the customer's patterns. */
  async function subscribe(config: Config): Promise<void> {
    const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: "shirase" }));
    assert.equal(TopicArn, TOPIC);
    await topics.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: edge.url }));
    const [customer] = config.customers;
    if (!customer) throw new Error("the sample config has no customer");
    for (const [index, pattern] of resolveCustomer(config, customer).rulePatterns.entries()) {
      const Name = `shirase-acme-${index}`;
      await events.send(new PutRuleCommand({ Name, EventPattern: pattern }));
      await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: "sns", Arn: TOPIC }] }));
    }
  }

  test("the relay confirmed the subscription, by SNS's signature", async () => {
    await waitFor(() => edge.answers().length > 0);
    const [first] = edge.answers();
    assert.deepEqual([first?.type, first?.status], ["SubscriptionConfirmation", 200], first?.text);
    const { Subscriptions } = await topics.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    assert.notEqual(Subscriptions?.[0]?.SubscriptionArn, "PendingConfirmation");
  });

  test("a test event put on the bus is told in the customer's channel", async () => {
    const Detail = JSON.stringify({ message: "hello from the bus" });
    const Entries = [{ Source: "shirase.test", DetailType: "Test", Detail }];
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
    assert.equal(FailedEntryCount, 0);
    await slack.waitFor(() => slack.channel(CHANNEL).messages().length === 1, 10_000);
  });

  test("AWS's own sources cannot be put by anybody, here as on AWS", async () => {
    const Entries = [{ Source: "aws.securityhub", DetailType: "x", Detail: "{}" }];
    const answer = await events.send(new PutEventsCommand({ Entries })).catch((error: Error) => error);
    assert.ok(answer instanceof Error || answer.FailedEntryCount === 1);
  });

  test("what no rule wants stays where it is", async () => {
    const before = edge.answers().length;
    const Entries = [{ Source: "somebody.else", DetailType: "Test", Detail: "{}" }];
    await events.send(new PutEventsCommand({ Entries }));
    await events.send(
      new PutEventsCommand({ Entries: [{ Source: "shirase.test", DetailType: "Test", Detail: "{}" }] }),
    );
    await slack.waitFor(() => slack.channel(CHANNEL).messages().length === 2, 10_000);
    assert.equal(edge.answers().length, before + 1);
  });

  test("a Security Hub finding, as EventBridge hands it to SNS, becomes a card; a mild one does not", async () => {
    const bad = sampleEvent("securityhub/lifecycle/01-new.json");
    const mild = { ...sampleEvent("securityhub/lifecycle/05-passed.json"), id: "mild" };
    const ofAnother = JSON.stringify(mild).replaceAll("sg-0a1b2c3d4e5f60718", "sg-another");
    for (const event of [JSON.parse(ofAnother), bad]) {
      await topics.send(new PublishCommand({ TopicArn: TOPIC, Message: JSON.stringify(event) }));
    }
    await slack.waitFor(() => slack.channel(CHANNEL).messages().length === 3, 10_000);
    assert.match(JSON.stringify(slack.channel(CHANNEL).messages()[2]?.payload), /EC2\.19/);
    await waitFor(() => edge.answers().filter(({ type }) => type === "Notification").length === 4);
    assert.ok(
      edge.answers().every(({ status }) => status === 200 || status === 202),
      JSON.stringify(edge.answers()),
    );
    assert.deepEqual(slack.refused(), []);
  });
});

/** For what another process does in its own time. */
async function waitFor(isDone: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isDone()) {
    if (Date.now() > deadline) throw new Error("it did not happen within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
