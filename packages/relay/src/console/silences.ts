/** A customer's silences: what is read for the page, and what its forms do. */
import { randomUUID } from "node:crypto";
import { holding, newSilence, type Silence } from "@shirase/core/silence";
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { SILENCE_DAYS, type SilenceDraft, silencesPage } from "./pages/silences.ts";
import { visitorOf, whoActs } from "./visitor.ts";

const DAY_MS = 24 * 3_600_000;
const SHOWN_AFTER_MS = 30 * DAY_MS;
const LONGEST_FIELD = 20_000;

/** How many of a customer's silences hold by now. */
export async function silencesHolding({ silences, store }: Desk, customerId: string, now: Date): Promise<number> {
  const kept = (await store.silences(now)).filter((one) => one.customerId === customerId);
  return holding([...(silences.own.get(customerId) ?? []), ...kept], now).length;
}

/** The page; the query may bring a pattern for the form. */
export async function silences(context: Context, desk: Desk, view: View): Promise<Page | undefined> {
  const match = context.req.query("match")?.slice(0, LONGEST_FIELD) ?? "";
  return show(context, desk, view, { match, owner: "", reason: "", days: 7, problem: undefined });
}

async function show(context: Context, desk: Desk, view: View, draft: SilenceDraft): Promise<Page | undefined> {
  const customer = desk.customers.get(context.req.param("id") ?? "");
  if (!customer) return undefined;
  const { store } = desk;
  const own = desk.silences.own.get(customer.id) ?? [];
  const since = new Date(view.now.getTime() - SHOWN_AFTER_MS);
  const kept = (await store.silences(since)).filter(({ customerId }) => customerId === customer.id);
  const all = [...own.filter(({ until }) => until > since), ...kept];
  const counts = await store.silencedCounts(all.map(({ id }) => id));
  const lines = all
    .map((silence) => ({
      ...silence,
      held: counts.get(silence.id) ?? 0,
      isOwn: own.some(({ id }) => id === silence.id),
    }))
    .toSorted((a, b) => a.until.getTime() - b.until.getTime());
  const done = context.req.query("done");
  const owner = ownerOf(context);
  const shown = {
    customer,
    lines,
    draft,
    owner,
    done: done === "made" || done === "ended" ? done : undefined,
  } as const;
  return silencesPage(shown, { ...view, timezone: customer.timezone });
}

/** Who is signed in answers for it; undefined on a console without login, where the form asks. */
function ownerOf(context: Context): string | undefined {
  const visitor = visitorOf(context);
  return visitor?.isSignedIn === true ? visitor.who : undefined;
}

/** Makes a silence, or shows the form again with what is wrong. */
export async function makeSilence(context: Context, desk: Desk, view: View): Promise<Page | Response | undefined> {
  const customer = desk.customers.get(context.req.param("id") ?? "");
  if (!customer) return undefined;
  const form = await context.req.parseBody();
  const field = (name: string): string => String(form[name] ?? "").slice(0, LONGEST_FIELD);
  const days = SILENCE_DAYS.find((count) => String(count) === field("days")) ?? 7;
  const owner = ownerOf(context) ?? field("owner");
  const typed = { match: field("match"), reason: field("reason") };
  const { now } = view;
  const until = new Date(now.getTime() + days * DAY_MS);
  const made = newSilence({ id: randomUUID(), customerId: customer.id, ...typed, owner, from: now, until });
  if ("problem" in made) return show(context, desk, view, { ...typed, owner, days, problem: made.problem });
  await keep(context, desk, made.silence, now);
  return context.redirect(`/customers/${encodeURIComponent(customer.id)}/silences?done=made`, 303);
}

async function keep(context: Context, { store, silences }: Desk, silence: Silence, at: Date): Promise<void> {
  await store.addSilence(silence);
  const subject = `customer ${silence.customerId}: silence ${silence.id} until ${silence.until.toISOString()}`;
  await store.audit({ at, who: whoActs(context), action: "silence", subject });
  await silences.refresh();
}

/** Lets one of this customer's silences end. */
export async function endSilence(context: Context, desk: Desk, view: View): Promise<Page | Response | undefined> {
  const customer = desk.customers.get(context.req.param("id") ?? "");
  if (!customer) return undefined;
  const { store, silences } = desk;
  const { now } = view;
  const id = String((await context.req.parseBody())["silence"] ?? "");
  const isTheirs = (await store.silences(now)).some((one) => one.id === id && one.customerId === customer.id);
  const page = `/customers/${encodeURIComponent(customer.id)}/silences`;
  if (!isTheirs || !(await store.endSilence(id, now))) return context.redirect(page, 303);
  const subject = `customer ${customer.id}: silence ${id}`;
  await store.audit({ at: now, who: whoActs(context), action: "end-silence", subject });
  await silences.refresh();
  return context.redirect(`${page}?done=ended`, 303);
}
