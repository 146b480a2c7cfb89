/** The customer that a command's argument names. */
import type { Config } from "@shirase/core/config";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { EXIT, UserError } from "./user-error.ts";

/**
 * @param file - where the config is from, for the message.
 * @throws UserError (wrong command line) when there is no such customer; it names those that there are.
 */
export function customerNamed(id: string, config: Config, file: string): ResolvedCustomer {
  const customer = config.customers.find((one) => one.id === id);
  if (customer) return resolveCustomer(config, customer);
  const known = config.customers.map((one) => one.id).join(", ");
  throw new UserError(`${file} has no customer ${JSON.stringify(id)}. It has ${known}.`, { exitCode: EXIT.usage });
}
