/** An event made from values by path, as JSON text: nested as people write events, with dotted keys where it must be. */
import { jsonOf, type Scalar } from "./sample.ts";

/** Values by path; undefined for a field that is to be absent. */
export type Values = ReadonlyMap<string, Scalar | undefined>;

type Tree = Map<string, Tree | string>;

/** The event with just these values. */
export function eventOf(values: Values): string {
  return textOf(treeOf(values));
}

/** Events in which every field may be one's or the other's: with lists of values, and with lists of objects. */
export function eventsOfBoth(one: Values, other: Values): readonly string[] {
  return [textOf(merged(treeOf(one), treeOf(other))), sideBySide(treeOf(one), treeOf(other))];
}

/** Both in one, a list of two values where they differ. */
function merged(mine: Tree, theirs: Tree): Tree {
  const both: Tree = new Map(mine);
  for (const [key, node] of theirs) {
    const own = both.get(key);
    if (own === undefined || typeof own !== typeof node) both.set(key, node);
    else if (typeof own !== "string" && typeof node !== "string") both.set(key, merged(own, node));
    else if (own !== node) both.set(key, `[${own},${node}]`);
  }
  return both;
}

/** A list with an element for each, under every key at the top. */
function sideBySide(mine: Tree, theirs: Tree): string {
  const entries = [...new Set([...mine.keys(), ...theirs.keys()])].map((key) => {
    const both = [
      ...new Set([mine.get(key), theirs.get(key)].flatMap((node) => (node === undefined ? [] : textOf(node)))),
    ];
    return `${JSON.stringify(key)}:${both.length === 1 ? both[0] : `[${both.join(",")}]`}`;
  });
  return `{${entries.join(",")}}`;
}

function treeOf(values: Values): Tree {
  const tree: Tree = new Map();
  // Short paths first: a value at "a" must be there before "a.b" looks for room.
  for (const [path, scalar] of [...values].sort(([a], [b]) => a.length - b.length)) {
    if (scalar !== undefined) place(tree, path, jsonOf(scalar));
  }
  return tree;
}

function place(tree: Tree, path: string, json: string): void {
  const keys = path.split(".");
  // What is seen below an empty key depends on the pattern's other paths; a key with dots is always seen.
  if (keys.includes("")) {
    tree.set(path, json);
    return;
  }
  let node = tree;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    const next = node.get(key) ?? new Map();
    if (typeof next === "string") {
      node.set(keys.slice(index).join("."), json);
      return;
    }
    node.set(key, next);
    node = next;
  }
  node.set(keys.at(-1) ?? "", json);
}

function textOf(node: Tree | string): string {
  if (typeof node === "string") return node;
  return `{${[...node].map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(",")}}`;
}
