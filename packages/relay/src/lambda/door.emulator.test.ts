/**
 * The function behind the relay's address, as it is deployed: its bundled file with its config beside it, requests as a
 * function URL hands them over, and an emulator's DynamoDB, SQS and SSM. SNS's certificate comes from SNS's own host only,
 * so its deliveries are tried on the same routes with a window to a certificate of the test's.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/prepare";
import { startMinistack } from "@shirase/testkit/emulators";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { createQueue, openQueue, type TestQueue } from "@shirase/testkit/queues";
import { rawCall } from "@shirase/testkit/raw-call";
import { slackHeaders } from "@shirase/testkit/slack-signature";
import { snsSigner } from "@shirase/testkit/sns-edge";
import { writeFunctionCode } from "../function-code.ts";
import { snsDoor } from "../ingest/sns.ts";
import { storeOn } from "../store/dynamodb.ts";
import { tableOf } from "../store/dynamodb-table.ts";
import { createStoreTable } from "../store/dynamodb-tables.contract.ts";
import { frontDoor } from "./front-door.ts";
import { answerUrl, type UrlAnswer, type UrlEvent } from "./function-url.ts";

const HUB = { account: "111111111111", region: "ap-northeast-1" } as const;
const CUSTOMERS = loadCustomers(2);
const [ACME] = CUSTOMERS;
const CHANNEL = ACME?.channel ?? "";
const TOPIC = "arn:aws:sns:ap-northeast-1:111111111111:shirase-c0";
const KEY = "a-key-for-tests";
const SIGNING = "8f742231b10e8888abcd99yyyzzz85a5";
const CONFIG = Config.parse({
  ...loadConfig(CUSTOMERS, { signingSecret: { ssm: "/shirase/signing-secret" }, token: { ssm: "/none" } }),
  hub: { ...HUB, relay: "aws" },
  ingest: { key: { secretsmanager: "ingest#key" }, sns: { topics: [TOPIC] } },
});
const HOST = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-northeast-1.on.aws";
/** What Lambda hands on as text; any other body comes in base64. */
const IS_TEXT = /^(text\/|application\/(json|xml|javascript))/;

type Sent = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** A request in payload format 2.0, all fields as AWS documents them for function URLs. */
function urlEvent({ method = "POST", path, headers = {}, body }: Sent): UrlEvent {
  const small = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const isBase64Encoded = body !== undefined && !IS_TEXT.test(small["content-type"] ?? "");
  const http = { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "test" };
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { ...small, host: HOST, "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" },
    requestContext: {
      accountId: "anonymous",
      apiId: HOST.slice(0, 32),
      domainName: HOST,
      domainPrefix: HOST.slice(0, 32),
      http,
      requestId: "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
      routeKey: "$default",
      stage: "$default",
      time: "20/Nov/2026:01:00:00 +0000",
      timeEpoch: 1_795_136_400_000,
    },
    isBase64Encoded,
  };
  if (body === undefined) return event;
  return { ...event, body: isBase64Encoded ? Buffer.from(body).toString("base64") : body.toString() };
}

/** A request that Slack signed, just now unless told otherwise. */
function fromSlack(body: string, type: string, { secret = SIGNING, agoS = 0 } = {}): Sent {
  return { path: "/v1/slack", headers: { "Content-Type": type, ...slackHeaders(secret, body, agoS) }, body };
}

const FORM = "application/x-www-form-urlencoded";
const CLICK = new URLSearchParams({
  payload: JSON.stringify({
    type: "block_actions",
    user: { id: "U0123456789" },
    channel: { id: CHANNEL },
    response_url: "https://hooks.slack.com/actions/T0/1/secret",
    actions: [{ action_id: "silence", value: "知らせ" }],
  }),
}).toString();

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-door-"));

suite("the door", { skip, concurrency: 1 }, () => {
  if ("skip" in emulator) return;
  const client = new DynamoDBClient({ ...emulator.clientFor(HUB.account, HUB.region), maxAttempts: 3 });
  const store = storeOn(tableOf(client, "door"));
  let wakeUps: TestQueue;
  let ask: (sent: Sent) => Promise<UrlAnswer>;

  before(async () => {
    await createStoreTable(client, "door");
    await createQueue(emulator, HUB, "wake.fifo", { FifoQueue: "true" });
    wakeUps = await openQueue(emulator, HUB, "wake.fifo");
    await putSecrets(KEY);
    await writeFunctionCode(folder, CONFIG);
    Object.assign(process.env, {
      LAMBDA_TASK_ROOT: folder,
      SHIRASE_TABLE: "door",
      SHIRASE_WAKE_QUEUE: `${emulator.endpoint}/${HUB.account}/wake.fifo`,
      SHIRASE_LOG_LEVEL: "silent",
      AWS_REGION: HUB.region,
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: HUB.account,
      AWS_SECRET_ACCESS_KEY: "any",
    });
    const { handler } = (await import(pathToFileURL(join(folder, "door.mjs")).href)) as {
      handler: (event: UrlEvent) => Promise<UrlAnswer>;
    };
    ask = (sent) => handler(urlEvent(sent));
  });
  after(async () => {
    client.destroy();
    rmSync(folder, { recursive: true, force: true });
    await emulator.stop();
  });

  const putSecrets = async (key: string): Promise<void> => {
    await rawCall(emulator, HUB, {
      service: "ssm",
      target: "AmazonSSM.PutParameter",
      body: JSON.stringify({ Name: "/shirase/signing-secret", Value: SIGNING, Type: "SecureString" }),
    });
    await rawCall(emulator, HUB, {
      service: "secretsmanager",
      target: "secretsmanager.CreateSecret",
      body: JSON.stringify({ Name: "ingest", SecretString: JSON.stringify({ key }) }),
    });
  };
  const waiting = async (): Promise<number> => {
    const view = await store.view(CHANNEL, ACME?.id ?? "", new Date());
    return view.pendingCount;
  };
  const codeOf = ({ body }: UrlAnswer): string => (JSON.parse(body) as { error: { code: string } }).error.code;
  const finding = (n: number): string => JSON.stringify(securityHubEvent(ACME ?? assert.fail(), n));
  const bearer = { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" };

  test("Slack asks whether somebody is there, and hears its word back", async () => {
    const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1aBm2rZgRNFdxV", token: "old" });
    const answer = await ask(fromSlack(body, "application/json"));
    assert.deepEqual([answer.statusCode, answer.body], [200, '{"challenge":"3eZbrw1aBm2rZgRNFdxV"}']);
  });

  test("a click that Slack signed is acknowledged, though its form comes in base64", async () => {
    const answer = await ask(fromSlack(CLICK, FORM));
    assert.deepEqual([answer.statusCode, answer.body], [200, ""]);
  });

  const refused: ReadonlyArray<readonly [why: string, sent: Sent]> = [
    ["signed with another secret", fromSlack(CLICK, FORM, { secret: "guessed" })],
    ["recorded and sent again later", fromSlack(CLICK, FORM, { agoS: 301 })],
    ["changed on its way", { ...fromSlack(CLICK, FORM), body: `${CLICK}&x=1` }],
    ["not signed", { path: "/v1/slack", body: CLICK }],
    ["empty", { path: "/v1/slack" }],
  ];
  for (const [why, sent] of refused) {
    test(`Slack's path tells nobody else anything: ${why}`, async () => {
      const answer = await ask(sent);
      assert.deepEqual([answer.statusCode, codeOf(answer)], [401, "slack-signature"]);
      const { message } = (JSON.parse(answer.body) as { error: { message: string } }).error;
      assert.equal(message, "the request is not proved to be from Slack");
    });
  }

  test("an event with the key is in the table before it is answered for, and its channel is woken", async () => {
    const answer = await ask({ path: "/v1/events", headers: bearer, body: finding(1) });
    assert.equal(answer.statusCode, 202, answer.body);
    assert.deepEqual(JSON.parse(answer.body), { accepted: 1, duplicates: 0, quarantined: 0, told: 1 });
    const woken = (await wakeUps.drain()).map(({ Body }) => Body);
    assert.deepEqual([await waiting(), woken], [1, [JSON.stringify({ channelId: CHANNEL })]]);
  });

  test("told again it changes nothing, and wakes once more: the run before may have died in between", async () => {
    const answer = await ask({ path: "/v1/events", headers: { "X-Api-Key": KEY }, body: finding(1) });
    assert.deepEqual(JSON.parse(answer.body), { accepted: 1, duplicates: 1, quarantined: 0, told: 0 });
    assert.deepEqual([await waiting(), (await wakeUps.drain()).length], [1, 1]);
  });

  test("on another customer's bus an event is kept in quarantine", async () => {
    const headers = { ...bearer, "X-Shirase-Bus": "shirase-c1" };
    const answer = await ask({ path: "/v1/events", headers, body: finding(2) });
    assert.deepEqual([answer.statusCode, JSON.parse(answer.body).quarantined], [202, 1]);
  });

  const big = Buffer.alloc(1024 * 1024 + 1, " ");
  const answers: ReadonlyArray<readonly [why: string, sent: Sent, status: number, code: string]> = [
    ["no key", { path: "/v1/events", body: "{}" }, 401, "unauthorized"],
    ["a wrong key", { path: "/v1/events", headers: { "x-api-key": "no" }, body: "{}" }, 401, "unauthorized"],
    [
      "a body over 1 MiB, in base64",
      { path: "/v1/events", headers: { "x-api-key": KEY }, body: big },
      413,
      "too-large",
    ],
    ["over 1 MiB for Slack's path", { path: "/v1/slack", body: big }, 413, "too-large"],
    [
      "compressed",
      { path: "/v1/events", headers: { ...bearer, "Content-Encoding": "gzip" }, body: "x" },
      415,
      "compressed",
    ],
    ["not JSON", { path: "/v1/events", headers: bearer, body: "no" }, 400, "not-json"],
    [
      "no UTF-8",
      { path: "/v1/events", headers: { "x-api-key": KEY }, body: Buffer.from([0xff, 0xfe]) },
      400,
      "not-utf-8",
    ],
    ["a topic that the config does not name", { path: "/v1/sns", body: '{"TopicArn":"arn:other"}' }, 403, "sns"],
    ["another method", { method: "GET", path: "/v1/slack" }, 405, "method"],
    ["health is nobody's business here", { method: "GET", path: "/healthz" }, 404, "not-found"],
    ["nor are metrics", { method: "GET", path: "/metrics" }, 404, "not-found"],
    ["nothing there", { method: "GET", path: "/" }, 404, "not-found"],
  ];
  for (const [why, sent, status, code] of answers) {
    test(`${why}: ${status}`, async () => {
      const answer = await ask(sent);
      assert.deepEqual([answer.statusCode, codeOf(answer)], [status, code]);
    });
  }

  test("what is no request is answered 400", async () => {
    assert.equal((await ask({ method: "GET", path: "/v1/sns", body: "{}" })).statusCode, 400);
    assert.equal((await ask({ path: "/v1/sns", headers: { "x-y": "a\u0000b" } })).statusCode, 400);
  });

  test("SNS subscribes and delivers: a finding is in the table, its topic stands for the bus", async () => {
    const signer = await snsSigner(HUB.region);
    const fetched: string[] = [];
    const woken: string[] = [];
    const fetchText = (url: string): Promise<string> => {
      fetched.push(url);
      return Promise.resolve(url.endsWith(".pem") ? signer.certificatePem : "<ok/>");
    };
    const take = frontDoor({
      acceptor: { prepared: prepare(CONFIG), store },
      wake: (channelIds) => Promise.resolve(void woken.push(...channelIds)),
      now: () => new Date(),
      isKey: undefined,
      sns: snsDoor({ topics: [TOPIC], fetchText }),
      slack: undefined,
      onRefused: () => undefined,
      onFault: (error) => assert.fail(String(error)),
    });
    const deliver = async (message: Readonly<Record<string, string>>): Promise<number> => {
      const headers = { "x-amz-sns-message-type": message["Type"] ?? "", "Content-Type": "text/plain; charset=UTF-8" };
      const body = JSON.stringify(message);
      return (await answerUrl(urlEvent({ path: "/v1/sns", headers, body }), take)).statusCode;
    };
    const common = { MessageId: "m1", TopicArn: TOPIC, Timestamp: "2026-11-20T01:12:13.000Z" };
    const SubscribeURL = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=t";
    const asked = { ...common, Type: "SubscriptionConfirmation", Message: "You chose", Token: "t", SubscribeURL };
    assert.equal(await deliver(signer.sign(asked)), 200);
    assert.deepEqual(fetched, [signer.certificateUrl, SubscribeURL]);
    const before = await waiting();
    const told = signer.sign({ ...common, Type: "Notification", Message: finding(3) });
    assert.equal(await deliver(told), 202);
    assert.deepEqual([await waiting(), woken], [before + 1, [CHANNEL]]);
    const changed = { ...told, Message: finding(4) };
    assert.deepEqual([await deliver(changed), await waiting()], [403, before + 1]);
    const words = signer.sign({ ...common, Type: "Notification", Message: "no event" });
    assert.deepEqual([await deliver(words), await waiting()], [202, before + 1]);
    assert.ok((await store.quarantined(10)).some(({ reason }) => /not JSON/.test(reason)));
    const events = await answerUrl(urlEvent({ path: "/v1/events", headers: bearer, body: finding(4) }), take);
    assert.deepEqual([events.statusCode, codeOf(events)], [401, "no-key-configured"]);
  });

  test("while the table does not answer, nothing is answered for: come again", async () => {
    const take = frontDoor({
      acceptor: { prepared: prepare(CONFIG), store: { ...store, tell: () => Promise.reject(new Error("throttled")) } },
      wake: () => Promise.resolve(),
      now: () => new Date(),
      isKey: () => true,
      sns: () => assert.fail(),
      slack: undefined,
      onRefused: () => undefined,
      onFault: () => undefined,
    });
    const { statusCode, headers } = await answerUrl(urlEvent({ path: "/v1/events", body: finding(5) }), take);
    assert.deepEqual([statusCode, headers["retry-after"]], [503, "1"]);
  });
});
