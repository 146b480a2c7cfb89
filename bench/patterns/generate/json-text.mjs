/**
 * JSON as a tree that can say what JavaScript values cannot: keys given twice, numbers as spelled. An object is
 * {entries: [[key, value], …]}, a number {number: "1e5"}; arrays, strings, booleans and null are themselves.
 */

export const object = (entries) => ({ entries });
export const number = (text) => ({ number: text });
export const isObject = (tree) => isBranch(tree) && "entries" in tree;
export const isNumber = (tree) => isBranch(tree) && "number" in tree;
const isBranch = (tree) => tree !== null && typeof tree === "object" && !Array.isArray(tree);

/** The text of a tree; now and then a character is written as \uXXXX, or there is white space. */
export function textOf(tree, chance) {
  const gap = () => (chance.odds(0.01) ? chance.pick([" ", "\n", "\t", "\r\n", "  "]) : "");
  if (typeof tree === "string") return quoted(tree, chance);
  if (isNumber(tree)) return tree.number;
  if (Array.isArray(tree)) return `[${gap()}${tree.map((item) => textOf(item, chance)).join(`${gap()},${gap()}`)}]`;
  if (!isObject(tree)) return String(tree);
  const entries = tree.entries.map(([key, value]) => `${quoted(key, chance)}${gap()}:${gap()}${textOf(value, chance)}`);
  return `${gap()}{${gap()}${entries.join(`${gap()},${gap()}`)}}`;
}

function quoted(text, chance) {
  const plain = JSON.stringify(text);
  if (!chance.odds(0.06) || text === "") return plain;
  const at = chance.upTo(text.length);
  const code = text.charCodeAt(at).toString(16).padStart(4, "0");
  const escaped = `\\u${chance.odds(0.3) ? code.toUpperCase() : code}`;
  return `${JSON.stringify(text.slice(0, at)).slice(0, -1)}${escaped}${JSON.stringify(text.slice(at + 1)).slice(1)}`;
}
