/**
 * The same as `FakeSlack`, over HTTP under `/_fake`, for processes in other languages.
 *
 * Only JSON is taken and requests that a browser marks as coming from another site are refused: a web page that
 * happens to be open must not arm faults.
 */
import { type Context, Hono } from "hono";
import type { ChannelOptions } from "./channel.ts";
import type { Fault } from "./faults.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import type { Workspace } from "./workspace.ts";

const KINDS: ReadonlySet<unknown> = new Set([
  "429",
  "status",
  "error",
  "reset_before",
  "reset_after",
  "slow",
  "garbage",
]);

/** The routes below `/_fake`. */
export function controlApi(workspace: Workspace): Hono {
  const { ledger, faults } = workspace;
  const app = new Hono();
  app.use(async (c, next) => {
    const site = c.req.header("sec-fetch-site");
    if (site !== undefined && site !== "same-origin" && site !== "none") return refuse(c, "not from another site", 403);
    return next();
  });
  app.get("/ledger", (c) => {
    const channel = c.req.query("channel");
    return c.json(channel === undefined ? ledger.entries() : ledger.ofChannel(channel));
  });
  app.get("/refused", (c) => c.json(ledger.refusals()));
  app.get("/counters", (c) => c.json(ledger.counters()));
  app.get("/channels", (c) => c.json(workspace.channels()));
  app.post("/channels", async (c) => {
    const channel = await readBody(c);
    if (typeof channel?.["id"] !== "string") return refuse(c, 'a JSON object with an "id" is needed', 400);
    return c.json(workspace.setChannel(channel as ChannelOptions));
  });
  app.post("/faults", async (c) => {
    const fault = toFault(await readBody(c));
    if (!fault) return refuse(c, `a JSON object is needed whose "kind" is one of ${[...KINDS].join(", ")}`, 400);
    faults.add(fault);
    return c.json({ ok: true });
  });
  app.delete("/faults", (c) => {
    faults.clear();
    return c.json({ ok: true });
  });
  app.post("/reset", (c) => {
    workspace.reset();
    return c.json({ ok: true });
  });
  return app;
}

/** `from` and `until` are ISO dates here; the rest is a fault as it is. */
function toFault(body: JsonObject | undefined): Fault | undefined {
  if (!body || !KINDS.has(body["kind"])) return undefined;
  const { from, until, ...rest } = body;
  const isComplete =
    (rest["kind"] !== "status" || typeof rest["status"] === "number") &&
    (rest["kind"] !== "error" || typeof rest["error"] === "string") &&
    (rest["kind"] !== "slow" || typeof rest["delayMs"] === "number");
  if (!isComplete) return undefined;
  const fault = {
    ...rest,
    ...(typeof from === "string" && { from: new Date(from) }),
    ...(typeof until === "string" && { until: new Date(until) }),
  };
  return fault as unknown as Fault;
}

async function readBody(c: Context): Promise<JsonObject | undefined> {
  if (!c.req.header("content-type")?.startsWith("application/json")) return undefined;
  const body = parseJson(await c.req.text());
  return isObject(body) ? body : undefined;
}

function refuse(c: Context, error: string, status: 400 | 403): Response {
  return c.json({ ok: false, error }, status);
}
