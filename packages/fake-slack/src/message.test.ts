import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { toArgs } from "./call.ts";
import type { Json, JsonObject } from "./json.ts";
import { SLACK_LIMITS } from "./limits.ts";
import { toPayload, validateMessage } from "./message.ts";

const text = (length: number): JsonObject => ({ type: "section", text: { type: "mrkdwn", text: "x".repeat(length) } });
const sections = (count: number, length: number): readonly Json[] => Array.from({ length: count }, () => text(length));
const divider = { type: "divider" };
const metadata = (payload: Json, type: Json = "notice_sent"): JsonObject => ({
  text: "x",
  metadata: { event_type: type, event_payload: payload },
});
/** JSON of exactly that many bytes around one string. */
const sized = (bytes: number): JsonObject => {
  const empty = JSON.stringify({ event_type: "e", event_payload: { a: "" } }).length;
  return metadata({ a: "x".repeat(bytes - empty) }, "e");
};

suite("validateMessage", () => {
  const cases: ReadonlyArray<readonly [why: string, body: JsonObject, error: string | undefined, pointer?: string]> = [
    ["text alone is a message", { text: "x" }, undefined],
    ["blocks alone are a message", { blocks: [divider] }, undefined],
    ["attachments alone are a message", { attachments: [{ text: "x" }] }, undefined],
    ["nothing is not", {}, "no_text", "/text"],
    ["neither is empty text with empty blocks", { text: "", blocks: [] }, "no_text", "/text"],
    ["blocks may be a JSON string, as in a form", { blocks: JSON.stringify([divider]) }, undefined],
    ["a string that is no JSON", { blocks: "[{" }, "invalid_blocks_format", "/blocks"],
    ["one object instead of a list", { blocks: divider }, "invalid_blocks_format", "/blocks"],
    ["11,000 characters of blocks", { blocks: sections(4, 2750) }, undefined],
    ["one more is too long", { blocks: [...sections(4, 2750), text(1)] }, "msg_blocks_too_long", "/blocks"],
    [
      "the sum counts blocks inside attachments too",
      { blocks: sections(2, 2750), attachments: [{ color: "#fff000", blocks: sections(2, 2751) }] },
      "msg_blocks_too_long",
      "/blocks",
    ],
    ["100 attachments", { attachments: Array.from({ length: 100 }, () => ({ text: "x" })) }, undefined],
    [
      "101 attachments",
      { attachments: Array.from({ length: 101 }, () => ({ text: "x" })) },
      "too_many_attachments",
      "/attachments",
    ],
    [
      "a colour and a fallback beside blocks",
      { attachments: [{ color: "good", fallback: "x", blocks: [divider] }] },
      undefined,
    ],
    [
      "legacy fields beside blocks are refused",
      { attachments: [{ footer: "x", blocks: [divider] }] },
      "invalid_attachments",
      "/attachments/0",
    ],
    [
      "51 blocks in an attachment",
      { attachments: [{ blocks: Array.from({ length: 51 }, () => divider) }] },
      "invalid_attachments",
      "/attachments/0/blocks",
    ],
    [
      "a bad block in an attachment is the attachment's fault",
      { attachments: [{ blocks: [{ type: "section" }] }] },
      "invalid_attachments",
      "/attachments/0/blocks/0/type",
    ],
    ["flat metadata", metadata({ id: "x", count: 2, isNew: true }), undefined],
    ["metadata one level deep", metadata({ customer: { id: "acme" }, list: [{ a: 1 }, "b"] }), undefined],
    [
      "metadata two levels deep",
      metadata({ customer: { account: { id: "x" } } }),
      "invalid_metadata_schema",
      "/metadata/event_payload/customer",
    ],
    ["null in metadata", metadata({ id: null }), "invalid_metadata_schema", "/metadata/event_payload/id"],
    ["an event type with a dash", metadata({}, "notice-sent"), "invalid_metadata_format", "/metadata/event_type"],
    [
      "metadata without a payload",
      { text: "x", metadata: { event_type: "e" } },
      "invalid_metadata_format",
      "/metadata",
    ],
    ["metadata that is no JSON", { text: "x", metadata: "{" }, "invalid_metadata_format", "/metadata"],
    ["8,192 bytes of metadata", sized(8192), undefined],
    ["one byte more", sized(8193), "metadata_too_large", "/metadata"],
    ["empty metadata takes it away", { text: "x", metadata: {} }, undefined],
  ];
  for (const [why, body, error, pointer] of cases) {
    test(`${why} -> ${error ?? "accepted"}`, () => {
      const first = validateMessage(body)[0];
      assert.deepEqual([first?.error, first?.pointer], [error, pointer]);
    });
  }
});

suite("what is cut without a refusal", () => {
  const cases: ReadonlyArray<readonly [why: string, body: JsonObject, length: number, cut: boolean, split: boolean]> = [
    ["4,000 characters stay one message", { text: "x".repeat(4000) }, 4000, false, false],
    ["more may be split", { text: "x".repeat(4001) }, 4001, false, true],
    ["text under blocks is not shown, so not split", { text: "x".repeat(4001), blocks: [divider] }, 4001, false, false],
    ["40,000 characters are kept", { text: "x".repeat(40_000) }, 40_000, false, true],
    ["the rest is cut", { text: "x".repeat(40_001) }, 40_000, true, true],
  ];
  for (const [why, body, length, cut, split] of cases) {
    test(why, () => {
      const made = toPayload(toArgs(body), SLACK_LIMITS);
      assert.deepEqual([made.payload.text.length, made.isTruncated, made.isSplit], [length, cut, split]);
    });
  }
  test("an attachment's text is cut at 8,000", () => {
    const made = toPayload(toArgs({ attachments: [{ text: "x".repeat(8001) }] }), SLACK_LIMITS);
    assert.deepEqual([String(made.payload.attachments[0]?.["text"]).length, made.isTruncated], [8000, true]);
  });
});
