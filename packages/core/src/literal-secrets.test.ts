import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { blotOut, findLiteralSecrets } from "./literal-secrets.ts";

suite("findLiteralSecrets", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, want: string | undefined]> = [
    ["a bot token", "token: xoxb-12345-abcdef # old", "xoxb-12345-abcdef"],
    ["a rotated token", "xoxe.xoxb-1-abcdef", "xoxe.xoxb-1-abcdef"],
    ["an app token", "xapp-1-A0123-abcdef", "xapp-1-A0123-abcdef"],
    [
      "a webhook's path is its secret",
      "https://hooks.slack.com/services/T0/B0/abc",
      "hooks.slack.com/services/T0/B0/abc",
    ],
    ["an access key id", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"],
    ["a name that says token is none", "slack-token: { ssm: /shirase/slack-token }", undefined],
    ["a prefix alone is none", "tokens begin with xoxb- or xapp-", undefined],
    ["a channel id is none", "C0ACME00000 T0123456789 S0ONCALL000", undefined],
    ["part of a longer word is none", "NOTAKIAIOSFODNN7EXAMPLE", undefined],
  ];
  for (const [why, text, want] of cases) {
    test(why, () => {
      const [span, second] = findLiteralSecrets(text);
      assert.equal(span && text.slice(span.start, span.end), want);
      assert.equal(second, undefined);
    });
  }

  test("a megabyte of almost-tokens is read in linear time", () => {
    assert.equal(findLiteralSecrets("xoxb-xoxe.xoxe.AKIA".repeat(50_000)).length > 0, true);
  });
});

suite("blotOut", () => {
  test("keeps every column and every line", () => {
    assert.equal(blotOut("a: 12\n34 b", [{ start: 3, end: 8 }]), "a: **\n** b");
  });
  test("takes spans in any order, overlapping ones too", () => {
    const spans = [
      { start: 4, end: 6 },
      { start: 0, end: 2 },
      { start: 1, end: 3 },
    ];
    assert.equal(blotOut("abcdefg", spans), "***d**g");
  });
});
