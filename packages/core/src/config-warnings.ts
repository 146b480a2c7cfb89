/**
 * What is allowed in a config and still worth a word: keys that this version reads and does not act on, things that
 * look like a slip, and hints about what may well be meant as it is. None of them ever stops anything.
 */
import type { Config, Customer } from "./config.ts";
import { type ConfigWarning, type Warn, warnIn } from "./config-warning.ts";
import { customerPatternWarnings } from "./pattern-warnings.ts";
import { isRelayOnAws, relayQueueArn } from "./relay-queue.ts";
import { resolveCustomer } from "./resolved-customer.ts";
import type { Language } from "./text/wording.ts";

/** Every warning about a config, in the order of its customers. */
export function configWarnings(config: Config, language: Language = "en"): readonly ConfigWarning[] {
  const warn = warnIn(language);
  const seen = new Map<string, string>();
  const ops = config.slack.opsChannel;
  return [
    ...(ops === undefined ? [warn("warning", "no-ops-channel", "slack.opsChannel")] : []),
    ...config.customers.flatMap((customer, index) => {
      const at = `customers[${index}]`;
      const channel = customer.slack.channel;
      const other = channel === ops ? "" : seen.get(channel);
      seen.set(channel, customer.id);
      return [
        ...(other === undefined ? [] : [warn("warning", "shared-channel", `${at}.slack.channel`, { other })]),
        ...notActedOn(config, customer, at, warn),
        ...customerPatternWarnings(config, customer, at, language),
      ];
    }),
    ...unreadQueue(config, language),
    ...secondReader(config, warn),
  ];
}

/**
 * The hub would deliver into a queue that this relay does not read. Only a hint: the relay may get its events over HTTP
 * from rules that somebody else keeps, and who names a key or a topic says so.
 */
function unreadQueue(config: Config, language: Language): readonly ConfigWarning[] {
  const { hub, ingest } = config;
  const ids = config.customers.filter((one) => resolveCustomer(config, one).delivery === "relay").map(({ id }) => id);
  if (ids.length === 0 || hub.relay !== undefined || ingest !== undefined) return [];
  const many = language === "ja" ? `顧客${ids.length}社` : `${ids.length} customers`;
  const facts = { whose: ids.length > 3 ? many : ids.join(", "), arn: JSON.stringify(relayQueueArn(hub)) };
  return [warnIn(language)("hint", "unread-queue", "ingest.sqs.queues", facts)];
}

/** Two who read one queue have each a part of its events, and neither knows what the other told. */
function secondReader(config: Config, warn: Warn): readonly ConfigWarning[] {
  const at = (config.ingest?.sqs?.queues ?? []).indexOf(relayQueueArn(config.hub));
  if (!isRelayOnAws(config) || at < 0) return [];
  return [warn("warning", "second-reader", `ingest.sqs.queues[${at}]`)];
}

function notActedOn(config: Config, customer: Customer, at: string, warn: Warn): readonly ConfigWarning[] {
  const { delivery } = resolveCustomer(config, customer);
  const isRelays = delivery === "relay";
  const delivered = customer.delivery ? `${at}.delivery` : "defaults.delivery";
  return [
    ...(customer.email && isRelays ? [warn("warning", "no-mail", `${at}.email`)] : []),
    ...(customer.teams && isRelays ? [warn("warning", "no-teams", `${at}.teams`)] : []),
    ...(customer.digest && !(isRelays && !isRelayOnAws(config)) ? [warn("warning", "no-digest", `${at}.digest`)] : []),
    ...(isRelays ? [] : [warn("warning", "by-amazon-q", delivered, { customer: customer.id })]),
  ];
}
