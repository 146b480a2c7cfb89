/** How many characters of text do blocks hold in all? The measure behind Slack's undocumented `msg_blocks_too_long`. */
import { isObject, type Json } from "./json.ts";

/**
 * Sum of the lengths of all `text` strings, however deep, in UTF-16 units. Ids, urls and values do not count.
 *
 * @see https://github.com/slackapi/bolt-js/issues/2867 for this way of counting and the two figures around the limit
 */
export function textLength(value: Json | undefined): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, item]) => sum + (name === "text" && typeof item === "string" ? item.length : textLength(item)),
    0,
  );
}
