/** Half a surrogate pair has no bytes in UTF-8, and EventBridge matches bytes: such a half is a question mark there. */

const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text as it is left after a way through UTF-8: every lone surrogate is a "?". */
export function inUtf8(text: string): string {
  return text.isWellFormed() ? text : text.replace(HALF, "?");
}
