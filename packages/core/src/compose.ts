/**
 * How is it said? One notice becomes one Slack message. FIRST CUT of the contract between rooms.
 */
import type { JsonObject } from "./event.ts";

/** A message as chat.postMessage takes it, less the channel and the token. */
export type Message = {
  /** Plain fallback for notifications and screen readers; at most 4,000 characters, already escaped. */
  readonly text: string;
  /** Severity colour `#rrggbb` lives on the attachment; the blocks are inside it. */
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly JsonObject[] }[];
  /** Blocks outside any attachment, above it. */
  readonly blocks?: readonly JsonObject[];
};
