/**
 * Reads an event's bytes for the wanted paths only, in one pass, and makes no string of anything else. What is not
 * wanted is checked just as strictly: the same texts count as JSON here as for json.ts.
 *
 * Only the quick way is here: at the slightest irregularity -1 is returned, and the caller reads the event again with
 * json.ts, which knows what to say. Positions are byte offsets; a zero byte must follow the event.
 */

import type { EventValues } from "./event-values.ts";
import type { Element } from "./fields.ts";
import { DEEPEST } from "./json-fault.ts";
import { type PathNode, stepByBytes, stepInto } from "./path-tree.ts";
import { bytesToText } from "./utf8.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const FAULT = -1;
/** More digits are refused; json.ts says so. */
const LONGEST_NUMBER = 1000;

/** What a byte means inside a string: 0 nothing, 1 it ends, 2 look closer. */
const IN_STRING = new Uint8Array(256);
/** The same for a key that is looked up by its bytes: dots and other scripts need a closer look as well. */
const IN_KEY = new Uint8Array(256).fill(2, 0x80);
for (const table of [IN_STRING, IN_KEY]) {
  table.fill(2, 0, 0x20);
  table[QUOTE] = 1;
  table[BACKSLASH] = 2;
}
IN_KEY[POINT] = 2;

/** An event to read: its bytes, and the text they came from if each byte is one character of it. */
export type Source = { readonly bytes: Uint8Array; readonly ascii: string | undefined };

/** @returns whether it was read; if not, `values` is in disorder and the event needs json.ts. */
export function scanEvent(source: Source, root: PathNode, values: EventValues): boolean {
  const start = skipSpace(source.bytes, 0);
  if (source.bytes[start] !== OPEN_OBJECT) return false;
  return new Scan(source, values).object(start + 1, root, undefined, 1) !== FAULT;
}

class Scan {
  readonly #bytes: Uint8Array;
  readonly #ascii: string | undefined;
  readonly #values: EventValues;

  constructor(source: Source, values: EventValues) {
    this.#bytes = source.bytes;
    this.#ascii = source.ascii;
    this.#values = values;
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
    let end = start;
    while (IN_KEY[bytes[end] ?? 0] === 0) end += 1;
    const isPlain = bytes[end] === QUOTE;
    const behind = isPlain ? end + 1 : skipString(bytes, end);
    const value = behind === FAULT ? FAULT : skipColon(bytes, behind);
    if (value === FAULT) return FAULT;
    const below = isPlain
      ? stepByBytes(node, bytes, start, end)
      : stepInto(node, bytesToText(bytes, start, behind - 1, true));
    return below === undefined ? skipValue(bytes, value, depth) : this.#value(value, below, element, depth);
  }

  #array(from: number, node: PathNode, element: Element | undefined, depth: number): number {
    const bytes = this.#bytes;
    if (depth > DEEPEST) return FAULT;
    const array = this.#values.newArray();
    let at = skipSpace(bytes, from);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    for (let index = 0; ; index += 1) {
      at = skipSpace(bytes, at);
      const isContainer = bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_ARRAY;
      const inside = isContainer ? this.#values.elementOf(array, index, element) : element;
      at = this.#value(at, node, inside, depth);
      if (at === FAULT) return FAULT;
      at = skipSpace(bytes, at);
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return FAULT;
      at += 1;
    }
  }

  /** A value at a wanted path, or on the way to one. */
  #value(from: number, node: PathNode, element: Element | undefined, depth: number): number {
    const bytes = this.#bytes;
    const at = skipSpace(bytes, from);
    const byte = bytes[at] ?? 0;
    if (byte === OPEN_OBJECT && node.children.size > 0) return this.object(at + 1, node, element, depth + 1);
    if (byte === OPEN_ARRAY) return this.#array(at + 1, node, element, depth + 1);
    sawEscape = false;
    const end = skipValue(bytes, at, depth);
    if (node.path < 0 || byte === OPEN_OBJECT || end === FAULT) return end;
    if (byte === QUOTE) {
      this.#values.add(node.path, "string", this.#text(at + 1, end - 1), element);
    } else {
      this.#values.add(node.path, byte > NINE ? "literal" : "number", this.#text(at, end), element);
    }
    return end;
  }

  /** The characters from `start` to before `end`, of the value that was skipped last. */
  #text(start: number, end: number): string {
    if (this.#ascii !== undefined && !sawEscape) return this.#ascii.slice(start, end);
    return bytesToText(this.#bytes, start, end, true);
  }
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at] ?? 0;
  if (byte > 0x20) return at;
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
    at += 1;
    byte = bytes[at] ?? 0;
  }
  return at;
}

/** From inside a string to behind its closing quote. */
function skipString(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    while (IN_STRING[bytes[at] ?? 0] === 0) at += 1;
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] !== BACKSLASH) return FAULT;
    at = skipEscape(bytes, at + 1);
    if (at === FAULT) return FAULT;
  }
}

/** Was there a backslash since somebody asked? One skip at a time; a second result, without making an object for it. */
let sawEscape = false;

function skipEscape(bytes: Uint8Array, at: number): number {
  sawEscape = true;
  const letter = String.fromCharCode(bytes[at] ?? 0);
  if ('"\\/bfnrt'.includes(letter)) return at + 1;
  if (letter !== "u") return FAULT;
  for (let digit = at + 1; digit <= at + 4; digit += 1) if (!isHexadecimal(bytes[digit] ?? 0)) return FAULT;
  return at + 5;
}

function isHexadecimal(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

/** From before a value to behind it, whatever it holds. Recursive: the depth is bounded. */
function skipValue(bytes: Uint8Array, from: number, depth: number): number {
  const at = skipSpace(bytes, from);
  const byte = bytes[at] ?? 0;
  if (byte === QUOTE) return skipString(bytes, at + 1);
  if (byte === OPEN_OBJECT) return skipObject(bytes, at + 1, depth + 1);
  if (byte === OPEN_ARRAY) return skipArray(bytes, at + 1, depth + 1);
  return skipWord(bytes, at);
}

function skipObject(bytes: Uint8Array, from: number, depth: number): number {
  if (depth > DEEPEST) return FAULT;
  let at = skipSpace(bytes, from);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) return FAULT;
    at = skipString(bytes, at + 1);
    if (at !== FAULT) at = skipColon(bytes, at);
    if (at !== FAULT) at = skipValue(bytes, at, depth);
    if (at === FAULT) return FAULT;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) return FAULT;
    at = skipSpace(bytes, at + 1);
  }
}

function skipArray(bytes: Uint8Array, from: number, depth: number): number {
  if (depth > DEEPEST) return FAULT;
  let at = skipSpace(bytes, from);
  if (bytes[at] === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = skipValue(bytes, at, depth);
    if (at === FAULT) return FAULT;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    if (bytes[at] !== COMMA) return FAULT;
    at += 1;
  }
}

function skipColon(bytes: Uint8Array, from: number): number {
  const at = skipSpace(bytes, from);
  return bytes[at] === COLON ? at + 1 : FAULT;
}

const WORDS = ["true", "false", "null"].map((word) => Uint8Array.from(word, (char) => char.charCodeAt(0)));

/** A number, or one of the three words. */
function skipWord(bytes: Uint8Array, from: number): number {
  const byte = bytes[from] ?? 0;
  if (byte === MINUS || isDigit(byte)) return skipNumber(bytes, from);
  const word = WORDS.find((one) => one[0] === byte);
  if (word === undefined || !word.every((letter, index) => bytes[from + index] === letter)) return FAULT;
  const end = from + word.length;
  return isEnd(bytes[end] ?? 0) ? end : FAULT;
}

function skipNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  if (bytes[at] === ZERO) at += 1;
  else at = skipDigits(bytes, at);
  if (at !== FAULT && bytes[at] === POINT) at = skipDigits(bytes, at + 1);
  if (at !== FAULT && ((bytes[at] ?? 0) | 0x20) === 0x65) {
    const sign = bytes[at + 1];
    at = skipDigits(bytes, sign === 0x2b || sign === MINUS ? at + 2 : at + 1);
  }
  return at !== FAULT && at - from <= LONGEST_NUMBER && isEnd(bytes[at] ?? 0) ? at : FAULT;
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at] ?? 0)) at += 1;
  return at > from ? at : FAULT;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** What may follow a number or a word: nothing that would go on with it. */
function isEnd(byte: number): boolean {
  return (
    byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
  );
}
