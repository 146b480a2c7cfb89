/**
 * The relay's HTTP door: events and Slack's requests in, health and metrics out. Transport only; what an event means is
 * accept.ts. The function behind an address on AWS has the ways in alone.
 *
 * Every answer is JSON (metrics aside) and an error names what to change: `{ "error": { code, message, field } }`. No
 * answer ever carries a stack trace, a key or a finding.
 */

import type { HttpBindings } from "@hono/node-server";
import type { Arrival } from "@shirase/core/owner";
import type { Context, Hono } from "hono";
import { UndecidedError } from "../accept.ts";
import { StoreFullError } from "../store/store.ts";
import { type Body, type BodyProblem, parseEvents, readBody } from "./body.ts";
import { placed, type Taker, takeDelivered } from "./delivered.ts";
import { shownKey } from "./key.ts";
import type { SlackDoor } from "./slack.ts";
import type { SnsDoor } from "./sns.ts";

/** What the ways in need. */
export type WaysIn = Taker & {
  /** Is this the key? Undefined: nobody may post events here; SNS may still deliver. */
  readonly isKey: ((given: string | undefined) => boolean | Promise<boolean>) | undefined;
  readonly sns: SnsDoor;
  /** Undefined: the app's signing secret is nowhere, so there is no such path. */
  readonly slack: SlackDoor | undefined;
  /** True once the relay is stopping: it takes nothing new. */
  readonly isStopping: () => boolean;
  readonly onRefused: (code: string) => void;
  readonly onFault: (error: unknown) => void;
};

/** What the door needs. */
export type HttpDoor = WaysIn & {
  /** `undefined` when all is well, else what is not. */
  readonly readiness: () => Promise<string | undefined>;
  readonly metrics: () => Promise<string>;
};

type Refusal = {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 500 | 503;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly index?: number;
};

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
  const paths = ["/v1/events", "/v1/sns", ...(slack ? ["/v1/slack"] : [])];
  app.post("/v1/events", (context) => takeEvents(context, door));
  app.post("/v1/sns", (context) => takeSns(context, door));
  if (slack) app.post("/v1/slack", (context) => takeSlack(context, door, slack));
  for (const path of paths) app.all(path, (context) => refuseMethod(context, door, "POST"));
  app.notFound((context) => {
    const known = [...paths.map((path) => `POST ${path}`), ...others].join(", ");
    return refuse(context, door, { status: 404, code: "not-found", message: `no such path. There is ${known}` });
  });
  app.onError((error, context) => {
    door.onFault(error);
    return refuse(context, door, { status: 500, code: "internal", message: "the relay failed; its log says why" });
  });
}

async function takeEvents(context: Context, door: WaysIn): Promise<Response> {
  const header = headerOf(context);
  const unauthorized = await askKey(header, door.isKey);
  if (unauthorized) return refuse(context, door, unauthorized);
  if (door.isStopping()) return refuseForNow(context, door, "the relay is stopping; try again in a moment");
  const body = await readBody(bodyOf(context));
  if ("code" in body) return refuse(context, door, body);
  const parsed = parseEvents(body.text);
  if ("code" in parsed) return refuse(context, door, parsed);
  return keep(context, door, parsed.values, { bus: header("x-shirase-bus") });
}

async function takeSns(context: Context, door: WaysIn): Promise<Response> {
  if (door.isStopping()) return refuseForNow(context, door, "the relay is stopping; try again in a moment");
  const body = await readBody(bodyOf(context));
  if ("code" in body) return refuse(context, door, body);
  const taken = await door.sns(body.text);
  if ("later" in taken) return refuseForNow(context, door, taken.later);
  if ("refused" in taken) return refuse(context, door, { status: 403, code: "sns", message: taken.refused });
  if (!("event" in taken)) return context.json({ ok: true });
  const { event, arrival } = taken;
  return written(context, door, async () => context.json(await takeDelivered(event, arrival, door), 202));
}

/** Slack waits three seconds, and shows the person who clicked an error after any answer but 200. */
async function takeSlack(context: Context, door: WaysIn, slack: SlackDoor): Promise<Response> {
  if (door.isStopping()) return refuseForNow(context, door, "the relay is stopping; try again in a moment");
  const body = await readBody(bodyOf(context));
  if ("code" in body) return refuse(context, door, body);
  const header = headerOf(context);
  const [timestamp, signature] = [header("x-slack-request-timestamp"), header("x-slack-signature")];
  const heard = await slack({ timestamp, signature, body: body.text });
  switch (heard.kind) {
    case "unproved": {
      const message = "the request is not proved to be from Slack";
      return refuse(context, door, { status: 401, code: "slack-signature", message });
    }
    case "challenge":
      return context.json({ challenge: heard.challenge });
    case "said":
    case "unread":
      return context.body(null, 200);
  }
}

/** Node's own stream where there is one: a web stream of it costs as much as all the rest of a request. */
function bodyOf(context: Context): Body {
  const incoming = incomingOf(context);
  // Who stops reading at the limit still has to answer.
  const chunks = incoming ? incoming.iterator({ destroyOnReturn: false }) : context.req.raw.body;
  return { coding: headerOf(context)("content-encoding"), chunks };
}

/** Node's own headers where there are some, for the same reason. */
function headerOf(context: Context): (name: string) => string | undefined {
  const headers = incomingOf(context)?.headers;
  if (!headers) return (name) => context.req.header(name);
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
}

function incomingOf({ env }: Context): HttpBindings["incoming"] | undefined {
  return ((env ?? {}) as Partial<HttpBindings>).incoming;
}

function keep(context: Context, door: WaysIn, values: readonly unknown[], arrival: Arrival): Promise<Response> {
  return written(context, door, async () => {
    const accepted = await door.accept(values, arrival);
    if (!("bad" in accepted)) return context.json(accepted, 202);
    const { place, message, field } = placed(accepted.bad, values.length);
    const { index } = accepted.bad;
    return refuse(context, door, { status: 400, code: "bad-event", message: `${place}: ${message}`, field, index });
  });
}

/** What the work answers, or 503 when the disk does not take it: then nothing was taken. */
async function written(context: Context, door: WaysIn, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFullError) return refuseForNow(context, door, error.message);
    // Nothing is wrong with the disk: the answer is 500, and the sender tries again all the same.
    if (error instanceof UndecidedError) throw error;
    door.onFault(error);
    const cause = error instanceof Error ? error.message : String(error);
    return refuseForNow(context, door, `the event could not be written to disk, so it was not taken: ${cause}`);
  }
}

async function askKey(header: ReturnType<typeof headerOf>, isKey: WaysIn["isKey"]): Promise<Refusal | undefined> {
  if (isKey === undefined) {
    const message =
      "this relay has no ingest key, so it takes no events here. Set SHIRASE_INGEST_KEY, or ingest.key in the config";
    return { status: 401, code: "no-key-configured", message };
  }
  const given = shownKey(header);
  if (await isKey(given)) return undefined;
  const shown = given === undefined ? "no key" : "a wrong key";
  const message = `the request shows ${shown}. Send "Authorization: Bearer KEY" or "x-api-key: KEY"`;
  return { status: 401, code: "unauthorized", message };
}

function refuse(context: Context, door: WaysIn, refusal: Refusal | BodyProblem): Response {
  const { status, ...error } = refusal;
  door.onRefused(refusal.code);
  if (status === 401) context.header("WWW-Authenticate", 'Bearer realm="shirase"');
  return context.json({ error }, status);
}

function refuseMethod(context: Context, door: WaysIn, allowed: string): Response {
  context.header("Allow", allowed);
  const message = `${context.req.method} is not for this path; it takes ${allowed}`;
  return refuse(context, door, { status: 405, code: "method", message });
}

function refuseForNow(context: Context, door: WaysIn, message: string): Response {
  context.header("Retry-After", "1");
  return refuse(context, door, { status: 503, code: "unavailable", message });
}
