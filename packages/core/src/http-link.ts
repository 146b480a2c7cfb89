/**
 * Which addresses from a finding may become a link? Plain http(s) addresses to a host that reads as what it is: no
 * user part (`https://aws.amazon.com@evil.example`), no letters of other alphabets, nothing that could end a link in
 * Slack's markup.
 */
import { SLACK } from "./limits.ts";

const HTTP = /^https?:\/\/([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::\d{1,5})?(?:[/?#][!-~]*)?$/;

/** The address, or undefined when it must not become a link. */
export function httpLink(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > SLACK.linkChars || !HTTP.test(trimmed) || /[<>|"`\\^{}]/.test(trimmed)) return undefined;
  return trimmed;
}

/** The host of an address that {@link httpLink} let through; "" for anything else. */
export function hostOf(url: string): string {
  return HTTP.exec(url)?.[1]?.toLowerCase() ?? "";
}
