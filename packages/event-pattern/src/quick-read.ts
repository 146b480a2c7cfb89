/** Reads an event straight into its wanted values, without a tree of it in between, where that can be done. */
import { collectValue, type EventValues } from "./event-values.ts";
import type { PathNode } from "./path-tree.ts";
import { scanEvent } from "./scan.ts";

/** The one thing of the platform that is used, if it is there: it turns text into bytes ten times as fast. */
declare const TextEncoder: { new (): Encoder } | undefined;
type Encoder = { encodeInto(text: string, bytes: Uint8Array): { readonly written: number } };

const encoder = typeof TextEncoder === "function" ? new TextEncoder() : undefined;

/** Kept from event to event unless an event is larger; a larger one brings its own. */
const KEPT_BYTES = 1024 * 1024;
let kept = new Uint8Array(64 * 1024);

/**
 * @param event - as a matcher gets it.
 * @returns false when it cannot be read so; then `values` is in disorder.
 */
export function readQuickly(event: unknown, root: PathNode, values: EventValues): boolean {
  if (typeof event === "string") return readText(event, root, values);
  if (event instanceof Uint8Array) return readBytes(event, root, values);
  if (typeof event !== "object" || event === null || Array.isArray(event)) return false;
  return collectValue(values, event, root, { element: undefined, depth: 0 });
}

function readText(text: string, root: PathNode, values: EventValues): boolean {
  // Half a surrogate pair would not survive as bytes.
  if (encoder === undefined || !text.isWellFormed()) return false;
  const bytes = roomFor(text.length * 3 + 1);
  const { written } = encoder.encodeInto(text, bytes);
  bytes[written] = 0;
  return scanEvent({ bytes, ascii: written === text.length ? text : undefined }, root, values);
}

/** Copied, because a zero must follow. */
function readBytes(given: Uint8Array, root: PathNode, values: EventValues): boolean {
  const bytes = roomFor(given.length + 1);
  bytes.set(given);
  bytes[given.length] = 0;
  return scanEvent({ bytes, ascii: undefined }, root, values);
}

function roomFor(size: number): Uint8Array {
  if (size <= kept.length) return kept;
  const bytes = new Uint8Array(size);
  if (size <= KEPT_BYTES) kept = bytes;
  return bytes;
}
