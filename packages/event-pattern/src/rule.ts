/**
 * Do the fields of one rule hold together, in one way to choose elements? Fields are taken in order of their paths.
 * That order is part of the answer: `exists: false` asks whether the field is absent from the elements chosen by the
 * paths BEFORE it (SEMANTICS.md, "Absence in arrays").
 *
 * A choice forgets every array that no later field is in, a choice that failed once is not tried again, and one that
 * has in it what made another fail is not tried at all (reasons.ts). So the work grows with the number of elements, not
 * with the number of ways to combine them.
 */
import { accepts } from "./accepts.ts";
import {
  allowedArrays,
  allowsSome,
  type Choosing,
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
import { addReason, blameArray, isOfWholeArray, isSameIn, isSettledBy, noReason, type Reason } from "./reasons.ts";

/** A leaf with what the event has for it. */
type Asked = {
  readonly accepted: ElementTree;
  /** Every value at the path, when the leaf may hold by being absent. */
  readonly all: ElementTree | undefined;
  /** Arrays that it shares with other leaves and has values in, accepted or not. */
  readonly arrays: ReadonlySet<number>;
};

/** Of which leaves an array holds values, by index in their order; the array around it; the same for all alike. */
type Use = { readonly leaves: number[]; readonly around: number | undefined; kind: string };

/** How many ways to hold were tried: what the work grows with. */
export type Effort = { ways: number };

/**
 * @param rule - leaves of different paths, in any order.
 * @param effort - is added to.
 */
export function ruleHolds(rule: Iterable<Leaf>, fields: Fields<Placed>, effort: Effort = { ways: 0 }): boolean {
  const leaves = [...rule].sort((a, b) => (a.path < b.path ? -1 : 1));
  const uses = usesOf(leaves, fields);
  const asked = leaves.map((leaf) => askedOf(leaf, fields, uses));
  const kindOf = (array: number): string => uses.get(array)?.kind ?? "";
  const search: Search = { asked, uses, failed: leaves.map(() => new Map()), kindOf, effort };
  return failureFrom(0, NOTHING_CHOSEN, search) === undefined;
}

type Search = {
  readonly asked: readonly Asked[];
  readonly uses: ReadonlyMap<number, Use>;
  /** For each leaf the choices that failed. */
  readonly failed: readonly Map<string, Reason>[];
  readonly kindOf: (array: number) => string;
  readonly effort: Effort;
};

/** Why the leaves from an index on do not hold with this choice; undefined when they do. */
function failureFrom(index: number, chosen: Chosen, search: Search): Reason | undefined {
  const here = search.asked[index];
  if (here === undefined) return undefined;
  const key = keyOf(chosen);
  const known = search.failed[index]?.get(key);
  if (known) return known;
  const reason = failureOf(here, { index, chosen }, search);
  if (reason) search.failed[index]?.set(key, reason);
  return reason;
}

type At = { readonly index: number; readonly chosen: Chosen };

function failureOf(here: Asked, { index, chosen }: At, search: Search): Reason | undefined {
  const { uses, kindOf, effort } = search;
  const matters = (array: number): boolean => (uses.get(array)?.leaves.at(-1) ?? -1) > index;
  const done = new Set<number>();
  const reason = reasonOf(here, chosen, uses);
  let before: Reason | undefined;
  for (const next of waysToHold(here, chosen, { matters, isDone: (array) => done.has(array) })) {
    effort.ways += 1;
    const kept = keepOnly(next, matters);
    if (before && isSameIn(before, kept, kindOf)) continue;
    before = failureFrom(index + 1, kept, search);
    if (before === undefined) return undefined;
    if (isSettledBy(before, chosen, kindOf)) return before;
    addReason(reason, before, chosen, kindOf);
    for (const array of newIn(kept, chosen)) if (isOfWholeArray(before, array, chosen, kindOf)) done.add(array);
  }
  return reason;
}

function newIn(kept: Chosen, chosen: Chosen): readonly number[] {
  return [...kept.keys()].filter((array) => !chosen.has(array));
}

type Ways = Omit<Choosing, "anchors">;

function* waysToHold(asked: Asked, chosen: Chosen, ways: Ways): Generator<Chosen> {
  yield* choicesAfter(asked.accepted, chosen, { ...ways, anchors: anchorsOf(asked, chosen) });
  if (asked.all && !allowsSome(asked.all, chosen)) yield chosen;
}

/** What of the choice keeps the leaf from holding in more ways than it does. */
function reasonOf(asked: Asked, chosen: Chosen, uses: ReadonlyMap<number, Use>): Reason {
  const reason = noReason();
  const anchors = anchorsOf(asked, chosen);
  const apart = apartIn(anchors, uses);
  if (apart) blamePair(reason, apart, uses);
  else for (const array of anchors) blameArray(reason, array, chosen.get(array) ?? "none");
  for (const array of (asked.all && allowedArrays(asked.all, chosen)) ?? []) {
    blameArray(reason, array, chosen.get(array) ?? "none");
  }
  return reason;
}

type Pair = readonly [number, number];

/** Two of the arrays of which none is around the other: no value is in both, whichever elements are chosen. */
function apartIn(anchors: readonly number[], uses: ReadonlyMap<number, Use>): Pair | undefined {
  for (const [index, one] of anchors.entries()) {
    for (const other of anchors.slice(index + 1)) {
      if (!isAround(one, other, uses) && !isAround(other, one, uses)) return [one, other];
    }
  }
  return undefined;
}

function isAround(outer: number, inner: number, uses: ReadonlyMap<number, Use>): boolean {
  for (let one = uses.get(inner)?.around; one !== undefined; one = uses.get(one)?.around)
    if (one === outer) return true;
  return false;
}

/** Side by side in one place, the two stand for all arrays in which the same leaves have values. */
function blamePair(reason: Reason, [one, other]: Pair, uses: ReadonlyMap<number, Use>): void {
  const [use, otherUse] = [uses.get(one), uses.get(other)];
  if (use && otherUse && use.around === otherUse.around && use.kind !== otherUse.kind) {
    reason.kinds.add(use.kind).add(otherUse.kind);
    return;
  }
  blameArray(reason, one, "any");
  blameArray(reason, other, "any");
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
  for (const use of uses.values()) use.kind = `${use.around ?? ""}:${use.leaves.join()}`;
  return uses;
}

function noteUse(element: Element | undefined, index: number, uses: Map<number, Use>): void {
  for (let one = element; one !== undefined; one = one.within) {
    const use = uses.get(one.array);
    if (use?.leaves.at(-1) === index) return; // The arrays around it were noted with it.
    if (use) use.leaves.push(index);
    else uses.set(one.array, { leaves: [index], around: one.within?.array, kind: "" });
  }
}

function askedOf(leaf: Leaf, fields: Fields<Placed>, uses: ReadonlyMap<number, Use>): Asked {
  const values = fields.get(leaf.path) ?? [];
  const isShared = (array: number): boolean => {
    const use = uses.get(array);
    return use !== undefined && use.leaves.length > 1;
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
