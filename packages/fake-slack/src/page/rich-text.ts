/** rich_text blocks as HTML: sections, lists, quotes, preformatted text and the pieces inside a line. */
import { isObject, type Json, type JsonObject } from "../json.ts";
import { timeElement } from "./dates.ts";
import { link, type Markup, markup, NOTHING, visible } from "./markup.ts";
import { emoji, type TextContext } from "./mrkdwn.ts";

/** One rich_text block. */
export function renderRichText(block: JsonObject, context: TextContext): Markup {
  return markup`<div class="rich">${objects(block["elements"]).map((part) => renderPart(part, context))}</div>`;
}

function renderPart(part: JsonObject, context: TextContext): Markup {
  const inside = () => objects(part["elements"]).map((piece) => renderPiece(piece, context));
  switch (part["type"]) {
    case "rich_text_section":
      return markup`<p>${inside()}</p>`;
    case "rich_text_quote":
      return markup`<blockquote>${inside()}</blockquote>`;
    case "rich_text_preformatted":
      return markup`<pre>${inside()}</pre>`;
    case "rich_text_list":
      return renderList(part, context);
    default:
      return NOTHING;
  }
}

function renderList(part: JsonObject, context: TextContext): Markup {
  const items = objects(part["elements"]).map(
    (item) => markup`<li>${objects(item["elements"]).map((piece) => renderPiece(piece, context))}</li>`,
  );
  const indent = `indent-${Number(part["indent"] ?? 0)}`;
  if (part["style"] === "ordered") return markup`<ol class="${indent}">${items}</ol>`;
  return markup`<ul class="${indent}">${items}</ul>`;
}

function renderPiece(piece: JsonObject, context: TextContext): Markup {
  return styled(isObject(piece["style"]) ? piece["style"] : {}, renderBare(piece, context));
}

function renderBare(piece: JsonObject, context: TextContext): Markup {
  const text = (name: string): string => String(piece[name] ?? "");
  switch (piece["type"]) {
    case "text":
      return visible(text("text"));
    case "link":
      return link(text("url"), visible(text("text") || text("url")));
    case "emoji":
      return emoji(text("name"));
    case "user":
      return mention(`@${context.userName(text("user_id"))}`);
    case "channel":
      return mention(`#${context.channelName(text("channel_id"))}`);
    case "usergroup":
      return mention(`@${text("usergroup_id")}`);
    case "broadcast":
      return mention(`@${text("range")}`);
    case "date":
      return timeElement(new Date(Number(piece["timestamp"]) * 1000), text("format"), context);
    default:
      return visible(text("value") || text("text"));
  }
}

function mention(text: string): Markup {
  return markup`<span class="mention">${visible(text)}</span>`;
}

function styled(style: JsonObject, inside: Markup): Markup {
  let made = inside;
  if (style["code"] === true) made = markup`<code>${made}</code>`;
  if (style["strike"] === true) made = markup`<s>${made}</s>`;
  if (style["italic"] === true) made = markup`<em>${made}</em>`;
  if (style["bold"] === true) made = markup`<strong>${made}</strong>`;
  return made;
}

/** The objects of a list; anything else counts as an empty list, since blocks were checked when they came. */
export function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
