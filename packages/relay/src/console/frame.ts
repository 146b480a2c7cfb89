/** What is around every page: the bar with its links, the language, whether the page is live. Pure. */

import { filled } from "@shirase/core/text/fill";
import type { Language } from "@shirase/core/text/wording";
import { localTime } from "@shirase/core/times";
import { type Markup, markup, NOTHING, shownWord } from "./markup.ts";
import { WORDS, type Words } from "./words.ts";

/** For whom and when a page is made. */
export type View = {
  readonly language: Language;
  readonly words: Words;
  /** IANA name; times are shown in it. */
  readonly timezone: string;
  readonly now: Date;
  /** For forms. */
  readonly token: string;
  /** Who is signed in; undefined on a console without login. */
  readonly who: string | undefined;
  /** Buttons that change something are shown to those who may press them only. */
  readonly mayAct: boolean;
  /** False: of some customers only; what belongs to the whole hub is not for them. */
  readonly seesAll: boolean;
  /** Where the page is, with its query. */
  readonly path: string;
};

/** A page before it is framed. */
export type Page = {
  readonly title: string;
  readonly body: Markup;
  /** Which link of the bar it belongs to. */
  readonly at: "overview" | "deliveries" | "playground" | "setup" | "audit" | undefined;
  /** It follows what happens; a form that somebody may be filling in must not be swapped away. */
  readonly isLive: boolean;
};

const LINKS = [
  ["overview", "/"],
  ["deliveries", "/deliveries"],
  ["playground", "/playground"],
  ["setup", "/setup"],
  ["audit", "/audit"],
] as const;

/** A whole document. It works without script; with it, what changed appears by itself. */
export function framed(page: Page, view: View): string {
  const { language, words } = view;
  const links = LINKS.filter(([name]) => view.seesAll || name !== "audit");
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${shownWord(page.title, 80)} · shirase</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/styles.css">
<script src="/assets/console.js" type="module"></script>
</head>
<body data-live="${page.isLive ? words.live : ""}" data-lost="${words.notLive}">
<a class="skip" href="#main">${words.skip}</a>
<header class="bar"><a class="brand" href="/">${words.product}</a>
<nav aria-label="${words.pages}"><ul>${links.map(
    ([name, href]) =>
      markup`<li><a href="${href}"${page.at === name ? markup` aria-current="page"` : NOTHING}>${words[name]}</a></li>`,
  )}</ul></nav>
<span class="live" id="live" role="status"></span>
${languageLink(view)}${signOut(view)}</header>
<main id="main" tabindex="-1">${main(page, view)}</main>
</body>
</html>`.toString();
}

/** What is swapped when something changed. */
export function main(page: Page, { now, timezone, words }: View): Markup {
  const time = localTime(now, timezone);
  return markup`${page.body}
<footer class="foot">${filled(words.asOf, { time })}</footer>`;
}

function languageLink({ language, words, path }: View): Markup {
  const other = language === "en" ? "ja" : "en";
  const href = `/language/${other}?to=${encodeURIComponent(path)}`;
  return markup`<a class="language" href="${href}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>`;
}

function signOut({ who, token, words }: View): Markup {
  if (who === undefined) return NOTHING;
  return markup`<form class="leave" method="post" action="/logout"><input type="hidden" name="token" value="${token}">
<span>${who}</span> <button>${words.signOut}</button></form>`;
}

/** Words, language and the rest of a view. */
export function viewOf(parts: Omit<View, "words">): View {
  return { ...parts, words: WORDS[parts.language] };
}

/** A point in time, readable and exact. */
export function time(at: Date, { timezone }: View): Markup {
  return markup`<time datetime="${at.toISOString()}">${localTime(at, timezone)}</time>`;
}
