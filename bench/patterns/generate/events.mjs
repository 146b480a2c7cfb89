/** Events: nested objects and arrays with values that patterns can be made from. */
import { isNumber, isObject, object } from "./json-text.mjs";
import { keyName, scalar } from "./scalars.mjs";

/** An event of the general kind. `style` is handed to keyName; `style.scalar` replaces the values. */
export function event(chance, style) {
  return container(chance, style, chance.odds(0.2) ? 4 : 3, chance.between(1, 6));
}

function container(chance, style, depth, size) {
  const entries = chance.times(size, () => [keyName(chance, style), value(chance, style, depth - 1)]);
  return object(chance.odds(style.duplicateKeys ?? 0.02) ? entries : withoutDuplicates(entries));
}

function withoutDuplicates(entries) {
  return [...new Map(entries)];
}

function value(chance, style, depth) {
  const leaf = () => (style.scalar ?? scalar)(chance);
  if (depth <= 0) return leaf();
  return chance.weighted([
    [6, leaf],
    [3, () => container(chance, style, depth, chance.between(1, 3))],
    [2, () => siblings(chance, style, depth)],
    [1.5, () => chance.times(chance.between(1, 3), leaf)],
    [1, () => chance.times(chance.between(1, 3), () => value(chance, style, depth - 1))],
    [0.4, () => (chance.odds(0.5) ? [] : object([]))],
  ]);
}

/** An array of objects that share keys: what array consistency is about. */
function siblings(chance, style, depth) {
  const keys = chance.times(chance.between(1, 3), () => keyName(chance, style));
  return chance.times(chance.between(1, 4), () =>
    object(
      withoutDuplicates(keys.filter(() => chance.odds(0.85)).map((key) => [key, value(chance, style, depth - 2)])),
    ),
  );
}

/** Every scalar of the event with the keys that lead to it. */
export function leavesOf(tree, keys = []) {
  if (Array.isArray(tree)) return tree.flatMap((item) => leavesOf(item, keys));
  if (isObject(tree)) return tree.entries.flatMap(([key, item]) => leavesOf(item, [...keys, key]));
  return [{ keys, value: tree }];
}

/** Every way of keys that ends in an object, an array or a scalar. */
export function waysOf(tree, keys = []) {
  const here = keys.length > 0 ? [keys] : [];
  if (Array.isArray(tree)) return [...here, ...tree.flatMap((item) => waysOf(item, keys).slice(1))];
  if (!isObject(tree)) return here;
  return [...here, ...tree.entries.flatMap(([key, item]) => waysOf(item, [...keys, key]))];
}

export const kindOf = (tree) => (isNumber(tree) ? "number" : typeof tree === "string" ? "string" : "literal");
