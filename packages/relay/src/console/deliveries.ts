/** Deliveries: what is read for the page, what its buttons do, the way to a message in Slack. */
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { deliveriesPage } from "./pages/deliveries.ts";
import { messagePage } from "./pages/message.ts";
import type { MessageState } from "./reads.ts";
import { whoActs } from "./visitor.ts";

const PAGE_ROWS = 50;
const MOST_QUARANTINED = 20;

/** The page as its query asks. Nothing asked: the dead letters, else what waits, else what was sent. */
export async function deliveries(context: Context, desk: Desk, view: View): Promise<Page> {
  const { reads, store, customers } = desk;
  const query = (name: string): string | undefined => context.req.query(name) || undefined;
  const [pauses, backlogs, stats] = await Promise.all([store.pauses(), reads.backlogs(), store.stats()]);
  const filter = { customerId: query("customer"), channelId: query("channel") };
  const asked = query("state");
  const isDead = stats.deadByCustomer.size > 0;
  const state = isState(asked) ? asked : isDead ? "dead" : backlogs.length > 0 ? "waiting" : "sent";
  const before = Number(query("before"));
  const [messages, quarantined] = await Promise.all([
    reads.messages({ ...filter, state, before: before > 0 ? before : undefined, limit: PAGE_ROWS }),
    reads.quarantined(MOST_QUARANTINED),
  ]);
  const redriven = query("redriven");
  const named = [...customers.values()].map(({ id, name, slack }) => ({ id, name, channelId: slack.channel }));
  return deliveriesPage(
    {
      ...filter,
      state,
      customers: named,
      pauses,
      backlogs,
      messages,
      quarantined,
      quarantinedInAll: stats.quarantined,
      redriven: redriven === undefined ? undefined : Number(redriven) || 0,
    },
    view,
  );
}

function isState(text: string | undefined): text is MessageState {
  return text === "waiting" || text === "dead" || text === "sent";
}

/** One letter (`id`), a channel with its pause (`channel` alone), or all that the filter shows (`scope=filter`). */
export async function redrive(context: Context, { reads, store, wake, now }: Desk): Promise<Response> {
  const form = await context.req.parseBody();
  const field = (name: string): string | undefined => {
    const value = form[name];
    return typeof value === "string" && value !== "" ? value.slice(0, 100) : undefined;
  };
  const [id, channelId, customerId] = [field("id"), field("channel"), field("customer")];
  const isFilter = field("scope") === "filter";
  const act = async (): Promise<readonly [count: number, subject: string]> => {
    if (id !== undefined) return [await store.redriveOnly([id]), `message ${id}`];
    if (!isFilter && channelId !== undefined) return [await store.redrive(channelId), `channel ${channelId}`];
    if (!isFilter) return [0, "nothing"];
    const ids = await reads.deadIds({ customerId, channelId });
    const which = [customerId && `customer ${customerId}`, channelId && `channel ${channelId}`].filter(Boolean);
    return [await store.redriveOnly(ids), which.length === 0 ? "everything" : which.join(", ")];
  };
  const [count, subject] = await act();
  await store.audit({ at: now(), who: whoActs(context), action: "redrive", subject: `${subject}: ${count} messages` });
  wake();
  return context.redirect(`/deliveries?redriven=${count}`, 303);
}

/** Slack itself says where its message is. */
export async function toSlack(
  context: Context,
  { reads, permalink }: Desk,
  view: View,
): Promise<Page | Response | undefined> {
  const posted = await reads.posted(context.req.param("id") ?? "");
  if (posted === undefined) return undefined;
  const url = await permalink(posted);
  if (url !== undefined && /^https?:\/\//.test(url)) return context.redirect(url, 303);
  return messagePage(view.words.notFoundTitle, view.words.slackSilent);
}
