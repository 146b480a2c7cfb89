/** The key that senders of HTTP events show: `Authorization: Bearer KEY`, or `x-api-key: KEY`. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Compares in a time that says nothing about the key: both sides are hashed to one length first. */
export function isKey(given: string | undefined, key: string): boolean {
  if (given === undefined) return false;
  return timingSafeEqual(digest(given), digest(key));
}

/** The key that a request shows, if any. */
export function shownKey(headers: Headers): string | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.get("authorization") ?? "")?.[1];
  return bearer ?? headers.get("x-api-key")?.trim();
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
