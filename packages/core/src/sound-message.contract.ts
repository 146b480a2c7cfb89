/** What every message must be, whoever composed it: within Slack's limits, and free of what a finding told it to say. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "./compose.ts";
import type { JsonObject } from "./event.ts";
import { SLACK } from "./limits.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";

const GOLDEN = join(import.meta.dirname, "__golden__", "cards");

/** Compares with a golden file; GOLDEN=1 rewrites it. */
export function isGoldenCard(name: string, text: string): void {
  const path = join(GOLDEN, name);
  mkdirSync(GOLDEN, { recursive: true });
  if (process.env["GOLDEN"] === "1") writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"));
}

/** Fails unless Slack would take the message, and every mark-up in it is ours. */
export function assertSound(card: Message, customer: ResolvedCustomer): void {
  const blocks = [...card.blocks, ...card.attachments.flatMap((attachment) => attachment.blocks)];
  assert.ok(card.text.length > 0 && card.text.length <= SLACK.textChars);
  assert.ok(blocks.length <= SLACK.blocks);
  assert.ok(JSON.stringify(blocks).length <= SLACK.messageChars, String(JSON.stringify(blocks).length));
  for (const block of blocks) assertBlock(block);
  assertNoStrangersMarkup(card, customer);
}

function assertBlock(block: JsonObject): void {
  const size = (value: unknown): number => String((value as JsonObject)["text"]).length;
  if (block["type"] === "header") assert.ok(size(block["text"]) > 0 && size(block["text"]) <= SLACK.headerChars);
  if (block["text"] !== undefined) assert.ok(size(block["text"]) > 0 && size(block["text"]) <= SLACK.sectionChars);
  const { fields = [], elements = [] } = block as { fields?: readonly unknown[]; elements?: readonly unknown[] };
  assert.ok(fields.length <= SLACK.fields && elements.length <= SLACK.contextElements);
  for (const text of [...fields, ...elements]) assert.ok(size(text) > 0 && size(text) <= SLACK.fieldChars);
}

/** In mrkdwn every `<` must be ours: a date, a link with one of our labels, or a mention from the config. */
function assertNoStrangersMarkup(card: Message, customer: ResolvedCustomer): void {
  assert.doesNotMatch(card.text, /[<>]/);
  const mentions = Object.values(customer.slack.mention ?? {}).map((who) =>
    who === "here" ? "!here" : `!subteam^${who}`,
  );
  for (const text of mrkdwnTexts(card)) {
    for (const [, inside = ""] of text.matchAll(/<([^>]*)>/g)) {
      const isOurs =
        /^!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d-]+ [\d:]+ [\w+:-]+$/.test(inside) ||
        /^https?:\/\/[^|<>\s]+\|(?:How to fix it|Open in the AWS console|直し方を見る|AWSコンソールで開く)$/.test(
          inside,
        ) ||
        mentions.includes(inside);
      assert.ok(isOurs, `not ours: <${inside}>`);
    }
    assert.equal(text.split("`").length % 2, 1, `code is not closed: ${text}`);
    assert.doesNotMatch(text, /&(?!amp;|lt;|gt;)/);
    assert.ok(text.isWellFormed());
  }
}

function mrkdwnTexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnTexts);
  if (typeof value !== "object" || value === null) return [];
  const { type, text } = value as JsonObject;
  const own = type === "mrkdwn" ? [String(text)] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnTexts)];
}
