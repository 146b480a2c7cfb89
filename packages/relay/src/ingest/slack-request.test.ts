import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readSlackRequest } from "./slack-request.ts";

const form = (payload: object): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const UNREAD = { kind: "unread" };

suite("what Slack says", () => {
  const cases: ReadonlyArray<readonly [why: string, body: string, want: object]> = [
    [
      "it asks whether somebody is there",
      JSON.stringify({ token: "old", challenge: "3eZbrw1a", type: "url_verification" }),
      { kind: "challenge", challenge: "3eZbrw1a" },
    ],
    [
      "a button of a card, in a form",
      form({
        type: "block_actions",
        token: "old",
        trigger_id: "398738663015.47445629121.803a0bc8",
        response_url: "https://hooks.slack.com/actions/T0/1/secret",
        user: { id: "U0123456789", username: "taro" },
        channel: { id: "C0ACME00000", name: "acme" },
        message: { text: "a finding" },
        actions: [{ action_id: "silence", block_id: "b", value: "problem 1", type: "button" }],
      }),
      { said: { type: "block_actions", userId: "U0123456789", channelId: "C0ACME00000", names: ["silence"] } },
    ],
    [
      "a dialog that was filled in: no text of it",
      form({
        type: "view_submission",
        user: { id: "U1" },
        view: { callback_id: "reason", state: { values: "typed" } },
      }),
      { said: { type: "view_submission", userId: "U1", names: ["reason"] } },
    ],
    [
      "a command: no text of it",
      "command=%2Fshirase&text=typed&user_id=U1&channel_id=C1&response_url=https%3A%2F%2Fhooks.slack.com%2Fx",
      { said: { type: "command", userId: "U1", channelId: "C1", names: ["/shirase"] } },
    ],
    [
      "an event",
      JSON.stringify({
        type: "event_callback",
        event: { type: "app_mention", user: "U1", channel: "C1", text: "typed" },
      }),
      { said: { type: "event_callback", userId: "U1", channelId: "C1", names: ["app_mention"] } },
    ],
    [
      "names are bounded in length and number",
      form({ type: "block_actions", actions: Array.from({ length: 30 }, () => ({ action_id: "x".repeat(300) })) }),
      { said: { type: "block_actions", names: Array.from({ length: 10 }, () => "x".repeat(80)) } },
    ],
    ["nothing", "", UNREAD],
    ["a payload that is no JSON", "payload=%7B", UNREAD],
    ["a payload that is a list", "payload=%5B%5D", UNREAD],
    [
      "a challenge that is no text",
      '{"type":"url_verification","challenge":{}}',
      { said: { type: "url_verification", names: [] } },
    ],
    ["JSON without a type", "{}", UNREAD],
    ["broken JSON", "{", UNREAD],
  ];
  for (const [why, body, want] of cases) {
    test(why, () => assert.deepEqual(readSlackRequest(body), "said" in want ? { kind: "said", ...want } : want));
  }
});
