import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pino } from "pino";
import { createCounters } from "./metrics.ts";
import { queueReporter } from "./report.ts";

const ARN = "arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay";
const DENIED = { code: "access-denied", problem: "these AWS credentials may not use it", remedy: "Allow <them>." };

suite("queueReporter", () => {
  const lines: { readonly level: number; readonly msg: string; readonly [key: string]: unknown }[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const told: string[] = [];
  const counters = createCounters();
  const reporter = queueReporter(logger, counters, (text) => told.push(text));
  const rendered = (): string => {
    const none = new Map<string, number>();
    const stats = {
      waitingByCustomer: none,
      deadByCustomer: none,
      oldestWaitingAt: undefined,
      quarantined: 0,
      paused: 0,
      known: 0,
    };
    return counters.render({ stats, queues: [], pulses: [], now: new Date("2026-11-20T00:00:00Z") });
  };

  test("a trouble is logged once with its remedy, and counted each time", () => {
    reporter.failed(ARN, "receive", DENIED, true);
    reporter.failed(ARN, "receive", DENIED, false);
    const [line, ...others] = lines.splice(0);
    assert.deepEqual(others, []);
    assert.deepEqual([line?.["queue"], line?.["code"], line?.["remedy"]], [ARN, "access-denied", "Allow <them>."]);
    const counted = `shirase_sqs_failures_total{queue="${ARN}",operation="receive",code="access-denied"} 2`;
    assert.ok(rendered().includes(counted), rendered());
  });

  test("people hear of a trouble that lasts and of its end, in words that are no markup", () => {
    reporter.stuck(ARN, DENIED);
    reporter.works(ARN, false);
    reporter.works(ARN, true);
    assert.deepEqual(told, [
      "For five minutes the relay has had trouble with queue shirase-relay in ap-northeast-1: these AWS credentials may " +
        "not use it. Allow &lt;them&gt;. Findings may be waiting there.",
      "The relay can use queue shirase-relay in ap-northeast-1 again. What waited there is told now.",
    ]);
  });
});
