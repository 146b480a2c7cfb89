import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { EVENTS_FOLDER, sampleEvent } from "@shirase/testkit/events";
import { readEventFile } from "./event-files.ts";
import { UserError } from "./user-error.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-events-"));
after(() => rmSync(folder, { recursive: true }));

const event = sampleEvent("securityhub/lifecycle/01-new.json");
const line = JSON.stringify(event);
const id = String(event["id"]);

function idsIn(text: string): readonly string[] {
  const file = join(folder, "events.json");
  writeFileSync(file, text);
  return readEventFile(file).map((one) => ("event" in one ? one.event.id : `no event: ${one.problem}`));
}

suite("readEventFile", () => {
  const shapes: ReadonlyArray<readonly [why: string, text: string, want: readonly string[]]> = [
    ["one event", line, [id]],
    ["an array", `[${line},${line}]`, [id, id]],
    ["one a line, with an empty line", `${line}\n\n${line}\n`, [id, id]],
    ["an SQS message", JSON.stringify({ MessageId: "1", Body: line }), [id]],
    ["what `aws sqs receive-message` prints", JSON.stringify({ Messages: [{ Body: line }, { Body: line }] }), [id, id]],
    [
      "SNS in SQS in Lambda",
      JSON.stringify({ Records: [{ body: JSON.stringify({ Type: "Notification", Message: line }) }] }),
      [id],
    ],
    ["SNS in Lambda", JSON.stringify({ Records: [{ Sns: { Message: line } }] }), [id]],
    ["something else", '{"a":1}', ["no event: id: expected a string, got nothing"]],
    ["a number", "5", ["no event: an EventBridge event is a JSON object, got a number"]],
    ["an empty array", "[]", []],
  ];
  for (const [why, text, want] of shapes) test(why, () => assert.deepEqual(idsIn(text), want));

  const wrapped = ["lambda-sqs.json", "eventbridge-dlq-message.json", "sns-notification.json"];
  for (const name of wrapped) {
    test(`the sample ${name}`, () => {
      const [only, ...others] = readEventFile(join(EVENTS_FOLDER, "envelopes", name));
      assert.ok(only && "event" in only && others.length === 0);
      assert.equal(only.event.id, id);
    });
  }

  test("an SNS confirmation holds no event", () => {
    const [only] = readEventFile(join(EVENTS_FOLDER, "envelopes", "sns-subscription-confirmation.json"));
    assert.ok(only && "problem" in only);
  });

  test("a broken line is named by its number", () => {
    assert.throws(
      () => idsIn(`${line}\n{"id":\n`),
      (error) => error instanceof UserError && /line 2:/.test(error.message),
    );
  });

  test("a file that is not there is the user's to fix", () => {
    assert.throws(
      () => readEventFile(join(folder, "none.json")),
      (error) => error instanceof UserError,
    );
  });
});
