/**
 * Whose event is it? The bus it arrived on and the account that put it there decide; both are given by AWS and by the
 * relay's own door. What the event says about itself decides nothing: a customer could write another's account there.
 *
 * A Security Hub delegated administrator sends its members' findings under its own account. That is allowed for
 * accounts of the same customer (`accountHeldBy`); the finding of a stranger's account goes to quarantine alone.
 */
import type { Config } from "./config.ts";
import type { Envelope } from "./event.ts";
import type { Finding } from "./finding.ts";
import { type ResolvedCustomer, resolveCustomer } from "./resolved-customer.ts";
import type { Said } from "./said.ts";

/** How an event came in, as far as the relay's door knows it. */
export type Arrival = {
  /** Name or ARN of the hub bus it arrived on; absent when the way in does not say (one shared bus, stdin). */
  readonly bus?: string | undefined;
};

/** Who owns what, for quick look-up; made once per config by {@link ownersOf}. */
export type Owners = {
  readonly byAccount: ReadonlyMap<string, ResolvedCustomer>;
  readonly byBus: ReadonlyMap<string, ResolvedCustomer>;
};

export type Owner = { readonly customer: ResolvedCustomer } | { readonly quarantine: Said };

/** Look-up tables of a config. Config refuses an account or a bus that two customers name, so the order is no matter. */
export function ownersOf(config: Config): Owners {
  const customers = config.customers.map((customer) => resolveCustomer(config, customer));
  return {
    byAccount: new Map(customers.flatMap((one) => one.accounts.map((account) => [account.id, one] as const))),
    byBus: new Map(customers.map((one) => [ownBusName(one), one] as const)),
  };
}

/** The hub bus that a customer has for itself, where it has one: as configured, else `shirase-ID`. */
export function ownBusName({ id, bus }: { readonly id: string; readonly bus?: string | undefined }): string {
  return bus ?? `shirase-${id}`;
}

/**
 * The customer an event belongs to, or why nobody may hear of it.
 *
 * A bus that no customer has for itself (shared, `default`, not said) leaves the decision to the account alone.
 */
export function ownerOf(event: Envelope, arrival: Arrival, owners: Owners): Owner {
  const bus = busName(arrival.bus ?? "");
  const byAccount = owners.byAccount.get(event.account);
  const byBus = owners.byBus.get(bus);
  if (!byAccount) return { quarantine: { code: "nobodysAccount", facts: { account: event.account } } };
  if (byBus && byBus.id !== byAccount.id) {
    const facts = { account: event.account, owner: byAccount.id, bus, customer: byBus.id };
    return { quarantine: { code: "foreignBus", facts } };
  }
  return { customer: byAccount };
}

/** Is the finding's own account one of the customer's? */
export function accountHeldBy(customer: ResolvedCustomer, finding: Finding): boolean {
  return customer.accounts.some((account) => account.id === finding.accountId);
}

/** `shirase-acme` of `arn:aws:events:ap-northeast-1:111111111111:event-bus/shirase-acme`, and of `shirase-acme`. */
export function busName(nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? (nameOrArn.split(":event-bus/", 2)[1] ?? nameOrArn) : nameOrArn;
}
