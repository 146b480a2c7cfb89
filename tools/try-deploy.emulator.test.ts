/**
 * `npm run try:deploy --keep`, as typed: what it says is compared with what AWS's own calls say is there. It deploys with
 * the CDK's command line, `cdk bootstrap` and `cdk deploy` of examples/cdk-app, so this is the test of that way too.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, suite, type TestContext, test } from "node:test";
import { busCaller } from "../packages/testkit/src/buses.ts";
import { findingFrom } from "../packages/testkit/src/crossing.ts";
import {
  type DeployedBus,
  deployedAlarms,
  deployedBuses,
  queueAttributes,
  resourceCounts,
  topicAttributes,
} from "../packages/testkit/src/deployed.ts";
import { type Emulator, emulatorAt } from "../packages/testkit/src/emulators.ts";
import { evaluate, type Statement } from "../packages/testkit/src/policy.ts";
import { openQueue } from "../packages/testkit/src/queues.ts";

const COMMAND = ["--conditions=@shirase/source", join(import.meta.dirname, "try-deploy.ts"), "--keep"];
const HOME = { account: "111111111111", region: "ap-northeast-1" };
const ACME = "222222222222";
const GLOBEX = "333333333333";
const STRANGER = "444444444444";
const CANNOT = 3;

let child: ChildProcess;
let said = "";

before(async () => {
  child = spawn(process.execPath, COMMAND, { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
  const isUp = new Promise<void>((resolve) => child.stdout?.on("data", () => /^Still up/m.test(said) && resolve()));
  await Promise.race([isUp, once(child, "exit")]);
});
after(() => child.kill("SIGTERM"));

/** Where the emulator is, as the command says it; skips where the machine cannot run it, with its reason. */
function emulatorOf(context: TestContext, name: "localemu" | "ministack"): Emulator | undefined {
  const [, endpoint] = new RegExp(`^ +${name} +export AWS_ENDPOINT_URL=(\\S+)$`, "m").exec(said) ?? [];
  if (endpoint !== undefined) return emulatorAt(endpoint);
  assert.equal(child.exitCode, CANNOT, said);
  context.skip(/cannot run it: (.*)/.exec(said)?.[1] ?? said);
  return undefined;
}

function isAdmitted({ name, statements }: DeployedBus, principal: string): boolean {
  const context = { "events:source": "aws.securityhub", "events:detail-type": "Security Hub Findings - Imported" };
  const resource = `arn:aws:events:${HOME.region}:${HOME.account}:event-bus/${name}`;
  return evaluate(statements as readonly Statement[], { principal, action: "events:PutEvents", resource, context })
    .allowed;
}

suite("cdk deploy of examples/cdk-app against localemu", () => {
  test("says what it ran, what it deployed, and what arrived where", (t) => {
    if (!emulatorOf(t, "localemu")) return;
    const lines = [
      /ran +cdk bootstrap aws:\/\/111111111111\/ap-northeast-1 {2}\(AWS CDK [\d.]+\), [\d.]+ s$/m,
      /ran +cdk deploy security {2}\(in examples\/cdk-app\), [\d.]+ s$/m,
      /^ +Events +2 EventBus, 2 EventBusPolicy, 3 Rule$/m,
      /put +a finding in 222222222222, Acme's account: it arrived in queue shirase-relay, as of account 222222222222$/m,
      /put +a finding in 333333333333, Globex's account: it arrived in topic shirase-globex, as of account 333333333333$/m,
      /put +a finding of a stranger, 444444444444, on Acme's bus itself: it arrived nowhere$/m,
    ];
    for (const line of lines) assert.match(said, line);
    t.diagnostic([...said.matchAll(/ran +(.*)$/gm)].map(([, ran]) => ran).join("; "));
  });

  test("each customer has a bus whose policy admits its own account alone", async (t) => {
    const emulator = emulatorOf(t, "localemu");
    if (!emulator) return;
    const admitted = (await deployedBuses(emulator, HOME)).map((bus) => [
      bus.name,
      [ACME, GLOBEX, STRANGER].filter((account) => isAdmitted(bus, account)),
    ]);
    assert.deepEqual(admitted, [
      ["shirase-acme", [ACME]],
      ["shirase-globex", [GLOBEX]],
    ]);
  });

  test("each rule names its customer's account, sends to its own target, and keeps what fails", async (t) => {
    const emulator = emulatorOf(t, "localemu");
    if (!emulator) return;
    const rules = (await deployedBuses(emulator, HOME)).flatMap((bus) => bus.rules);
    const seen = rules.map(({ name, pattern, targets }) => [
      name,
      JSON.parse(pattern).account,
      targets.map(({ Arn, DeadLetterConfig }) => [Arn, DeadLetterConfig?.Arn].map((arn) => arn?.split(":").at(-1))),
    ]);
    const dead = "shirase-dead-letters";
    assert.deepEqual(seen, [
      ["shirase-acme-relay", [ACME], [["shirase-relay", dead]]],
      ["shirase-globex-amazon-q", [GLOBEX], [["shirase-globex", dead]]],
      ["shirase-globex-test", [GLOBEX], [["shirase-globex", dead]]],
    ]);
  });

  test("the topic is encrypted with the hub's key, the relay's queue gives up into another, alarms ring", async (t) => {
    const emulator = emulatorOf(t, "localemu");
    if (!emulator) return;
    const { KmsMasterKeyId = "", Policy = "" } = await topicAttributes(emulator, HOME, "shirase-globex");
    assert.match(KmsMasterKeyId, /:key\//);
    assert.match(Policy, /events\.amazonaws\.com/);
    const { RedrivePolicy = "{}" } = await queueAttributes(emulator, HOME, "shirase-relay");
    assert.match(JSON.parse(RedrivePolicy).deadLetterTargetArn, /:shirase-relay-failed$/);
    const alarms = await deployedAlarms(emulator, HOME);
    assert.deepEqual(
      alarms.map(({ name, metric, action }) => [name, metric, action.split(":").at(-1)]),
      [
        ["shirase-acme-relay-failed", "FailedInvocations", "shirase_alarms"],
        ["shirase-dead-letters", "ApproximateNumberOfMessagesVisible", "shirase_alarms"],
        ["shirase-globex-amazon-q-failed", "FailedInvocations", "shirase_alarms"],
        ["shirase-relay-failed", "ApproximateNumberOfMessagesVisible", "shirase_alarms"],
        ["shirase-relay-waits", "ApproximateAgeOfOldestMessage", "shirase_alarms"],
      ],
    );
  });

  test("a PutEvents in a customer's account arrives in the queue that CDK made", async (t) => {
    const emulator = emulatorOf(t, "localemu");
    if (!emulator) return;
    const place = { account: ACME, region: HOME.region };
    const caller = busCaller(emulator, place);
    await caller.put(findingFrom(place, "examples/events/01-security-group-open.json", "c77"));
    caller.close();
    const [first, ...others] = await (await openQueue(emulator, HOME, "shirase-relay")).drain();
    assert.match(first?.Body ?? "", /\[c77\]/);
    assert.equal(JSON.parse(first?.Body ?? "{}").account, ACME);
    assert.deepEqual(others, []);
  });
});

suite("cdk deploy of the parts without a relay against ministack", () => {
  test("bus, rules, key, topics, queue and alarms are made; what it does not know is said loudly", async (t) => {
    const emulator = emulatorOf(t, "ministack");
    if (!emulator) return;
    const leftOut = [...said.matchAll(/^ +LEFT OUT +(\S+): ministack does not know it$/gm)].map(([, type]) => type);
    assert.deepEqual(leftOut, ["AWS::Chatbot::SlackChannelConfiguration", "AWS::Events::EventBusPolicy"]);
    const place = { ...HOME, region: "us-east-1" };
    const counts = Object.fromEntries(await resourceCounts(emulator, place, "shirase-hub"));
    assert.deepEqual(counts, {
      "AWS::CloudWatch::Alarm": 2,
      "AWS::Events::EventBus": 1,
      "AWS::Events::Rule": 2,
      "AWS::IAM::ManagedPolicy": 1,
      "AWS::IAM::Role": 1,
      "AWS::KMS::Key": 1,
      "AWS::SNS::Subscription": 1,
      "AWS::SNS::Topic": 2,
      "AWS::SNS::TopicPolicy": 2,
      "AWS::SQS::Queue": 1,
      "AWS::SQS::QueuePolicy": 1,
    });
    const [bus, ...others] = await deployedBuses(emulator, place);
    assert.deepEqual(others, []);
    assert.deepEqual(
      bus?.rules.map(({ name }) => name),
      ["shirase-globex-amazon-q", "shirase-globex-test"],
    );
  });

  test("PutEvents takes no event of an AWS service; a test event arrives in Amazon Q's words", (t) => {
    if (!emulatorOf(t, "ministack")) return;
    assert.match(said, /put +a finding with source aws\.securityhub: refused, as on AWS \(.*Not authorized/);
    assert.match(said, /put +a test event: it arrived in topic shirase-globex[\s\S]*came all the way/);
  });
});

suite("npm run try:deploy", () => {
  test("cleans up when it is told to end: nothing listens any more", async (t) => {
    const emulators = [emulatorOf(t, "localemu"), emulatorOf(t, "ministack")];
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    assert.match(said, /^Cleaned up: emulators stopped, files deleted\./m);
    for (const emulator of emulators) if (emulator) await assert.rejects(fetch(emulator.endpoint));
  });
});
