/** Strings and numbers, from the vocabulary or made on the spot. */
import { number } from "./json-text.mjs";
import { ADDRESSES, DOTTED_KEYS, KEYS, NUMBERS, OBJECT_KEYS, OPERATOR_KEYS, WORDS } from "./vocabulary.mjs";

const LETTERS = ["a", "b", "A", "B", "é", "É", "日", "😀", "*", "\\", '"', "/", "-", "0", " ", ".", "ß", "s"];

/** A string. */
export function word(chance) {
  return chance.weighted([
    [6, () => chance.pick(WORDS)],
    [2, () => chance.pick(ADDRESSES)],
    [2, () => chance.times(chance.upTo(8), () => chance.pick(LETTERS)).join("")],
    [0.05, () => chance.pick(LETTERS).repeat(chance.between(30, 300))],
  ]);
}

/** A key; `style` may ask for the odd ones. */
export function keyName(chance, style = {}) {
  return chance.weighted([
    [40, () => chance.pick(style.keys ?? KEYS)],
    [style.objectKeys ?? 0.5, () => chance.pick(OBJECT_KEYS)],
    [style.operatorKeys ?? 0.3, () => chance.pick(OPERATOR_KEYS)],
    [style.dottedKeys ?? 0.7, () => chance.pick(DOTTED_KEYS)],
    [style.emptyKeys ?? 0.3, () => ""],
  ]);
}

/** A number as it is spelled. */
export function numeral(chance) {
  return chance.weighted([
    [5, () => chance.pick(NUMBERS)],
    [2, () => String(chance.between(-20, 400))],
    [1, () => (chance.between(-1e6, 1e6) / 100).toFixed(chance.upTo(4))],
    [1, () => madeUp(chance)],
  ]);
}

function madeUp(chance) {
  const digits = (count) => chance.times(count, () => chance.upTo(10)).join("");
  const whole = chance.odds(0.3) ? "0" : String(chance.between(1, 9)) + digits(chance.upTo(chance.odds(0.1) ? 24 : 8));
  const fraction = chance.odds(0.6) ? `.${digits(chance.between(1, chance.odds(0.1) ? 24 : 9))}` : "";
  const size = chance.odds(0.2) ? chance.between(-330, 320) : chance.between(-9, 9);
  const exponent = chance.odds(0.3)
    ? `${chance.pick(["e", "E"])}${size >= 0 && chance.odds(0.3) ? "+" : ""}${size}`
    : "";
  return `${chance.odds(0.2) ? "-" : ""}${whole}${fraction}${exponent}`;
}

/** Another spelling of the same number, where there is a simple one. */
export function respelled(text, chance) {
  const options = [text, `${text}0`, `${text}e0`, `${text}.0`, `${text}00e-2`, `${text}E+0`, String(Number(text))];
  const allowed = options.filter((option) => /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(option));
  const same = allowed.filter((option) => Number(option) === Number(text));
  return chance.pick(same.length > 0 ? same : [text]);
}

/** Any scalar. */
export function scalar(chance) {
  return chance.weighted([
    [8, () => word(chance)],
    [3, () => number(numeral(chance))],
    [1, () => chance.odds(0.5)],
    [0.6, () => null],
  ]);
}
