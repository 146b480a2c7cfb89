/** A finding's page: what is read for it. */
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { findingPage } from "./pages/finding.ts";

/** The life of one problem. */
export async function finding(context: Context, { reads, customers }: Desk, view: View): Promise<Page | undefined> {
  const id = Number(context.req.param("id"));
  const story = Number.isSafeInteger(id) && id > 0 ? await reads.problem(id) : undefined;
  if (!story) return undefined;
  const customer = customers.get(story.line.customerId);
  return findingPage({ story, customer }, { ...view, timezone: customer?.timezone ?? view.timezone });
}
