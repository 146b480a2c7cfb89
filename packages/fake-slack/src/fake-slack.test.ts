import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { LogLevel, WebClient } from "@slack/web-api";
import { type FakeSlack, startFakeSlack } from "./fake-slack.ts";
import type { Fault } from "./faults.ts";
import type { JsonObject } from "./json.ts";

const ACME = "C0ACME00000";
const SILENT = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setName() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
};

let slack: FakeSlack;
let client: WebClient;
let nowMs = Date.parse("2026-11-23T05:00:00Z");

before(async () => {
  slack = await startFakeSlack({
    now: () => new Date(nowMs),
    channels: [
      { id: ACME, name: "acme" },
      { id: "C0OLD000000", isArchived: true },
      { id: "C0PUBLIC000", isMember: false },
      { id: "C0SECRET000", isMember: false, isPrivate: true },
      { id: "C0PRIVATE00", isPrivate: true },
      { id: "C0SHARED000", isExtShared: true },
    ],
  });
  client = clientFor(slack.token);
});
after(() => slack.close());
beforeEach(() => {
  slack.reset();
  nowMs += 3_600_000;
});

suite("messages, through the real @slack/web-api", () => {
  test("a post is in the ledger, the channel and the history", async () => {
    const { ts, message } = await client.chat.postMessage({ channel: ACME, text: "hello" });
    assert.match(ts ?? "", /^\d{10}\.\d{6}$/);
    assert.equal(message?.text, "hello");
    assert.deepEqual(
      slack.ledger().map((entry) => [entry.seq, entry.via, entry.channel, entry.ts, entry.shown.text]),
      [[0, "chat.postMessage", ACME, ts, "hello"]],
    );
    assert.equal(slack.channel(ACME).messages()[0]?.receivedAt.getTime(), nowMs);
    const { messages } = await client.conversations.history({ channel: ACME });
    assert.deepEqual(
      messages?.map((one) => [one.text, one.ts]),
      [["hello", ts]],
    );
  });
  test("every ts is later than the one before, even in the same millisecond", async () => {
    for (let count = 0; count < 5; count += 1) await client.chat.postMessage({ channel: ACME, text: "x" });
    const all = slack.ledger().map((entry) => entry.ts);
    assert.deepEqual(all, [...new Set(all)].toSorted());
  });
  test("a thread: replies under the root, a broadcast in both places, the root's summary", async () => {
    const root = await post("root");
    const reply = await post("reply", { thread_ts: root });
    await post("to a reply", { thread_ts: reply });
    await post("loud", { thread_ts: root, reply_broadcast: true });
    const replies = await client.conversations.replies({ channel: ACME, ts: root });
    assert.deepEqual(
      replies.messages?.map((one) => one.text),
      ["root", "reply", "to a reply", "loud"],
    );
    assert.equal(replies.messages?.[0]?.reply_count, 3);
    const { messages } = await client.conversations.history({ channel: ACME });
    assert.deepEqual(
      messages?.map((one) => one.text),
      ["loud", "root"],
    );
  });
  test("a reply to a message that is gone becomes a message of its own, and nothing says so but its thread_ts", async () => {
    const root = await post("root");
    await client.chat.delete({ channel: ACME, ts: root });
    const { ok, message } = await client.chat.postMessage({ channel: ACME, text: "reply", thread_ts: root });
    assert.deepEqual([ok, message?.thread_ts, slack.ledger().at(-1)?.unthreaded], [true, undefined, true]);
  });
  test("metadata comes back when it is asked for", async () => {
    const metadata = { event_type: "notice", event_payload: { delivery: "d1", counted: 3 } };
    await post("x", { metadata });
    const without = await client.conversations.history({ channel: ACME });
    const withAll = await client.conversations.history({ channel: ACME, include_all_metadata: true });
    assert.deepEqual([without.messages?.[0]?.metadata, withAll.messages?.[0]?.metadata], [undefined, metadata]);
  });
  test("history pages by cursor and window", async () => {
    const all: string[] = [];
    for (const text of ["a", "b", "c", "d", "e"]) all.push(await post(text));
    const first = await client.conversations.history({ channel: ACME, limit: 2 });
    const cursor = first.response_metadata?.next_cursor ?? "";
    const second = await client.conversations.history({ channel: ACME, limit: 2, cursor });
    assert.deepEqual([first.has_more, ...texts(first), ...texts(second)], [true, "e", "d", "c", "b"]);
    const window = { oldest: all[1] ?? "", latest: all[3] ?? "" };
    assert.deepEqual(texts(await client.conversations.history({ channel: ACME, ...window })), ["c"]);
    assert.deepEqual(texts(await client.conversations.history({ channel: ACME, ...window, inclusive: true })), [
      "d",
      "c",
      "b",
    ]);
  });
  test("an update with text alone takes the blocks away; metadata and attachments stay", async () => {
    const metadata = { event_type: "notice", event_payload: { delivery: "d1" } };
    const ts = await post("old", { blocks: [{ type: "divider" }], attachments: [{ text: "kept" }], metadata });
    await client.chat.update({ channel: ACME, ts, text: "new" });
    const entry = slack.ledger()[0];
    assert.deepEqual([entry?.shown.text, entry?.shown.blocks.length, entry?.shown.attachments.length], ["new", 0, 1]);
    assert.deepEqual([entry?.shown.metadata, entry?.payload.text, entry?.edits.length], [metadata, "old", 1]);
  });
  test("a permalink opens this fake's page at the message", async () => {
    const ts = await post("x");
    const { permalink } = await client.chat.getPermalink({ channel: ACME, message_ts: ts });
    assert.equal(permalink, `${slack.url}/archives/${ACME}/p${ts.replace(".", "")}`);
    const page = await fetch(permalink ?? "");
    assert.ok(page.url.includes(`ts=${ts}`) && (await page.text()).includes(`id="m-${ts}"`));
  });
  test("a permalink follows the pages to where they are mounted", async () => {
    const mounted = await startFakeSlack({ pagesUrl: "https://relay.example/slack", channels: [{ id: ACME }] });
    const caller = new WebClient(mounted.token, { slackApiUrl: mounted.apiUrl });
    const { ts } = await caller.chat.postMessage({ channel: ACME, text: "x" });
    const { permalink } = await caller.chat.getPermalink({ channel: ACME, message_ts: String(ts) });
    assert.match(permalink ?? "", /^https:\/\/relay\.example\/slack\/archives\/C0ACME00000\/p\d{16}$/);
    await mounted.close();
  });
  test("a reaction counts once", async () => {
    const timestamp = await post("x");
    await client.reactions.add({ channel: ACME, timestamp, name: "eyes" });
    assert.equal(await errorOf(client.reactions.add({ channel: ACME, timestamp, name: "eyes" })), "already_reacted");
    assert.deepEqual(slack.ledger()[0]?.reactions, ["eyes"]);
  });
  test("text above 40,000 is cut with a warning, and the ledger says so", async () => {
    const answer = await client.chat.postMessage({ channel: ACME, text: "x".repeat(40_001) });
    assert.deepEqual(answer.response_metadata?.warnings, ["message_truncated"]);
    assert.deepEqual([slack.ledger()[0]?.truncated, slack.ledger()[0]?.split], [true, true]);
  });
  test("bad blocks come back with Slack's words and pointers", async () => {
    const blocks = [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }];
    const data = await dataOf(client.chat.postMessage({ channel: ACME, text: "x", blocks }));
    const line = "must be less than 151 characters [json-pointer:/blocks/0/text/text]";
    assert.deepEqual([data["error"], data["errors"]], ["invalid_blocks", [line]]);
    assert.deepEqual((data["response_metadata"] as JsonObject)["messages"], [`[ERROR] ${line}`]);
    assert.deepEqual(
      slack.refused().map((one) => [one.error, one.detail]),
      [["invalid_blocks", [line]]],
    );
  });
});

suite("what is refused", () => {
  const cases: ReadonlyArray<readonly [why: string, method: string, args: JsonObject, error: string]> = [
    ["a channel that is not there", "chat.postMessage", { channel: "C0NOWHERE00", text: "x" }, "channel_not_found"],
    ["no channel", "chat.postMessage", { text: "x" }, "channel_not_found"],
    ["an archived channel", "chat.postMessage", { channel: "C0OLD000000", text: "x" }, "is_archived"],
    [
      "a private channel the app is not in looks absent",
      "chat.postMessage",
      { channel: "C0SECRET000", text: "x" },
      "channel_not_found",
    ],
    ["no text", "chat.postMessage", { channel: ACME }, "no_text"],
    ["a thread_ts that is none", "chat.postMessage", { channel: ACME, text: "x", thread_ts: "0" }, "invalid_thread_ts"],
    ["an update of nothing", "chat.update", { channel: ACME, ts: "1.000001", text: "x" }, "message_not_found"],
    ["a deletion of nothing", "chat.delete", { channel: ACME, ts: "1.000001" }, "message_not_found"],
    ["a thread that is not there", "conversations.replies", { channel: ACME, ts: "1.000001" }, "thread_not_found"],
    [
      "the history of a channel the app is not in",
      "conversations.history",
      { channel: "C0PUBLIC000" },
      "not_in_channel",
    ],
    ["a cursor of one's own making", "conversations.history", { channel: ACME, cursor: "2" }, "invalid_cursor"],
    ["more than 999 at once", "conversations.history", { channel: ACME, limit: 1000 }, "invalid_limit"],
    [
      "joining a private channel",
      "conversations.join",
      { channel: "C0PRIVATE00" },
      "method_not_supported_for_channel_type",
    ],
    ["a user id that is none", "users.info", { user: "me" }, "user_not_found"],
    ["a method that is not there", "chat.shout", { channel: ACME }, "unknown_method"],
    ["a method named like a property", "constructor", {}, "unknown_method"],
  ];
  for (const [why, method, args, error] of cases) {
    test(`${why} -> ${error}`, async () => {
      assert.equal(await errorOf(client.apiCall(method, args)), error);
      assert.equal(slack.ledger().length, 0);
      assert.deepEqual(
        slack.refused().map((one) => [one.method, one.error, one.status]),
        [[method, error, 200]],
      );
    });
  }
  test("a wrong token, and none", async () => {
    assert.equal(await errorOf(clientFor("xoxb-other").auth.test()), "invalid_auth");
    assert.equal(await errorOf(clientFor(undefined).auth.test()), "not_authed");
  });
  test("a scope that the token lacks is named", async () => {
    const poor = await startFakeSlack({
      scopes: ["chat:write"],
      channels: [{ id: ACME }, { id: "C0PUBLIC000", isMember: false }],
    });
    const caller = new WebClient(poor.token, { slackApiUrl: poor.apiUrl, logger: SILENT });
    const data = await dataOf(caller.conversations.list());
    assert.deepEqual(
      [data["error"], data["needed"], data["provided"]],
      ["missing_scope", "channels:read,groups:read", "chat:write"],
    );
    assert.equal(await errorOf(caller.chat.postMessage({ channel: "C0PUBLIC000", text: "x" })), "not_in_channel");
    await poor.close();
  });
  test("a private channel's history takes another scope than a public one's", async () => {
    const channels = [{ id: ACME }, { id: "C0PRIVATE00", isPrivate: true }];
    const poor = await startFakeSlack({ scopes: ["channels:history", "chat:write"], channels });
    const caller = new WebClient(poor.token, { slackApiUrl: poor.apiUrl, logger: SILENT });
    assert.deepEqual(texts(await caller.conversations.history({ channel: ACME })), []);
    const data = await dataOf(caller.conversations.history({ channel: "C0PRIVATE00" }));
    assert.deepEqual(
      [data["error"], data["needed"], data["provided"]],
      ["missing_scope", "groups:history", "channels:history,chat:write"],
    );
    await poor.close();
  });
  test("joining makes the history readable, and joining again warns", async () => {
    await client.conversations.join({ channel: "C0PUBLIC000" });
    assert.deepEqual(texts(await client.conversations.history({ channel: "C0PUBLIC000" })), []);
    const again = await client.conversations.join({ channel: "C0PUBLIC000" });
    assert.deepEqual(again.response_metadata?.warnings, ["already_in_channel"]);
  });
  test("channels are listed by type, and a shared one says so", async () => {
    const open = await client.conversations.list({ exclude_archived: true });
    assert.deepEqual(
      open.channels?.map((one) => one.id),
      [ACME, "C0PUBLIC000", "C0SHARED000"],
    );
    const hidden = await client.conversations.list({ types: "private_channel" });
    assert.deepEqual(
      hidden.channels?.map((one) => one.id),
      ["C0PRIVATE00"],
    );
    const { channel } = await client.conversations.info({ channel: "C0SHARED000" });
    assert.equal(channel?.is_ext_shared, true);
  });
});

suite("another app in the workspace", () => {
  test("posts under its own name, in the same history, and its messages are not ours to change", async () => {
    const shared = await startFakeSlack({
      channels: [{ id: ACME }],
      botName: "shirase",
      otherApps: [{ token: "xoxb-amazon-q", name: "Amazon Q" }],
    });
    const of = (token: string): WebClient => new WebClient(token, { slackApiUrl: shared.apiUrl, logger: SILENT });
    const [ours, theirs] = [of(shared.token), of("xoxb-amazon-q")];
    const { ts = "" } = await theirs.chat.postMessage({ channel: ACME, text: "from Amazon Q" });
    await ours.chat.postMessage({ channel: ACME, text: "from shirase" });
    const { messages = [] } = await ours.conversations.history({ channel: ACME });
    const [mine, other] = messages;
    assert.deepEqual(texts({ messages }), ["from shirase", "from Amazon Q"]);
    assert.notEqual(mine?.bot_id, other?.bot_id);
    assert.notEqual(mine?.app_id, other?.app_id);
    assert.deepEqual((await theirs.auth.test()).user, "Amazon Q");
    assert.match((await ours.chat.getPermalink({ channel: ACME, message_ts: ts })).permalink ?? "", /\/archives\//);
    assert.equal(await errorOf(ours.chat.update({ channel: ACME, ts, text: "x" })), "cant_update_message");
    assert.equal(await errorOf(ours.chat.delete({ channel: ACME, ts })), "cant_delete_message");
    assert.deepEqual(
      shared.ledger().map(({ bot }) => bot.name),
      ["Amazon Q", "shirase"],
    );
    await shared.close();
  });
  test("has a pace of its own", async () => {
    const shared = await startFakeSlack({
      channels: [{ id: ACME }],
      limits: { channelBurst: 1, channelPerSecond: 0.01 },
      otherApps: [{ token: "xoxb-amazon-q", name: "Amazon Q" }],
    });
    const post = (token: string): Promise<unknown> => {
      const options = { slackApiUrl: shared.apiUrl, logger: SILENT, rejectRateLimitedCalls: true };
      return new WebClient(token, options).chat.postMessage({ channel: ACME, text: "x" });
    };
    await post("xoxb-amazon-q");
    await post(shared.token);
    await assert.rejects(post(shared.token), /rate/);
    await shared.close();
  });
});

suite("the wire", () => {
  const cases: ReadonlyArray<readonly [why: string, contentType: string | undefined, body: string, want: string]> = [
    ["JSON with its charset", "application/json; charset=utf-8", `{"channel":"${ACME}","text":"x"}`, "ok"],
    ["JSON without", "application/json", `{"channel":"${ACME}","text":"x"}`, "ok missing_charset"],
    ["a form", "application/x-www-form-urlencoded", `channel=${ACME}&text=x`, "ok"],
    [
      "blocks in a form are a JSON string",
      "application/x-www-form-urlencoded",
      `channel=${ACME}&blocks=${encodeURIComponent('[{"type":"divider"}]')}`,
      "ok",
    ],
    ["a channel by its name", "application/x-www-form-urlencoded", "channel=%23acme&text=x", "ok"],
    ["broken JSON", "application/json; charset=utf-8", "{", "invalid_json"],
    ["JSON that is a list", "application/json; charset=utf-8", "[]", "json_not_object"],
    ["XML", "application/xml", "<x/>", "invalid_post_type"],
  ];
  for (const [why, contentType, body, want] of cases) {
    test(`${why} -> ${want}`, async () => {
      const headers = { authorization: `Bearer ${slack.token}`, ...(contentType && { "content-type": contentType }) };
      const answer = (await (
        await fetch(`${slack.apiUrl}chat.postMessage`, { method: "POST", headers, body })
      ).json()) as JsonObject;
      const said = [answer["ok"] === true ? "ok" : answer["error"], answer["warning"]].filter(
        (part) => part !== undefined,
      );
      assert.equal(said.join(" "), want);
    });
  }
  test("a form may carry the token, JSON may not", async () => {
    const url = `${slack.apiUrl}auth.test`;
    const form = await fetch(url, { method: "POST", body: new URLSearchParams({ token: slack.token }) });
    assert.equal(((await form.json()) as JsonObject)["ok"], true);
    const headers = { "content-type": "application/json; charset=utf-8" };
    const json = await fetch(url, { method: "POST", headers, body: JSON.stringify({ token: slack.token }) });
    assert.equal(((await json.json()) as JsonObject)["error"], "not_authed");
  });
});

suite("the pace, through the real @slack/web-api", () => {
  test("the sixth post in a second is a 429 with Retry-After, and the client understands it", async () => {
    for (let count = 0; count < 5; count += 1) await post("x");
    const refusal = await client.chat.postMessage({ channel: ACME, text: "x" }).catch((error: unknown) => error);
    assert.deepEqual(pick(refusal, "code", "retryAfter"), ["slack_webapi_rate_limited_error", 1]);
    assert.deepEqual([slack.counters().rateLimited, slack.counters().accepted], [1, 5]);
    nowMs += 1000;
    await post("x");
  });
  test("the body of a 429 is JSON with ratelimited", async () => {
    slack.fault({ kind: "429", retryAfter: 5 });
    const answer = await fetch(`${slack.apiUrl}chat.postMessage`, { method: "POST" });
    assert.deepEqual([answer.status, answer.headers.get("retry-after")], [429, "5"]);
    assert.deepEqual(await answer.json(), { ok: false, error: "ratelimited" });
  });
  test("over: hide answers ok and shows nothing", async () => {
    const hiding = await startFakeSlack({ limits: { over: "hide", channelBurst: 1 }, channels: [{ id: ACME }] });
    const caller = new WebClient(hiding.token, { slackApiUrl: hiding.apiUrl });
    await caller.chat.postMessage({ channel: ACME, text: "seen" });
    await caller.chat.postMessage({ channel: ACME, text: "unseen" });
    assert.deepEqual(
      hiding.ledger().map((entry) => entry.hidden),
      [false, true],
    );
    assert.deepEqual(
      hiding
        .channel(ACME)
        .messages()
        .map((entry) => entry.shown.text),
      ["seen"],
    );
    assert.deepEqual(texts(await caller.conversations.history({ channel: ACME })), ["seen"]);
    await hiding.close();
  });
});

suite("faults", () => {
  const cases: ReadonlyArray<readonly [why: string, fault: Fault, want: string, accepted: number]> = [
    ["429 without Retry-After", { kind: "429", retryAfter: null }, "undefined", 0],
    ["a status before the call", { kind: "status", status: 503 }, "slack_webapi_http_error", 0],
    ["a status after the call", { kind: "status", status: 500, when: "after" }, "slack_webapi_http_error", 1],
    ["an error code", { kind: "error", error: "account_inactive" }, "slack_webapi_platform_error", 0],
    [
      "an error that is no failure",
      { kind: "error", error: "fatal_error", when: "after" },
      "slack_webapi_platform_error",
      1,
    ],
    ["a connection cut early", { kind: "reset_before" }, "slack_webapi_request_error", 0],
    ["an answer lost", { kind: "reset_after" }, "slack_webapi_request_error", 1],
    ["half an answer", { kind: "garbage" }, "slack_webapi_platform_error", 0],
    ["a slow answer", { kind: "slow", delayMs: 5 }, "ok", 1],
    ["another method's fault", { kind: "error", error: "x", method: "chat.update" }, "ok", 1],
    ["another channel's fault", { kind: "error", error: "x", channel: "C0OLD000000" }, "ok", 1],
    ["an outage still to come", { kind: "error", error: "x", from: new Date("2030-01-01") }, "ok", 1],
    ["an outage that is over", { kind: "error", error: "x", until: new Date("2020-01-01") }, "ok", 1],
  ];
  for (const [why, fault, want, accepted] of cases) {
    test(`${why} -> ${want}, ${accepted} accepted`, async () => {
      slack.fault(fault);
      const said = await client.chat.postMessage({ channel: ACME, text: "x" }).then(
        () => "ok",
        (error: unknown) => String(pick(error, "code")[0]),
      );
      assert.deepEqual([said, slack.ledger().length], [want, accepted]);
    });
  }
  test("a fault strikes as often as it was armed for, unless disarmed", async () => {
    slack.fault({ kind: "error", error: "internal_error", times: 2 });
    const disarm = slack.fault({ kind: "error", error: "never" });
    const said = [];
    for (let count = 0; count < 2; count += 1) said.push(await errorOf(client.auth.test()));
    disarm();
    said.push((await client.auth.test()).ok);
    assert.deepEqual(said, ["internal_error", "internal_error", true]);
  });
  test("an outage window strikes every call inside it", async () => {
    slack.fault({ kind: "error", error: "service_unavailable", until: new Date(nowMs + 1000) });
    assert.equal(await errorOf(client.auth.test()), "service_unavailable");
    assert.equal(await errorOf(client.auth.test()), "service_unavailable");
    nowMs += 1000;
    assert.equal((await client.auth.test()).ok, true);
  });
});

suite("webhooks", () => {
  const cases: ReadonlyArray<readonly [why: string, path: string, body: string, status: number, text: string]> = [
    ["a message", `/services/T0FAKE00000/B${ACME}/X${ACME}`, '{"text":"x"}', 200, "ok"],
    ["no JSON", `/services/T0FAKE00000/B${ACME}/X${ACME}`, "text", 400, "invalid_payload"],
    ["no text", `/services/T0FAKE00000/B${ACME}/X${ACME}`, "{}", 400, "no_text"],
    ["bad blocks", `/services/T0FAKE00000/B${ACME}/X${ACME}`, '{"blocks":[{"type":"x"}]}', 400, "invalid_blocks"],
    ["a wrong secret", `/services/T0FAKE00000/B${ACME}/XWRONG`, '{"text":"x"}', 403, "invalid_token"],
    ["another team", `/services/T0OTHER0000/B${ACME}/X${ACME}`, '{"text":"x"}', 404, "no_team"],
    ["no such webhook", "/services/T0FAKE00000/BC0NOWHERE00/X", '{"text":"x"}', 404, "no_service"],
    [
      "an archived channel",
      "/services/T0FAKE00000/BC0OLD000000/XC0OLD000000",
      '{"text":"x"}',
      410,
      "channel_is_archived",
    ],
  ];
  for (const [why, path, body, status, text] of cases) {
    test(`${why} -> ${status} ${text}`, async () => {
      const answer = await fetch(slack.url + path, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      assert.deepEqual([answer.status, await answer.text()], [status, text]);
      assert.equal(slack.ledger().length, status === 200 ? 1 : 0);
    });
  }
  test("webhooks share the channel's pace and answer 429 in their own words", async () => {
    for (let count = 0; count < 5; count += 1) await post("x");
    const answer = await fetch(slack.webhookUrl(ACME), { method: "POST", body: '{"text":"x"}' });
    assert.deepEqual([answer.status, answer.headers.get("retry-after")], [429, "1"]);
    assert.deepEqual(await answer.json(), { retry_after: 1, ok: false, error: "rate_limited" });
  });
});

suite("the test's own handles", () => {
  test("waitFor resolves at the change and rejects when time is up", async () => {
    const waiting = slack.waitFor((fake) => fake.ledger().find((entry) => entry.shown.text === "third"));
    for (const text of ["first", "second", "third"]) await post(text);
    assert.equal((await waiting).seq, 2);
    await assert.rejects(
      slack.waitFor(() => false, 1),
      /did not happen in 1 ms/,
    );
  });
  test("a channel that is not there is named with those that are", () => {
    assert.throws(() => slack.channel("C0NOWHERE00"), /no channel C0NOWHERE00; it has C0ACME00000/);
  });
  test("an archived channel can be archived later, and reset puts it back", async () => {
    slack.setChannel({ id: ACME, isArchived: true });
    assert.equal(await errorOf(client.chat.postMessage({ channel: ACME, text: "x" })), "is_archived");
    assert.equal(slack.channel(ACME).name, "acme");
    slack.reset();
    await post("x");
  });
  test("counters by method and error", async () => {
    await post("x");
    await errorOf(client.chat.postMessage({ channel: "C0NOWHERE00", text: "x" }));
    const { requests, byMethod, byError } = slack.counters();
    assert.deepEqual([requests, byMethod, byError], [2, { "chat.postMessage": 2 }, { channel_not_found: 1 }]);
  });
  test("the same over HTTP, for other languages", async () => {
    const control = (path: string, init?: RequestInit) => fetch(`${slack.url}/_fake${path}`, init);
    const headers = { "content-type": "application/json" };
    await post("x");
    assert.equal(((await (await control("/ledger")).json()) as unknown[]).length, 1);
    await control("/faults", { method: "POST", headers, body: '{"kind":"error","error":"is_archived"}' });
    assert.equal(await errorOf(client.auth.test()), "is_archived");
    assert.equal((await control("/faults", { method: "POST", headers, body: '{"kind":"boom"}' })).status, 400);
    assert.equal(
      (await control("/reset", { method: "POST", headers: { "sec-fetch-site": "cross-site" } })).status,
      403,
    );
    await control("/reset", { method: "POST" });
    assert.equal(slack.ledger().length, 0);
  });
});

function clientFor(token: string | undefined): WebClient {
  const options = {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  };
  return new WebClient(token, options);
}

async function post(text: string, parts: JsonObject = {}): Promise<string> {
  const answer = await client.apiCall("chat.postMessage", { channel: ACME, text, ...parts });
  return String(pick(answer, "ts")[0]);
}

function texts(answer: { messages?: readonly { text?: string }[] }): readonly (string | undefined)[] {
  return answer.messages?.map((one) => one.text) ?? [];
}

async function dataOf(call: Promise<unknown>): Promise<JsonObject> {
  const error = await call.then(
    () => assert.fail("the call was accepted"),
    (refusal: unknown) => refusal,
  );
  return pick(error, "data")[0] as JsonObject;
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return (await dataOf(call))["error"];
}

function pick(value: unknown, ...names: readonly string[]): readonly unknown[] {
  return names.map((name) => (value as Record<string, unknown>)[name]);
}
