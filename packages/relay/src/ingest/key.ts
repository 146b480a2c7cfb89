/** The key that senders of HTTP events show: `Authorization: Bearer KEY`, or `x-api-key: KEY`. */
import { timingSafeEqual } from "node:crypto";

/** Asks whether a text is the key, in a time that says nothing of the key but its length. */
export function keyAsker(key: string): (given: string | undefined) => boolean {
  const wanted = Buffer.from(key);
  return (given) => {
    const shown = Buffer.from(given ?? "");
    const isAsLong = shown.length === wanted.length;
    // A text of another length is compared as well, with the key itself: the answer takes the same time.
    return timingSafeEqual(isAsLong ? shown : wanted, wanted) && isAsLong && given !== undefined;
  };
}

/** The key that a request shows, if any. */
export function shownKey(header: (name: string) => string | undefined): string | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(header("authorization") ?? "")?.[1];
  return bearer ?? header("x-api-key")?.trim();
}
