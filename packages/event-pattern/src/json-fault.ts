/**
 * What is wrong with a text that is not JSON. Messages begin with the words of the reader that EventBridge uses, since
 * those are what people search for, and go on with what was expected.
 */

/** The first fault of a text; thrown inside the reader only, callers get it as a value. */
export class FaultError extends Error {
  override readonly name = "FaultError";
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** PutEvents refuses deeper events, event-ruler's JSON reader too. */
export const DEEPEST = 1000;
/** event-ruler's JSON reader takes no number of more digits, so nothing here has to be quick with longer ones. */
const MOST_DIGITS = 1000;

/** A character, or the end, where something else was wanted. `inside` names the place if that changes the words. */
export function unexpected(
  text: string,
  at: number,
  wanted: string,
  inside?: "string" | "number" | "escape",
): FaultError {
  const char = text[at];
  if (char === undefined) return new FaultError(at, `Unexpected end-of-input: expected ${wanted}`);
  const code = char.charCodeAt(0);
  if (inside === "string") {
    return new FaultError(at, `Illegal unquoted character ((CTRL-CHAR, code ${code})): write it as an escape, "\\n"`);
  }
  if (inside === "escape") {
    return new FaultError(at, `Unrecognized character escape '${char}' (code ${code}): expected ${wanted}`);
  }
  if (code < 0x20) {
    const allowed = "only white space may stand between values";
    return new FaultError(at, `Illegal character ((CTRL-CHAR, code ${code})): ${allowed}; expected ${wanted}`);
  }
  const where = inside === "number" ? " in numeric value" : "";
  return new FaultError(at, `Unexpected character ('${char}' (code ${code}))${where}: expected ${wanted}`);
}

/** A bracket that closes what is not open: `]` in an object, `}` in a list, either outside. */
export function strayClose(text: string, at: number, open: "object" | "array" | undefined): FaultError | undefined {
  const closes = { "}": "object", "]": "array" }[text[at] ?? ""];
  if (closes === undefined || closes === open) return undefined;
  const reason = open === undefined ? `no open ${closes} to close` : `expected '${open === "object" ? "}" : "]"}'`;
  return new FaultError(at, `Unexpected close marker '${text[at]}': ${reason}`);
}

const NAME = /[\p{ID_Continue}$]+/uy;

/** The word that begins at `at`, if one does: `tru`, `NaN`, `nullx`. */
export function wordAt(text: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0] ?? "";
}

/** Something where a value belongs: a word that is none of JSON's three, or any other character. */
export function noValue(text: string, at: number): FaultError {
  const word = wordAt(text, at);
  if (word === "NaN" || word === "Infinity") return nonStandard(at, word);
  if (/^[^\d]/.test(word)) {
    return new FaultError(at, `Unrecognized token '${word}': expected a value; text stands in "quotes"`);
  }
  return unexpected(text, at, "a value");
}

/** What follows a number, or the minus sign of one, when it cannot go on like that. */
export function noNumber(text: string, at: number, number: string): FaultError | undefined {
  const next = text[at + number.length] ?? "";
  if (number === "-") {
    if (wordAt(text, at + 1) === "Infinity") return nonStandard(at, "-Infinity");
    return unexpected(text, at + 1, "a digit after the minus sign", "number");
  }
  if (/^-?0$/.test(number) && /\d/.test(next)) {
    return new FaultError(at, "Invalid numeric value: Leading zeroes not allowed");
  }
  const [, fraction, exponent] = /^-?\d+(\.\d+)?([eE].*)?$/.exec(number) ?? [];
  if (next === "." && fraction === undefined && exponent === undefined) {
    return unexpected(text, at + number.length + 1, "a digit after the decimal point", "number");
  }
  if (/[eE]/.test(next) && exponent === undefined) {
    const sign = /[+-]/.test(text[at + number.length + 1] ?? "") ? 1 : 0;
    return unexpected(text, at + number.length + 1 + sign, "a digit of the exponent", "number");
  }
  if (number.length <= MOST_DIGITS) return undefined;
  return new FaultError(at, `Number value length (${number.length}) exceeds the maximum allowed (${MOST_DIGITS})`);
}

/** Nested too deep. */
export function tooDeep(at: number): FaultError {
  const message = `Document nesting depth (${DEEPEST + 1}) exceeds the maximum allowed (${DEEPEST})`;
  return new FaultError(at, message);
}

function nonStandard(at: number, word: string): FaultError {
  return new FaultError(at, `Non-standard token '${word}': JSON has no such number`);
}
