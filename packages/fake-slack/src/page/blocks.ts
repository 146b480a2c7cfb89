/**
 * Blocks and attachments as HTML. Images are named, not loaded: nothing on this page asks another machine for anything.
 * Controls that Slack would answer are shown but do nothing; only links work.
 */
import { isObject, type Json, type JsonObject } from "../json.ts";
import { link, type Markup, markup, NOTHING, safeHref, visible, visibleWord } from "./markup.ts";
import { renderMrkdwn, renderPlain, type TextContext } from "./mrkdwn.ts";
import { objects, renderRichText } from "./rich-text.ts";

/** Blocks in order. */
export function renderBlocks(blocks: readonly JsonObject[], context: TextContext): Markup {
  return markup`${blocks.map((block) => renderBlock(block, context))}`;
}

function renderBlock(block: JsonObject, context: TextContext): Markup {
  switch (block["type"]) {
    case "section":
      return renderSection(block, context);
    case "header":
      return markup`<div class="block header" role="heading" aria-level="4">${renderText(block["text"], context)}</div>`;
    case "context":
      return markup`<div class="block context">${objects(block["elements"]).map(
        (part) => markup`<span>${part["type"] === "image" ? imageNote(part) : renderText(part, context)}</span>`,
      )}</div>`;
    case "divider":
      return markup`<hr class="block">`;
    case "actions":
    case "context_actions":
      return markup`<div class="block actions">${objects(block["elements"]).map((part) => renderControl(part))}</div>`;
    case "image":
      return markup`<div class="block">${imageNote(block)}</div>`;
    case "rich_text":
      return renderRichText(block, context);
    case "markdown":
      return longText(
        String(block["text"] ?? ""),
        (text) => markup`<div class="block markdown">${visible(text)}</div>`,
      );
    case "table":
    case "data_table":
      return renderTable(block, context);
    case "container":
      return markup`<div class="block container">${renderText(block["title"], context)}${renderBlocks(
        objects(block["child_blocks"]),
        context,
      )}</div>`;
    case "card":
      return renderCard(block, context);
    case "carousel":
      return markup`<div class="block">${renderBlocks(objects(block["elements"]), context)}</div>`;
    default:
      return markup`<div class="block other">${String(block["type"])}: ${describeOther(block)}</div>`;
  }
}

/** Text of more than a screen gets its own scroll bar, reachable by keyboard. */
export function longText(text: string, render: (text: string) => Markup): Markup {
  if (text.length <= 3000) return render(text);
  const label = `${text.length} characters of text`;
  return markup`<div class="long" tabindex="0" role="region" aria-label="${label}">${render(text)}</div>`;
}

function renderSection(block: JsonObject, context: TextContext): Markup {
  const fields = objects(block["fields"]).map((field) => markup`<div>${renderText(field, context)}</div>`);
  const accessory = block["accessory"];
  return markup`<div class="block section"><div class="said">${
    block["text"] === undefined ? NOTHING : markup`<div>${renderText(block["text"], context)}</div>`
  }${fields.length > 0 ? markup`<div class="fields">${fields}</div>` : NOTHING}</div>${
    isObject(accessory) ? markup`<div class="accessory">${renderControl(accessory)}</div>` : NOTHING
  }</div>`;
}

/** A text object of either kind. */
function renderText(value: Json | undefined, context: TextContext): Markup {
  if (!isObject(value)) return NOTHING;
  const text = String(value["text"] ?? "");
  return value["type"] === "mrkdwn" ? renderMrkdwn(text, context) : renderPlain(text);
}

function renderControl(element: JsonObject): Markup {
  if (element["type"] === "image") return imageNote(element);
  const label = renderPlain(labelOf(element));
  const style = element["style"] === "primary" || element["style"] === "danger" ? element["style"] : "";
  const href = safeHref(String(element["url"] ?? ""));
  if (href !== undefined) return link(href, label, `button ${style}`);
  return markup`<span class="button inert ${style}" title="Slack would tell the app">${label}</span>`;
}

function labelOf(element: JsonObject): string {
  const text = element["text"] ?? element["placeholder"];
  if (isObject(text)) return String(text["text"] ?? "");
  const offered = objects(element["options"]).map((option) => (isObject(option["text"]) ? option["text"]["text"] : ""));
  return offered.length > 0 ? offered.join(" · ") : String(element["type"]).replaceAll("_", " ");
}

function imageNote(image: JsonObject): Markup {
  const said = String(image["alt_text"] ?? "image");
  return markup`<span class="image" role="img" aria-label="${visibleWord(said)}">▣ ${visible(said)}</span>`;
}

function renderTable(block: JsonObject, context: TextContext): Markup {
  const rows = Array.isArray(block["rows"]) ? block["rows"].map((row) => objects(row as Json)) : [];
  const body = rows.map(
    (row) =>
      markup`<tr>${row.map(
        (cell) =>
          markup`<td>${
            cell["type"] === "rich_text" ? renderRichText(cell, context) : visible(String(cell["text"] ?? ""))
          }</td>`,
      )}</tr>`,
  );
  return markup`<div class="block wide" tabindex="0" role="region" aria-label="table"><table>${body}</table></div>`;
}

function renderCard(block: JsonObject, context: TextContext): Markup {
  return markup`<div class="block container"><strong>${renderText(block["title"], context)}</strong>
    <div class="context">${renderText(block["subtitle"], context)}</div>
    <div>${renderText(block["body"], context)}</div>
    <div class="actions">${objects(block["actions"]).map((part) => renderControl(part))}</div></div>`;
}

function describeOther(block: JsonObject): Markup {
  const title = isObject(block["title"]) ? block["title"]["text"] : (block["title"] ?? block["alt_text"] ?? "");
  return visible(String(title));
}

/** Slack's three named colours of attachments. */
const COLORS: Readonly<Record<string, string>> = { good: "#2eb886", warning: "#daa038", danger: "#a30200" };

/** Attachments with their colour bar. The bar is an image, so that no style attribute is needed. */
export function renderAttachments(attachments: readonly JsonObject[], context: TextContext): Markup {
  return markup`${attachments.map((attachment) => {
    const named = String(attachment["color"] ?? "");
    const color = COLORS[named] ?? (/^#?[0-9a-f]{6}$/i.test(named) ? `#${named.replace("#", "")}` : "#dddddd");
    const bar = markup`<svg class="stripe" aria-hidden="true"><rect width="4" height="100%" rx="2" fill="${color}"/></svg>`;
    return markup`${legacyText(attachment["pretext"], context)}<div class="attachment">${bar}<div class="inside">${
      objects(attachment["blocks"]).length > 0
        ? renderBlocks(objects(attachment["blocks"]), context)
        : renderLegacy(attachment, context)
    }</div></div>`;
  })}`;
}

function renderLegacy(attachment: JsonObject, context: TextContext): Markup {
  const title = String(attachment["title"] ?? "");
  const titled = link(String(attachment["title_link"] ?? ""), visible(title));
  const fields = objects(attachment["fields"]).map(
    (field) =>
      markup`<div><strong>${visible(String(field["title"] ?? ""))}</strong><br>${renderMrkdwn(
        String(field["value"] ?? ""),
        context,
      )}</div>`,
  );
  return markup`${attachment["author_name"] === undefined ? NOTHING : markup`<div class="context">${visible(String(attachment["author_name"]))}</div>`}
    ${title === "" ? NOTHING : markup`<div><strong>${titled}</strong></div>`}
    ${legacyText(attachment["text"], context)}
    ${fields.length > 0 ? markup`<div class="fields">${fields}</div>` : NOTHING}
    ${attachment["footer"] === undefined ? NOTHING : markup`<div class="context">${visible(String(attachment["footer"]))}</div>`}`;
}

function legacyText(value: Json | undefined, context: TextContext): Markup {
  if (typeof value !== "string" || value === "") return NOTHING;
  return longText(value, (text) => markup`<div class="block">${renderMrkdwn(text, context)}</div>`);
}
