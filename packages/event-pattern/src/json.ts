/**
 * JSON read with everything a pattern needs and JSON.parse throws away: where each value stands, duplicate keys, and
 * numbers as they were written. Iterative, so that deep nesting costs no stack; linear in the text.
 *
 * Strict as RFC 8259, but for text that follows the value: event-ruler never looks at it, so neither do answers here;
 * `end` lets warnings.ts speak of it. What the values mean is parse.ts (patterns) and fields.ts (events).
 */
import { DEEPEST, FaultError, noNumber, noValue, strayClose, tooDeep, unexpected, wordAt } from "./json-fault.ts";

/** A value and the offset (UTF-16 units) of its first character; -1 when it did not come from a text. */
export type JsonNode =
  | { readonly kind: "object"; readonly at: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: "array"; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly at: number; readonly value: string }
  | { readonly kind: "number"; readonly at: number; readonly text: string }
  | { readonly kind: "literal"; readonly at: number; readonly text: "true" | "false" | "null" };

/** One key of an object, in order; a key may stand twice. */
export type JsonEntry = { readonly key: string; readonly at: number; readonly value: JsonNode };

/** What is wrong with the text, and where. */
export type JsonFault = { readonly at: number; readonly message: string };

type Open =
  | { readonly kind: "object"; readonly at: number; readonly entries: JsonEntry[]; key: string; keyAt: number }
  | { readonly kind: "array"; readonly at: number; readonly items: JsonNode[] };

/**
 * Reads one JSON value.
 *
 * @param text - the value, and maybe more that is not looked at.
 * @returns the value and the offset right after it, or the first fault.
 */
export function readJson(
  text: string,
): { readonly node: JsonNode; readonly end: number } | { readonly fault: JsonFault } {
  try {
    return new Reader(text).read();
  } catch (error) {
    if (error instanceof FaultError) return { fault: { at: error.at, message: error.message } };
    throw error;
  }
}

/**
 * Could the text be an object? False for an empty text and for one that begins as a list or a scalar: that mistake is
 * the one to speak of, whatever else is wrong with the text.
 */
export function beginsAsObject(text: string): boolean {
  return !/^[ \t\n\r]*(?:$|["[]|-?\d|(?:true|false|null)(?![\w$]))/.test(text);
}

/** A parsed JavaScript value as a node without places. Numbers get JavaScript's shortest spelling. */
export function nodeOf(value: unknown): { readonly node: JsonNode } | { readonly fault: JsonFault } {
  try {
    return { node: toNode(value, 0) };
  } catch (error) {
    if (error instanceof FaultError) return { fault: { at: -1, message: error.message } };
    throw error;
  }
}

function toNode(value: unknown, depth: number): JsonNode {
  if (typeof value === "string") return { kind: "string", at: -1, value };
  if (typeof value === "number" && Number.isFinite(value)) return { kind: "number", at: -1, text: numberText(value) };
  if (typeof value === "boolean" || value === null) return { kind: "literal", at: -1, text: literal(String(value)) };
  if (depth >= DEEPEST && typeof value === "object") throw tooDeep(-1);
  if (Array.isArray(value)) {
    // Not value.map: a list may have holes, and they are no JSON.
    return { kind: "array", at: -1, items: Array.from(value, (item: unknown) => toNode(item, depth + 1)) };
  }
  if (typeof value !== "object") throw new FaultError(-1, `${typeof value} is no JSON value`);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => ({ key, at: -1, value: toNode(item, depth + 1) }));
  return { kind: "object", at: -1, entries };
}

/** The number as JavaScript spells it. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function literal(text: string): "true" | "false" | "null" {
  if (text === "true" || text === "false") return text;
  return "null";
}

const NUMBER = /-(?!\d)|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 forbids raw control characters in strings.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Reader {
  readonly #text: string;
  #at = 0;
  readonly #open: Open[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): { readonly node: JsonNode; readonly end: number } {
    this.#skipSpace();
    this.#refuseStray();
    for (;;) {
      this.#skipSpace();
      const value = this.#startOrScalar();
      if (value === undefined) continue;
      const whole = this.#place(value);
      if (whole !== undefined) return { node: whole, end: this.#at };
    }
  }

  /** A scalar, an empty container, or undefined when a container was opened. */
  #startOrScalar(): JsonNode | undefined {
    const char = this.#text[this.#at];
    const at = this.#at;
    if (char === '"') return { kind: "string", at, value: this.#string() };
    if (char === "{" || char === "[") return this.#openContainer(char, at);
    if (char === "-" || (char !== undefined && char >= "0" && char <= "9")) return this.#number(at);
    const word = wordAt(this.#text, at);
    if (word !== "true" && word !== "false" && word !== "null") throw noValue(this.#text, at);
    this.#at += word.length;
    return { kind: "literal", at, text: word };
  }

  #openContainer(char: "{" | "[", at: number): JsonNode | undefined {
    if (this.#open.length === DEEPEST) throw tooDeep(at);
    this.#at += 1;
    this.#skipSpace();
    if (char === "[") {
      if (this.#take("]")) return { kind: "array", at, items: [] };
      this.#open.push({ kind: "array", at, items: [] });
      this.#refuseStray();
    } else {
      if (this.#take("}")) return { kind: "object", at, entries: [] };
      const open: Open = { kind: "object", at, entries: [], key: "", keyAt: 0 };
      this.#open.push(open);
      this.#refuseStray();
      this.#key(open);
    }
    return undefined;
  }

  #key(open: Open & { kind: "object" }): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== '"') throw this.#unexpected('a key in "quotes"');
    open.keyAt = this.#at;
    open.key = this.#string();
    this.#skipSpace();
    if (!this.#take(":")) throw this.#unexpected('":" after the key');
  }

  /** Puts a finished value into what is open, closing all that ends after it; the whole when nothing is open. */
  #place(finished: JsonNode): JsonNode | undefined {
    let value = finished;
    for (;;) {
      const open = this.#open.at(-1);
      if (open === undefined) return value;
      if (open.kind === "array") open.items.push(value);
      else open.entries.push({ key: open.key, at: open.keyAt, value });
      this.#skipSpace();
      if (this.#take(",")) {
        if (open.kind === "object") this.#key(open);
        return undefined;
      }
      const close = open.kind === "array" ? "]" : "}";
      if (!this.#take(close)) {
        this.#refuseStray();
        throw this.#unexpected(`"," or "${close}"`);
      }
      this.#open.pop();
      value = open.kind === "array" ? open : { kind: "object", at: open.at, entries: open.entries };
    }
  }

  #number(at: number): JsonNode {
    NUMBER.lastIndex = at;
    const text = NUMBER.exec(this.#text)?.[0] ?? "";
    const fault = noNumber(this.#text, at, text);
    if (fault) throw fault;
    this.#at += text.length;
    return { kind: "number", at, text };
  }

  #string(): string {
    let value = "";
    this.#at += 1;
    for (;;) {
      PLAIN.lastIndex = this.#at;
      PLAIN.test(this.#text);
      const plain = this.#text.slice(this.#at, PLAIN.lastIndex);
      this.#at = PLAIN.lastIndex;
      value = value === "" ? plain : value + plain;
      if (this.#take('"')) return value;
      if (!this.#take("\\")) throw unexpected(this.#text, this.#at, "the closing quote", "string");
      value += this.#escape();
    }
  }

  #escape(): string {
    const char = this.#text[this.#at] ?? "";
    const simple = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined;
    if (simple !== undefined) {
      this.#at += 1;
      return simple;
    }
    const hex = /^u([0-9a-fA-F]{4})/.exec(this.#text.slice(this.#at, this.#at + 5))?.[1];
    if (hex === undefined) throw this.#noEscape(char);
    this.#at += 5;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #noEscape(char: string): FaultError {
    if (char !== "u") return unexpected(this.#text, this.#at, 'one of " \\ / b f n r t uXXXX', "escape");
    const digits = /^[0-9a-fA-F]*/.exec(this.#text.slice(this.#at + 1, this.#at + 5))?.[0].length ?? 0;
    return unexpected(this.#text, this.#at + 1 + digits, "four hexadecimal digits after \\u", "hexadecimal");
  }

  #skipSpace(): void {
    let char = this.#text.charCodeAt(this.#at);
    while (char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09) {
      this.#at += 1;
      char = this.#text.charCodeAt(this.#at);
    }
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #refuseStray(): void {
    const fault = strayClose(this.#text, this.#at, this.#open.at(-1)?.kind);
    if (fault) throw fault;
  }

  #unexpected(wanted: string): FaultError {
    return unexpected(this.#text, this.#at, wanted);
  }
}
