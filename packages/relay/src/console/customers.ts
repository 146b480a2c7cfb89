/** A customer's pages: what is read for each. */

import { monthStart } from "@shirase/core/days";
import { SEVERITIES, severityRank } from "@shirase/core/finding";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { channelPage } from "./pages/channel.ts";
import { type Asked, customerPage } from "./pages/customer.ts";
import { type ReportView, reportCsv, reportPage } from "./pages/report.ts";
import { monthOf } from "./report.ts";
import { silencesHolding } from "./silences.ts";
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
  const [figures, pulses, tallies, silenced, problems] = await Promise.all([
    desk.reads.figures([{ customerId: id, since: view.now }]),
    desk.pulses(),
    desk.reads.tallies(id, days[0] ?? view.now, view.now),
    silencesHolding(desk, id, view.now),
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
  return customerPage({ customer: found, open, pulses: own, trend, asked, problems, silenced }, { ...view, timezone });
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

/** Problems that are over are forgotten after 90 days: further back a month would look better than it was. */
const MOST_MONTHS = 3;
const TOP = 10;

/** The customer's month, as a page or as CSV. */
export async function report(context: Context, desk: Desk, view: View): Promise<Page | Response | undefined> {
  const found = customerOf(context, desk);
  if (!found) return undefined;
  const { id, timezone } = found;
  const starts = Array.from({ length: MOST_MONTHS + 1 }, (_, back) => monthStart(view.now, timezone, back));
  const names = starts.map((start) => monthName(start, timezone));
  const index = Math.max(0, names.slice(0, MOST_MONTHS).indexOf(context.req.query("month") ?? ""));
  const [since = view.now, previous = view.now] = [starts[index], starts[index + 1]];
  const until = starts[index - 1] ?? view.now;
  const { reads } = desk;
  const [tallies, topCauses, oldest, figures] = await Promise.all([
    reads.tallies(id, previous, until),
    reads.topCauses(id, since, until, TOP),
    reads.oldest(id, TOP),
    reads.figures([{ customerId: id, since: view.now }]),
  ]);
  const all: ReportView = {
    customer: found,
    name: names[index] ?? "",
    isRunning: index === 0,
    months: names.slice(0, MOST_MONTHS),
    month: monthOf(tallies, since, until),
    before: monthOf(tallies, previous, since),
    topCauses,
    oldest,
    open: figures[0]?.open ?? {},
  };
  const own = { ...view, timezone };
  if (context.req.query("format") !== "csv") return reportPage(all, own);
  const file = `attachment; filename="${id}-${all.name}.csv"`;
  const headers = { "content-type": "text/csv; charset=utf-8", "content-disposition": file };
  return context.body(reportCsv(all, own), 200, headers);
}

function monthName(start: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", timeZone }).format(start);
  return parts.slice(0, 7);
}
