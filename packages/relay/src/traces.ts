/**
 * What the relay does, as OpenTelemetry spans. Only the API is here: whoever registers an SDK in the process gets the
 * spans, and for everybody else they cost next to nothing. Ids and outcomes only: no finding's text is in any.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/api/
 */
import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Taker } from "./ingest/delivered.ts";
import type { DeliveryFailure, Destination } from "./send/destination.ts";
import type { Delivery } from "./store/store.ts";

const tracer = trace.getTracer("shirase");

/** A way in whose requests are spans: `shirase.accept`, how many events and what became of them. */
export function tracedTaker(taker: Taker): Taker {
  return {
    ...taker,
    accept: (values, arrival, texts) =>
      spanned("shirase.accept", SpanKind.INTERNAL, { "shirase.events": values.length }, async (span) => {
        const accepted = await taker.accept(values, arrival, texts);
        if ("bad" in accepted) fails(span, "bad-event");
        else {
          const { duplicates, quarantined, told } = accepted;
          span.setAttributes({
            "shirase.duplicates": duplicates,
            "shirase.quarantined": quarantined,
            "shirase.told": told,
          });
        }
        return accepted;
      }),
  };
}

/** A destination whose calls are spans: `shirase.send`, `shirase.find`, `shirase.edit`. */
export function tracedDestination(destination: Destination): Destination {
  return {
    ...destination,
    send: (delivery) =>
      spanned("shirase.send", SpanKind.CLIENT, about(delivery), async (span) => {
        const sent = await destination.send(delivery);
        if ("failure" in sent) failsAs(span, sent.failure);
        else span.setAttribute("shirase.ts", sent.ts);
        return sent;
      }),
    find: (delivery) =>
      spanned("shirase.find", SpanKind.CLIENT, about(delivery), async (span) => {
        const found = await destination.find(delivery);
        span.setAttribute("shirase.found", found !== undefined && "ts" in found);
        if (found && "failure" in found) failsAs(span, found.failure);
        return found;
      }),
    edit: (posted, message) => {
      const attributes = { "shirase.channel": posted.channelId, "shirase.ts": posted.ts };
      return spanned("shirase.edit", SpanKind.CLIENT, attributes, async (span) => {
        const failure = await destination.edit(posted, message);
        if (failure) failsAs(span, failure);
        return failure;
      });
    },
  };
}

function about({ id, customerId, channelId, kind, counted, attempts, createdAt }: Delivery): Attributes {
  return {
    "shirase.delivery": id,
    "shirase.customer": customerId,
    "shirase.channel": channelId,
    "shirase.kind": kind,
    "shirase.counted": counted,
    "shirase.attempts": attempts,
    "shirase.made_at": createdAt.toISOString(),
  };
}

async function spanned<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // Its message may quote what came; the log has it.
      fails(span, error instanceof Error ? error.name : "unknown");
      throw error;
    } finally {
      span.end();
    }
  });
}

function failsAs(span: Span, failure: DeliveryFailure): void {
  fails(span, failure.kind);
}

function fails(span: Span, kind: string): void {
  span.setAttribute("error.type", kind);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
