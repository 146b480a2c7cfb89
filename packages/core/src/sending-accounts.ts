/** Which of a customer's accounts send: those that get its template, and whose heartbeats are expected. */
import type { ResolvedCustomer } from "./resolved-customer.ts";

/**
 * The accounts that get the customer's template, and so the only ones that may send. A delegated administrator of
 * Security Hub has its members' findings, so it sends alone as long as nothing but Security Hub is asked for.
 */
export function sendingAccounts(customer: ResolvedCustomer): readonly string[] {
  const { delegatedAdmin, sources, accounts } = customer;
  const isEnough = sources.every((source) => source === "security-hub");
  return delegatedAdmin !== undefined && isEnough ? [delegatedAdmin] : accounts.map(({ id }) => id);
}
