/**
 * How is it said? One notice becomes one Slack message, whole and within Slack's limits. What a card looks like is in
 * card.ts; this is the door that others use.
 *
 * Not here: where it is sent and when (the relay), how several notices become one message.
 */
import { cardOf } from "./card.ts";
import type { Notice } from "./decide.ts";
import type { JsonObject } from "./event.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import type { Language } from "./text/wording.ts";

/** A message as chat.postMessage takes it, less the channel and the token. */
export type Message = {
  /** Plain fallback for notifications and screen readers; at most 4,000 characters, already escaped. */
  readonly text: string;
  /** Blocks outside any attachment, above it. */
  readonly blocks: readonly JsonObject[];
  /** Severity colour `#rrggbb` lives on the attachment; the blocks are inside it. */
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly JsonObject[] }[];
  /** Nothing in a card is worth a preview, and a finding's link must not fetch one. */
  readonly unfurl_links: false;
  readonly unfurl_media: false;
};

/** Slack message metadata by which a delivery is found again after a crash between sending and recording. */
export type NoticeMetadata = {
  readonly event_type: "shirase_notice";
  readonly event_payload: {
    /** The relay's id of this delivery. */
    readonly delivery: string;
    readonly customer: string;
    /** How many findings the message accounts for. */
    readonly counted: number;
  };
};

export type ComposeOptions = {
  /** Another language than the customer's. */
  readonly language?: Language;
};

/**
 * The message that tells one notice.
 *
 * @param customer - the notice's customer: `prepared.customers.get(notice.customerId)`.
 * @returns at most 9,500 characters of blocks; every text of the finding escaped and bounded; mentions only from the
 *   customer's config.
 * @throws never.
 */
export function compose(notice: Notice, customer: ResolvedCustomer, options: ComposeOptions = {}): Message {
  return {
    ...cardOf(notice.finding, customer, options.language ?? customer.language),
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** The `metadata` argument of chat.postMessage for a message made here. */
export function noticeMetadata(delivery: string, customerId: string, counted: number): NoticeMetadata {
  return { event_type: "shirase_notice", event_payload: { delivery, customer: customerId, counted } };
}
