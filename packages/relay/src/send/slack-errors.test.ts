import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { DeliveryFailure } from "./destination.ts";
import { failureOf } from "./slack-errors.ts";

suite("failureOf", () => {
  const cases: ReadonlyArray<readonly [why: string, error: string, kind: DeliveryFailure["kind"]]> = [
    ["a limit said with HTTP 200", "ratelimited", "wait"],
    ["the same as webhooks spell it", "rate_limited", "wait"],
    ["a person must invite the app", "not_in_channel", "stop"],
    ["a person must unarchive", "is_archived", "stop"],
    ["a person must install the app again", "token_revoked", "stop"],
    ["the message is at fault", "msg_blocks_too_long", "reject"],
    ["Slack is at fault", "internal_error", "retry"],
    ["Slack does not know itself", "fatal_error", "retry"],
    ["an error of next year: late is better than lost", "some_new_error", "retry"],
    ["a name that every object has", "constructor", "retry"],
  ];
  for (const [why, error, kind] of cases) {
    test(`${why} (${error} -> ${kind})`, () => assert.equal(failureOf(error).kind, kind));
  }

  const scopes: ReadonlyArray<readonly [error: string, scope: "channel" | "workspace"]> = [
    ["channel_not_found", "channel"],
    ["restricted_action", "channel"],
    ["invalid_auth", "workspace"],
    ["account_inactive", "workspace"],
    ["missing_scope", "workspace"],
  ];
  for (const [error, scope] of scopes) {
    test(`${error} closes the ${scope}, and says what to do`, () => {
      const failure = failureOf(error);
      assert.ok(failure.kind === "stop");
      assert.equal(failure.scope, scope);
      assert.match(failure.remedy, /\.$/);
    });
  }
});
