/**
 * Does the event match the pattern? All fields must hold, in one way to choose elements: two fields below the same
 * array must hold in the same element of it.
 *
 * Fields are taken in order of their paths. That order is part of the answer: `exists: false` asks whether the field
 * is absent from the elements chosen by the paths BEFORE it (SEMANTICS.md, "Absence in arrays").
 */
import { accepts } from "./accepts.ts";
import { type Fields, fieldsOf, join, type Membership, type Value } from "./fields.ts";
import { beginsAsObject, type JsonNode, nodeOf, readJson } from "./json.ts";
import type { Leaf, Pattern, Step } from "./matcher-types.ts";
import type { Rule } from "./rules.ts";

const NO_ELEMENT: Membership = new Map();

/**
 * @param event - JSON text (duplicate keys and number spellings count), or the parsed value.
 * @returns whether it matches.
 * @throws TypeError when the event is not JSON, or not a JSON object.
 */
export function matches(pattern: Pattern, event: unknown): boolean {
  return matchesNode(pattern, eventNode(event));
}

/** The event as a node. @throws TypeError when it is not a JSON object. */
export function eventNode(event: unknown): JsonNode {
  if (typeof event === "string" && !beginsAsObject(event)) throw new TypeError("Event must be a JSON object");
  const read = typeof event === "string" ? readJson(event) : nodeOf(event);
  if ("fault" in read) {
    const place = read.fault.at < 0 ? "" : `, at offset ${read.fault.at}`;
    throw new TypeError(`${read.fault.message} (the event is not JSON${place})`);
  }
  if (read.node.kind !== "object") throw new TypeError("Event must be a JSON object");
  return read.node;
}

/** As {@link matches}, for an event that was read already. */
export function matchesNode(pattern: Pattern, event: JsonNode): boolean {
  const fields = fieldsOf(event, pattern.paths) ?? new Map();
  return someRule(pattern.steps, { fields, isThorough: false }, (rule) => ruleHolds(rule, fields));
}

/** Where to look; `isThorough` visits the hopeless branches as well, for explanations. */
export type Looking = { readonly fields: Fields; readonly isThorough: boolean };

/** A stack of steps still to take: the top first. */
type Rest = { readonly steps: readonly Step[]; readonly from: number; readonly after: Rest | undefined };

/**
 * Tries the pattern's rules, one for each choice of branches, until one is good. A branch is left as soon as a leaf in
 * it can hold nowhere in the event, or leaves chosen so far cannot hold together, and no later leaf can change that;
 * so most choices are never made.
 */
export function someRule(steps: readonly Step[], looking: Looking, isGood: (rule: Rule) => boolean): boolean {
  const { fields, isThorough } = looking;
  const replaceable = isThorough ? undefined : repeatedPaths(steps);
  const isStuck = (chosen: Rule): boolean => {
    if (replaceable === undefined) return false;
    const firm = [...chosen.values()].filter((leaf) => !replaceable.has(leaf.path) && !wantsAbsence(leaf));
    return !leavesHold(firm, fields);
  };

  // Recursive by `$or` only: parse.ts bounds how many of them one rule can pass.
  const take = (start: Rest, before: Rule, orsTaken: number): boolean => {
    const firm = replaceable === undefined ? [] : firmLeaves(start.steps, replaceable);
    if (!firm.every((leaf) => canHold(leaf, fields))) return false;
    const chosen = new Map([...before, ...firm.map((leaf) => [leaf.path, leaf] as const)]);
    let next = nextStep(start);
    for (; next?.step.kind === "leaf"; next = nextStep(next.rest)) chosen.set(next.step.path, next.step);
    if (next === undefined) return isGood(chosen);
    if (orsTaken > 0 && isStuck(chosen)) return false;
    const { step: or, rest: after } = next;
    return or.branches.some((branch) => take({ steps: branch, from: 0, after }, chosen, orsTaken + 1));
  };
  return take({ steps, from: 0, after: undefined }, new Map(), 0);
}

/** Leaves that nothing replaces apply whatever is chosen later. */
function firmLeaves(steps: readonly Step[], replaceable: ReadonlySet<string>): readonly Leaf[] {
  return steps.filter((step) => step.kind === "leaf").filter((leaf) => !replaceable.has(leaf.path));
}

function nextStep(rest: Rest | undefined): { readonly step: Step; readonly rest: Rest } | undefined {
  for (let list = rest; list !== undefined; list = list.after) {
    const step = list.steps[list.from];
    if (step !== undefined) return { step, rest: { ...list, from: list.from + 1 } };
  }
  return undefined;
}

function repeatedPaths(steps: readonly Step[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const visit = (step: Step): void => {
    if (step.kind === "or") for (const branch of step.branches) branch.forEach(visit);
    else if (seen.has(step.path)) repeated.add(step.path);
    else seen.add(step.path);
  };
  steps.forEach(visit);
  return repeated;
}

/** Could the leaf hold anywhere, elements of arrays aside? Absence always could: elements decide about it. */
function canHold(leaf: Leaf, fields: Fields): boolean {
  return wantsAbsence(leaf) || (fields.get(leaf.path) ?? []).some((value) => holdsFor(leaf, value));
}

/** May the leaf hold because the field is not there? */
export function wantsAbsence(leaf: Leaf): boolean {
  return leaf.alternatives.some((alternative) => alternative.op === "exists" && !alternative.wanted);
}

/** Does one of the alternatives accept the value? */
export function holdsFor(leaf: Leaf, value: Value): boolean {
  return leaf.alternatives.some((alternative) => accepts(alternative, value));
}

/** Do all leaves of the rule hold together? */
export function ruleHolds(rule: Rule, fields: Fields): boolean {
  return leavesHold([...rule.values()], fields);
}

/**
 * Elements are chosen leaf by leaf. What is remembered of a choice are only the arrays that later leaves can be in;
 * paths with a common beginning stand together in their order, so that is one element for each array that is open, and
 * the work is at most the number of leaves times the elements of the event.
 */
function leavesHold(unordered: readonly Leaf[], fields: Fields): boolean {
  const leaves = [...unordered].sort((a, b) => (a.path < b.path ? -1 : 1));
  const later = arraysFrom(leaves, fields);
  const failed = new Set<string>();

  const holdsFrom = (index: number, soFar: Membership): boolean => {
    const leaf = leaves[index];
    if (leaf === undefined) return true;
    const asked = `${index}:${keyOf(soFar)}`;
    if (failed.has(asked)) return false;
    const ways = choices(leaf, fields.get(leaf.path) ?? [], soFar);
    const isFound = distinct(ways, later[index + 1]).some((next) => holdsFrom(index + 1, next));
    if (!isFound) failed.add(asked);
    return isFound;
  };
  return holdsFrom(0, NO_ELEMENT);
}

/** For each leaf the arrays that it or a later one has values in. */
function arraysFrom(leaves: readonly Leaf[], fields: Fields): readonly ReadonlySet<number>[] {
  const result: ReadonlySet<number>[] = [];
  let arrays: ReadonlySet<number> = new Set();
  for (const leaf of leaves.toReversed()) {
    const own = (fields.get(leaf.path) ?? []).flatMap(({ membership }) => [...membership.keys()]);
    arrays = own.length === 0 ? arrays : new Set([...arrays, ...own]);
    result.push(arrays);
  }
  return result.reverse();
}

/** The ways that differ in an array which still matters, without the arrays that do not. */
function distinct(ways: readonly Membership[], arrays: ReadonlySet<number> | undefined): readonly Membership[] {
  const kept = new Map<string, Membership>();
  for (const way of ways) {
    const rest = new Map([...way].filter(([array]) => arrays?.has(array)));
    kept.set(keyOf(rest), rest);
  }
  return [...kept.values()];
}

/** Every way the leaf can hold with the elements chosen so far: the elements chosen after it. */
function choices(leaf: Leaf, values: readonly Value[], soFar: Membership): readonly Membership[] {
  const anchors = [...soFar.keys()].filter((array) => values.some(({ membership }) => membership.has(array)));
  const reachable = values.flatMap((value) => {
    const joined = join(soFar, value.membership);
    return joined ? [{ value, joined }] : [];
  });
  if (reachable.length === 0) return wantsAbsence(leaf) ? [soFar] : [];
  // Where the field occurs in an array of which an element is chosen, it must hold there: a value at the same path
  // elsewhere (below a dotted key, or a key given twice) no longer counts.
  const held = reachable.filter(
    ({ value }) => anchors.every((array) => value.membership.has(array)) && holdsFor(leaf, value),
  );
  return held.map(({ joined }) => joined);
}

function keyOf(membership: Membership): string {
  return [...membership]
    .sort(([a], [b]) => a - b)
    .map(([array, index]) => `${array}=${index}`)
    .join(",");
}
