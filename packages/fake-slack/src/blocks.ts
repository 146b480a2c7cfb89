/** Would Slack take these blocks? */
import type { JsonObject } from "./json.ts";

export function checkBlocks(
  _blocks: readonly JsonObject[],
  _pointer: string,
): readonly { pointer: string; message: string }[] {
  return [];
}
