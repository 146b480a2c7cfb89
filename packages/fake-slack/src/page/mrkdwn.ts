/**
 * How does Slack show this text? mrkdwn to HTML that is harmless whatever the text says.
 *
 * Nothing of the text reaches the page unescaped: code and `<…>` are taken out first and rendered one by one, the rest
 * is escaped when it is printed. Each pattern stops at its own delimiter, so 40,000 hostile characters cost linear time.
 * As in Slack, bold and its kin need a space or ASCII punctuation outside: a full-width letter beside `*` leaves it bare.
 */
import { type Reader, timeElement } from "./dates.ts";
import { emojiOf } from "./emoji.ts";
import { link, type Markup, markup, NOTHING, safeHref, visible } from "./markup.ts";

/** Who reads, and who ids are. */
export type TextContext = Reader & {
  readonly userName: (userId: string) => string;
  readonly channelName: (channelId: string) => string;
};

/** The whole of a mrkdwn text: preformatted parts, quotes, lines. */
export function renderMrkdwn(text: string, context: TextContext): Markup {
  // Private-use characters mark what was taken out below; the text's own must not be mistaken for them.
  const clean = text.replace(/[\ue000\ue001]/g, "\ufffd");
  const parts = clean.split(/\n?```\n?([\s\S]*?)\n?```\n?/);
  const rendered = parts.map((part, index) =>
    index % 2 === 1 ? markup`<pre>${visible(decode(part))}</pre>` : renderLines(part, context),
  );
  return markup`${rendered}`;
}

/** Text without markup, for plain_text objects: only emoji names mean something. */
export function renderPlain(text: string): Markup {
  const parts = text.split(/:([a-z0-9_+'-]{1,60}(?:::skin-tone-\d)?):/);
  return markup`${parts.map((part, index) => (index % 2 === 1 ? emoji(part) : withBreaks(part)))}`;
}

/** An emoji by name. */
export function emoji(name: string): Markup {
  const picture = emojiOf(name);
  if (picture === undefined) return markup`:${visible(name)}:`;
  return markup`<span class="emoji" role="img" aria-label="${name.replaceAll("_", " ")}">${picture}</span>`;
}

const QUOTE = /^(?:&gt;|>)\s?/;

function renderLines(text: string, context: TextContext): Markup {
  const groups: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const quoted = QUOTE.test(line);
    const last = groups.at(-1);
    const bare = quoted ? line.replace(QUOTE, "") : line;
    if (last?.quoted === quoted) last.lines.push(bare);
    else groups.push({ quoted, lines: [bare] });
  }
  return markup`${groups.map(({ quoted, lines }) => {
    const inside = renderInline(lines.join("\n"), context);
    return quoted ? markup`<blockquote>${inside}</blockquote>` : inside;
  })}`;
}

/** Takes out code and `<…>`, then formats what is left around them. */
function renderInline(text: string, context: TextContext): Markup {
  const taken: Markup[] = [];
  const rest = text.replace(/`([^`\n]+)`|<([^<>\n]+)>/g, (_, code: string | undefined, angle: string | undefined) => {
    taken.push(code === undefined ? renderAngle(angle ?? "", context) : markup`<code>${visible(decode(code))}</code>`);
    return `\ue000${taken.length - 1}\ue001`;
  });
  return renderStyled(rest, taken);
}

const BEFORE = String.raw`(?<=^|[\s!-)+,./:;=?@[\]^{|}\ue001*_~-])`;
const AFTER = String.raw`(?=$|[\s!-)+,./:;=?@[\]^{|}\ue000*_~-])`;
const STYLED = new RegExp(
  [
    String.raw`${BEFORE}\*(?<b>[^*\s](?:[^*\n]*[^*\s])?)\*${AFTER}`,
    String.raw`${BEFORE}_(?<i>[^_\s](?:[^_\n]*[^_\s])?)_${AFTER}`,
    String.raw`${BEFORE}~(?<s>[^~\s](?:[^~\n]*[^~\s])?)~${AFTER}`,
    String.raw`:(?<emoji>[a-z0-9_+'-]{1,60}(?:::skin-tone-\d)?):`,
    String.raw`(?<url>https?:\/\/[^\s<>"\ue000\ue001]+[^\s<>"'.,;:!?)\]\ue000\ue001])`,
  ].join("|"),
  "g",
);

function renderStyled(text: string, taken: readonly Markup[]): Markup {
  const parts: Markup[] = [];
  let from = 0;
  for (const match of text.matchAll(STYLED)) {
    parts.push(putBack(text.slice(from, match.index), taken), renderMatch(match.groups ?? {}, taken));
    from = match.index + match[0].length;
  }
  return from === 0 ? putBack(text, taken) : markup`${parts}${putBack(text.slice(from), taken)}`;
}

function renderMatch(found: Readonly<Record<string, string | undefined>>, taken: readonly Markup[]): Markup {
  if (found["b"] !== undefined) return markup`<strong>${renderStyled(found["b"], taken)}</strong>`;
  if (found["i"] !== undefined) return markup`<em>${renderStyled(found["i"], taken)}</em>`;
  if (found["s"] !== undefined) return markup`<s>${renderStyled(found["s"], taken)}</s>`;
  if (found["emoji"] !== undefined) return emoji(found["emoji"]);
  const url = decode(found["url"] ?? "");
  return link(url, visible(url));
}

function putBack(text: string, taken: readonly Markup[]): Markup {
  const parts = text.split(/\ue000(\d+)\ue001/);
  return markup`${parts.map((part, index) => (index % 2 === 1 ? (taken[Number(part)] ?? NOTHING) : withBreaks(decode(part))))}`;
}

/** What stands between `<` and `>`: a mention, a date, a link. */
function renderAngle(inside: string, context: TextContext): Markup {
  const [target = "", label] = splitOnce(inside, "|");
  if (target.startsWith("@")) return mention(`@${label ?? context.userName(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label ?? context.channelName(target.slice(1))}`);
  if (target.startsWith("!")) return renderSpecial(target.slice(1), label, context);
  const url = decode(target);
  if (safeHref(url) === undefined) return markup`&lt;${visible(decode(inside))}&gt;`;
  return link(url, visible(decode(label ?? target.replace(/^mailto:/, ""))));
}

function renderSpecial(command: string, label: string | undefined, context: TextContext): Markup {
  const [name = "", ...details] = command.split("^");
  if (name === "here" || name === "channel" || name === "everyone") return mention(`@${name}`);
  if (name === "subteam") return mention(`@${(label ?? details[0] ?? "group").replace(/^@/, "")}`);
  if (name === "date") return renderDate(details, label, context);
  return markup`&lt;${visible(decode(label ?? name))}&gt;`;
}

function renderDate(details: readonly string[], label: string | undefined, context: TextContext): Markup {
  const [epoch = "", template = "", url] = details;
  const at = new Date(Number(epoch) * 1000);
  if (!/^\d{1,12}$/.test(epoch) || Number.isNaN(at.getTime())) return visible(decode(label ?? ""));
  const time = timeElement(at, decode(template), context);
  return url === undefined ? time : link(decode(url), time);
}

function mention(text: string): Markup {
  return markup`<span class="mention">${visible(decode(text))}</span>`;
}

function withBreaks(text: string): Markup {
  const lines = text.split("\n");
  return markup`${lines.map((line, index) => (index === 0 ? visible(line) : markup`<br>${visible(line)}`))}`;
}

/** Slack's three entities, once: `&amp;lt;` is the text `&lt;`. */
function decode(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">" })[name] ?? "");
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
