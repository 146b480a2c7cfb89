/**
 * A request's bytes: read up to the limit, told apart (one event, a list, or lines), parsed. What the events say is
 * accept.ts.
 */

import { IncomingMessage } from "node:http";

/** EventBridge's and SNS's own limit; a bigger request is not theirs. */
export const LARGEST_BODY_BYTES = 1024 * 1024;
/** One request's events are decided in one go, which other requests wait for. */
const MOST_EVENTS = 1000;
/** A finding nests about 10 deep; beyond this it is an attack, and JSON.parse would pay for it. */
const DEEPEST = 200;

/** What is wrong with a body, in the API's terms. */
export type BodyProblem = { readonly status: 400 | 413 | 415; readonly code: string; readonly message: string };

/** A request's body as it comes, Node's own or a stream, and its Content-Encoding. */
export type Body = {
  readonly coding: string | undefined;
  readonly chunks: IncomingMessage | AsyncIterable<Uint8Array> | null;
};

/**
 * Reads a body to its end or to the limit, whichever is first, whatever its headers promise. Its content type is not
 * asked for: senders name many, and the content says more.
 *
 * @returns the text, or a problem: compressed, too large, broken off, or not UTF-8.
 */
export async function readBody({
  coding = "identity",
  chunks,
}: Body): Promise<{ readonly text: string } | BodyProblem> {
  if (coding.trim().toLowerCase() !== "identity") {
    return { status: 415, code: "compressed", message: "the body is compressed; send it without Content-Encoding" };
  }
  const read = await readBytes(chunks);
  if (!(read instanceof Uint8Array)) return read;
  try {
    return { text: UTF8.decode(read) };
  } catch {
    return bad("not-utf-8", "the body is not valid UTF-8");
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

async function readBytes(body: Body["chunks"]): Promise<Uint8Array | BodyProblem> {
  if (body instanceof IncomingMessage) return readIncoming(body);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength;
      if (size > LARGEST_BODY_BYTES) return tooLarge();
      chunks.push(chunk);
    }
  } catch {
    return brokenOff();
  }
  return Buffer.concat(chunks);
}

/** Node's own, by its events: an iterator over it costs each request more than parsing it. */
function readIncoming(incoming: IncomingMessage): Promise<Uint8Array | BodyProblem> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const take = (chunk: Uint8Array): void => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= LARGEST_BODY_BYTES) return;
      // Who stops reading here still has to answer; Node reads the rest away after that.
      incoming.off("data", take);
      resolve(tooLarge());
    };
    incoming.on("data", take);
    incoming.once("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    incoming.once("error", () => resolve(brokenOff()));
    incoming.once("close", () => resolve(brokenOff()));
  });
}

function tooLarge(): BodyProblem {
  const message = `the body is larger than ${LARGEST_BODY_BYTES} bytes; send fewer events in one request`;
  return { status: 413, code: "too-large", message };
}

/** The sender hung up or broke the chunking: its fault, and mostly nobody is left to hear this. */
function brokenOff(): BodyProblem {
  return bad("broken-off", "the body ended before it was complete");
}

/** A body's events, and the text of each as it came where that could be told apart: else none. */
export type Parsed = { readonly values: readonly unknown[]; readonly texts: readonly string[] };

/**
 * The events in a body: one JSON object, a JSON array, or one object a line (NDJSON).
 *
 * @returns the parsed values, at least one; or what is wrong, with the line or the place.
 */
export function parseEvents(text: string): Parsed | BodyProblem {
  if (text.trim() === "") return bad("empty", "the body is empty: send one event, an array of events, or one a line");
  const { isDeep, elements } = outline(text);
  if (isDeep) return bad("too-deep", `the body nests deeper than ${DEEPEST} levels`);
  const whole = parse(text);
  const parsed = "value" in whole ? listOf(whole.value, text, elements) : parseLines(text, whole.problem);
  if ("code" in parsed) return parsed;
  if (parsed.values.length === 0) return bad("empty", "the array is empty: send at least one event");
  if (parsed.values.length > MOST_EVENTS) {
    return bad("too-many", `${parsed.values.length} events in one request; at most ${MOST_EVENTS}`);
  }
  return parsed;
}

function listOf(value: unknown, text: string, elements: readonly string[]): Parsed {
  if (!Array.isArray(value)) return { values: [value], texts: [text] };
  // What is no object nor array in a list has no text of its own here.
  return { values: value, texts: elements.length === value.length ? elements : [] };
}

function parseLines(text: string, wholeProblem: string): Parsed | BodyProblem {
  const lines = text.split(/\r?\n/);
  const filled = lines.flatMap((line, index) => (line.trim() === "" ? [] : [{ line, number: index + 1 }]));
  const [first] = filled;
  // One broken object over several lines is one broken object, not many broken lines.
  if (filled.length < 2 || first === undefined || "problem" in parse(first.line)) {
    return bad("not-json", `the body is not JSON: ${wholeProblem}`);
  }
  const values: unknown[] = [];
  for (const { line, number } of filled) {
    const read = parse(line);
    if ("problem" in read) return bad("not-json", `line ${number} is not JSON: ${read.problem}`);
    values.push(read.value);
  }
  return { values, texts: filled.map(({ line }) => line) };
}

function parse(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    // V8 quotes the text around the fault; the sender has it, and our log must not.
    const message = error instanceof Error ? error.message : "";
    const place = / at position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0] ?? "";
    return { problem: message.includes("end of JSON") ? "it ends too early" : `unexpected text${place}` };
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Counts brackets outside strings, one look at each character: cheaper than parsing, and never deep itself. On its way
 * it meets the elements of a list, which so need not be written anew to be kept as they came.
 */
function outline(text: string): { readonly isDeep: boolean; readonly elements: readonly string[] } {
  const elements: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    const step = stepOf(code);
    if (step < 0 && depth === 2) elements.push(text.slice(start, at + 1));
    if (step > 0 && depth === 1) start = at;
    depth += step;
    if (depth > DEEPEST) return { isDeep: true, elements: [] };
  }
  return { isDeep: false, elements };
}

/** How much deeper it is after a character. */
function stepOf(code: number): -1 | 0 | 1 {
  if (code === OPEN_BRACE || code === OPEN_BRACKET) return 1;
  return code === CLOSE_BRACE || code === CLOSE_BRACKET ? -1 : 0;
}

/** @returns where the quote is that closes the string opened at `start`, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

function bad(code: string, message: string): BodyProblem {
  return { status: 400, code, message };
}
