/** One alternative of a pattern's field, often made so that it accepts the value it is given. */
import { isNumber, number, object } from "./json-text.mjs";
import { numeral, respelled, scalar, word } from "./scalars.mjs";
import { ADDRESSES, BLOCKS } from "./vocabulary.mjs";

const operator = (name, value) => object([[name, value]]);

/** @param value - a scalar of the event to aim at; undefined aims at nothing. */
export function alternative(chance, value) {
  const aim = value === undefined || chance.odds(0.15) ? scalar(chance) : value;
  const text = typeof aim === "string" ? aim : word(chance);
  const digits = isNumber(aim) ? aim.number : numeral(chance);
  const isText = typeof aim === "string" ? 1 : 0.3;
  return chance.weighted([
    [3, () => (isNumber(aim) ? number(respelled(aim.number, chance)) : aim)],
    [isText, () => operator("prefix", maybeFolded(chance, startOf(chance, text)))],
    [isText, () => operator("suffix", maybeFolded(chance, endOf(chance, text)))],
    [isText, () => operator("equals-ignore-case", swapped(chance, text))],
    [isText * 1.5, () => operator("wildcard", starred(chance, text))],
    [isText * 0.4, () => operator("exactly", text)],
    [isNumber(aim) ? 3 : 0.5, () => operator("numeric", range(chance, digits))],
    [0.5, () => operator("cidr", block(chance, text))],
    [0.7, () => operator("exists", chance.odds(0.5))],
    [1.5, () => operator("anything-but", anythingBut(chance, text, digits))],
  ]);
}

function maybeFolded(chance, text) {
  return chance.odds(0.4) ? operator("equals-ignore-case", swapped(chance, text)) : text;
}

/** Cuts fall between UTF-16 units now and then, as a careless program's would. */
function startOf(chance, text) {
  const at = chance.upTo(text.length + 1);
  return chance.weighted([
    [5, () => text.slice(0, at)],
    [0.5, () => `${text}"`],
    [0.7, () => word(chance)],
  ]);
}

function endOf(chance, text) {
  const at = chance.upTo(text.length + 1);
  return chance.weighted([
    [5, () => text.slice(at)],
    [0.5, () => `"${text}`],
    [0.7, () => word(chance)],
  ]);
}

function swapped(chance, text) {
  const swap = (char) => (chance.odds(0.5) ? char : chance.odds(0.5) ? char.toUpperCase() : char.toLowerCase());
  return chance.odds(0.1) ? word(chance) : [...text].map(swap).join("");
}

function starred(chance, text) {
  const chars = [...text].map((char) => (char === "*" || char === "\\" ? `\\${char}` : char));
  if (chance.odds(0.05)) return word(chance);
  for (const _ of chance.times(chance.between(1, 3), () => 0)) {
    const from = chance.upTo(chars.length + 1);
    chars.splice(from, chance.upTo(chance.pick([1, 3, 6])), "*");
  }
  const pattern = chars.join("");
  return chance.odds(0.95) ? pattern.replace(/(?<!\\)\*{2,}/g, "*") : pattern;
}

function range(chance, digits) {
  const near = () => {
    const value = Number(digits) + chance.pick([-1, -0.5, 0, 0, 0.5, 1]);
    return chance.odds(0.75) && Number.isFinite(value) ? String(value).replace("e+", "e") : numeral(chance);
  };
  return chance.weighted([
    [2, () => ["=", number(respelled(digits, chance))]],
    [3, () => [chance.pick(["<", "<=", ">", ">="]), number(near())]],
    [3, () => between(chance, near(), near())],
  ]);
}

function between(chance, one, other) {
  const [low, high] = Number(one) <= Number(other) || chance.odds(0.05) ? [one, other] : [other, one];
  return [chance.pick([">", ">="]), number(low), chance.pick(["<", "<="]), number(high)];
}

function block(chance, text) {
  if (chance.odds(0.4)) return chance.pick(BLOCKS.slice(0, 24));
  const isFour = /^[\d.]+$/.test(text);
  const base = isFour || text.includes(":") ? text : chance.pick(ADDRESSES.slice(0, 16));
  return `${base}/${chance.upTo(isFour || base.includes(".") ? 32 : 128)}`;
}

function anythingBut(chance, text, digits) {
  const list = (make) => (chance.odds(0.5) ? make() : chance.times(chance.between(1, 3), make));
  const other = () => (chance.odds(0.6) ? text : word(chance));
  return chance.weighted([
    [2, () => list(other)],
    [1, () => list(() => number(chance.odds(0.6) ? respelled(digits, chance) : numeral(chance)))],
    [
      1,
      () =>
        operator(
          "prefix",
          list(() => startOf(chance, other())),
        ),
    ],
    [
      1,
      () =>
        operator(
          "suffix",
          list(() => endOf(chance, other())),
        ),
    ],
    [
      1,
      () =>
        operator(
          "equals-ignore-case",
          list(() => swapped(chance, other())),
        ),
    ],
    [
      1,
      () =>
        operator(
          "wildcard",
          list(() => starred(chance, other())),
        ),
    ],
  ]);
}
