/** The playground's address: what somebody typed, and what is remembered to try it on. */
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { type PlaygroundView, playgroundAnswer, playgroundPage } from "./pages/playground.ts";

const MOST_EVENTS = 2000;
const MOST_PATTERN = 20_000;
const MOST_EVENT = 200_000;
const DAY_MS = 24 * 3_600_000;

/** The page, or only its answer while somebody types. */
export async function playground(context: Context, desk: Desk, view: View): Promise<Page | Response> {
  const { customers } = desk;
  const isPost = context.req.method === "POST";
  const form = isPost ? await context.req.parseBody() : {};
  const field = (name: string): string | undefined => {
    const value = isPost ? form[name] : context.req.query(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [first] = customers.keys();
  const asked = field("customer") ?? first ?? "";
  const customer = customers.get(asked);
  const days = Math.min(90, Math.max(1, Math.trunc(Number(field("days") ?? 7)) || 7));
  const since = new Date(view.now.getTime() - days * DAY_MS);
  const events = customer ? await desk.reads.events(customer.id, since, MOST_EVENTS + 1) : [];
  const given: PlaygroundView = {
    customers: [...customers.values()].map(({ id, name }) => ({ id, name })),
    customerId: customer?.id ?? "",
    days,
    remembered: events.slice(0, MOST_EVENTS),
    isCut: events.length > MOST_EVENTS,
    patternText: (field("pattern") ?? pretty(customer?.pattern ?? "{}")).slice(0, MOST_PATTERN),
    eventText: (field("event") ?? pretty((await picked(field("finding"), desk)) ?? events[0]?.body ?? "{}")).slice(
      0,
      MOST_EVENT,
    ),
  };
  if (context.req.header("x-fragment") === "1") return context.html(playgroundAnswer(given, view).toString());
  return playgroundPage(given, view);
}

/** The event of the finding that the reader came from. */
async function picked(id: string | undefined, { reads }: Desk): Promise<string | undefined> {
  const number = Number(id);
  return Number.isSafeInteger(number) && number > 0 ? (await reads.problem(number))?.event?.body : undefined;
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
