/** The event that `shirase send` puts on a customer's bus. Whoever reads its card sees who sent it and its mark. */
import { TEST } from "@shirase/infra/declared-events";
import { type Probe, wholeSecond } from "./probe.ts";

/** An entry of PutEvents. */
export type EventEntry = {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: Date;
};

/** @param sentBy - the ARN of whoever sends it. */
export function testEvent({ mark }: Probe, sentBy: string, now: Date): EventEntry {
  const { source: Source, detailType: DetailType } = TEST;
  return { Source, DetailType, Detail: JSON.stringify({ mark, sentBy }), Time: wholeSecond(now) };
}
