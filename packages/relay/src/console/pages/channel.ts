/** A customer's channel as Slack shows it: cards as they stand by now, each with its thread. Pure. */
import { recompose } from "@shirase/core/compose";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { filled } from "@shirase/core/text/fill";
import { renderPosted, type TextContext } from "@shirase/fake-slack/posted";
import { type Page, time, type View } from "../frame.ts";
import { type Markup, markup, NOTHING } from "../markup.ts";
import type { Conversation, MessageBody } from "../reads.ts";
import { customerHead } from "./customer.ts";
import { slackLink } from "./deliveries.ts";

export function channelPage(
  { customer, conversations }: { readonly customer: ResolvedCustomer; readonly conversations: readonly Conversation[] },
  view: View,
): Page {
  const { words } = view;
  const list = markup`<ol class="slack">${conversations.map((one) => markup`<li>${conversation(one, customer, view)}</li>`)}</ol>`;
  const body = markup`${customerHead(customer, "channel", view)}
<p class="dim">${words.channelWhat}</p>
<h2>${words.messages}</h2>
${conversations.length === 0 ? markup`<p class="empty">${words.noMessages}</p>` : list}`;
  return { title: `${customer.name} · ${words.channel}`, body, at: "overview", isLive: true };
}

function conversation(one: Conversation, customer: ResolvedCustomer, view: View): Markup {
  const { root, stands, replies, replyCount } = one;
  const { words } = view;
  const body = stands ? JSON.stringify(recompose(stands, customer)) : root.body;
  const older = replyCount - replies.length;
  return markup`${message(root, body, true, view)}${
    replies.length === 0
      ? NOTHING
      : markup`<details class="thread" id="thread-${root.seq}"><summary>${filled(words.replies, { count: String(replyCount) })}</summary>
${older > 0 ? markup`<p class="dim">${filled(words.olderReplies, { count: String(older) })}</p>` : NOTHING}
<ol>${replies.map((reply) => markup`<li>${message(reply, reply.body, false, view)}</li>`)}</ol></details>`
  }`;
}

function message(line: MessageBody, body: string, isRoot: boolean, view: View): Markup {
  const { words } = view;
  const states = {
    sent: markup`${time(line.endedAt ?? line.createdAt, view)} ${slackLink(line, view)}`,
    waiting: markup`<span class="bad">${words.waiting}</span>`,
    dead: markup`<a class="bad" href="/deliveries?state=dead">${words.dead}</a>`,
  };
  return markup`<article class="message">${isRoot ? markup`<h3 class="meta">${states[line.state]}</h3>` : markup`<p class="meta">${states[line.state]}</p>`}${posted(body, view)}</article>`;
}

/** A message as Slack would show it. */
export function posted(json: string, view: View): Markup {
  const context: TextContext = {
    now: view.now,
    locale: view.language,
    timeZone: view.timezone,
    userName: (id) => id,
    channelName: (id) => id,
  };
  return renderPosted(JSON.parse(json) as { readonly [key: string]: unknown }, context);
}
