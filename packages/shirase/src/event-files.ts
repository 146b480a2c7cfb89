/**
 * Events out of files, however they were saved: one event, an array, a line each, or still in the envelope of the queue
 * or topic they were taken from.
 */
import { readFileSync } from "node:fs";
import { type Envelope, readEnvelope } from "@shirase/core/event";
import { UserError } from "./user-error.ts";

/** One event of a file, or why it is none. `place` is the file, with a number when it holds several. */
export type FileEvent = { readonly place: string } & ({ readonly event: Envelope } | { readonly problem: string });

/** An envelope within an envelope within …: SNS to SQS to Lambda is three. */
const DEEPEST_ENVELOPE = 5;

/**
 * The events of a file, in order.
 *
 * @param file - its path; `-` is standard input.
 * @throws UserError when the file cannot be read or is no JSON.
 */
export function readEventFile(file: string): readonly FileEvent[] {
  const values = parse(file, textOf(file)).flatMap((value) => unwrap(value, DEEPEST_ENVELOPE));
  return values.map((value, index) => {
    const place = values.length === 1 ? file : `${file} #${index + 1}`;
    const read = readEnvelope(value);
    if ("event" in read) return { place, event: read.event };
    const { field, message } = read.problem;
    return { place, problem: field === "" ? message : `${field}: ${message}` };
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new UserError(`cannot read ${file} (${code})`, { cause: error });
  }
}

/** One JSON value, or one a line (NDJSON). */
function parse(file: string, text: string): readonly unknown[] {
  const whole = parseJson(text);
  if ("value" in whole) return [whole.value];
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => {
      const one = parseJson(line);
      if ("value" in one) return one.value;
      const fault = number === 1 ? whole.fault : `line ${number}: ${one.fault}`;
      throw new UserError(`${file} is no JSON: ${fault}\nWanted: one event, an array of events, or one event a line.`);
    });
}

function parseJson(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

type Wrapped = { readonly [key: string]: unknown };

/** What is inside an array, a Lambda's or a queue's batch, a queue message or a topic's notification. */
function unwrap(value: unknown, deepest: number): readonly unknown[] {
  if (deepest === 0) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => unwrap(item, deepest - 1));
  if (typeof value !== "object" || value === null || "detail" in value) return [value];
  const inside = insideOf(value as Wrapped);
  if (inside === undefined) return [value];
  const read = typeof inside === "string" ? parseJson(inside) : { value: inside };
  return "value" in read ? unwrap(read.value, deepest - 1) : [value];
}

function insideOf(wrapped: Wrapped): unknown {
  const { Records, Messages, body, Body, Sns, Type, Message } = wrapped;
  if (Array.isArray(Records) || Array.isArray(Messages)) return Records ?? Messages;
  if (typeof Sns === "object") return Sns;
  if (Type === "Notification") return Message;
  return body ?? Body ?? (typeof Message === "string" && !("SubscribeURL" in wrapped) ? Message : undefined);
}
