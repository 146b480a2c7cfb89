/**
 * What the console asks of the store's file. Reading only, by a connection of its own: no page, however many look at it,
 * makes an event wait. What people change goes through the store like everything else.
 */
import type { Severity } from "@shirase/core/finding";

/** How many problems are open, by severity; what is not there is none. */
export type OpenCounts = Readonly<Partial<Record<Severity, number>>>;

/** A customer in figures. */
export type CustomerFigures = {
  readonly customerId: string;
  readonly open: OpenCounts;
  /** Problems that stand open, and resolved, since `since`. */
  readonly openedSince: number;
  readonly resolvedSince: number;
  /** Findings that wait to be told. */
  readonly waiting: number;
  readonly oldestWaitingAt?: Date;
  readonly dead: number;
};

/** A customer and the moment from which its figures count, its midnight. */
export type Since = { readonly customerId: string; readonly since: Date };

/** What pages are made of. */
export type Reads = {
  /** Another number after each commit of the relay's. */
  readonly version: () => Promise<number>;
  /** The figures of each customer that is asked for, in that order. */
  readonly figures: (asked: readonly Since[]) => Promise<readonly CustomerFigures[]>;
  /** Customers of whom something waits or was given up, in the config or not; "" stands for the operators. */
  readonly restless: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};
