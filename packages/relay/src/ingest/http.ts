/**
 * The relay's HTTP door: events in, health and metrics out. Transport only; what an event means is accept.ts.
 *
 * Every answer is JSON (metrics aside) and an error names what to change: `{ "error": { code, message, field } }`. No
 * answer ever carries a stack trace, a key or a finding.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { readBody } from "./body.ts";
import { takeDelivered } from "./delivered.ts";
import type { SlackDoor } from "./slack.ts";
import type { SnsDoor } from "./sns.ts";
import {
  type Answer,
  type Asked,
  type EventsDoor,
  failed,
  refused,
  refusedForNow,
  takeEvents,
  written,
} from "./take-events.ts";

/** What the ways in need. */
export type WaysIn = EventsDoor & {
  readonly sns: SnsDoor;
  /** Undefined: the app's signing secret is nowhere, so there is no such path. */
  readonly slack: SlackDoor | undefined;
};

/** What the door needs. */
export type HttpDoor = WaysIn & {
  /** `undefined` when all is well, else what is not. */
  readonly readiness: () => Promise<string | undefined>;
  readonly metrics: () => Promise<string>;
};

const EVENTS = "/v1/events";
/** Paths that ask for no key: for people and machines nearby. */
const ASKED = ["/healthz", "/readyz", "/metrics"] as const;

/** Adds all routes. Others (the demo's pages) may have been mounted before them. */
export function httpDoor(app: Hono, door: HttpDoor): void {
  app.get("/healthz", (context) => context.json({ ok: true }));
  app.get("/readyz", async (context) => {
    const problem = door.isStopping() ? "the relay is stopping" : await door.readiness();
    return problem === undefined ? context.json({ ok: true }) : context.json({ ok: false, problem }, 503);
  });
  app.get("/metrics", async (context) => {
    return context.text(await door.metrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
  });
  for (const path of ASKED) app.all(path, (context) => refuseMethod(context, door, "GET, HEAD"));
  const others = ASKED.map((path) => `GET ${path}`);
  waysIn(app, door, others);
}

/** Adds the ways in, and what everything else is answered. @param others - paths that are there as well, for people. */
export function waysIn(app: Hono, door: WaysIn, others: readonly string[] = []): void {
  const { slack } = door;
  const paths = [EVENTS, "/v1/sns", ...(slack ? ["/v1/slack"] : [])];
  app.post(EVENTS, async (context) => shown(context, await takeEvents(askedOf(context), door)));
  app.post("/v1/sns", async (context) => shown(context, await takeSns(askedOf(context), door)));
  if (slack) app.post("/v1/slack", async (context) => shown(context, await takeSlack(askedOf(context), door, slack)));
  for (const path of paths) app.all(path, (context) => refuseMethod(context, door, "POST"));
  app.notFound((context) => {
    const known = [...paths.map((path) => `POST ${path}`), ...others].join(", ");
    const message = `no such path. There is ${known}`;
    return shown(context, refused(door, { status: 404, code: "not-found", message }));
  });
  app.onError((error, context) => shown(context, failed(door, error)));
}

/**
 * The way of nearly all requests, straight from Node's server to accept: routing, a web request and a web response would
 * cost as much as all the rest.
 *
 * @returns false when the request is for the routes of {@link httpDoor}.
 */
export function eventsListener(door: EventsDoor): (incoming: IncomingMessage, outgoing: ServerResponse) => boolean {
  return (incoming, outgoing) => {
    if (incoming.url !== EVENTS || incoming.method !== "POST") return false;
    takeEvents({ header: headersOf(incoming), body: incoming }, door)
      .catch((error: unknown) => failed(door, error))
      .then(({ status, json, headers }) => {
        const text = JSON.stringify(json);
        const length = Buffer.byteLength(text);
        outgoing.writeHead(status, { "content-type": "application/json", "content-length": length, ...headers });
        outgoing.end(text);
      })
      .catch(door.onFault);
    return true;
  };
}

async function takeSns({ header, body }: Asked, door: WaysIn): Promise<Answer> {
  if (door.isStopping()) return refusedForNow(door, "the relay is stopping; try again in a moment");
  const read = await readBody({ coding: header("content-encoding"), chunks: body });
  if ("code" in read) return refused(door, read);
  const taken = await door.sns(read.text);
  if ("later" in taken) return refusedForNow(door, taken.later);
  if ("refused" in taken) return refused(door, { status: 403, code: "sns", message: taken.refused });
  if (!("event" in taken)) return { status: 200, json: { ok: true } };
  const { event, arrival } = taken;
  return written(door, async () => ({ status: 202, json: await takeDelivered(event, arrival, door) }));
}

/** Slack waits three seconds, and shows the person who clicked an error after any answer but 200. */
async function takeSlack({ header, body }: Asked, door: WaysIn, slack: SlackDoor): Promise<Answer> {
  if (door.isStopping()) return refusedForNow(door, "the relay is stopping; try again in a moment");
  const read = await readBody({ coding: header("content-encoding"), chunks: body });
  if ("code" in read) return refused(door, read);
  const [timestamp, signature] = [header("x-slack-request-timestamp"), header("x-slack-signature")];
  const heard = await slack({ timestamp, signature, body: read.text });
  switch (heard.kind) {
    case "unproved": {
      const message = "the request is not proved to be from Slack";
      return refused(door, { status: 401, code: "slack-signature", message });
    }
    case "challenge":
      return { status: 200, json: { challenge: heard.challenge } };
    case "said":
    case "unread":
      return { status: 200 };
  }
}

/** Node's own request where there is one: a web stream of it costs as much as all the rest of a request. */
function askedOf({ env, req }: Context): Asked {
  const { incoming } = (env ?? {}) as Partial<HttpBindings>;
  if (incoming) return { header: headersOf(incoming), body: incoming };
  return { header: (name) => req.header(name), body: req.raw.body };
}

function headersOf({ headers }: IncomingMessage): Asked["header"] {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
}

function shown(context: Context, { status, json, headers }: Answer): Response {
  if (json === undefined) return context.body(null, status as ContentfulStatusCode, { ...headers });
  return context.json(json, status as ContentfulStatusCode, { ...headers });
}

function refuseMethod(context: Context, door: WaysIn, allowed: string): Response {
  const message = `${context.req.method} is not for this path; it takes ${allowed}`;
  const answer = refused(door, { status: 405, code: "method", message });
  return shown(context, { ...answer, headers: { allow: allowed } });
}
