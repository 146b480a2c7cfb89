/** A customer's pages: what is read for each. */
import { SEVERITIES, severityRank } from "@shirase/core/finding";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { channelPage } from "./pages/channel.ts";
import { type Asked, customerPage } from "./pages/customer.ts";
import { lastDays, trendOf } from "./trend.ts";

const PAGE_ROWS = 50;
const MOST_PAGES = 200;
const TREND_DAYS = 30;
const MOST_CONVERSATIONS = 25;
/** More words than anybody types narrow nothing. */
const MOST_WORDS = 8;

function customerOf(context: Context, { customers }: Desk): ResolvedCustomer | undefined {
  return customers.get(context.req.param("id") ?? "");
}

/** How a customer stands, and its problems as the query asks. */
export async function customer(context: Context, desk: Desk, view: View): Promise<Page | undefined> {
  const found = customerOf(context, desk);
  if (!found) return undefined;
  const { id, timezone } = found;
  const asked = askedIn(context);
  const days = lastDays(view.now, timezone, TREND_DAYS);
  const [figures, pulses, tallies, problems] = await Promise.all([
    desk.reads.figures([{ customerId: id, since: view.now }]),
    desk.pulses(),
    desk.reads.tallies(id, days[0] ?? view.now, view.now),
    desk.reads.problems({
      customerId: id,
      standing: asked.standing,
      severityRank: asked.severity && severityRank(asked.severity),
      words: asked.text
        .split(/\s+/)
        .filter((word) => word !== "")
        .slice(0, MOST_WORDS),
      offset: (asked.page - 1) * PAGE_ROWS,
      limit: PAGE_ROWS,
    }),
  ]);
  const open = figures[0]?.open ?? {};
  const openNow = Object.values(open).reduce((sum, count) => sum + count, 0);
  const trend = trendOf(tallies, openNow, days);
  const own = pulses.filter(({ customerId }) => customerId === id);
  return customerPage({ customer: found, open, pulses: own, trend, asked, problems }, { ...view, timezone });
}

function askedIn(context: Context): Asked {
  const query = (name: string): string => context.req.query(name) ?? "";
  const standing = query("standing");
  const page = Math.trunc(Number(query("page")));
  return {
    standing: standing === "resolved" || standing === "suppressed" ? standing : "open",
    severity: SEVERITIES.find((name) => name === query("severity")),
    text: query("q").slice(0, 200).trim(),
    page: page >= 1 && page <= MOST_PAGES ? page : 1,
  };
}

/** The customer's channel. */
export async function channel(context: Context, desk: Desk, view: View): Promise<Page | undefined> {
  const found = customerOf(context, desk);
  if (!found) return undefined;
  const conversations = await desk.reads.channel(found.slack.channel, found.id, MOST_CONVERSATIONS);
  return channelPage({ customer: found, conversations }, { ...view, timezone: found.timezone });
}
