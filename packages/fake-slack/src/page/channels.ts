/** The page's two parts that change: the list of channels, and what the open one shows. */
import type { Channel } from "../channel.ts";
import type { Counters, LedgerEntry, Refusal } from "../ledger.ts";
import { dayOf, formatTemplate, instantOf, timeElement } from "./dates.ts";
import { type Markup, markup, NOTHING, visible } from "./markup.ts";
import { type Conversation, follows, type MessageContext, renderConversation } from "./message.ts";

/** Everything `renderChannels` prints. */
export type ChannelsView = MessageContext & {
  readonly workspaceName: string;
  readonly channels: readonly (Channel & { readonly count: number })[];
  /** What is open: a channel with all its messages, the list of refusals, or nothing yet. */
  readonly open:
    | { readonly kind: "channel"; readonly channel: Channel; readonly entries: readonly LedgerEntry[] }
    | { readonly kind: "refusals"; readonly refusals: readonly Refusal[] }
    | { readonly kind: "nothing" };
  readonly counters: Counters;
};

/** Roots shown at most; older ones are only counted. */
const ROOTS_MAX = 200;
const REFUSALS_MAX = 200;

/** The channel list and the open channel as an HTML fragment, safe whatever the messages say. */
export function renderChannels(view: ChannelsView): string {
  return markup`${renderNav(view)}${renderMain(view)}`.toString();
}

function renderNav(view: ChannelsView): Markup {
  const openId = view.open.kind === "channel" ? view.open.channel.id : undefined;
  const { accepted, refused, rateLimited } = view.counters;
  const refusalsOpen = view.open.kind === "refusals";
  return markup`<nav class="channels" aria-label="Channels">
    <h1>${visible(view.workspaceName)}</h1>
    <ul>${view.channels.map(
      (channel) => markup`<li><a href="${view.basePath}/archives/${channel.id}"${current(channel.id === openId)}>
        <span class="sign" aria-hidden="true">${sign(channel)}</span><span class="name">${visible(channel.name)}</span>
        ${channel.count > 0 ? markup`<span class="count" aria-label="${channel.count} messages">${channel.count}</span>` : NOTHING}</a></li>`,
    )}</ul>
    <p class="tally"><span>${accepted} accepted</span> <a href="${view.basePath}/refused"${current(refusalsOpen)}>${refused} refused</a>
      ${rateLimited > 0 ? markup`<span>${rateLimited} × 429</span>` : NOTHING}</p>
  </nav>`;
}

function current(isCurrent: boolean): Markup {
  return isCurrent ? markup` aria-current="page"` : NOTHING;
}

function sign(channel: Channel): Markup {
  if (channel.isArchived) return markup`▤`;
  return channel.isPrivate ? LOCK : markup`#`;
}

/** A padlock in the colour of the text around it; the emoji would be orange in a grey list. */
const LOCK = markup`<svg width="11" height="12" viewBox="0 0 11 12" fill="none" stroke="currentColor" stroke-width="1.4">
  <rect x="1" y="5" width="9" height="6" rx="1.2"/><path d="M3 5V3.4a2.5 2.5 0 0 1 5 0V5"/></svg>`;

function renderMain(view: ChannelsView): Markup {
  switch (view.open.kind) {
    case "channel":
      return renderChannel(view.open.channel, view.open.entries, view);
    case "refusals":
      return renderRefusals(view.open.refusals, view);
    case "nothing":
      return markup`<main id="main" tabindex="-1"><p class="empty">This workspace has no channels.</p></main>`;
  }
}

function renderChannel(channel: Channel, entries: readonly LedgerEntry[], context: MessageContext): Markup {
  const tags = [
    channel.isPrivate ? "private" : "",
    channel.isArchived ? "archived" : "",
    channel.isExtShared ? "shared with another company" : "",
    channel.isMember ? "" : "the app is not a member",
  ].filter((tag) => tag !== "");
  const conversations = toConversations(entries);
  const shown = conversations.slice(-ROOTS_MAX);
  const left = conversations.length - shown.length;
  return markup`<main id="main" tabindex="-1">
    <header class="channel"><h2><span class="sign" aria-hidden="true">${sign(channel)}</span>${visible(channel.name)}</h2>
      ${tags.map((tag) => markup`<span class="tag">${tag}</span>`)}<span class="topic">${visible(channel.topic)}</span></header>
    <div class="scroll" id="scroll" tabindex="0" role="region" aria-label="Messages"><div class="messages">
      ${left > 0 ? markup`<p class="empty">${left} older messages are not shown.</p>` : NOTHING}
      ${shown.length === 0 ? markup`<p class="empty">Nothing has been said here yet.</p>` : renderDays(shown, context)}
    </div></div></main>`;
}

/** Roots and broadcast replies in order, each root with its thread. */
function toConversations(entries: readonly LedgerEntry[]): readonly Conversation[] {
  const replies = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    if (entry.thread_ts === undefined || entry.deletedAt) continue;
    const siblings = replies.get(entry.thread_ts);
    if (siblings) siblings.push(entry);
    else replies.set(entry.thread_ts, [entry]);
  }
  return entries
    .filter((entry) => entry.thread_ts === undefined || entry.reply_broadcast)
    .map((root) => ({ root, replies: replies.get(root.ts) ?? [] }))
    .filter(({ root, replies: own }) => !root.deletedAt || own.length > 0);
}

function renderDays(conversations: readonly Conversation[], context: MessageContext): Markup {
  const days = byDay(conversations, context);
  return markup`${[...days.values()].map((sameDay) => {
    const first = sameDay[0];
    const title = first ? formatTemplate(instantOf(first.root.ts), "{day_divider_pretty}", context) : "";
    return markup`<section aria-label="${title}"><h3><span>${title}</span></h3><ol>${sameDay.map((one, index) => {
      const before = sameDay[index - 1];
      // After a thread the next message gets its name again, or it would seem to belong to the thread.
      const isFollowing = before !== undefined && before.replies.length === 0 && follows(before.root, one.root);
      return renderConversation(one, isFollowing, context);
    })}</ol></section>`;
  })}`;
}

function renderRefusals(refusals: readonly Refusal[], context: MessageContext): Markup {
  const latest = refusals.slice(-REFUSALS_MAX).toReversed();
  return markup`<main id="main" tabindex="-1"><header class="channel"><h2>Refused calls</h2>
    <span class="topic">newest first${refusals.length > REFUSALS_MAX ? `, the last ${REFUSALS_MAX} of ${refusals.length}` : ""}</span></header>
    <div class="scroll plain" id="scroll" tabindex="0" role="region" aria-label="Refused calls">
    ${latest.length === 0 ? markup`<p class="empty">Nothing has been refused.</p>` : renderRefusalTable(latest, context)}</div></main>`;
}

function renderRefusalTable(refusals: readonly Refusal[], context: MessageContext): Markup {
  const rows = refusals.map(
    (one) => markup`<tr><td>${timeElement(one.receivedAt, "{time_secs}", context)}</td><td>${visible(one.method)}</td>
      <td>${visible(one.channel ?? "")}</td><td>${one.status === 0 ? "cut" : one.status}</td>
      <td><code>${visible(one.error)}</code>${one.detail.map((line) => markup`<br>${visible(line)}`)}</td></tr>`,
  );
  return markup`<table class="refusals"><thead><tr><th scope="col">Time</th><th scope="col">Method</th><th scope="col">Channel</th>
    <th scope="col">HTTP</th><th scope="col">Error</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function byDay(
  conversations: readonly Conversation[],
  context: MessageContext,
): ReadonlyMap<string, readonly Conversation[]> {
  const days = new Map<string, Conversation[]>();
  for (const conversation of conversations) {
    const day = dayOf(instantOf(conversation.root.ts), context);
    const same = days.get(day);
    if (same) same.push(conversation);
    else days.set(day, [conversation]);
  }
  return days;
}
