/**
 * HTML that cannot be broken out of. `markup` is hono's escaping template, made synchronous; `shown` is for text that
 * somebody else wrote: cut to a length, and what it hides from the eye is shown.
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

/** Controls but tab and line feed, whatever turns the direction of text, and what has no width. */
const UNSEEN = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const MOST_CHARACTERS = 300;

/**
 * Text that somebody else wrote, in a box of its own direction: at most `most` UTF-16 units, each character that could
 * hide or turn what is read replaced by its visible number.
 */
export function shown(text: string, most: number = MOST_CHARACTERS): Markup {
  const kept = text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text.toWellFormed();
  const parts: Markup[] = [];
  let from = 0;
  for (const match of kept.matchAll(UNSEEN)) {
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    parts.push(markup`${kept.slice(from, match.index)}<span class="unseen">U+${code}</span>`);
    from = match.index + match[0].length;
  }
  return markup`<bdi>${parts}${kept.slice(from)}</bdi>`;
}

/** The same for places that hold no elements, such as attributes and titles: each becomes U+FFFD. */
export function shownWord(text: string, most: number = MOST_CHARACTERS): string {
  const kept = text.length > most ? `${text.slice(0, most)}…` : text;
  return kept.toWellFormed().replace(UNSEEN, "\ufffd");
}

/** Text between the tags of a `textarea`: HTML leaves out a line feed that comes first there. */
export function typed(text: string): string {
  return `\n${text}`;
}

/** A text with a button that copies it; the page's script shows the button. */
export function copied(
  text: Markup,
  { words }: { readonly words: Readonly<Record<"copy" | "wasCopied", string>> },
): Markup {
  return markup`<div class="copied">${text}<button type="button" class="button" data-copied="${words.wasCopied}" hidden>${words.copy}</button> <small role="status"></small></div>`;
}

/** A link that leaves the console; only its words when the address is none to follow. */
export function linkOut(url: string | undefined, label: Markup | string): Markup {
  if (url === undefined || !/^https?:\/\/\S+$/i.test(url)) return markup`${label}`;
  return markup`<a href="${url}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}
