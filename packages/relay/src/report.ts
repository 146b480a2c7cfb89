/** What the relay says of each decision and each delivery: one line of log, and its counters. */
import type { Decision } from "@shirase/core/decide";
import type { Logger } from "pino";
import type { Outcome } from "./deliver.ts";
import type { Counters } from "./metrics.ts";
import type { Delivery } from "./store/store.ts";

/** Logs and counts each decision, with its reason. Ids and reasons only: no finding ever reaches the log. */
export function decisionReporter(logger: Logger, counters: Counters): (decision: Decision, isNew: boolean) => void {
  return (decision, isNew) => {
    const { id: eventId, source } = decision.event;
    if ("quarantine" in decision) {
      counters.add("shirase_events_total", { outcome: isNew ? "quarantined" : "duplicate" });
      logger.warn({ eventId, source, isNew, reason: decision.quarantine }, "quarantined");
      return;
    }
    const { customerId, verdicts, reasons } = decision;
    const told = verdicts.reduce((sum, { notices }) => sum + notices.length, 0);
    counters.add("shirase_events_total", { outcome: isNew ? "accepted" : "duplicate" });
    if (isNew && told > 0) counters.add("shirase_notices_total", { customer: customerId }, told);
    const last = [...reasons, ...(verdicts[0]?.reasons ?? [])].at(-1);
    logger.info({ eventId, source, customerId, isNew, told, reason: last?.because }, "decided");
  };
}

/** Logs and counts each try to send. */
export function outcomeReporter(logger: Logger, counters: Counters): (delivery: Delivery, outcome: Outcome) => void {
  return ({ id, customerId, channelId, attempts }, outcome) => {
    const about = { delivery: id, customerId, channelId };
    if (outcome.kind === "sent") {
      counters.add("shirase_sent_total", { customer: customerId });
      logger.info({ ...about, ts: outcome.ts, afterMs: outcome.afterMs }, "sent");
      return;
    }
    if (outcome.kind === "wait") counters.add("shirase_rate_limited_total", {});
    counters.add("shirase_send_failures_total", { kind: outcome.kind });
    logger.warn({ ...about, attempts: attempts + 1, ...outcome }, "not sent");
  };
}
