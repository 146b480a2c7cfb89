/** The whole HTML document around the channels. */

import { raw } from "hono/html";
import { type ChannelsView, renderChannels } from "./channels.ts";
import { markup, NOTHING, visibleWord } from "./markup.ts";

/** What the page is called, where it stands, and what it shows. */
export type FakeSlackPage = ChannelsView & {
  /** The browser tab's title. */
  readonly title: string;
  /** A link back to whatever mounts this page. */
  readonly back?: { readonly href: string; readonly label: string } | undefined;
};

/** A complete document. It works without script; with it, new messages appear by themselves. */
export function fakeSlackPage(page: FakeSlackPage): string {
  const fragment = raw(renderChannels(page));
  const back = page.back;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${visibleWord(page.title)}</title>
<link rel="stylesheet" href="${page.basePath}/styles.css">
<script src="${page.basePath}/app.js" defer></script>
</head>
<body data-base="${page.basePath}">
<a class="skip" href="#main">Skip to messages</a>
<header class="bar"><p><strong>fake Slack</strong> · nothing leaves this machine</p>${
    back ? markup` <a href="${back.href}">${back.label}</a>` : NOTHING
  }<span id="live" role="status"></span></header>
<div class="frame" id="frame">${fragment}</div>
</body>
</html>`.toString();
}
