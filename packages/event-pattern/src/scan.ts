/**
 * Reads an event's bytes for the wanted paths only, in one pass, and makes no string of anything else. What is not
 * wanted is checked just as strictly (skip.ts): the same texts count as JSON here as for json.ts.
 *
 * Only the quick way is here: at the slightest irregularity the caller reads the event again with json.ts, which knows
 * what to say.
 */
import type { EventValues } from "./event-values.ts";
import type { Element } from "./fields.ts";
import { DEEPEST } from "./json-fault.ts";
import { type PathNode, stepByBytes, stepInto } from "./path-tree.ts";
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  endOfPlainKey,
  endOfPlainText,
  FAULT,
  NINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  type Room,
  skipColon,
  skipSpace,
  skipString,
  skipValue,
} from "./skip.ts";
import { bytesToText } from "./utf8.ts";

/** An event to read. */
export type Source = Room & {
  /** The whole event as text if each byte is one character of it and that is known. */
  readonly ascii: string | undefined;
  /** Else this, asked once there is something to cut out. */
  readonly decode: (() => string | undefined) | undefined;
};

/** @returns whether it was read; if not, `values` is in disorder and the event needs json.ts. */
export function scanEvent(source: Source, root: PathNode, values: EventValues): boolean {
  const start = skipSpace(source.bytes, 0);
  if (source.bytes[start] !== OPEN_OBJECT) return false;
  return new Scan(source, values).object(start + 1, root, undefined, 1) !== FAULT;
}

class Scan {
  readonly #source: Source;
  readonly #bytes: Uint8Array;
  readonly #values: EventValues;
  #ascii: string | undefined;
  #isDecoded = false;

  constructor(source: Source, values: EventValues) {
    this.#source = source;
    this.#bytes = source.bytes;
    this.#values = values;
    this.#ascii = source.ascii;
  }

  /** From behind the brace of an object with wanted fields to behind its other one. */
  object(from: number, node: PathNode, element: Element | undefined, depth: number): number {
    const bytes = this.#bytes;
    if (depth > DEEPEST) return FAULT;
    let at = skipSpace(bytes, from);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      at = this.#field(at, node, element, depth);
      if (at === FAULT) return FAULT;
      at = skipSpace(bytes, at);
      if (bytes[at] === CLOSE_OBJECT) return at + 1;
      if (bytes[at] !== COMMA) return FAULT;
      at = skipSpace(bytes, at + 1);
    }
  }

  #field(at: number, node: PathNode, element: Element | undefined, depth: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return FAULT;
    const start = at + 1;
    const end = endOfPlainKey(this.#source.words, start);
    const isPlain = bytes[end] === QUOTE;
    const behind = isPlain ? end + 1 : skipString(this.#source, end);
    const value = behind === FAULT ? FAULT : skipColon(bytes, behind);
    if (value === FAULT) return FAULT;
    const isQuick = isPlain && !node.isCrowded;
    const below = isQuick
      ? stepByBytes(node, this.#source, start, end)
      : stepInto(node, bytesToText(bytes, start, behind - 1, true));
    return below === undefined ? skipValue(this.#source, value, depth) : this.#value(value, below, element, depth);
  }

  #array(from: number, node: PathNode, element: Element | undefined, depth: number): number {
    const bytes = this.#bytes;
    if (depth > DEEPEST) return FAULT;
    const array = this.#values.newArray();
    let at = skipSpace(bytes, from);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    for (let index = 0; ; index += 1) {
      const isContainer = bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_ARRAY;
      const inside = isContainer ? this.#values.elementOf(array, index, element) : element;
      at = this.#value(at, node, inside, depth);
      if (at === FAULT) return FAULT;
      at = skipSpace(bytes, at);
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return FAULT;
      at = skipSpace(bytes, at + 1);
    }
  }

  /** A value at a wanted path, or on the way to one. */
  #value(at: number, node: PathNode, element: Element | undefined, depth: number): number {
    const byte = this.#bytes[at] ?? 0;
    if (byte === QUOTE) return this.#string(at + 1, node.path, element);
    if (byte === OPEN_OBJECT && node.children.size > 0) return this.object(at + 1, node, element, depth + 1);
    if (byte === OPEN_ARRAY) return this.#array(at + 1, node, element, depth + 1);
    const end = skipValue(this.#source, at, depth);
    if (node.path < 0 || byte === OPEN_OBJECT || end === FAULT) return end;
    this.#values.add(node.path, byte > NINE ? "literal" : "number", this.#cut(at, end), element);
    return end;
  }

  #string(start: number, path: number, element: Element | undefined): number {
    const end = endOfPlainText(this.#source.words, start);
    const isPlain = this.#bytes[end] === QUOTE;
    const behind = isPlain ? end + 1 : skipString(this.#source, end);
    if (path < 0 || behind === FAULT) return behind;
    const text = isPlain ? this.#cut(start, end) : bytesToText(this.#bytes, start, behind - 1, true);
    this.#values.add(path, "string", text, element);
    return behind;
  }

  /** The characters from `start` to before `end`, without escapes. */
  #cut(start: number, end: number): string {
    if (this.#ascii === undefined && !this.#isDecoded) {
      this.#isDecoded = true;
      this.#ascii = this.#source.decode?.();
    }
    return this.#ascii?.slice(start, end) ?? bytesToText(this.#bytes, start, end, false);
  }
}
