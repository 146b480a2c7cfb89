/** What `POST /v1/events` does and answers, whatever carries it. */
import type { Arrival } from "@shirase/core/owner";
import { UndecidedError } from "../accept.ts";
import { StoreFullError } from "../store/store.ts";
import { type Body, type BodyProblem, type Parsed, parseEvents, readBody } from "./body.ts";
import { placed, type Taker } from "./delivered.ts";
import { shownKey } from "./key.ts";

/** What the door for events needs. */
export type EventsDoor = Taker & {
  /** Is this the key? Undefined: nobody may post events here; SNS may still deliver. */
  readonly isKey: ((given: string | undefined) => boolean | Promise<boolean>) | undefined;
  /** True once the relay is stopping: it takes nothing new. */
  readonly isStopping: () => boolean;
  readonly onRefused: (code: string) => void;
  readonly onFault: (error: unknown) => void;
};

/** A request, as far as it matters here. Names of headers are asked for in lower case. */
export type Asked = {
  readonly header: (name: string) => string | undefined;
  readonly body: Body["chunks"];
};

/** An answer: JSON or nothing. */
export type Answer = {
  readonly status: number;
  readonly json?: object;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Why a request is refused, in the API's terms. */
export type Refusal = {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 500 | 503;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly index?: number;
};

/**
 * Takes the events of a request: key, body, then accept.
 *
 * @returns 202 when all is on disk; else a refusal. @throws UndecidedError: a fault of ours, to be answered with 500.
 */
export async function takeEvents({ header, body }: Asked, door: EventsDoor): Promise<Answer> {
  const unauthorized = await askKey(header, door.isKey);
  if (unauthorized) return refused(door, unauthorized);
  if (door.isStopping()) return refusedForNow(door, "the relay is stopping; try again in a moment");
  const read = await readBody({ coding: header("content-encoding"), chunks: body });
  if ("code" in read) return refused(door, read);
  const parsed = parseEvents(read.text);
  if ("code" in parsed) return refused(door, parsed);
  return written(door, () => keep(door, parsed, { bus: header("x-shirase-bus") }));
}

async function keep(door: EventsDoor, { values, texts }: Parsed, arrival: Arrival): Promise<Answer> {
  const accepted = await door.accept(values, arrival, texts);
  if (!("bad" in accepted)) return { status: 202, json: accepted };
  const { place, message, field } = placed(accepted.bad, values.length);
  const { index } = accepted.bad;
  return refused(door, { status: 400, code: "bad-event", message: `${place}: ${message}`, field, index });
}

/** What the work answers, or 503 when the disk does not take it: then nothing was taken. */
export async function written(door: EventsDoor, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFullError) return refusedForNow(door, error.message);
    // Nothing is wrong with the disk: the answer is 500, and the sender tries again all the same.
    if (error instanceof UndecidedError) throw error;
    door.onFault(error);
    const cause = error instanceof Error ? error.message : String(error);
    return refusedForNow(door, `the event could not be written to disk, so it was not taken: ${cause}`);
  }
}

async function askKey(header: Asked["header"], isKey: EventsDoor["isKey"]): Promise<Refusal | undefined> {
  if (isKey === undefined) {
    const message =
      "this relay has no ingest key, so it takes no events here. Set SHIRASE_INGEST_KEY, or ingest.key in the config";
    return { status: 401, code: "no-key-configured", message };
  }
  const given = shownKey(header);
  if (await isKey(given)) return undefined;
  const shown = given === undefined ? "no key" : "a wrong key";
  const message = `the request shows ${shown}. Send "Authorization: Bearer KEY" or "x-api-key: KEY"`;
  return { status: 401, code: "unauthorized", message };
}

/** A refusal as an answer, counted. */
export function refused(door: Pick<EventsDoor, "onRefused">, refusal: Refusal | BodyProblem): Answer {
  const { status, ...error } = refusal;
  door.onRefused(refusal.code);
  return {
    status,
    json: { error },
    ...(status === 401 ? { headers: { "www-authenticate": 'Bearer realm="shirase"' } } : {}),
  };
}

/** What the sender shall try again in a moment. */
export function refusedForNow(door: Pick<EventsDoor, "onRefused">, message: string): Answer {
  return { ...refused(door, { status: 503, code: "unavailable", message }), headers: { "retry-after": "1" } };
}

/** What is answered when something of ours failed. */
export function failed(door: Pick<EventsDoor, "onRefused" | "onFault">, error: unknown): Answer {
  door.onFault(error);
  return refused(door, { status: 500, code: "internal", message: "the relay failed; its log says why" });
}
