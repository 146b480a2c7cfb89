/** Where a message is sent. One implementation a destination; the deliverer knows only this. */
import type { Delivery } from "../store/store.ts";

/** Why a delivery failed, in the only terms the deliverer acts on. */
export type DeliveryFailure =
  /** Asked to be quiet in this channel for so long. Nothing was posted. */
  | { readonly kind: "wait"; readonly afterMs: number }
  /** Perhaps better later: an outage, a time-out. */
  | { readonly kind: "retry"; readonly reason: string }
  /** Nothing can be posted to this channel, or to any, until a person does something. */
  | {
      readonly kind: "stop";
      readonly scope: "channel" | "workspace";
      readonly reason: string;
      readonly remedy: string;
    }
  /** This one message is refused; others will pass. */
  | { readonly kind: "reject"; readonly reason: string; readonly remedy: string };

/** Sent: Slack's name for the message. Or why not. */
export type Sent = { readonly ts: string } | { readonly failure: DeliveryFailure };

/** A place that messages are sent to. */
export type Destination = {
  /** Sends one message once; never retries by itself, never throws. */
  readonly send: (delivery: Delivery) => Promise<Sent>;
  /** Can it be reached with what we have? `undefined` is yes, else what is wrong. */
  readonly check: () => Promise<string | undefined>;
};
