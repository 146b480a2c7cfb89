/**
 * Closed while the store refuses. Whoever would bring it more waits here; one probe at a time, ever more rarely, finds
 * out when it is open again.
 */
import { backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";

/** The gate. Its promises never reject, and resolve at once when the signal is aborted. */
export type StoreGate = {
  /** Waits as long as the gate is closed. */
  readonly open: () => Promise<void>;
  /** The store refused: closes the gate, and waits until the store takes a probe. */
  readonly refused: (error: unknown) => Promise<void>;
};

/** What the gate works with. */
export type GateOptions = {
  readonly store: Pick<Store, "probe">;
  readonly clock: Clock;
  /** 0 up to 1, for jitter. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** The gate closes, once however many are refused; the error is the first one's. */
  readonly onClosed: (error: unknown) => void;
  readonly onOpened: () => void;
};

const LONGEST_WAIT_MS = 30_000;

/** A gate that is open. */
export function createStoreGate(options: GateOptions): StoreGate {
  let closed: Promise<void> | undefined;
  return {
    open: () => closed ?? Promise.resolve(),
    refused: (error) => {
      if (closed === undefined) {
        options.onClosed(error);
        closed = untilWritable(options).finally(() => {
          closed = undefined;
        });
      }
      return closed;
    },
  };
}

async function untilWritable({ store, clock, random, signal, onOpened }: GateOptions): Promise<void> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    await clock.wait(backoffMs(failures, random(), LONGEST_WAIT_MS), signal);
    if (signal.aborted) return;
    try {
      await store.probe(clock.now());
      onOpened();
      return;
    } catch {
      // Said when the gate closed; /readyz asks the disk by itself and says what it answers.
    }
  }
}
