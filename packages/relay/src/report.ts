/** What the relay says of each decision, each delivery and each queue: one line of log, and its counters. */
import type { Heard } from "@shirase/core/hear";
import type { Reason } from "@shirase/core/reason";
import { escaped } from "@shirase/core/slack-text";
import type { Logger } from "pino";
import type { Outcome } from "./delivering.ts";
import { queueInWords } from "./ingest/queue.ts";
import type { SlackDoorOptions } from "./ingest/slack.ts";
import type { ReadingListener } from "./ingest/sqs.ts";
import type { Counters } from "./metrics.ts";
import { type Delivery, type Told, toldBy } from "./store/store.ts";

/** Logs and counts each event, with its reason. Ids and reasons only: no finding ever reaches the log. */
export function toldReporter(logger: Logger, counters: Counters): (heard: Heard, told: Told) => void {
  return (heard, event) => {
    const { isNew } = event;
    const { eventId, source } = heard;
    if ("quarantine" in heard) {
      counters.add("shirase_events_total", { outcome: isNew ? "quarantined" : "duplicate" });
      logger.warn({ eventId, source, isNew, reason: heard.quarantine }, "quarantined");
      return;
    }
    const { customerId, reasons } = heard;
    counters.add("shirase_events_total", { outcome: isNew ? "accepted" : "duplicate" });
    const told = countNews(counters, customerId, event);
    if (!logger.isLevelEnabled("info")) return;
    logger.info({ eventId, source, customerId, isNew, told, reason: lastReason(event, reasons) }, "decided");
  };
}

/** @returns how many notices the event made. */
function countNews(counters: Counters, customer: string, event: Told): number {
  for (const { news } of event.findings) {
    if (news) counters.add("shirase_news_total", { customer, news });
  }
  const told = toldBy(event);
  if (told > 0) counters.add("shirase_notices_total", { customer }, told);
  return told;
}

function lastReason({ findings: [first] }: Told, ofEvent: readonly Reason[]): string | undefined {
  return first?.because ?? ofEvent.at(-1)?.because;
}

/** Logs and counts each try to send. */
export function outcomeReporter(logger: Logger, counters: Counters): (delivery: Delivery, outcome: Outcome) => void {
  return ({ id, customerId, channelId, kind, counted, attempts }, outcome) => {
    const about = { delivery: id, customerId, channelId, kind, counted };
    if (outcome.kind === "sent") {
      counters.add("shirase_sent_total", { customer: customerId });
      logger.info({ ...about, ts: outcome.ts, afterMs: outcome.afterMs }, outcome.wasFound ? "found sent" : "sent");
      return;
    }
    if (outcome.kind === "wait") counters.add("shirase_rate_limited_total", {});
    counters.add("shirase_send_failures_total", { kind: outcome.kind });
    logger.warn({ ...about, attempts: attempts + 1, ...outcome }, "not sent");
  };
}

/** Writes down what Slack's requests say, and why others are not Slack's. Ids only, no text that anybody typed. */
export function slackReporter(logger: Logger): Pick<SlackDoorOptions, "onSaid" | "onUnproved"> {
  return {
    onSaid: (said) => logger.info({ slack: said }, "Slack says; nothing acts on it yet"),
    onUnproved: (why) => logger.warn({ why }, "a request is not proved to be from Slack"),
  };
}

const MOST_OPS_TEXT = 500;

/**
 * Logs and counts what happens at the SQS queues. A trouble is logged when it begins; one that lasts is told to the
 * people who run shirase, as is its end.
 *
 * @param tellOps - takes Slack mrkdwn.
 */
export function queueReporter(logger: Logger, counters: Counters, tellOps: (text: string) => void): ReadingListener {
  return {
    taken: (queue, count) => counters.add("shirase_sqs_messages_total", { queue }, count),
    left: (queue, count) =>
      logger.warn({ queue, count }, "SQS did not delete what is kept; it comes back, and is known"),
    failed: (queue, operation, trouble, isNews) => {
      counters.add("shirase_sqs_failures_total", { queue, operation, code: trouble.code });
      if (isNews) logger.error({ queue, operation, ...trouble }, "an SQS queue cannot be used; it is tried again");
    },
    stuck: (arn, { problem, remedy }) => {
      const said = escaped(`${queueInWords(arn)}: ${problem}. ${remedy}`, MOST_OPS_TEXT);
      tellOps(`For five minutes the relay has had trouble with ${said} Findings may be waiting there.`);
    },
    works: (queue, wasStuck) => {
      logger.info({ queue }, "the SQS queue can be used again");
      const again = `The relay can use ${escaped(queueInWords(queue), MOST_OPS_TEXT)} again. What waited there is told now.`;
      if (wasStuck) tellOps(again);
    },
    storeRefused: (error) => {
      logger.error({ err: error }, "the store takes nothing: nothing is received or deleted until it does");
    },
    storeWorks: () => logger.info("the store takes events again"),
    fault: (error) => logger.error({ err: error }, "a message could not be kept; it stays in its queue"),
  };
}
