/** The console's addresses: who asks, in which language, what is read for a page, which page is made of it. */

import { midnight } from "@shirase/core/days";
import type { Language } from "@shirase/core/text/wording";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { serveAssets } from "./assets.ts";
import { channel, customer, report } from "./customers.ts";
import { deliveries, redrive, toSlack } from "./deliveries.ts";
import type { Desk } from "./desk.ts";
import { finding } from "./findings.ts";
import { framed, main, type Page, type View, viewOf } from "./frame.ts";
import { type Forms, guard, isOwnPost } from "./guard.ts";
import { announce } from "./live.ts";
import { createLogin, type LoginParts, localGate, ownPath } from "./login.ts";
import { overviewOf } from "./overview.ts";
import { auditPage } from "./pages/audit.ts";
import { messagePage } from "./pages/message.ts";
import { overviewPage } from "./pages/overview.ts";
import { playground } from "./playground.ts";
import { deskWithin } from "./scope.ts";
import { sent, sentFile } from "./sent.ts";
import { sendTest, setup } from "./setup.ts";
import { endSilence, makeSilence, silences } from "./silences.ts";
import { visitorOf } from "./visitor.ts";

/** The console as an app of its own. */
export function consoleApp(desk: Desk): Hono {
  const app = new Hono();
  const show = (path: string, make: Make): void => {
    app.get(path, (context) => answer(context, desk, make));
  };
  const change = (path: string, make: Make): void => {
    app.post(path, (context) => answer(context, desk, make));
  };
  const { login: config } = desk;
  const login = config && createLogin(config, { ...desk, refuse: refuser(desk) });
  app.use(guard(config?.console.url));
  app.use(login?.gate ?? localGate());
  serveAssets(app);
  app.get("/live", (context) => announce(context, deskFor(context, desk)));
  app.get("/language/:language", changeLanguage);
  app.use(onlyOwnPosts(desk));
  login?.serve(app);
  show("/", overview);
  show("/customers/:id", customer);
  show("/customers/:id/channel", channel);
  show("/customers/:id/report", report);
  show("/customers/:id/silences", silences);
  change("/customers/:id/silences", makeSilence);
  change("/customers/:id/silences/end", endSilence);
  show("/playground", playground);
  change("/playground", playground);
  show("/findings/:id", finding);
  show("/deliveries", deliveries);
  change("/deliveries/redrive", redrive);
  show("/messages/:id/slack", toSlack);
  show("/setup", setup);
  change("/setup/test", sendTest);
  show("/setup/customers/:id", sent);
  show("/setup/customers/:id/files/:name", sentFile);
  show("/audit", audit);
  return app;
}

/** What is at an address: a page, an answer of its own, or nothing. The desk is the one of whoever asks. */
type Make = (context: Context, desk: Desk, view: View) => Promise<Page | Response | undefined>;

const MOST_DEEDS = 500;
/** Nobody's. */
const NO_FORMS: Forms = { token: "", isOwn: () => false };

/** What whoever asks may see of it; nothing, when nobody knows who that is. */
function deskFor(context: Context, desk: Desk): Desk {
  const visitor = visitorOf(context);
  return deskWithin(desk, visitor ? visitor.scope : new Set());
}

/** Says in the reader's language why they are not let in. */
function refuser(desk: Desk): LoginParts["refuse"] {
  return (context, refusal, status) => {
    const view = viewFor(context, desk);
    const { words } = view;
    const isOut = visitorOf(context) === undefined;
    return send(
      context,
      messagePage(words[`${refusal}Title`], words[refusal], isOut ? words.signIn : undefined),
      view,
      status,
    );
  };
}

/** Refuses whatever would change something and does not come from a page of this console. */
function onlyOwnPosts(desk: Desk): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.method === "GET" || context.req.method === "HEAD") return next();
    const view = viewFor(context, desk);
    const form: Readonly<Record<string, unknown>> = await context.req.parseBody().catch(() => ({}));
    if (
      isOwnPost(context, { forms: visitorOf(context)?.forms ?? NO_FORMS, url: desk.login?.console.url }, form["token"])
    )
      return next();
    return send(context, messagePage(view.words.refusedTitle, view.words.refusedForm), view, 403);
  };
}

/** A page, or the part of it that is swapped; what fails says so in the reader's language. */
async function answer(context: Context, desk: Desk, make: Make): Promise<Response> {
  const view = viewFor(context, desk);
  try {
    const page = await make(context, deskFor(context, desk), view);
    if (page instanceof Response) return page;
    if (page) return send(context, page, view, 200);
    return send(context, messagePage(view.words.notFoundTitle, view.words.notFound), view, 404);
  } catch (error) {
    desk.onFault(error);
    return send(context, messagePage(view.words.failedTitle, view.words.failed), view, 500);
  }
}

function send(context: Context, page: Page, view: View, status: 200 | 401 | 403 | 404 | 500): Response {
  const isFragment = context.req.header("x-fragment") === "1";
  return context.html(isFragment ? main(page, view).toString() : framed(page, view), status);
}

function viewFor(context: Context, { config, now }: Desk): View {
  const { defaults } = config;
  const visitor = visitorOf(context);
  const url = new URL(context.req.url);
  return viewOf({
    language: languageOf(context, defaults.language),
    timezone: defaults.timezone,
    now: now(),
    token: visitor?.forms.token ?? "",
    who: visitor?.isSignedIn === true ? visitor.who : undefined,
    mayAct: visitor?.role === "operator",
    seesAll: visitor !== undefined && visitor.scope === undefined,
    // What the provider sent stays out of links.
    path: url.pathname.startsWith("/login") ? "/" : `${url.pathname}${url.search}`,
  });
}

/** As the reader chose, else as the browser asks, else as the config says. */
function languageOf(context: Context, fallback: Language): Language {
  const chosen = getCookie(context, "shirase_language");
  if (chosen === "en" || chosen === "ja") return chosen;
  const asked = /^\s*(en|ja)\b/i.exec(context.req.header("accept-language") ?? "")?.[1]?.toLowerCase();
  return asked === "en" || asked === "ja" ? asked : fallback;
}

function changeLanguage(context: Context): Response {
  const language = context.req.param("language");
  if (language !== "en" && language !== "ja") return context.notFound() as Response;
  setCookie(context, "shirase_language", language, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    maxAge: 365 * 24 * 3600,
  });
  return context.redirect(ownPath(context.req.query("to")), 303);
}

/** What people did is the whole hub's. */
async function audit(_: Context, { reads, seesAll }: Desk, view: View): Promise<Page | undefined> {
  return seesAll ? auditPage(await reads.deeds(MOST_DEEDS), view) : undefined;
}

async function overview(_: Context, desk: Desk, view: View): Promise<Page> {
  const { customers, config, reads, store, pulses } = desk;
  const known = [...customers.values()];
  const restless = (await reads.restless()).filter((id) => !customers.has(id));
  const asked = [
    ...known.map(({ id, timezone }) => ({ customerId: id, since: midnight(view.now, timezone) })),
    ...restless.map((customerId) => ({ customerId, since: midnight(view.now, view.timezone) })),
  ];
  const [figures, beats, pauses, stats] = await Promise.all([
    reads.figures(asked),
    pulses(),
    store.pauses(),
    store.stats(),
  ]);
  const opsChannelId = config.slack.opsChannel;
  const rows = overviewOf({ customers: known, opsChannelId, figures, pulses: beats, pauses }, view.now);
  return overviewPage({ rows, quarantined: stats.quarantined }, view);
}
