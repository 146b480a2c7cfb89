/**
 * A batch of wake-ups: each channel once, however many name it, all of them at once. A channel that has to wait keeps one
 * of its wake-ups, hidden until then; so long nobody else works there.
 */
import { type Drained, type Draining, drain } from "./drain.ts";
import { comeBack, type SqsAnswer, type SqsRecord } from "./sqs-event.ts";
import type { Waker, WakeUp } from "./wake.ts";

/** What it works with. */
export type WakingUp = {
  readonly draining: Draining;
  readonly later: Waker["later"];
  /** When this process is killed, in epoch milliseconds. */
  readonly endsAt: number;
};

const AFTER_FAULT_MS = 5000;
/** A redrive, or a config that changed, is to be seen within so long. */
const LONGEST_MS = 60_000;

/** Drains the channels that are named. @returns those wake-ups that come again. */
export async function wakeUps(
  records: readonly SqsRecord[],
  { draining, later, endsAt }: WakingUp,
): Promise<SqsAnswer> {
  const byChannel = Map.groupBy(records, ({ body }) => channelOf(body));
  if (byChannel.delete(undefined)) draining.onFault(new Error("a wake-up names no channel; it is dropped"));
  const coming = await Promise.all(
    [...byChannel].map(async ([channelId = "", all]): Promise<readonly SqsRecord[]> => {
      const drained = await drain(draining, channelId, endsAt).catch((error: unknown): Drained => {
        draining.onFault(error);
        return { againMs: AFTER_FAULT_MS };
      });
      const last = all.at(-1);
      if (!drained || !last) return [];
      await later(last.receiptHandle, Math.ceil(Math.min(drained.againMs, LONGEST_MS) / 1000)).catch(draining.onFault);
      return [last];
    }),
  );
  return comeBack(coming.flat());
}

function channelOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as Partial<WakeUp> | null)?.channelId;
  } catch {
    return undefined; // Only the relay writes here; what somebody else wrote must not come back for ever.
  }
}
