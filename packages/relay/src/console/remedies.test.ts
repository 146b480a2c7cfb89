import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { failureOf } from "../send/slack-errors.ts";
import { remedyIn } from "./remedies.ts";

suite("what to do, in the reader's language", () => {
  // Slack's own names of what stops a channel or a workspace; slack-errors.ts says which do.
  const reasons = [
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "missing_scope",
    "invalid_auth",
    "token_revoked",
    "account_inactive",
    "message_limit_exceeded",
  ];
  for (const reason of reasons) {
    test(`${reason} stops, and has a Japanese remedy`, () => {
      const failure = failureOf(reason);
      assert.equal(failure.kind, "stop");
      const remedy = failure.kind === "stop" ? failure.remedy : "";
      assert.deepEqual(remedyIn("en", { reason, remedy }), { text: remedy, language: "en" });
      const japanese = remedyIn("ja", { reason, remedy });
      assert.equal(japanese.language, "ja");
      assert.match(japanese.text, /\p{Script=Hiragana}.*。$/u);
    });
  }

  test("a reason that nobody translated is shown as it is kept, as English", () => {
    const kept = { reason: "constructor", remedy: "Ask." };
    assert.deepEqual(remedyIn("ja", kept), { text: "Ask.", language: "en" });
  });
});
