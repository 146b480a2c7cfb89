/**
 * Finds where a JSON value ends, in bytes, and checks on the way that it is one. Most of an event is wanted by nobody,
 * so this is where reading one spends its time: the end of a text is looked for four bytes in one step, and no string,
 * no number and no object is made. Recursive, because the depth is bounded; each byte is visited once.
 *
 * Positions are byte offsets; {@link FAULT} means that the value is none. {@link ZEROS} zero bytes must follow.
 */
import { DEEPEST } from "./json-fault.ts";

export const QUOTE = 0x22;
export const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
export const NINE = 0x39;
const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const FAULT = -1;
/** More digits are refused; json.ts says so. */
const LONGEST_NUMBER = 1000;
/** How many zero bytes must follow an event: looking at four bytes never leaves the room then. */
export const ZEROS = 4;

/** An event's bytes, one by one and four at a time. */
export type Room = { readonly bytes: Uint8Array; readonly words: DataView };

/** @returns where something else than white space stands. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at] ?? 0;
  if (byte > 0x20) return at;
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
    at += 1;
    byte = bytes[at] ?? 0;
  }
  return at;
}

/** From behind a key to before its value. */
export function skipColon(bytes: Uint8Array, from: number): number {
  const at = bytes[from] === COLON ? from : skipSpace(bytes, from);
  return bytes[at] === COLON ? skipSpace(bytes, at + 1) : FAULT;
}

/**
 * The first quote, backslash or control character. Each is found in all four bytes of a word at once: a byte in which
 * a subtraction borrows has its highest bit set afterwards; of several, the lowest is the right one.
 *
 * @see https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord
 */
export function endOfPlainText(words: DataView, from: number): number {
  for (let at = from; ; at += 4) {
    const word = words.getInt32(at, true);
    const isControl = word - 0x20202020;
    const isQuote = (word ^ 0x22222222) - 0x01010101;
    const isBackslash = (word ^ 0x5c5c5c5c) - 0x01010101;
    const found = (isControl | isQuote | isBackslash) & ~word & 0x80808080;
    if (found !== 0) return at + lowestByte(found);
  }
}

/** As {@link endOfPlainText}, and the first dot or character that is not ASCII: such keys need a closer look. */
export function endOfPlainKey(words: DataView, from: number): number {
  for (let at = from; ; at += 4) {
    const word = words.getInt32(at, true);
    const isControl = (word - 0x20202020) | word;
    const isQuote = (word ^ 0x22222222) - 0x01010101;
    const isBackslash = (word ^ 0x5c5c5c5c) - 0x01010101;
    const isPoint = (word ^ 0x2e2e2e2e) - 0x01010101;
    const found = (isControl | isQuote | isBackslash | isPoint) & 0x80808080;
    if (found !== 0) return at + lowestByte(found);
  }
}

function lowestByte(found: number): number {
  return (31 - Math.clz32(found & -found)) >> 3;
}

/** From inside a string to behind its closing quote. */
export function skipString({ bytes, words }: Room, from: number): number {
  let at = endOfPlainText(words, from);
  while (bytes[at] !== QUOTE) {
    if (bytes[at] !== BACKSLASH) return FAULT;
    at = skipEscape(bytes, at + 1);
    if (at === FAULT) return FAULT;
    at = endOfPlainText(words, at);
  }
  return at + 1;
}

/** What may stand behind a backslash, besides `u`. */
const SHORT_ESCAPES = new Uint8Array(256);
for (const letter of '"\\/bfnrt') SHORT_ESCAPES[letter.charCodeAt(0)] = 1;

function skipEscape(bytes: Uint8Array, at: number): number {
  const letter = bytes[at] ?? 0;
  if (SHORT_ESCAPES[letter] === 1) return at + 1;
  if (letter !== 0x75) return FAULT;
  for (let digit = at + 1; digit <= at + 4; digit += 1) if (!isHexadecimal(bytes[digit] ?? 0)) return FAULT;
  return at + 5;
}

function isHexadecimal(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

/** From the first byte of a value to behind it, whatever it holds. `depth` is that of what it stands in. */
export function skipValue(room: Room, at: number, depth: number): number {
  const byte = room.bytes[at] ?? 0;
  if (byte === QUOTE) return skipString(room, at + 1);
  if (byte === OPEN_OBJECT) return skipObject(room, at + 1, depth + 1);
  if (byte === OPEN_ARRAY) return skipArray(room, at + 1, depth + 1);
  return skipWord(room.bytes, at);
}

function skipObject(room: Room, from: number, depth: number): number {
  const { bytes } = room;
  if (depth > DEEPEST) return FAULT;
  let at = skipSpace(bytes, from);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) return FAULT;
    at = skipString(room, at + 1);
    if (at !== FAULT) at = skipColon(bytes, at);
    if (at !== FAULT) at = skipValue(room, at, depth);
    if (at === FAULT) return FAULT;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) return FAULT;
    at = skipSpace(bytes, at + 1);
  }
}

function skipArray(room: Room, from: number, depth: number): number {
  const { bytes } = room;
  if (depth > DEEPEST) return FAULT;
  let at = skipSpace(bytes, from);
  if (bytes[at] === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = skipValue(room, at, depth);
    if (at === FAULT) return FAULT;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    if (bytes[at] !== COMMA) return FAULT;
    at = skipSpace(bytes, at + 1);
  }
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
