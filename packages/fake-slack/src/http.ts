/** Which path is answered by what. The one place that knows HTTP paths; everything behind it takes plain values. */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { answerApi } from "./api.ts";
import { controlApi } from "./control.ts";
import { channelPages } from "./pages.ts";
import { delay, type Reply } from "./reply.ts";
import { answerWebhook } from "./webhook.ts";
import type { Workspace } from "./workspace.ts";

type Env = { Bindings: Partial<HttpBindings> };

/** The fake as one Hono app: `/api`, `/services`, `/_fake` and the page. */
export function createApp(workspace: Workspace): Hono<Env> {
  const app = new Hono<Env>();
  app.all("/api/:method", async (c) => send(await answerApi(c.req.raw, c.req.param("method"), workspace), c.env));
  app.post("/services/:team/:service/:secret", async (c) =>
    send(await answerWebhook(c.req.raw, c.req.param(), workspace), c.env),
  );
  app.route("/_fake", controlApi(workspace));
  app.route("/", channelPages({ workspace }));
  return app;
}

async function send(reply: Reply, env: Env["Bindings"] | undefined): Promise<Response> {
  if (reply.kind === "reset") {
    env?.incoming?.socket.destroy();
    // Nobody reads this: the connection is gone.
    return new Response(null, { status: 502 });
  }
  if (reply.delayMs !== undefined) await delay(reply.delayMs);
  return new Response(reply.body, { status: reply.status, headers: reply.headers });
}
