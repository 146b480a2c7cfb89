/**
 * What would the message look like? Draws a composed Slack message for a terminal, so that `shirase simulate` shows
 * what people will read without a Slack. Knows the blocks that cards are made of; of any other it says the type.
 *
 * Nothing a finding says may reach the terminal as a command: every text loses its control characters here, and the
 * only escape codes are those added afterwards.
 */
import type { Message } from "./compose.ts";
import { isObject, type Json, type JsonObject } from "./event.ts";
import { oneLine } from "./slack-text.ts";
import { columnsOf } from "./terminal-columns.ts";
import { type Span, wrap } from "./text-wrap.ts";

export type RenderOptions = {
  /** Columns of the terminal; at least 20 are used. */
  readonly width: number;
  /** With ANSI colours and styles. */
  readonly color: boolean;
};

type Style = "plain" | "bold" | "code" | "link" | "dim";
type Line = readonly Span<Style>[];

const RESET = "\u001b[0m";
const ANSI: Readonly<Record<Style, string>> = {
  plain: "",
  bold: "\u001b[1m",
  code: "\u001b[36m",
  link: "\u001b[4m",
  dim: "\u001b[2m",
};

/**
 * A message as text of several lines, without a line break at the end.
 *
 * @param message - from compose; its texts are Slack's: escaped, with links and dates in `<…>`.
 */
export function renderMessage(message: Message, { width, color }: RenderOptions): string {
  const columns = Math.max(20, Math.floor(width));
  const draw = (line: Line): string => line.map((span) => drawSpan(span, color)).join("");
  const top = message.blocks.flatMap((block) => linesOf(block, columns)).map(draw);
  const attached = message.attachments.flatMap((attachment) => {
    const bar = color ? `${ansiColor(attachment.color)}▌${RESET} ` : "│ ";
    return attachment.blocks.flatMap((block) => linesOf(block, columns - 2)).map((line) => bar + draw(line));
  });
  return [...top, ...attached].map((line) => line.trimEnd()).join("\n");
}

function linesOf(block: JsonObject, columns: number): readonly Line[] {
  switch (block["type"]) {
    case "header":
      return wrap([{ text: textOf(block["text"]), style: "bold" }], columns);
    case "section":
      return [...textLines(block["text"], columns), ...fieldLines(block["fields"], columns)];
    case "context":
      return elementsOf(block["elements"]).flatMap((element) => dimmed(textLines(element, columns)));
    case "divider":
      return [[{ text: "─".repeat(columns), style: "dim" }]];
    default:
      return [[{ text: `[${oneLine(String(block["type"]))}]`, style: "dim" }]];
  }
}

/** A text object, wrapped; in mrkdwn a line break is one. */
function textLines(value: Json | undefined, columns: number): readonly Line[] {
  if (!isObject(value)) return [];
  return spansOf(value).flatMap((line) => wrap(line, columns));
}

/** Fields under each other, their labels in one column and their values beside it. */
function fieldLines(value: Json | undefined, columns: number): readonly Line[] {
  const fields = elementsOf(value).map((field) => {
    const [label = [], ...values] = spansOf(field);
    return { label, values };
  });
  const labelColumns = Math.max(0, ...fields.map(({ label }) => columnsOfLine(label)));
  const room = columns - labelColumns - 2;
  return fields.flatMap(({ label, values }) => {
    const wrapped = values.flatMap((line) => wrap(line, Math.max(10, room)));
    return wrapped.map((line, index) => [...padded(index === 0 ? label : [], labelColumns + 2), ...line]);
  });
}

function padded(label: Line, columns: number): Line {
  return [...label, { text: " ".repeat(Math.max(0, columns - columnsOfLine(label))), style: "plain" }];
}

function columnsOfLine(line: Line): number {
  return line.reduce((sum, { text }) => sum + columnsOf(text), 0);
}

function dimmed(lines: readonly Line[]): readonly Line[] {
  return lines.map((line) => line.map(({ text }) => ({ text, style: "dim" })));
}

function elementsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: Json | undefined): string {
  return isObject(value) ? oneLine(String(value["text"] ?? "")) : "";
}

/** The lines of a text object as spans; plain_text has no markup. */
function spansOf(value: JsonObject): readonly Line[] {
  const text = String(value["text"] ?? "");
  const isMarkup = value["type"] === "mrkdwn";
  return text.split("\n").map((line) => (isMarkup ? markupSpans(line) : [{ text: oneLine(line), style: "plain" }]));
}

const MARKUP = /<([^<>]*)>|`([^`]*)`|\*([^*]+)\*/g;

function markupSpans(line: string): Line {
  const spans: Span<Style>[] = [];
  let done = 0;
  for (const match of line.matchAll(MARKUP)) {
    const [whole, special, coded, bold] = match;
    spans.push(spanOf(line.slice(done, match.index), "plain"));
    if (special !== undefined) spans.push(specialSpan(special));
    else if (coded !== undefined) spans.push(spanOf(coded, "code"));
    else spans.push(spanOf(bold ?? "", "bold"));
    done = match.index + whole.length;
  }
  return [...spans, spanOf(line.slice(done), "plain")].filter((span) => span.text !== "");
}

/** A link shows its label, a date its fallback, a mention who is called. */
function specialSpan(inside: string): Span<Style> {
  const [target = "", label] = inside.split("|", 2);
  if (target.startsWith("!date^")) return spanOf(label ?? "", "plain");
  if (target.startsWith("!subteam^")) return spanOf(`@${target.slice("!subteam^".length)}`, "bold");
  if (target.startsWith("!") || target.startsWith("@")) return spanOf(`@${target.slice(1)}`, "bold");
  return spanOf(label ?? target, "link");
}

/** Spaces at the ends are layout here, so only what is between them is cleaned. */
function spanOf(escapedText: string, style: Style): Span<Style> {
  const text = escapedText.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const [, before = "", after = ""] = /^( *).*?( *)$/s.exec(text) ?? [];
  const clean = oneLine(text);
  return { text: clean === "" ? before : before + clean + after, style };
}

function drawSpan({ text, style }: Span<Style>, color: boolean): string {
  if (!color) return style === "link" ? `[${text}]` : text;
  return style === "plain" ? text : `${ANSI[style]}${text}${RESET}`;
}

/** `#rrggbb` as the nearest of the 216 colours that every terminal has. */
function ansiColor(hex: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(hex.slice(from, from + 2), 16);
    return Number.isNaN(part) ? 5 : Math.round((part / 255) * 5);
  });
  return `\u001b[38;5;${16 + 36 * red + 6 * green + blue}m`;
}
