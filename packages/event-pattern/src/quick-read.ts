/** Reads an event straight into its wanted values, without a tree of it in between, where that can be done. */
import { collectValue, type EventValues } from "./event-values.ts";
import type { PathNode } from "./path-tree.ts";
import { scanEvent } from "./scan.ts";
import { type Room, ZEROS } from "./skip.ts";

/** All of the platform that is used, if it is there: each turns text and bytes into one another ten times as fast. */
declare const TextEncoder: { new (): { encodeInto(text: string, bytes: Uint8Array): { readonly written: number } } };
declare const TextDecoder: { new (): { decode(bytes: Uint8Array): string } };

const encoder = typeof TextEncoder === "function" ? new TextEncoder() : undefined;
const decoder = typeof TextDecoder === "function" ? new TextDecoder() : undefined;

/** Kept from event to event unless an event is larger; a larger one brings its own. */
const KEPT_BYTES = 1024 * 1024;
let kept = newRoom(64 * 1024);

/**
 * @param event - as a matcher gets it.
 * @returns false when it cannot be read so; then `values` is in disorder.
 */
export function readQuickly(event: unknown, root: PathNode, values: EventValues): boolean {
  if (typeof event === "string") return readText(event, root, values);
  if (event instanceof Uint8Array) return readBytes(event, root, values);
  if (typeof event !== "object" || event === null || Array.isArray(event)) return false;
  return collectValue(values, event, root, undefined, 0);
}

function readText(text: string, root: PathNode, values: EventValues): boolean {
  // Half a surrogate pair would not survive as bytes.
  if (encoder === undefined || !text.isWellFormed()) return false;
  const { bytes, words } = roomFor(text.length * 3);
  const { written } = encoder.encodeInto(text, bytes);
  bytes.fill(0, written, written + ZEROS);
  const ascii = written === text.length ? text : undefined;
  return scanEvent({ bytes, words, ascii, decode: undefined }, root, values);
}

/** Copied, because zeros must follow. */
function readBytes(given: Uint8Array, root: PathNode, values: EventValues): boolean {
  const { bytes, words } = roomFor(given.length);
  bytes.set(given);
  bytes.fill(0, given.length, given.length + ZEROS);
  const decode = (): string | undefined => {
    const text = decoder?.decode(given);
    return text?.length === given.length ? text : undefined;
  };
  return scanEvent({ bytes, words, ascii: undefined, decode }, root, values);
}

function roomFor(size: number): Room {
  if (size + ZEROS <= kept.bytes.length) return kept;
  const room = newRoom(size + ZEROS);
  if (size <= KEPT_BYTES) kept = room;
  return room;
}

function newRoom(size: number): Room {
  const buffer = new ArrayBuffer(size);
  return { bytes: new Uint8Array(buffer), words: new DataView(buffer) };
}
