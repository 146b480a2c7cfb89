/**
 * What is allowed in a config and still worth a word: keys that this version reads and does not act on, and things
 * that look like a slip. A warning never stops anything.
 */
import type { Config, Customer } from "./config.ts";
import { resolveCustomer } from "./resolved-customer.ts";

/** One warning: the key it is about and a sentence. */
export type ConfigWarning = { readonly path: string; readonly message: string };

/** Every warning about a config, in the order of its customers. */
export function configWarnings(config: Config): readonly ConfigWarning[] {
  const seen = new Map<string, string>();
  const ops = config.slack.opsChannel;
  const noOps = {
    path: "slack.opsChannel",
    message: "is not set: nobody is told in Slack when a channel cannot be reached or an account falls silent.",
  };
  return [
    ...(ops === undefined ? [noOps] : []),
    ...config.customers.flatMap((customer, index) => {
      const at = `customers[${index}]`;
      const channel = customer.slack.channel;
      const other = channel === ops ? "the operators" : seen.get(channel);
      seen.set(channel, customer.id);
      const shared = { path: `${at}.slack.channel`, message: `is also the channel of ${other}.` };
      return [...(other === undefined ? [] : [shared]), ...notActedOn(config, customer, at)];
    }),
  ];
}

function notActedOn(config: Config, customer: Customer, at: string): readonly ConfigWarning[] {
  const warnings: ConfigWarning[] = [];
  const { delivery } = resolveCustomer(config, customer);
  const path = customer.delivery ? `${at}.delivery` : "defaults.delivery";
  if (customer.email && delivery === "relay") {
    warnings.push({ path: `${at}.email`, message: "is read, but the relay sends no mail yet." });
  }
  if (customer.teams && delivery === "relay") {
    warnings.push({ path: `${at}.teams`, message: "is read, but only Amazon Q delivers to Teams." });
  }
  if (customer.digest) warnings.push({ path: `${at}.digest`, message: "is read, but no digest is written yet." });
  if (delivery === "amazon-q") {
    const message = `makes ${customer.id} Amazon Q's: the relay tells nothing of it.`;
    warnings.push({ path, message });
  }
  return warnings;
}
