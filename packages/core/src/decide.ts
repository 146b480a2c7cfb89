/**
 * The chain from an event to who must hear of it, in one screen: owner, read, route. Pure: the relay runs it inside
 * its transaction, `simulate` and the demo run it with nothing stored.
 */
import type { Envelope } from "./event.ts";
import type { Finding } from "./finding.ts";

/** What one channel is to be told: a finding, for a customer, in a language. Compose turns it into a message. */
export type Notice = {
  readonly customerId: string;
  /** Destination: the Slack channel id. */
  readonly channelId: string;
  readonly finding: Finding;
  /** The envelope it came in. */
  readonly eventId: string;
};

/** One step of the decision, in order, for `simulate` and for the log. `held` false ends it. */
export type Reason = {
  readonly step: "owner" | "source" | "pattern" | "account" | "state" | "severity" | "filter" | "channel";
  readonly held: boolean;
  /** A plain English sentence: "severity MEDIUM is not among CRITICAL, HIGH". */
  readonly because: string;
};

/** The answer for one finding of an event. */
export type Verdict = {
  readonly finding: Finding;
  /** One for each channel that hears of it; empty when nobody does. */
  readonly notices: readonly Notice[];
  /** Every step taken; the last one with `held: false` is why nobody hears. */
  readonly reasons: readonly Reason[];
};

/** The answer for an event: whose it is and what follows, or why it is kept in quarantine. */
export type Decision =
  | {
      readonly event: Envelope;
      readonly customerId: string;
      readonly reasons: readonly Reason[];
      readonly verdicts: readonly Verdict[];
    }
  | { readonly event: Envelope; readonly quarantine: string };
