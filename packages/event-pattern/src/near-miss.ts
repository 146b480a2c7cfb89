/** A value that is all but what was asked for: other letters, spaces around it, a text instead of a number. */
import type { Alternative, Leaf } from "./matcher-types.ts";
import type { Scalar } from "./sample.ts";

/** What differs, and only that. */
export type NearKind = "case" | "space" | "type";

/** The alternative that is nearly met. */
export type Near = { readonly kind: NearKind; readonly alternative: Alternative };

/** @returns undefined when the value is not near to any exact alternative. */
export function nearMiss(leaf: Leaf, value: Scalar): Near | undefined {
  for (const alternative of leaf.alternatives) {
    const kind = nearKind(alternative, value);
    if (kind) return { kind, alternative };
  }
  return undefined;
}

function nearKind(alternative: Alternative, value: Scalar): NearKind | undefined {
  if (alternative.op !== "string" && alternative.op !== "number" && alternative.op !== "literal") return undefined;
  const isText = alternative.op === "string";
  if (isText !== (value.kind === "string")) return alternative.text === value.text ? "type" : undefined;
  if (!isText || alternative.text === value.text) return undefined;
  if (alternative.text.toLowerCase() === value.text.toLowerCase()) return "case";
  return alternative.text.trim() === value.text.trim() ? "space" : undefined;
}
