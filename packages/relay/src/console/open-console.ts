/** Whether and where there is a console: on with a login anywhere, without one on this machine only. */
import type { Hono } from "hono";
import { ListenError } from "../listen.ts";
import type { Desk } from "./desk.ts";
import { isLoopback } from "./guard.ts";
import { openReadsThread } from "./reads-thread.ts";
import { consoleApp } from "./routes.ts";

/** A console that is served. */
export type OpenConsole = { readonly close: () => Promise<void> };

/**
 * Is the console served at this address? Without a login only where this machine's people alone come.
 *
 * @param asked - undefined: where it can be.
 * @throws ListenError when it is asked for at an address that others reach.
 */
export function isConsoleServed(asked: boolean | undefined, host: string, hasLogin: boolean): boolean {
  if (asked === false) return false;
  if (hasLogin || isLoopback(host)) return true;
  if (asked === undefined) return false;
  throw new ListenError(
    `the console has no login, so it is served on 127.0.0.1, ::1 or localhost only, and this relay listens on ${host}. ` +
      "Give it one (`console` in the config, docs/console.md), or listen on 127.0.0.1 and reach it by a tunnel (ssh -L 8080:127.0.0.1:8080 HOST), or leave --console away: " +
      "events are taken all the same",
  );
}

/** Opens it and adds its pages. */
export function openConsole(app: Hono, dataDir: string, parts: Omit<Desk, "reads" | "seesAll">): OpenConsole {
  const reads = openReadsThread(dataDir);
  const own = consoleApp({ ...parts, reads, seesAll: true });
  // Not mounted as routes: its guard would stand before the doors for events as well.
  app.use(async (context, next) => (OWN.test(context.req.path) ? own.fetch(context.req.raw, context.env) : next()));
  return reads;
}

/** The console's paths; all others are the relay's. */
const OWN =
  /^\/(?:$|(?:live|assets|language|deliveries|customers|findings|messages|playground|setup|audit|reports|login|logout)(?:\/|$))/;
