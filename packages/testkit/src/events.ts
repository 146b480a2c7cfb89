/**
 * The sample events of `packages/testkit/events`: what EventBridge delivers from every service that shirase reads, with
 * what should come of each.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the samples are. */
export const EVENTS_FOLDER = join(import.meta.dirname, "..", "events");

/** A row of index.json. */
export type Sample = {
  /** Path inside the folder, `securityhub/lifecycle/01-new.json`. */
  readonly file: string;
  /** Null for what is wrapped in a queue's or a topic's envelope. */
  readonly detailType: string | null;
  readonly case: string;
  readonly basis: string;
  readonly expect?: {
    /** What a relay that remembers should tell, in words. */
    readonly tell?: string;
    /** Does this event alone make a card for a customer who wants CRITICAL and HIGH? */
    readonly card: boolean;
    /** The file that tells the same problem. */
    readonly sameAs?: string;
  };
};

/** A row of crossing/index.json: an event as it arrived at the hub in the recorded crossing (crossing.ts). */
export type CrossedEvent = {
  readonly file: string;
  readonly detailType: string;
  readonly case: string;
  readonly basis: string;
  /** The hub's bus that it arrived on. */
  readonly bus: string;
  /** What a relay with the crossing's config makes of it. */
  readonly expect: {
    /** The customer's id; null when it is nobody's. */
    readonly owner: string | null;
    readonly told: boolean;
    readonly quarantined: boolean;
  };
};

/** A parsed JSON object of unknown shape. */
export type SampleJson = { readonly [key: string]: unknown };

/** Every row, in the order of index.json. */
export function samples(): readonly Sample[] {
  return JSON.parse(readFileSync(join(EVENTS_FOLDER, "index.json"), "utf8")) as readonly Sample[];
}

/** The rows that are EventBridge envelopes themselves, with what should come of them. */
export function eventSamples(): readonly (Sample & { readonly expect: NonNullable<Sample["expect"]> })[] {
  return samples().flatMap((sample) =>
    sample.detailType !== null && sample.expect ? [{ ...sample, expect: sample.expect }] : [],
  );
}

/** Every event that was recorded in the crossing, in the order of its index. */
export function crossedEvents(): readonly CrossedEvent[] {
  return JSON.parse(readFileSync(join(EVENTS_FOLDER, "crossing", "index.json"), "utf8")) as readonly CrossedEvent[];
}

/** One file, parsed anew each time: a test may change it. */
export function sampleEvent(file: string): SampleJson {
  return JSON.parse(readFileSync(join(EVENTS_FOLDER, file), "utf8")) as SampleJson;
}
