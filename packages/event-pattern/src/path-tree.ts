/**
 * The paths that patterns name, as a tree by keys, so that reading an event knows at each key whether anything below
 * it is wanted. Looked up by the bytes of a key without making a string of it; most keys of an event are not wanted.
 *
 * Paths with an empty name in them are not for this tree: what they see depends on the other paths of their pattern
 * (SEMANTICS.md, "Keys").
 */
import type { Room } from "./skip.ts";

/** One key on the way to a wanted path. */
export type PathNode = {
  readonly key: string;
  /** The number of the path that ends here; -1 when none does. */
  path: number;
  readonly children: Map<string, PathNode>;
  /** Children with plain ASCII keys by length, first and last byte; the number of chains is a power of two. */
  chains: (PathNode | undefined)[];
  /** So many children in one chain that their own map finds them sooner; somebody may have made them so. */
  isCrowded: boolean;
  /** The next one in the same chain. */
  chained: PathNode | undefined;
  /** The key's bytes, four in a number as a DataView reads them; zeros fill up the last. */
  readonly words: Int32Array;
};

/** An empty tree, or the root of one. */
export function newPathNode(key = ""): PathNode {
  return { key, path: -1, children: new Map(), chains: [], isCrowded: false, chained: undefined, words: wordsOf(key) };
}

/** @returns the node of the path, made when it is new. `path` is then for the caller to number. */
export function nodeAt(root: PathNode, path: string): PathNode {
  let node = root;
  for (const key of path.split(".")) node = node.children.get(key) ?? addChild(node, key);
  return node;
}

/** @returns the node that a key of the event leads to; a key with dots leads several steps. */
export function stepInto(node: PathNode, key: string): PathNode | undefined {
  const child = node.children.get(key);
  if (child !== undefined || !key.includes(".")) return child;
  let below: PathNode | undefined = node;
  for (const name of key.split(".")) below = below?.children.get(name);
  return below;
}

/**
 * As {@link stepInto}, for a key of plain ASCII without dots that stands from `start` to before `end`. Not where the
 * node is crowded.
 */
export function stepByBytes(node: PathNode, { bytes, words }: Room, start: number, end: number): PathNode | undefined {
  const { chains } = node;
  const length = end - start;
  const chain = chainOf(length, bytes[start] ?? 0, bytes[end - 1] ?? 0) & (chains.length - 1);
  let child = chains[chain];
  while (child !== undefined && !isKey(child, length, words, start)) child = child.chained;
  return child;
}

function isKey(node: PathNode, length: number, words: DataView, start: number): boolean {
  if (node.key.length !== length) return false;
  const own = node.words;
  const whole = length >> 2;
  for (let index = 0; index < whole; index += 1) {
    if (own[index] !== words.getInt32(start + index * 4, true)) return false;
  }
  const rest = (1 << ((length & 3) * 8)) - 1;
  return rest === 0 || own[whole] === (words.getInt32(start + whole * 4, true) & rest);
}

function wordsOf(key: string): Int32Array {
  const words = new Int32Array((key.length >> 2) + 1);
  for (let index = 0; index < key.length; index += 1) {
    const at = index >> 2;
    words[at] = (words[at] ?? 0) | (key.charCodeAt(index) << ((index & 3) * 8));
  }
  return words;
}

function addChild(node: PathNode, key: string): PathNode {
  const child = newPathNode(key);
  node.children.set(key, child);
  if (node.isCrowded) return child;
  if (node.chains.length >= node.children.size * ROOM) {
    chain(node, child);
    return child;
  }
  const size = Math.max(ROOM, node.chains.length * 2);
  node.chains = new Array<PathNode | undefined>(size).fill(undefined);
  for (const each of node.children.values()) chain(node, each);
  return child;
}

/** Chains for each child, at least; most keys of an event then meet an empty one. */
const ROOM = 4;
const LONGEST_CHAIN = 8;

function chain(node: PathNode, child: PathNode): void {
  const { key } = child;
  if (/[\u0080-\uffff]/.test(key)) return;
  const at = chainOf(key.length, key.charCodeAt(0), key.charCodeAt(key.length - 1)) & (node.chains.length - 1);
  child.chained = node.chains[at];
  node.chains[at] = child;
  let length = 1;
  for (let next = child.chained; next !== undefined; next = next.chained) length += 1;
  if (length > LONGEST_CHAIN) node.isCrowded = true;
}

function chainOf(length: number, first: number, last: number): number {
  return (length * 5) ^ first ^ (last << 1);
}
