/** The small vocabulary: so few keys and values that everything meets everything. */
import { number, object } from "./json-text.mjs";

const TEXTS = ["x", "y", "xy", "yx", "X", ""];
const NUMBERS = ["1", "2", "1.0", "3"];
const operator = (name, value) => object([[name, value]]);
const text = (chance) => chance.pick(TEXTS);
const digits = (chance) => number(chance.pick(NUMBERS));

const value = (chance) =>
  chance.weighted([
    [6, () => text(chance)],
    [2, () => digits(chance)],
    [0.5, () => chance.odds(0.5)],
    [0.5, () => null],
  ]);

const list = (chance, make) => (chance.odds(0.5) ? make() : chance.times(chance.between(1, 2), make));
const some = (chance) => chance.pick(["x", "y", "xy", "yx"]);

const alternative = (chance) =>
  chance.weighted([
    [3, () => value(chance)],
    [1, () => operator("exists", chance.odds(0.4))],
    [1, () => operator(chance.pick(["prefix", "suffix"]), text(chance))],
    [0.5, () => operator(chance.pick(["prefix", "suffix"]), operator("equals-ignore-case", text(chance)))],
    [0.7, () => operator("equals-ignore-case", chance.pick(["X", "xY", "y", "Xy"]))],
    [1, () => operator("wildcard", chance.pick(["*", "x*", "*x", "*x*", "x", "x*y", "*y*x*", "", "y*"]))],
    [1, () => operator("numeric", chance.pick(RANGES))],
    [
      0.7,
      () =>
        operator(
          "anything-but",
          list(chance, () => some(chance)),
        ),
    ],
    [
      0.4,
      () =>
        operator(
          "anything-but",
          list(chance, () => digits(chance)),
        ),
    ],
    [
      1,
      () => {
        const name = chance.pick(["prefix", "suffix", "equals-ignore-case", "wildcard"]);
        return operator(
          "anything-but",
          operator(
            name,
            list(chance, () => some(chance)),
          ),
        );
      },
    ],
  ]);

const RANGES = [
  ["=", number("1")],
  ["<", number("2")],
  [">", number("1")],
  ["<=", number("1.0")],
  [">=", number("2")],
  [">=", number("1"), "<", number("2")],
  [">", number("1"), "<=", number("3")],
];

/** What events.mjs and patterns.mjs take from it. */
export const SMALL = {
  keys: ["a", "b", "c"],
  objectKeys: 0,
  operatorKeys: 0,
  dottedKeys: 0.6,
  emptyKeys: 0.2,
  scalar: value,
  alternative,
};
