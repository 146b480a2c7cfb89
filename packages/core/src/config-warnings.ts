/**
 * What is allowed in a config and still worth a word: keys that this version reads and does not act on, things that
 * look like a slip, and hints about what may well be meant as it is. None of them ever stops anything.
 */
import type { Config, Customer } from "./config.ts";
import { relayQueueArn } from "./relay-queue.ts";
import { resolveCustomer } from "./resolved-customer.ts";

/** The key it is about and a sentence. */
export type ConfigWarning = {
  readonly kind: "warning" | "hint";
  readonly path: string;
  readonly message: string;
};

/** Every warning about a config, in the order of its customers. */
export function configWarnings(config: Config): readonly ConfigWarning[] {
  const seen = new Map<string, string>();
  const ops = config.slack.opsChannel;
  const noOps: ConfigWarning = {
    kind: "warning",
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
      const shared: ConfigWarning = {
        kind: "warning",
        path: `${at}.slack.channel`,
        message: `is also the channel of ${other}.`,
      };
      return [...(other === undefined ? [] : [shared]), ...notActedOn(config, customer, at)];
    }),
    ...unreadQueue(config),
  ];
}

/**
 * The hub would deliver into a queue that this relay does not read. Only a hint: the relay may get its events over HTTP
 * from rules that somebody else keeps, and who names a key or a topic says so.
 */
function unreadQueue(config: Config): readonly ConfigWarning[] {
  const { hub, ingest } = config;
  const ids = config.customers.filter((one) => resolveCustomer(config, one).delivery === "relay").map(({ id }) => id);
  if (ids.length === 0 || hub.relay !== undefined || ingest !== undefined) return [];
  const whose = ids.length > 3 ? `${ids.length} customers` : ids.join(", ");
  const message =
    `is not set. The hub that \`shirase deploy\` makes puts the findings of ${whose} into an SQS queue; ` +
    `for the relay to read it, set it to [${JSON.stringify(relayQueueArn(hub))}].`;
  return [{ kind: "hint", path: "ingest.sqs.queues", message }];
}

function notActedOn(config: Config, customer: Customer, at: string): readonly ConfigWarning[] {
  const warnings: ConfigWarning[] = [];
  const kind = "warning";
  const { delivery } = resolveCustomer(config, customer);
  const path = customer.delivery ? `${at}.delivery` : "defaults.delivery";
  if (customer.email && delivery === "relay") {
    warnings.push({ kind, path: `${at}.email`, message: "is read, but the relay sends no mail yet." });
  }
  if (customer.teams && delivery === "relay") {
    warnings.push({ kind, path: `${at}.teams`, message: "is read, but only Amazon Q delivers to Teams." });
  }
  if (customer.digest) warnings.push({ kind, path: `${at}.digest`, message: "is read, but no digest is written yet." });
  if (delivery === "amazon-q") {
    const message = `makes ${customer.id} Amazon Q's: the relay tells nothing of it.`;
    warnings.push({ kind, path, message });
  }
  return warnings;
}
