/** What the deliverer works with, and what it keeps in memory while it runs. */
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Clock } from "./clock.ts";
import type { OpsTeller } from "./ops-teller.ts";
import type { Pacer } from "./pacer.ts";
import type { Patience } from "./patience.ts";
import type { DeliveryFailure, Destination } from "./send/destination.ts";
import type { Delivery, NewMessage, Store } from "./store/store.ts";
import type { Turns } from "./turns.ts";

/** What the deliverer is given. */
export type Delivering = {
  readonly store: Store;
  readonly destination: Destination;
  readonly pacer: Pacer;
  readonly clock: Clock;
  /** 0 up to 1, for jitter. */
  readonly random: () => number;
  /** Unique ids for messages. */
  readonly newId: () => string;
  /** Also of a customer that is in the config no longer: what waits for it is told. */
  readonly customerOf: (customerId: string, channelId: string) => ResolvedCustomer;
  /** The message to the people who run shirase when a channel is paused or a message is given up. */
  readonly opsNotice: (text: string) => NewMessage | undefined;
  readonly onOutcome?: (delivery: Delivery, outcome: Outcome) => void;
  /** Something of ours failed, the disk most likely. It is tried again; somebody should know. */
  readonly onFault: (error: unknown) => void;
};

/** What became of one try, for the log and the counters. */
export type Outcome =
  | { readonly kind: "sent"; readonly ts: string; readonly afterMs: number; readonly wasFound: boolean }
  | (DeliveryFailure & { readonly gaveUp: boolean });

/** A deliverer's own memory, beside what it works with. */
export type Run = Delivering & {
  /** By channel: one message at a time in each. */
  readonly inFlight: Map<string, Promise<void>>;
  /** By channel: what waits there is not ready before then, by the clock that nobody sets. */
  readonly notBefore: Map<string, number>;
  readonly turns: Turns;
  readonly patience: Patience;
  readonly tellOps: OpsTeller;
  /** Paused channels that this process has tried. The others are tried at its start: perhaps that is why it started. */
  readonly pausesTried: Set<string>;
  readonly stopping: AbortSignal;
  /** Messages in doubt that this process itself sent. */
  readonly sentHere: Set<string>;
  /** By the clock that nobody sets. */
  readonly startedAtMs: number;
};
