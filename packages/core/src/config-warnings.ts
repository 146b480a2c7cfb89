/**
 * What is allowed in a config and still worth a word: keys that this version reads and does not act on, things that
 * look like a slip, and hints about what may well be meant as it is. None of them ever stops anything.
 */
import type { Config, Customer } from "./config.ts";
import { customerPatternWarnings } from "./pattern-warnings.ts";
import { isRelayOnAws, relayQueueArn } from "./relay-queue.ts";
import { resolveCustomer } from "./resolved-customer.ts";

/** The key it is about, a sentence that goes on from it, and what to do. `code` is stable. */
export type ConfigWarning = {
  readonly kind: "warning" | "hint";
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
};

/** Every warning about a config, in the order of its customers. */
export function configWarnings(config: Config): readonly ConfigWarning[] {
  const seen = new Map<string, string>();
  const ops = config.slack.opsChannel;
  const noOps: ConfigWarning = {
    kind: "warning",
    code: "no-ops-channel",
    path: "slack.opsChannel",
    message: "is not set: nobody is told in Slack when a channel cannot be reached or an account falls silent.",
    fix: "Set it to the id of a channel that the people who run shirase read.",
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
        code: "shared-channel",
        path: `${at}.slack.channel`,
        message: `is also the channel of ${other}.`,
        fix: "Give each its own channel, unless the same people may read both.",
      };
      return [
        ...(other === undefined ? [] : [shared]),
        ...notActedOn(config, customer, at),
        ...customerPatternWarnings(config, customer, at),
      ];
    }),
    ...unreadQueue(config),
    ...secondReader(config),
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
  return [
    {
      kind: "hint",
      code: "unread-queue",
      path: "ingest.sqs.queues",
      message: `is not set. The hub that \`shirase deploy\` makes puts the findings of ${whose} into an SQS queue.`,
      fix: `For the relay to read it, set it to [${JSON.stringify(relayQueueArn(hub))}].`,
    },
  ];
}

/** Two who read one queue have each a part of its events, and neither knows what the other told. */
function secondReader(config: Config): readonly ConfigWarning[] {
  const own = relayQueueArn(config.hub);
  const at = (config.ingest?.sqs?.queues ?? []).indexOf(own);
  if (!isRelayOnAws(config) || at < 0) return [];
  return [
    {
      kind: "warning",
      code: "second-reader",
      path: `ingest.sqs.queues[${at}]`,
      message:
        "is the queue that the relay on AWS reads: a `shirase relay` with this config would take half of its events.",
      fix: "Take it out, or take `hub.relay: aws` out and destroy the stack shirase-relay.",
    },
  ];
}

function notActedOn(config: Config, customer: Customer, at: string): readonly ConfigWarning[] {
  const warnings: ConfigWarning[] = [];
  const kind = "warning";
  const { delivery } = resolveCustomer(config, customer);
  if (customer.email && delivery === "relay") {
    const message = "is read, but the relay sends no mail yet.";
    const fix = "Take it out, or choose `delivery: amazon-q`, which sends raw events by mail.";
    warnings.push({ kind, code: "no-mail", path: `${at}.email`, message, fix });
  }
  if (customer.teams && delivery === "relay") {
    const message = "is read, but only Amazon Q delivers to Teams.";
    const fix = "Take it out, or choose `delivery: amazon-q`.";
    warnings.push({ kind, code: "no-teams", path: `${at}.teams`, message, fix });
  }
  if (customer.digest) {
    const message = "is read, but no digest is written yet.";
    warnings.push({ kind, code: "no-digest", path: `${at}.digest`, message, fix: "Leave it or take it out." });
  }
  if (delivery === "amazon-q") {
    const path = customer.delivery ? `${at}.delivery` : "defaults.delivery";
    const message = `makes ${customer.id} Amazon Q's: the relay tells nothing of it.`;
    const fix = "Leave it if AWS shall post by itself; choose `relay` for shirase's own cards.";
    warnings.push({ kind, code: "by-amazon-q", path, message, fix });
  }
  return warnings;
}
