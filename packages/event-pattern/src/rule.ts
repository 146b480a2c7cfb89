/**
 * Do the fields of one rule hold together, in one way to choose elements? Fields are taken in order of their paths.
 * That order is part of the answer: `exists: false` asks whether the field is absent from the elements chosen by the
 * paths BEFORE it (SEMANTICS.md, "Absence in arrays").
 *
 * A choice forgets every array that no later field is in, and a choice that failed once is not tried again. So the
 * work grows with the number of elements, not with the number of ways to combine them.
 */
import { accepts } from "./accepts.ts";
import {
  allowsSome,
  type Chosen,
  choicesAfter,
  type ElementTree,
  keepOnly,
  keyOf,
  NOTHING_CHOSEN,
  treeOf,
} from "./elements.ts";
import type { Element, Fields, Placed } from "./fields.ts";
import type { Leaf } from "./matcher-types.ts";

/** A leaf with what the event has for it. */
type Asked = {
  readonly accepted: ElementTree;
  /** Every value at the path, when the leaf may hold by being absent. */
  readonly all: ElementTree | undefined;
  /** Arrays that it shares with other leaves and has values in, accepted or not. */
  readonly arrays: ReadonlySet<number>;
};

/** Of which leaves an array holds values: the first and the last, by index. */
type Use = { first: number; last: number };

/** @param rule - leaves of different paths, in any order. */
export function ruleHolds(rule: Iterable<Leaf>, fields: Fields<Placed>): boolean {
  const leaves = [...rule].sort((a, b) => (a.path < b.path ? -1 : 1));
  const uses = usesOf(leaves, fields);
  const asked = leaves.map((leaf) => askedOf(leaf, fields, uses));
  const failed = leaves.map(() => new Set<string>());

  const holdsFrom = (index: number, chosen: Chosen): boolean => {
    const here = asked[index];
    const failedHere = failed[index];
    if (here === undefined || failedHere === undefined) return true;
    const key = keyOf(chosen);
    if (failedHere.has(key)) return false;
    const matters = (array: number): boolean => (uses.get(array)?.last ?? -1) > index;
    for (const next of waysToHold(here, chosen, matters)) {
      if (holdsFrom(index + 1, keepOnly(next, matters))) return true;
    }
    failedHere.add(key);
    return false;
  };
  return holdsFrom(0, NOTHING_CHOSEN);
}

function* waysToHold(asked: Asked, chosen: Chosen, matters: (array: number) => boolean): Generator<Chosen> {
  yield* choicesAfter(asked.accepted, chosen, { matters, anchors: anchorsOf(asked, chosen) });
  if (asked.all && !allowsSome(asked.all, chosen)) yield chosen;
}

/**
 * Arrays of which an element is chosen and in which the field occurs: there it must hold then. A value at the same
 * path elsewhere (below a dotted key, or a key given twice) no longer counts, but for absence.
 */
function anchorsOf({ arrays }: Asked, chosen: Chosen): readonly number[] {
  return [...chosen.keys()].filter((array) => arrays.has(array));
}

function usesOf(leaves: readonly Leaf[], fields: Fields<Placed>): ReadonlyMap<number, Use> {
  const uses = new Map<number, Use>();
  for (const [index, leaf] of leaves.entries()) {
    for (const { element } of fields.get(leaf.path) ?? []) noteUse(element, index, uses);
  }
  return uses;
}

function noteUse(element: Element | undefined, index: number, uses: Map<number, Use>): void {
  for (let one = element; one !== undefined; one = one.within) {
    const use = uses.get(one.array);
    if (use?.last === index) return; // The arrays around it were noted with it.
    if (use) use.last = index;
    else uses.set(one.array, { first: index, last: index });
  }
}

function askedOf(leaf: Leaf, fields: Fields<Placed>, uses: ReadonlyMap<number, Use>): Asked {
  const values = fields.get(leaf.path) ?? [];
  const isShared = (array: number): boolean => {
    const use = uses.get(array);
    return use !== undefined && use.first < use.last;
  };
  const accepted = values.filter((value) => acceptsSome(leaf, value));
  return {
    accepted: treeOf(accepted, isShared),
    all: leaf.mayBeAbsent ? treeOf(values, isShared) : undefined,
    arrays: arraysOf(values, isShared),
  };
}

function arraysOf(values: readonly Placed[], isWanted: (array: number) => boolean): ReadonlySet<number> {
  const arrays = new Set<number>();
  for (const { element } of values) {
    for (let one = element; one !== undefined && !arrays.has(one.array); one = one.within) {
      if (isWanted(one.array)) arrays.add(one.array);
    }
  }
  return arrays;
}

/** Does the value satisfy one of the leaf's alternatives? */
export function acceptsSome(leaf: Leaf, value: Placed): boolean {
  return leaf.alternatives.some((alternative) => accepts(alternative, value));
}
