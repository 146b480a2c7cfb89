/** Reading channels through Slack's own client, against a Slack that refuses what Slack refuses. */
import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { slackClient } from "./slack.ts";
import { slackHistory } from "./slack-history.ts";

const ACME = "C0ACME00000";
const AMAZON_Q = "xoxb-amazon-q";
let slack: FakeSlack;

before(async () => {
  slack = await startFakeSlack({
    scopes: ["channels:history", "chat:write"],
    otherApps: [{ token: AMAZON_Q, name: "Amazon Q" }],
    channels: [
      { id: ACME },
      { id: "C0PUBLIC000", isMember: false },
      { id: "C0PRIVATE00", isPrivate: true },
      { id: "C0SECRET000", isPrivate: true, isMember: false },
    ],
  });
});
after(() => slack.close());
beforeEach(() => slack.reset());

async function failureIn(channelId: string, token = slack.token): Promise<object> {
  const read = await slackHistory({ token, apiUrl: slack.apiUrl }).newest(channelId);
  assert.ok("failure" in read);
  return read.failure;
}

suite("the newest messages of a channel", () => {
  test("ours and another app's, whole and the newest first, with an address each", async () => {
    const theirs = slackClient({ token: AMAZON_Q, apiUrl: slack.apiUrl });
    await theirs.chat.postMessage({ channel: ACME, text: "x", attachments: [{ text: "from Amazon Q" }] });
    await slackClient({ token: slack.token, apiUrl: slack.apiUrl }).chat.postMessage({ channel: ACME, text: "ours" });
    const history = slackHistory({ token: slack.token, apiUrl: slack.apiUrl });
    const read = await history.newest(ACME);
    assert.ok("messages" in read);
    const [first, second] = read.messages;
    assert.match(JSON.stringify(second), /from Amazon Q/);
    assert.match((await history.permalink(ACME, first?.ts ?? "")) ?? "", /\/archives\/C0ACME00000\/p\d+$/);
  });

  test("a message that is gone has no address, and that is no failure", async () => {
    const history = slackHistory({ token: slack.token, apiUrl: slack.apiUrl });
    assert.equal(await history.permalink(ACME, "1700000000.000000"), undefined);
  });
});

suite("a channel that cannot be read", () => {
  const rows: ReadonlyArray<readonly [why: string, channelId: string, reason: string, remedy: RegExp]> = [
    ["not in a public channel", "C0PUBLIC000", "not_in_channel", /\/invite @your-app/],
    ["a private channel takes a scope of its own", "C0PRIVATE00", "missing_scope", /groups:history/],
    ["a private channel without the app looks absent", "C0SECRET000", "channel_not_found", /slack\.channel.*\/invite/],
    ["no such channel", "C0NOWHERE00", "channel_not_found", /slack\.channel/],
  ];
  for (const [why, channelId, reason, remedy] of rows) {
    test(`${why} (${reason})`, async () => {
      const failure = await failureIn(channelId);
      assert.ok("reason" in failure && "remedy" in failure);
      assert.equal(failure.reason, reason);
      assert.match(String(failure.remedy), remedy);
    });
  }

  test("a token that nobody knows is said as when posting", async () => {
    const failure = await failureIn(ACME, "xoxb-other");
    assert.deepEqual(failure, {
      kind: "stop",
      scope: "workspace",
      reason: "invalid_auth",
      remedy: "Install the app again and set its new bot token (SLACK_BOT_TOKEN, or slack.token in the config).",
    });
  });

  test("429 says how long to wait", async () => {
    slack.fault({ kind: "429", retryAfter: 7 });
    assert.deepEqual(await failureIn(ACME), { kind: "wait", afterMs: 7000 });
  });

  test("an outage is worth another look", async () => {
    slack.fault({ kind: "status", status: 503 });
    assert.deepEqual(await failureIn(ACME), { kind: "retry", reason: "Slack answered HTTP 503" });
  });
});
