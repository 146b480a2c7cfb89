/**
 * What AWS hands over once for good: a text from SNS or SQS. A refusal would reach nobody who could mend it, so what is
 * no event is kept in quarantine, with what is wrong with it, and counts as taken.
 */
import type { Arrival } from "@shirase/core/owner";
import type { Accepted, BadEvent } from "../accept.ts";
import { parseEvents } from "./body.ts";

/** Who keeps it; both resolve when it is on disk, and reject when it is not. */
export type Taker = {
  readonly accept: (
    values: readonly unknown[],
    arrival: Arrival,
    texts?: readonly string[],
  ) => Promise<Accepted | { readonly bad: BadEvent }>;
  /** Keeps in quarantine what is no event. */
  readonly setAside: (text: string, reason: string) => Promise<Accepted>;
};

/** Keeps a delivered text, one way or the other. @throws what the taker throws: then it was not kept. */
export async function takeDelivered(text: string, arrival: Arrival, taker: Taker): Promise<Accepted> {
  const parsed = parseEvents(text);
  if ("code" in parsed) return taker.setAside(text, parsed.message);
  const accepted = await taker.accept(parsed.values, arrival, parsed.texts);
  if (!("bad" in accepted)) return accepted;
  const { place, message } = placed(accepted.bad, parsed.values.length);
  return taker.setAside(text, `${place}: ${message}`);
}

/** Where in a request the fault is: `[3].detail`, or `detail` when there is one event only. */
export function placed(
  { index, field, message }: BadEvent,
  count: number,
): { readonly place: string; readonly field: string; readonly message: string } {
  const path = count > 1 ? `[${index}]${field === "" ? "" : `.${field}`}` : field;
  return { place: path === "" ? "the event" : path, field: path, message };
}
