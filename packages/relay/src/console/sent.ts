/** What a customer is sent: a page with the way in for each region, and its files. */
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Context } from "hono";
import type { Desk } from "./desk.ts";
import type { Page, View } from "./frame.ts";
import { sentPage } from "./pages/sent.ts";

/** As `shirase onboard` writes it. The relay knows nothing of templates: who starts it says how they are made. */
export type Sent = {
  /** `quickCreateLink` opens the customer's AWS console; undefined when nobody said where the templates lie. */
  readonly steps: readonly {
    readonly region: string;
    readonly quickCreateLink: string | undefined;
    readonly command: string;
  }[];
  readonly message: string;
  /** By file name: templates, Terraform, the message. */
  readonly attachments: Readonly<Record<string, string>>;
};

/** Makes it. `problem`: why it cannot be made, in a sentence with a way out. */
export type Onboard = (customer: ResolvedCustomer) => Promise<Sent | { readonly problem: string }>;

/** `/setup/customers/:id` */
export async function sent(context: Context, { customers, onboard }: Desk, view: View): Promise<Page | undefined> {
  const customer = customers.get(context.req.param("id") ?? "");
  if (!customer || !onboard) return undefined;
  return sentPage({ customer, sent: await onboard(customer) }, view);
}

/** `/setup/customers/:id/files/:name` */
export async function sentFile(context: Context, { customers, onboard }: Desk): Promise<Response | undefined> {
  const customer = customers.get(context.req.param("id") ?? "");
  const made = customer && (await onboard?.(customer));
  const name = context.req.param("name") ?? "";
  if (!made || "problem" in made || !Object.hasOwn(made.attachments, name)) return undefined;
  // Names are ours: a customer's id, a region, an ending.
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "content-disposition": `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}"`,
  };
  return context.body(made.attachments[name] ?? "", 200, headers);
}
