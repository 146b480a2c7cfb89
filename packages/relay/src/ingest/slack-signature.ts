/**
 * Is a request really from Slack? Slack signs what it sends with a secret that the app and Slack alone know, and names
 * the time, so that what somebody recorded cannot be sent again later. Pure.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** A request as it came: its two headers, and its body byte for byte. */
export type SignedRequest = {
  /** `X-Slack-Request-Timestamp`: whole seconds since 1970. */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature`: `v0=` and 64 hexadecimal digits. */
  readonly signature: string | undefined;
  readonly body: string;
};

/** What Slack says of itself in a request's headers, well formed and of this moment. */
export type SlackStamp = { readonly seconds: string; readonly digest: string };

/** Why a request is not taken for Slack's, in words for the log. */
export type Unproved = "unsigned" | "of an unknown version" | "too old or too new" | "signed by somebody else";

/** Slack's own bound; it also allows for clocks that differ. */
const STALE_AFTER_S = 300;

/**
 * Reads the headers: whatever fails here needs no secret.
 *
 * @returns what is to be compared, or why the request is not Slack's.
 */
export function readStamp(
  { timestamp, signature }: Omit<SignedRequest, "body">,
  now: Date,
): SlackStamp | { readonly unproved: Unproved } {
  if (timestamp === undefined || signature === undefined) return { unproved: "unsigned" };
  const digest = /^v0=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (digest === undefined) return { unproved: "of an unknown version" };
  const isTime = /^\d{1,12}$/.test(timestamp);
  const apartS = Math.abs(now.getTime() / 1000 - Number(timestamp));
  return isTime && apartS <= STALE_AFTER_S ? { seconds: timestamp, digest } : { unproved: "too old or too new" };
}

/** Did whoever knows the secret sign this body at that time? The answer takes as long for every wrong signature. */
export function isSignedWith(secret: string, { seconds, digest }: SlackStamp, body: string): boolean {
  const wanted = createHmac("sha256", secret).update(`v0:${seconds}:${body}`).digest();
  return timingSafeEqual(Buffer.from(digest, "hex"), wanted);
}
