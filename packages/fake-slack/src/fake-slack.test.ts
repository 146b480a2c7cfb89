import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { WebClient } from "@slack/web-api";
import { type FakeSlack, startFakeSlack } from "./fake-slack.ts";

suite("startFakeSlack, seen by the real @slack/web-api", () => {
  let slack: FakeSlack;
  let client: WebClient;

  before(async () => {
    slack = await startFakeSlack({ channels: [{ id: "C0ACME00000", name: "acme" }], limits: "off" });
    client = new WebClient(slack.token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  });
  after(() => slack.close());
  beforeEach(() => slack.reset());

  test("a message that was posted is in the ledger, the channel and the history", async () => {
    const { ts } = await client.chat.postMessage({ channel: "C0ACME00000", text: "hello" });
    assert.match(ts ?? "", /^\d{10}\.\d{6}$/);
    assert.equal(slack.ledger()[0]?.shown.text, "hello");
    assert.equal(slack.channel("C0ACME00000").messages()[0]?.ts, ts);
    const { messages } = await client.conversations.history({ channel: "C0ACME00000" });
    assert.deepEqual(
      messages?.map((message) => [message.text, message.ts]),
      [["hello", ts]],
    );
  });
});
