import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { shownOf } from "./amazon-q.ts";
import { sampleEvent } from "./events.ts";

suite("what Amazon Q's stand-in shows", () => {
  const event = sampleEvent("securityhub/lifecycle/01-new.json");
  const notification = { version: "1.0", source: "custom", content: { title: "A title", description: "Words." } };
  const shown: ReadonlyArray<readonly [why: string, message: unknown, title: RegExp, text: RegExp]> = [
    [
      "an event of an AWS service",
      event,
      /^Security Hub Findings - Imported \| account 222222222222/,
      /^Security groups/,
    ],
    ["of the new Security Hub as well", sampleEvent("securityhub-v2/07-exposure.json"), /V2/, /^Potential remote/],
    ["of a service without findings", sampleEvent("health/01-issue-open.json"), /^AWS Health Event/, /^$/],
    ["a custom notification", notification, /^A title$/, /^Words\.$/],
  ];
  for (const [why, message, title, text] of shown) {
    test(why, () => {
      const found = shownOf(JSON.stringify(message));
      assert.ok("title" in found, "why" in found ? found.why : "");
      assert.match(found.title, title);
      assert.match(found.text, text);
    });
  }

  const { content } = notification;
  const { resources: _, ...shortened } = event;
  const dropped: ReadonlyArray<readonly [why: string, message: unknown, says: RegExp]> = [
    ["an event that a transformer made shorter", shortened, /not an event as EventBridge delivers it/],
    ["an event with something added", { ...event, customer: "acme" }, /not an event as EventBridge delivers it/],
    ["an event of one's own", sampleEvent("shirase/02-heartbeat.json"), /shirase\.heartbeat, no AWS service/],
    ["a notification of a later version", { ...notification, version: "2.0" }, /another version/],
    ["a notification with nothing to read", { ...notification, content: { title: "A title" } }, /without description/],
    ["a key that is not in AWS's schema", { ...notification, content: { ...content, colour: "red" } }, /with colour/],
    ["another kind of text", { ...notification, content: { ...content, textType: "html" } }, /textType/],
    ["a text", "hello", /no JSON object/],
  ];
  for (const [why, message, says] of dropped) {
    test(`not ${why}`, () => {
      const found = shownOf(JSON.stringify(message));
      assert.match("why" in found ? found.why : "it was shown", says);
    });
  }
});
