/** Spans as a real SDK hears them. */
import assert from "node:assert/strict";
import { after, beforeEach, suite, test } from "node:test";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Destination, Sent } from "./send/destination.ts";
import type { Delivery } from "./store/store.ts";
import { tracedDestination, tracedTaker } from "./traces.ts";

const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));

const AT = new Date("2026-11-20T01:00:00Z");
const DELIVERY: Delivery = {
  id: "d1",
  customerId: "acme",
  channelId: "C0ACME00000",
  kind: "card",
  severityRank: 4,
  body: '{"text":"a secret of the customer\'s"}',
  counted: 2,
  isBroadcast: false,
  createdAt: AT,
  attempts: 1,
  firstTriedAt: AT,
  isInDoubt: false,
};

function sending(sent: Sent): Destination {
  return tracedDestination({
    send: () => Promise.resolve(sent),
    find: () => Promise.resolve(undefined),
    edit: () => Promise.resolve({ kind: "retry", reason: "a time-out" }),
    check: () => Promise.resolve(undefined),
  });
}

suite("traces", () => {
  beforeEach(() => exporter.reset());
  after(() => {
    trace.disable();
    context.disable();
  });

  test("a message sent is a span with ids, and nothing of what it says", async () => {
    assert.deepEqual(await sending({ ts: "1700000000.000100" }).send(DELIVERY), { ts: "1700000000.000100" });
    const [span] = exporter.getFinishedSpans();
    assert.equal(span?.name, "shirase.send");
    assert.equal(span.status.code, SpanStatusCode.UNSET);
    assert.deepEqual(span.attributes, {
      "shirase.delivery": "d1",
      "shirase.customer": "acme",
      "shirase.channel": "C0ACME00000",
      "shirase.kind": "card",
      "shirase.counted": 2,
      "shirase.attempts": 1,
      "shirase.made_at": "2026-11-20T01:00:00.000Z",
      "shirase.ts": "1700000000.000100",
    });
  });

  test("what failed says how, and goes on as it was answered", async () => {
    const destination = sending({ failure: { kind: "wait", afterMs: 1000 } });
    assert.deepEqual(await destination.send(DELIVERY), { failure: { kind: "wait", afterMs: 1000 } });
    assert.equal(await destination.find(DELIVERY), undefined);
    await destination.edit(
      { channelId: "C0ACME00000", ts: "1.2" },
      { text: "", blocks: [], attachments: [], unfurl_links: false, unfurl_media: false },
    );
    const spans = exporter.getFinishedSpans();
    assert.deepEqual(
      spans.map(({ name, status, attributes }) => [name, status.code, attributes["error.type"]]),
      [
        ["shirase.send", SpanStatusCode.ERROR, "wait"],
        ["shirase.find", SpanStatusCode.UNSET, undefined],
        ["shirase.edit", SpanStatusCode.ERROR, "retry"],
      ],
    );
  });

  test("accepting is a span within whatever asked; a fault keeps its message to the log", async () => {
    const taker = tracedTaker({
      accept: (values) => {
        if (values.length === 0) return Promise.reject(new RangeError("about a customer's finding"));
        return Promise.resolve({ accepted: 2, duplicates: 1, quarantined: 0, told: 1 });
      },
      setAside: () => Promise.reject(new Error("not asked")),
    });
    const request = trace.getTracer("test").startSpan("request");
    await context.with(trace.setSpan(context.active(), request), () => taker.accept([{}, {}], {}));
    await assert.rejects(taker.accept([], {}), RangeError);
    const [accepted, failed] = exporter.getFinishedSpans();
    assert.equal(accepted?.parentSpanContext?.spanId, request.spanContext().spanId);
    assert.deepEqual(accepted.attributes, {
      "shirase.events": 2,
      "shirase.duplicates": 1,
      "shirase.quarantined": 0,
      "shirase.told": 1,
    });
    assert.equal(failed?.attributes["error.type"], "RangeError");
    assert.doesNotMatch(JSON.stringify([failed.attributes, failed.status, failed.events]), /customer's finding/);
  });
});
