/** The relay as its neighbours see it: real HTTP in, real SQLite, Slack's own client to a strict fake Slack. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "@shirase/fake-slack";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { sampleEvent } from "@shirase/testkit/events";
import fc from "fast-check";
import { type Relay, type RelayOptions, startRelay, stderrLogger } from "./main.ts";

const KEY = "a-key-for-tests";
const FAILING = sampleEvent("securityhub/lifecycle/01-new.json");
const CHANNELS = ["C0ACME00000", "C0GLOBEX000", "C0QUIET0000", "C0OPS000000"].map((id) => ({ id }));
const folder = mkdtempSync(join(tmpdir(), "shirase-relay-"));
const running: { readonly stop: () => Promise<void> }[] = [];
let dataDirs = 0;

type World = { readonly relay: Relay; readonly slack: FakeSlack };

async function start(slackOptions: FakeSlackOptions = {}, options: Partial<RelayOptions> = {}): Promise<World> {
  const slack = await startFakeSlack({ channels: CHANNELS, limits: "off", ...slackOptions });
  dataDirs += 1;
  const relay = await startRelay({
    config: Config.parse(SAMPLE_CONFIG),
    slackToken: slack.token,
    ingestKey: KEY,
    listen: { host: "127.0.0.1", port: 0 },
    dataDir: join(folder, String(dataDirs)),
    slackApiUrl: slack.apiUrl,
    logger: stderrLogger("silent"),
    ...options,
  });
  running.push({ stop: () => relay.stop() }, { stop: () => slack.close() });
  return { relay, slack };
}

afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
});
after(() => rmSync(folder, { recursive: true, force: true }));

const JSON_HEADERS = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };

function post(
  relay: Relay,
  body: string | Uint8Array<ArrayBuffer>,
  headers: HeadersInit = JSON_HEADERS,
): Promise<Response> {
  return fetch(`${relay.url}/v1/events`, { method: "POST", headers, body });
}

type Refused = { readonly error: { readonly code: string; readonly message: string; readonly field?: string } };

async function refusal(answer: Response): Promise<Refused["error"]> {
  return ((await answer.json()) as Refused).error;
}

/** The failing control, of a security group of its own. */
function failing(id: string, over: object = {}): object {
  const text = JSON.stringify({ ...FAILING, id, ...over });
  return JSON.parse(text.replaceAll("sg-0a1b2c3d4e5f60718", groupOf(id))) as object;
}

function groupOf(id: string): string {
  return `sg-${id.replaceAll(" ", "-")}-x`;
}

suite("POST /v1/events", () => {
  test("one finding in, one message in its customer's channel and in no other", async () => {
    const { relay, slack } = await start();
    const answer = await post(relay, JSON.stringify(FAILING));
    assert.equal(answer.status, 202);
    assert.deepEqual(await answer.json(), { accepted: 1, duplicates: 0, quarantined: 0, told: 1 });
    const [message] = await slack.waitFor(() => (slack.ledger().length > 0 ? slack.ledger() : undefined));
    assert.equal(message?.channel, "C0ACME00000");
    assert.match(JSON.stringify(message?.payload), /EC2\.19/);
    const metadata = message?.payload["metadata"] as { event_type: string; event_payload: { customer: string } };
    assert.equal(metadata.event_type, "shirase_notice");
    assert.equal(metadata.event_payload.customer, "acme");
    assert.deepEqual(slack.refused(), []);
  });

  const ways: ReadonlyArray<readonly [why: string, body: string, accepted: number]> = [
    ["an array", JSON.stringify([failing("a"), failing("b")]), 2],
    ["one event a line", `${JSON.stringify(failing("c"))}\n${JSON.stringify(failing("d"))}\n`, 2],
    [
      "lines ended as Windows does, with a blank one",
      `${JSON.stringify(failing("e"))}\r\n\r\n${JSON.stringify(failing("f"))}`,
      2,
    ],
    ["one event over many lines", JSON.stringify(failing("g"), null, 2), 1],
  ];
  test("one envelope, an array and lines are all taken", async () => {
    const { relay } = await start();
    for (const [why, body, accepted] of ways) {
      const answer = await post(relay, body);
      assert.equal(answer.status, 202, why);
      assert.equal(((await answer.json()) as { accepted: number }).accepted, accepted, why);
    }
  });

  test("a redelivered event is acknowledged and told once", async () => {
    const { relay, slack } = await start();
    const body = JSON.stringify(FAILING);
    assert.equal((await post(relay, body)).status, 202);
    const again = await post(relay, body);
    assert.deepEqual(
      [again.status, await again.json()],
      [202, { accepted: 1, duplicates: 1, quarantined: 0, told: 0 }],
    );
    await slack.waitFor(() => slack.ledger().length > 0);
    assert.equal(slack.ledger().length, 1);
  });

  test("the key is taken from either header, and nothing goes without it", async () => {
    const { relay } = await start();
    const body = JSON.stringify(FAILING);
    assert.equal((await post(relay, body, { "x-api-key": KEY })).status, 202);
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: KEY }, { "x-api-key": `${KEY}x` }]) {
      const answer = await post(relay, body, headers);
      assert.equal(answer.status, 401);
      const { message } = await refusal(answer);
      assert.match(message, /Authorization: Bearer KEY|x-api-key/);
      assert.ok(!message.includes(KEY));
    }
  });

  test("a stranger's event and a foreign bus end in quarantine and nowhere else", async () => {
    const { relay, slack } = await start();
    const stranger = await post(relay, JSON.stringify(failing("s1", { account: "999999999999" })));
    assert.equal(((await stranger.json()) as { quarantined: number }).quarantined, 1);
    const foreign = await post(relay, JSON.stringify(failing("s2")), {
      ...JSON_HEADERS,
      "x-shirase-bus": "globex-bus",
    });
    assert.equal(((await foreign.json()) as { quarantined: number }).quarantined, 1);
    assert.equal((await relay.store.quarantined(10)).length, 2);
    assert.deepEqual(await relay.store.waiting(), []);
    assert.deepEqual(slack.ledger(), []);
  });

  const bad: ReadonlyArray<readonly [why: string, body: string, code: string, says: RegExp]> = [
    ["nothing", "", "empty", /body is empty/],
    ["only white space", " \n ", "empty", /body is empty/],
    ["an empty array", "[]", "empty", /array is empty/],
    ["broken JSON", '{"id": ', "not-json", /not JSON/],
    ["a broken second line", `${JSON.stringify(failing("a"))}\n{"id"`, "not-json", /line 2/],
    ["a number", "5", "bad-event", /JSON object/],
    ["no id", JSON.stringify({ ...FAILING, id: undefined }), "bad-event", /^id: expected a string/],
    ["an account that is a number", JSON.stringify({ ...FAILING, account: 222222222222 }), "bad-event", /^account: /],
    [
      "the second of three",
      JSON.stringify([failing("a"), { ...FAILING, detail: [] }, failing("b")]),
      "bad-event",
      /^\[1\]\.detail: /,
    ],
    ["deeper than anything real", "[".repeat(100_000), "too-deep", /deeper/],
  ];
  test("what is wrong is said with the field, and nothing of the request is kept", async () => {
    const { relay } = await start();
    for (const [why, body, code, says] of bad) {
      const answer = await post(relay, body);
      assert.equal(answer.status, 400, why);
      const error = await refusal(answer);
      assert.equal(error.code, code, why);
      assert.match(error.message, says, why);
    }
    assert.equal((await post(relay, new Uint8Array([0x7b, 0xff, 0xfe]))).status, 400);
    assert.deepEqual(await relay.store.waiting(), []);
  });

  test("more than 1 MiB is refused, whether the length is promised or not", async () => {
    const { relay } = await start();
    const large = JSON.stringify(failing("large", { padding: "x".repeat(1024 * 1024) }));
    assert.equal((await post(relay, large)).status, 413);
    assert.equal(await postChunked(relay, 3 * 1024 * 1024), 413);
    assert.equal((await post(relay, JSON.stringify(failing("after")))).status, 202);
  });

  test("__proto__ in an event is a key like any other", async () => {
    const { relay } = await start();
    const body = JSON.stringify(FAILING).replace('"version"', '"__proto__":{"polluted":true},"version"');
    assert.equal((await post(relay, body)).status, 202);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  test("200 generated bad requests each get a clear refusal, and the relay goes on", async () => {
    const { relay } = await start();
    const base = JSON.stringify(FAILING);
    const broken = fc.oneof(
      fc.string(),
      fc.json(),
      fc.integer({ min: 1, max: base.length - 1 }).map((length) => base.slice(0, length)),
      fc
        .constantFrom("id", "source", "detail-type", "account", "region", "time", "detail")
        .chain((field) =>
          fc
            .oneof(fc.constant(null), fc.integer(), fc.array(fc.integer()), fc.constant(""))
            .map((value) => JSON.stringify({ ...FAILING, [field]: value })),
        ),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (body) => {
        const answer = await post(relay, body);
        assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} for ${body.slice(0, 80)}`);
        const text = await answer.text();
        const { error } = JSON.parse(text) as Refused;
        assert.ok(error.code.length > 0 && error.message.length > 0);
        assert.ok(!/\bat .*\.ts:\d+/.test(text), "no stack trace");
      }),
      { numRuns: 200 },
    );
    assert.equal((await post(relay, JSON.stringify(failing("after all")))).status, 202);
  });
});

/** Sends a body without a length, in pieces. @returns the status, even when the relay answers before it has read all. */
function postChunked(relay: Relay, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${relay.url}/v1/events`, { method: "POST", headers: JSON_HEADERS }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") reject(error);
    });
    for (let sent = 0; sent < bytes; sent += 65_536) request.write("x".repeat(65_536));
    request.end();
  });
}

suite("the other paths", () => {
  test("unknown paths and methods are told what there is", async () => {
    const { relay } = await start();
    const nowhere = await fetch(`${relay.url}/v2/events`);
    assert.equal(nowhere.status, 404);
    assert.match((await refusal(nowhere)).message, /POST \/v1\/events/);
    const get = await fetch(`${relay.url}/v1/events`);
    assert.deepEqual([get.status, get.headers.get("allow")], [405, "POST"]);
  });

  test("healthz is up, readyz asks Slack, metrics count", async () => {
    const { relay, slack } = await start();
    assert.deepEqual(await (await fetch(`${relay.url}/healthz`)).json(), { ok: true });
    assert.equal((await fetch(`${relay.url}/readyz`)).status, 200);
    await post(relay, JSON.stringify(FAILING));
    await slack.waitFor(() => slack.ledger().length > 0);
    const metrics = await (await fetch(`${relay.url}/metrics`)).text();
    assert.match(metrics, /^shirase_events_total\{outcome="accepted"\} 1$/m);
    assert.match(metrics, /^shirase_notices_total\{customer="acme"\} 1$/m);
  });

  test("a token that Slack does not take makes the relay not ready, and says what to do", async () => {
    const { relay } = await start({}, { slackToken: "xoxb-wrong" });
    const answer = await fetch(`${relay.url}/readyz`);
    assert.equal(answer.status, 503);
    assert.match(((await answer.json()) as { problem: string }).problem, /invalid_auth.*Install the app again/);
  });

  test("without a key nobody may post", async () => {
    const { relay } = await start({}, { ingestKey: undefined });
    const answer = await post(relay, JSON.stringify(FAILING));
    assert.equal(answer.status, 401);
    assert.match((await refusal(answer)).message, /SHIRASE_INGEST_KEY/);
  });
});

function isNamed(slack: FakeSlack, id: string): boolean {
  return slack.ledger().some(({ payload }) => JSON.stringify(payload).includes(groupOf(id)));
}

suite("delivery", () => {
  const told = (slack: FakeSlack, channel: string): number => slack.channel(channel).messages().length;

  test("a channel that Slack refuses pauses alone: the ops channel hears once, nothing is lost, redrive sends it", async () => {
    const { relay, slack } = await start();
    slack.setChannel({ id: "C0ACME00000", isArchived: true });
    await post(relay, JSON.stringify([failing("p1"), failing("p2")]));
    await slack.waitFor(() => told(slack, "C0OPS000000") > 0);
    const globex = { account: "555555555555", detail: asAccount("555555555555") };
    await post(relay, JSON.stringify(failing("g1", globex)));
    await slack.waitFor(() => told(slack, "C0GLOBEX000") > 0);
    assert.match(JSON.stringify(slack.channel("C0OPS000000").messages()[0]?.payload), /is_archived/);
    assert.equal((await relay.store.pauses())[0]?.channelId, "C0ACME00000");
    assert.equal((await relay.store.stats()).waitingByCustomer.get("acme"), 2);
    slack.setChannel({ id: "C0ACME00000", isArchived: false });
    await relay.store.redrive("C0ACME00000");
    await post(relay, JSON.stringify(failing("p3")));
    await slack.waitFor(() => ["p1", "p2", "p3"].every((id) => isNamed(slack, id)));
    assert.equal(told(slack, "C0OPS000000"), 1);
    assert.deepEqual(await relay.store.pauses(), []);
  });

  test("a message that Slack takes neither as a card nor as text becomes a dead letter, and the next one passes", async () => {
    const { relay, slack } = await start();
    slack.fault({ method: "chat.postMessage", kind: "error", error: "invalid_blocks", times: 2 });
    await post(relay, JSON.stringify(failing("x1")));
    await slack.waitFor(() => told(slack, "C0OPS000000") > 0);
    assert.match((await relay.store.deadLetters())[0]?.reason ?? "", /invalid_blocks/);
    await post(relay, JSON.stringify(failing("x2")));
    await slack.waitFor(() => told(slack, "C0ACME00000") === 1);
  });

  for (const [why, fault] of [
    ["an outage", { kind: "status", status: 500, times: 2 }],
    ["a reset connection", { kind: "reset_before", times: 1 }],
    ["an answer that is no JSON", { kind: "garbage", times: 1 }],
    ["a 429", { kind: "429", retryAfter: 1, times: 1 }],
    ["a 429 that does not say how long", { kind: "429", retryAfter: null, times: 1 }],
  ] as const) {
    test(`${why} delays a message and does not lose it`, async () => {
      const { relay, slack } = await start();
      slack.fault({ method: "chat.postMessage", ...fault });
      await post(relay, JSON.stringify(failing("o1")));
      await slack.waitFor(() => told(slack, "C0ACME00000") === 1, 10_000);
      // Slack has it before the relay has read so: stopping waits for that.
      await relay.stop();
      assert.equal(told(slack, "C0ACME00000"), 1);
    });
  }

  test("a burst in two channels under Slack's limits: all told, none refused", async () => {
    const { relay, slack } = await start({ limits: {} });
    const accounts = ["222222222222", "555555555555"];
    const events = accounts.flatMap((account) =>
      ["1", "2", "3", "4"].map((n) => failing(`${account}-${n}`, { account, detail: asAccount(account) })),
    );
    await post(relay, JSON.stringify(events));
    const ids = accounts.flatMap((account) => ["1", "2", "3", "4"].map((n) => `${account}-${n}`));
    await slack.waitFor(() => ids.every((id) => isNamed(slack, id)), 20_000);
    assert.deepEqual(slack.refused(), []);
  });
});

/** The failing control's detail, as another account would send it. */
function asAccount(account: string): unknown {
  return JSON.parse(JSON.stringify(FAILING["detail"]).replaceAll("222222222222", account));
}
