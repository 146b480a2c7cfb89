/**
 * Which elements of which arrays may be combined. Two fields below one array must hold in the same element of it;
 * elements of different arrays are free of one another.
 *
 * Values are kept in a tree by their elements, so that those which fit a choice are found by walking down, never by
 * trying all: an event with ten thousand elements costs ten thousand steps, not their square.
 */
import type { Element, Placed } from "./fields.ts";

/** The elements chosen so far: for each array that matters, the index. */
export type Chosen = ReadonlyMap<number, number>;

export const NOTHING_CHOSEN: Chosen = new Map();

/** Values of one path by the elements they are in, the outermost array first. */
export type ElementTree = {
  /** How many values are in exactly this element. */
  here: number;
  readonly arrays: Map<number, Map<number, ElementTree>>;
};

/** The elements that some of these values are in, as far as their arrays are shared with other values. */
export function treeOf(values: readonly Placed[], isShared: (array: number) => boolean): ElementTree {
  const root = emptyTree();
  for (const value of values) {
    let { element } = value;
    // Inside an array of its own a value is free, and arrays within such an array are its own too.
    while (element && !isShared(element.array)) element = element.within;
    nodeAt(root, element).here += 1;
  }
  return root;
}

function emptyTree(): ElementTree {
  return { here: 0, arrays: new Map() };
}

function nodeAt(root: ElementTree, element: Element | undefined): ElementTree {
  let node = root;
  for (const { array, index } of outermostFirst(element)) {
    const elements = node.arrays.get(array) ?? new Map<number, ElementTree>();
    node.arrays.set(array, elements);
    const next = elements.get(index) ?? emptyTree();
    elements.set(index, next);
    node = next;
  }
  return node;
}

function outermostFirst(element: Element | undefined): readonly Element[] {
  const way: Element[] = [];
  for (let one = element; one !== undefined; one = one.within) way.push(one);
  return way.reverse();
}

/** The choice that taking this value alone makes. */
export function choiceOf({ element }: Placed): Chosen {
  const chosen = new Map<number, number>();
  for (let one = element; one !== undefined; one = one.within) chosen.set(one.array, one.index);
  return chosen;
}

/** Is there a value that the choice allows? */
export function allowsSome(tree: ElementTree, chosen: Chosen): boolean {
  if (tree.here > 0) return true;
  for (const [array, elements] of tree.arrays) {
    for (const [, below] of allowedElements(array, elements, chosen)) if (allowsSome(below, chosen)) return true;
  }
  return false;
}

/** The arrays around some value that the choice allows, sooner those of which an element is chosen. */
export function allowedArrays(tree: ElementTree, chosen: Chosen): readonly number[] | undefined {
  if (tree.here > 0) return [];
  const isThere = (array: number): boolean => tree.arrays.has(array);
  return (
    allowedBelow(tree, chosen, [...chosen.keys()].filter(isThere)) ?? allowedBelow(tree, chosen, tree.arrays.keys())
  );
}

function allowedBelow(tree: ElementTree, chosen: Chosen, arrays: Iterable<number>): readonly number[] | undefined {
  for (const array of arrays) {
    for (const [, below] of allowedElements(array, tree.arrays.get(array) ?? NO_ELEMENTS, chosen)) {
      const inner = allowedArrays(below, chosen);
      if (inner) return [array, ...inner];
    }
  }
  return undefined;
}

/** How to choose: `matters` leaves arrays out of the choice; a value outside of one of the `anchors` does not count. */
export type Choosing = {
  readonly matters: (array: number) => boolean;
  readonly anchors: readonly number[];
  /** Asked while elements are given: need no more of this array's be tried? */
  readonly isDone: (array: number) => boolean;
};

/** What is chosen after one of the allowed values was taken. */
export function* choicesAfter(tree: ElementTree, chosen: Chosen, choosing: Choosing): Generator<Chosen> {
  const { matters, anchors, isDone } = choosing;
  if (tree.here > 0 && anchors.length === 0) yield chosen;
  for (const array of waysDown(tree, anchors)) {
    const isNew = !chosen.has(array) && matters(array);
    const below = anchors.length > 0 ? { ...choosing, anchors: anchors.filter((one) => one !== array) } : choosing;
    for (const [index, element] of allowedElements(array, tree.arrays.get(array) ?? NO_ELEMENTS, chosen)) {
      yield* choicesAfter(element, isNew ? new Map(chosen).set(array, index) : chosen, below);
      if (isDone(array)) break;
    }
  }
}

const NO_ELEMENTS: ReadonlyMap<number, ElementTree> = new Map();

/** The arrays to go into: an anchor leads the way, and an array around an anchor is one itself. */
function waysDown({ arrays }: ElementTree, anchors: readonly number[]): Iterable<number> {
  if (anchors.length === 0) return arrays.keys();
  const [first, second] = anchors.filter((array) => arrays.has(array));
  return first !== undefined && second === undefined ? [first] : [];
}

function* allowedElements(
  array: number,
  elements: ReadonlyMap<number, ElementTree>,
  chosen: Chosen,
): Generator<readonly [number, ElementTree]> {
  const index = chosen.get(array);
  if (index === undefined) {
    yield* elements;
    return;
  }
  const below = elements.get(index);
  if (below) yield [index, below];
}

/** The choice without the arrays that no longer matter. */
export function keepOnly(chosen: Chosen, matters: (array: number) => boolean): Chosen {
  for (const array of chosen.keys()) {
    if (!matters(array)) return new Map([...chosen].filter(([one]) => matters(one)));
  }
  return chosen;
}

/** One spelling for each choice. */
export function keyOf(chosen: Chosen): string {
  if (chosen.size === 0) return "";
  return [...chosen]
    .sort(([a], [b]) => a - b)
    .map(([array, index]) => `${array}=${index}`)
    .join(",");
}
