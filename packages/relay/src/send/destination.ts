/** Where a message is sent. One implementation a destination; the deliverer knows only this. */
import type { Message } from "@shirase/core/compose";
import type { Delivery } from "../store/store.ts";

/** Why a delivery failed, in the only terms the deliverer acts on. */
export type DeliveryFailure =
  /** Asked to be quiet in this channel for so long. Nothing was posted. */
  | { readonly kind: "wait"; readonly afterMs: number }
  /** Perhaps better later: an outage, a time-out. Nobody knows whether it was posted. */
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

/** A message that was posted. */
export type Posted = { readonly channelId: string; readonly ts: string };

/** A place that messages are sent to. None of these throws, and none tries twice. */
export type Destination = {
  /** Sends one message once. */
  readonly send: (delivery: Delivery) => Promise<Sent>;
  /** Was it sent already, in spite of everything? `undefined`: it is not there. */
  readonly find: (delivery: Delivery) => Promise<Sent | undefined>;
  /** Brings a message up to date. `undefined`: done. */
  readonly edit: (posted: Posted, message: Message) => Promise<DeliveryFailure | undefined>;
  /** Would it take what we send? `undefined` is yes. */
  readonly check: () => Promise<DeliveryFailure | undefined>;
};
