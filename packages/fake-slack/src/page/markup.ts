/**
 * HTML that cannot be broken out of. `markup` is hono's escaping template, made synchronous; `visible` is for text that
 * somebody else wrote: what it hides from the eye, it shows.
 */
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** Finished HTML. A plain string put into `markup` is escaped; this is not. */
export type Markup = HtmlEscapedString;

/** A template whose values are escaped unless they are markup themselves. `false`, `null` and `undefined` print nothing. */
export function markup(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  const made = html(strings, ...values);
  // hono answers a promise only when a value is one, and no value here ever is.
  if (made instanceof Promise) throw new TypeError("a page part may not be a promise");
  return made;
}

/** Nothing. */
export const NOTHING: Markup = markup``;

/** C0 and C1 controls but tab and line feed, the marks and overrides of text direction, and invisible joiners. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text as it is, with every character that could hide or reorder text replaced by its visible code point.
 *
 * Slack shows such characters raw. A test page should not: a finding that writes backwards must look strange.
 */
export function visible(text: string): Markup {
  const parts: Markup[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    parts.push(
      markup`${text.slice(from, match.index)}<span class="unseen" title="a character without a shape">U+${code}</span>`,
    );
    from = match.index + match[0].length;
  }
  if (from === 0) return markup`${text}`;
  return markup`${parts}${text.slice(from)}`;
}

/** The same for places that hold no elements, such as attributes and the title: each becomes U+FFFD. */
export function visibleWord(text: string): string {
  return text.replace(UNSEEN, "\ufffd");
}

/** The address if a browser may follow it: http, https, mailto or tel. Never `javascript:` or `data:`. */
export function safeHref(url: string): string | undefined {
  return /^(?:https?:\/\/|mailto:|tel:)\S+$/i.test(url) ? url : undefined;
}

/** A link that tells its target nothing, or the bare label when the address is not one to follow. */
export function link(url: string, label: Markup, className = ""): Markup {
  const href = safeHref(url);
  if (href === undefined) return label;
  return markup`<a href="${href}" class="${className}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}
