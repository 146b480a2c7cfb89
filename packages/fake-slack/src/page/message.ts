/**
 * One message as Slack shows it, and under it its thread, folded. What Slack did to a message without telling the app
 * (hidden, cut, split, not threaded) is said beside the time.
 */
import type { LedgerEntry } from "../ledger.ts";
import { longText, renderAttachments, renderBlocks } from "./blocks.ts";
import { instantOf, timeElement } from "./dates.ts";
import { type Markup, markup, NOTHING, visible } from "./markup.ts";
import { emoji, renderMrkdwn, renderPlain, type TextContext } from "./mrkdwn.ts";

/** Where messages are shown. */
export type MessageContext = TextContext & {
  /** What the page is mounted under, without a slash at the end; links to messages begin with it. */
  readonly basePath: string;
  /** The `ts` that a permalink asked for. */
  readonly wanted: string | undefined;
};

/** Replies shown at most in one thread; older ones are only counted. */
const REPLIES_MAX = 300;

/** A root and what was replied to it. */
export type Conversation = { readonly root: LedgerEntry; readonly replies: readonly LedgerEntry[] };

/** A root with its thread. `follows` leaves the name and picture out, as Slack does for messages in a row. */
export function renderConversation({ root, replies }: Conversation, follows: boolean, context: MessageContext): Markup {
  return markup`<li>${renderMessage(root, follows, context)}${replies.length > 0 ? renderThread(root, replies, context) : NOTHING}</li>`;
}

function renderThread(root: LedgerEntry, replies: readonly LedgerEntry[], context: MessageContext): Markup {
  const isWanted = replies.some((reply) => reply.ts === context.wanted);
  const latest = replies.at(-1) ?? root;
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  const shown = replies.slice(-REPLIES_MAX);
  const left = replies.length - shown.length;
  return markup`<details class="thread" id="thread-${root.ts}"${isWanted ? markup` open` : NOTHING}>
    <summary><span>${count}</span> <small>Last reply ${timeElement(instantOf(latest.ts), "{date_short_pretty} {time}", context)}</small></summary>
    ${left > 0 ? markup`<p class="empty">${left} older replies are not shown.</p>` : NOTHING}
    <ol>${shown.map((reply, index) => markup`<li>${renderMessage(reply, follows(shown[index - 1], reply), context)}</li>`)}</ol>
  </details>`;
}

/** Whether a message stands under the one before it without a name: plain text of the same sender within 5 minutes. */
export function follows(before: LedgerEntry | undefined, entry: LedgerEntry): boolean {
  if (!before || before.deletedAt || before.bot.id !== entry.bot.id) return false;
  if (before.shown.username !== entry.shown.username) return false;
  if (entry.shown.blocks.length + entry.shown.attachments.length > 0) return false;
  return Number(entry.ts) - Number(before.ts) < 300 && !entry.reply_broadcast;
}

function renderMessage(entry: LedgerEntry, isFollowing: boolean, context: MessageContext): Markup {
  if (entry.deletedAt)
    return markup`<article class="message gone" id="m-${entry.ts}"><p>This message was deleted.</p></article>`;
  const classes = ["message", isFollowing ? "follows" : "", entry.hidden ? "hidden" : ""].filter((name) => name !== "");
  const name = entry.shown.username ?? entry.bot.name;
  const heading = isFollowing
    ? markup`<header class="side">${stamp(entry, context)}</header>`
    : markup`${avatar(entry, name)}<header><b>${visible(name)}</b> <span class="badge">APP</span> ${stamp(entry, context)}${notes(entry)}</header>`;
  return markup`<article class="${classes.join(" ")}" id="m-${entry.ts}">${heading}<div class="body">${renderContent(entry, context)}${
    isFollowing ? notes(entry) : NOTHING
  }${reactions(entry)}</div></article>`;
}

/** Blocks take the place of the text; attachments stand below either. */
function renderContent(entry: LedgerEntry, context: MessageContext): Markup {
  const { text, blocks, attachments, mrkdwn } = entry.shown;
  const render = (said: string) => (mrkdwn ? renderMrkdwn(said, context) : renderPlain(said));
  const main =
    blocks.length > 0
      ? renderBlocks(blocks, context)
      : text === ""
        ? NOTHING
        : longText(text, (said) => markup`<div class="block">${render(said)}</div>`);
  return markup`${main}${renderAttachments(attachments, context)}`;
}

function avatar(entry: LedgerEntry, name: string): Markup {
  const icon = entry.shown.icon_emoji;
  const picture = icon === undefined ? markup`${[...name][0]?.toUpperCase() ?? "?"}` : emoji(icon.replaceAll(":", ""));
  return markup`<span class="avatar" aria-hidden="true">${picture}</span>`;
}

function stamp(entry: LedgerEntry, context: MessageContext): Markup {
  const href = `${context.basePath}/archives/${entry.channel}/p${entry.ts.replace(".", "")}`;
  return markup`<a class="stamp" href="${href}">${timeElement(instantOf(entry.ts), "{time}", context)}</a>`;
}

const NOTES = {
  hidden: ["hidden by Slack", "Accepted with ok: true above the rate limit. Nobody ever sees it."],
  truncated: ["cut", "Longer than Slack keeps; the rest is lost."],
  split: ["may be split", "Text of this length may be shown as several messages."],
  unthreaded: ["not threaded", "Its thread_ts named no message, so Slack posted it to the channel."],
  reply_broadcast: ["replied to a thread", "Also sent to the channel."],
} satisfies Partial<Record<keyof LedgerEntry, readonly [string, string]>>;

function notes(entry: LedgerEntry): Markup {
  const flags = Object.entries(NOTES)
    .filter(([name]) => entry[name as keyof typeof NOTES])
    .map(([, [label, why]]) => markup` <span class="note" title="${why}">${label}</span>`);
  const edits = entry.edits.length;
  const edited = edits === 0 ? NOTHING : markup` <span class="quiet" title="${edits} edits">(edited)</span>`;
  return markup`${flags}${edited}`;
}

function reactions(entry: LedgerEntry): Markup {
  if (entry.reactions.length === 0) return NOTHING;
  return markup`<div class="reactions">${entry.reactions.map((name) => markup`<span>${emoji(name)} 1</span>`)}</div>`;
}
