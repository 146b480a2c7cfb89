/**
 * A message as it was handed to chat.postMessage, as HTML: what Slack would show of it, harmless whatever it says. For
 * whoever shows messages without a fake Slack around them.
 */
import { isObject, type Json, type JsonObject } from "../json.ts";
import { longText, renderAttachments, renderBlocks } from "./blocks.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { renderMrkdwn, type TextContext } from "./mrkdwn.ts";

export type { TextContext } from "./mrkdwn.ts";

/** Its blocks, else its text; attachments stand below either. */
export function renderPosted(body: { readonly [key: string]: unknown }, context: TextContext): Markup {
  const blocks = objectsIn(body["blocks"]);
  const attachments = objectsIn(body["attachments"]);
  const text = typeof body["text"] === "string" ? body["text"] : "";
  const isText = blocks.length === 0 && attachments.length === 0 && text !== "";
  const said = (part: string): Markup => markup`<div class="block">${renderMrkdwn(part, context)}</div>`;
  return markup`${blocks.length > 0 ? renderBlocks(blocks, context) : isText ? longText(text, said) : NOTHING}${renderAttachments(attachments, context)}`;
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((one): one is JsonObject => isObject(one as Json)) : [];
}
