/** The key that senders of HTTP events show: `Authorization: Bearer KEY`, or `x-api-key: KEY`. */
import { hash, timingSafeEqual } from "node:crypto";

/** Asks whether a text is the key, in a time that says nothing about it: both are hashed to one length first. */
export function keyAsker(key: string): (given: string | undefined) => boolean {
  const wanted = digest(key);
  return (given) => given !== undefined && timingSafeEqual(digest(given), wanted);
}

/** The key that a request shows, if any. */
export function shownKey(headers: Headers): string | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.get("authorization") ?? "")?.[1];
  return bearer ?? headers.get("x-api-key")?.trim();
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
