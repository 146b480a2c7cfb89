/** Setup: what is read for the page, and its test button. */
import { randomUUID } from "node:crypto";
import type { ConfigWarning } from "@shirase/core/config-warning";
import { configWarnings } from "@shirase/core/config-warnings";
import { ownBusName } from "@shirase/core/owner";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { setupPage } from "./pages/setup.ts";
import { whoActs } from "./visitor.ts";

/** How each customer is set up, and what in the config may be a slip. */
export async function setup(context: Context, desk: Desk, view: View): Promise<Page> {
  const { customers, pulses, onboard } = desk;
  const beats = await pulses();
  const all = [...customers.values()].map((customer) => ({
    customer,
    pulses: beats.filter(({ customerId }) => customerId === customer.id),
  }));
  const tested = context.req.query("tested");
  return setupPage(
    { warnings: warningsFor(desk, view), customers: all, tested, canOnboard: onboard !== undefined },
    view,
  );
}

/** Who sees some customers only is warned about these alone. Their place in the file is another one: by id, then. */
function warningsFor({ config, seesAll }: Desk, { language }: View): readonly ConfigWarning[] {
  const all = configWarnings(config, language);
  if (seesAll) return all;
  return all.flatMap((warning) => {
    const [start = "", index] = /^customers\[(\d+)\]/.exec(warning.path) ?? [];
    const id = config.customers[Number(index)]?.id;
    return id === undefined ? [] : [{ ...warning, path: `${id}${warning.path.slice(start.length)}` }];
  });
}

/** Takes a test event as if it had come from the customer's account: it shows the way from here to the channel. */
export async function sendTest(context: Context, { customers, accept, store, now }: Desk): Promise<Response> {
  const form = await context.req.parseBody();
  const customer = customers.get(String(form["customer"]));
  const account = customer && sendingAccounts(customer)[0];
  if (!customer || account === undefined) return context.redirect("/setup", 303);
  const at = now();
  const event = {
    version: "0",
    id: randomUUID(),
    "detail-type": "shirase test",
    source: "shirase.test",
    account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region: customer.regions[0] ?? "us-east-1",
    resources: [],
    detail: { sentAt: at.toISOString(), sentBy: "console" },
  };
  await accept([event], ownBusName(customer));
  await store.audit({ at, who: whoActs(context), action: "test", subject: `customer ${customer.id}` });
  return context.redirect(`/setup?tested=${encodeURIComponent(customer.id)}`, 303);
}
