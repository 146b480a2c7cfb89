/** Text as UTF-8, the form in which EventBridge matches and in which events arrive. */

const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The text as it is left after a way through UTF-8: half a surrogate pair has no bytes there, and EventBridge puts a
 * question mark in its place.
 */
export function inUtf8(text: string): string {
  return text.isWellFormed() ? text : text.replace(HALF, "?");
}

/** Characters made at once; more arguments would overflow a small stack. */
const CHUNK = 4096;
const REPLACEMENT = 0xfffd;

/**
 * Bytes as text, and JSON's escapes as what they stand for if `unescapes` (they must be valid). A byte that begins no
 * character becomes U+FFFD.
 */
export function bytesToText(bytes: Uint8Array, start: number, end: number, unescapes: boolean): string {
  let text = "";
  let units: number[] = [];
  for (let at = start; at < end; ) {
    const byte = bytes[at] ?? 0;
    if (unescapes && byte === 0x5c) {
      units.push(unescaped(bytes, at + 1));
      at += bytes[at + 1] === 0x75 ? 6 : 2;
    } else if (byte < 0x80) {
      units.push(byte);
      at += 1;
    } else {
      const length = lengthOf(bytes, at, end);
      pushUnits(units, length === 0 ? REPLACEMENT : codePoint(bytes, at, length));
      at += Math.max(1, length);
    }
    if (units.length >= CHUNK) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

/** The unit that the letter after a backslash stands for. */
function unescaped(bytes: Uint8Array, at: number): number {
  const letter = bytes[at] ?? 0;
  if (letter !== 0x75) return ESCAPES.get(letter) ?? letter;
  let unit = 0;
  for (let digit = at + 1; digit <= at + 4; digit += 1) {
    const byte = bytes[digit] ?? 0;
    unit = unit * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return unit;
}

/** How many bytes the character has; 0 when it is none. Overlong forms and surrogates are none. */
function lengthOf(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at] ?? 0;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  if (byte < 0xc2 || byte > 0xf4 || at + length > end) return 0;
  for (let more = at + 1; more < at + length; more += 1) if (((bytes[more] ?? 0) & 0xc0) !== 0x80) return 0;
  const point = codePoint(bytes, at, length);
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point >= (SMALLEST[length] ?? 0) && point <= 0x10ffff && !isSurrogate ? length : 0;
}

/** The smallest character that needs so many bytes. */
const SMALLEST: readonly number[] = [0, 0, 0x80, 0x800, 0x10000];

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] ?? 0) & (0xff >> (length + 1));
  for (let more = at + 1; more < at + length; more += 1) point = (point << 6) | ((bytes[more] ?? 0) & 0x3f);
  return point;
}

function pushUnits(units: number[], point: number): void {
  if (point < 0x10000) units.push(point);
  else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
}
