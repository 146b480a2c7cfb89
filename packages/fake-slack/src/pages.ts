/**
 * The pages as a Hono app of their own, so that they can stand at the fake's address or under another server's path.
 *
 * Everything is served from here: no inline script or style, no image, no font from elsewhere, and a policy that
 * forbids the browser all of it. `/events` says that something changed; the page then fetches itself again.
 */
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Channel } from "./channel.ts";
import type { ChannelsView } from "./page/channels.ts";
import { renderChannels } from "./page/channels.ts";
import { fakeSlackPage } from "./page/document.ts";
import { SCRIPT } from "./page/script.ts";
import { STYLES } from "./page/styles.ts";
import type { Workspace } from "./workspace.ts";

/** Where the pages stand and for whom. */
export type PagesOptions = {
  /** The path they are mounted under, such as `/slack`; empty at the root. */
  readonly basePath?: string;
  /** Default: the workspace's name. */
  readonly title?: string;
  /** A BCP 47 language for dates. Default `en`. */
  readonly locale?: string;
  /** An IANA time zone. Default: the machine's. */
  readonly timeZone?: string;
  /** A link back to whatever mounts the pages. */
  readonly back?: { readonly href: string; readonly label: string };
};

/** Changes are announced at most this often, however fast messages come. */
const QUIET_MS = 250;
/** A sign of life on a silent stream, so that proxies keep it open. */
const ALIVE_MS = 20_000;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/**
 * The pages of a fake, mountable anywhere.
 *
 * @example app.route("/slack", channelPages(slack, { basePath: "/slack" }));
 */
export function channelPages({ workspace }: { readonly workspace: Workspace }, options: PagesOptions = {}): Hono {
  const app = new Hono();
  const basePath = (options.basePath ?? "").replace(/\/$/, "");
  app.use(async (c, next) => {
    await next();
    c.header("content-security-policy", POLICY);
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    c.header("cache-control", "no-store");
  });
  app.get("/styles.css", (c) => c.body(STYLES, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/app.js", (c) => c.body(SCRIPT, 200, { "content-type": "text/javascript; charset=utf-8" }));
  app.get("/events", (c) => announce(c, workspace));
  app.get("/refused", (c) => show(c, { kind: "refusals", refusals: workspace.ledger.refusals() }));
  app.get("/archives/:channel", (c) => showChannel(c, c.req.param("channel"), c.req.query("ts")));
  app.get("/archives/:channel/:message", (c) => {
    const ts = c.req.param("message").replace(/^p(\d+)(\d{6})$/, "$1.$2");
    return c.redirect(`${basePath}/archives/${encodeURIComponent(c.req.param("channel"))}?ts=${ts}#m-${ts}`);
  });
  app.get("/", (c) => showChannel(c, workspace.channels()[0]?.id, undefined));
  return app;

  function showChannel(
    c: Context,
    channelId: string | undefined,
    wanted: string | undefined,
  ): Response | Promise<Response> {
    const channel = workspace.channels().find((known) => known.id === channelId);
    if (channelId !== undefined && !channel) return c.notFound();
    if (!channel) return show(c, { kind: "nothing" });
    return show(c, { kind: "channel", channel, entries: workspace.ledger.ofChannel(channel.id) }, wanted);
  }

  function show(c: Context, open: ChannelsView["open"], wanted?: string): Response {
    const view = toView(workspace, open, { ...options, basePath }, wanted);
    const isFragment = c.req.header("x-fragment") === "1";
    const title = options.title ?? workspace.team.name;
    const where = open.kind === "channel" ? `#${open.channel.name} · ${title}` : title;
    const page = isFragment ? renderChannels(view) : fakeSlackPage({ ...view, title: where, back: options.back });
    return c.body(page, 200, { "content-type": "text/html; charset=utf-8" });
  }
}

function toView(
  workspace: Workspace,
  open: ChannelsView["open"],
  options: PagesOptions & { readonly basePath: string },
  wanted: string | undefined,
): ChannelsView {
  const { ledger, bots, team } = workspace;
  const nameOf = (channelId: string): string => workspace.channel(channelId)?.name ?? channelId;
  const count = (channel: Channel): number => ledger.ofChannel(channel.id).filter((entry) => !entry.hidden).length;
  return {
    workspaceName: options.title ?? team.name,
    channels: workspace.channels().map((channel) => ({ ...channel, count: count(channel) })),
    open,
    counters: ledger.counters(),
    basePath: options.basePath,
    wanted,
    now: workspace.now(),
    locale: options.locale ?? "en",
    timeZone: options.timeZone,
    userName: (userId) => bots.find((bot) => bot.userId === userId)?.name ?? userId,
    channelName: nameOf,
  };
}

/** A server-sent event after each change, with a pause so that a burst is one event. */
function announce(c: Context, workspace: Workspace): Response {
  return streamSSE(c, async (stream) => {
    let wake = (): void => {};
    let isChanged = false;
    const stop = workspace.ledger.onChange(() => {
      isChanged = true;
      wake();
    });
    stream.onAbort(() => {
      stop();
      wake();
    });
    while (!stream.aborted && !stream.closed) {
      await sleepUntil(ALIVE_MS, (early) => {
        wake = early;
        if (isChanged) early();
      });
      if (stream.aborted) break;
      const data = isChanged ? "changed" : "";
      isChanged = false;
      await (data === "" ? stream.write(": alive\n\n") : stream.writeSSE({ data }));
      await sleepUntil(QUIET_MS, () => {});
    }
    stop();
  });
}

/** Waits, or less when `early` is called. The timer keeps no process alive. */
function sleepUntil(waitMs: number, hand: (early: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    timer.unref();
    hand(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
