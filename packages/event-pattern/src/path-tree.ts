/**
 * The paths that patterns name, as a tree by keys, so that reading an event knows at each key whether anything below
 * it is wanted. Looked up by the bytes of a key without making a string of it; most keys of an event are not wanted.
 *
 * Paths with an empty name in them are not for this tree: what they see depends on the other paths of their pattern
 * (SEMANTICS.md, "Keys").
 */

/** One key on the way to a wanted path. */
export type PathNode = {
  readonly key: string;
  /** The number of the path that ends here; -1 when none does. */
  path: number;
  readonly children: Map<string, PathNode>;
  /** Children with plain ASCII keys by length, first and last byte; the number of lists is a power of two. */
  buckets: (PathNode[] | undefined)[];
};

/** An empty tree, or the root of one. */
export function newPathNode(key = ""): PathNode {
  return { key, path: -1, children: new Map(), buckets: [] };
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

/** As {@link stepInto}, for a key of plain ASCII without dots, given as bytes from `start` to before `end`. */
export function stepByBytes(node: PathNode, bytes: Uint8Array, start: number, end: number): PathNode | undefined {
  const { buckets } = node;
  const length = end - start;
  const bucket = buckets[bucketOf(length, bytes[start] ?? 0, bytes[end - 1] ?? 0) & (buckets.length - 1)];
  if (bucket === undefined) return undefined;
  for (const child of bucket) if (isKey(child.key, length, bytes, start)) return child;
  return undefined;
}

function isKey(key: string, length: number, bytes: Uint8Array, start: number): boolean {
  if (key.length !== length) return false;
  for (let index = 0; index < length; index += 1) if (key.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}

function addChild(node: PathNode, key: string): PathNode {
  const child = newPathNode(key);
  node.children.set(key, child);
  let size = 4;
  while (size < node.children.size * 4) size *= 2;
  node.buckets = new Array<PathNode[] | undefined>(size).fill(undefined);
  for (const each of node.children.values()) {
    const hash = bucketOf(each.key.length, each.key.charCodeAt(0), each.key.charCodeAt(each.key.length - 1));
    const at = hash & (size - 1);
    node.buckets[at] = [...(node.buckets[at] ?? []), each];
  }
  return child;
}

function bucketOf(length: number, first: number, last: number): number {
  return (length * 5) ^ first ^ (last << 1);
}
