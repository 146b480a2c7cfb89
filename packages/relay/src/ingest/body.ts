/**
 * A request's bytes: read up to the limit, told apart (one event, a list, or lines), parsed. What the events say is
 * accept.ts.
 */

/** EventBridge's and SNS's own limit; a bigger request is not theirs. */
export const LARGEST_BODY_BYTES = 1024 * 1024;
/** One request's events are decided in one go, which other requests wait for. */
const MOST_EVENTS = 1000;
/** A finding nests about 10 deep; beyond this it is an attack, and JSON.parse would pay for it. */
const DEEPEST = 200;

/** What is wrong with a body, in the API's terms. */
export type BodyProblem = { readonly status: 400 | 413; readonly code: string; readonly message: string };

/**
 * Reads a body to its end or to the limit, whichever is first, whatever its headers promise.
 *
 * @returns the text, or a problem: too large, or not UTF-8.
 */
export async function readBody(request: Request): Promise<{ readonly text: string } | BodyProblem> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY_BYTES) {
      const message = `the body is larger than ${LARGEST_BODY_BYTES} bytes; send fewer events in one request`;
      return { status: 413, code: "too-large", message };
    }
    chunks.push(chunk);
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)) };
  } catch {
    return { status: 400, code: "not-utf-8", message: "the body is not valid UTF-8" };
  }
}

/**
 * The events in a body: one JSON object, a JSON array, or one object a line (NDJSON).
 *
 * @returns the parsed values, at least one; or what is wrong, with the line or the place.
 */
export function parseEvents(text: string): { readonly values: readonly unknown[] } | BodyProblem {
  if (text.trim() === "") return bad("empty", "the body is empty: send one event, an array of events, or one a line");
  if (isDeep(text)) return bad("too-deep", `the body nests deeper than ${DEEPEST} levels`);
  const whole = parse(text);
  const values = "value" in whole ? listOf(whole.value) : parseLines(text, whole.problem);
  if ("code" in values) return values;
  if (values.values.length === 0) return bad("empty", "the array is empty: send at least one event");
  if (values.values.length > MOST_EVENTS) {
    return bad("too-many", `${values.values.length} events in one request; at most ${MOST_EVENTS}`);
  }
  return values;
}

function listOf(value: unknown): { readonly values: readonly unknown[] } {
  return { values: Array.isArray(value) ? value : [value] };
}

function parseLines(text: string, wholeProblem: string): { readonly values: readonly unknown[] } | BodyProblem {
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
  return { values };
}

function parse(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    // V8 quotes the text around the fault; the sender has it, and our log must not.
    const message = error instanceof Error ? error.message : "";
    const place = / at position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0];
    return { problem: place ? `unexpected text${place}` : "it ends too early or is no JSON value" };
  }
}

/** Counts brackets outside strings: cheaper than parsing, and never deep itself. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(STRING_OR_BRACKET)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** A whole string, or one bracket: what is inside strings is no bracket. */
const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;

function bad(code: string, message: string): BodyProblem {
  return { status: 400, code, message };
}
