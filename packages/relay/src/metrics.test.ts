import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { createCounters, type Gauges } from "./metrics.ts";

const NOTHING: Gauges = {
  stats: {
    waitingByCustomer: new Map(),
    deadByCustomer: new Map(),
    oldestWaitingAt: undefined,
    quarantined: 0,
    paused: 0,
    known: 0,
  },
  queues: [],
  pulses: [],
  now: new Date("2026-11-20T00:10:00Z"),
};

suite("createCounters", () => {
  test("counters add up by their labels, gauges come from the store", () => {
    const counters = createCounters();
    counters.add("shirase_sent_total", { customer: "acme" });
    counters.add("shirase_sent_total", { customer: "acme" }, 2);
    counters.add("shirase_sent_total", { customer: "globex" });
    const oldestWaitingAt = new Date("2026-11-20T00:08:30Z");
    const text = counters.render({
      ...NOTHING,
      stats: { ...NOTHING.stats, oldestWaitingAt, waitingByCustomer: new Map([["acme", 7]]) },
    });
    for (const line of [
      "# TYPE shirase_sent_total counter",
      'shirase_sent_total{customer="acme"} 3',
      'shirase_sent_total{customer="globex"} 1',
      'shirase_backlog{customer="acme"} 7',
      "shirase_oldest_undelivered_seconds 90",
      "shirase_dead_letters 0",
    ]) {
      assert.ok(text.split("\n").includes(line), `${line} is not in\n${text}`);
    }
  });

  test("a label cannot break out of its quotes", () => {
    const counters = createCounters();
    counters.add("shirase_requests_refused_total", { code: 'a"} 1\nb\\' });
    assert.match(counters.render(NOTHING), /^shirase_requests_refused_total\{code="a\\"\} 1\\nb\\\\"\} 1$/m);
  });

  test("a queue in trouble is 1, one that is read 0", () => {
    const trouble = { code: "no-queue", problem: "", remedy: "" };
    const queues = [
      { arn: "arn:aws:sqs:eu-west-1:111111111111:a", trouble },
      { arn: "arn:aws:sqs:eu-west-1:111111111111:b", trouble: undefined },
    ];
    const text = createCounters().render({ ...NOTHING, queues });
    assert.match(text, /^shirase_sqs_failing\{queue="arn:aws:sqs:eu-west-1:111111111111:a"\} 1$/m);
    assert.match(text, /^shirase_sqs_failing\{queue="arn:aws:sqs:eu-west-1:111111111111:b"\} 0$/m);
  });

  test("docs/relay.md names every metric, and none that is not there", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/relay.md"), "utf8");
    const rendered = createCounters().render(NOTHING);
    const names = (text: string, form: RegExp): readonly string[] =>
      [...new Set([...text.matchAll(form)].map((match) => match[1] ?? ""))].sort();
    assert.deepEqual(names(page, /`(shirase_(?!notice`)\w+)`/g), names(rendered, /^# TYPE (\w+)/gm));
  });
});
