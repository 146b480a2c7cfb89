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

/** The leaves that apply together, by path. */
export type Rule = ReadonlyMap<string, Leaf>;

/** Where to look; `isThorough` visits the hopeless branches as well, for explanations. */
export type Looking = { readonly fields: Fields; readonly isThorough: boolean };

/** A stack of steps still to take: the top first. */
type Rest = { readonly steps: readonly Step[]; readonly from: number; readonly after: Rest | undefined } | undefined;

/**
 * Tries the pattern's rules, one for each choice of branches, until one is good. A branch is left as soon as a leaf in
 * it can hold nowhere in the event and no later leaf can replace it, so that most choices are never made.
 */
export function someRule(steps: readonly Step[], looking: Looking, isGood: (rule: Rule) => boolean): boolean {
  const { fields, isThorough } = looking;
  const replaceable = repeatedPaths(steps);
  const chosen = new Map<string, Leaf>();

  const take = (rest: Rest): boolean => {
    if (rest === undefined) return isGood(chosen);
    const { steps: list, from, after } = rest;
    const step = list[from];
    if (step === undefined) return take(after);
    const next: Rest = { steps: list, from: from + 1, after };
    if (step.kind === "or") return step.branches.some((branch) => take({ steps: branch, from: 0, after: next }));
    if (!isThorough && !replaceable.has(step.path) && !canHold(step, fields)) return false;
    const before = chosen.get(step.path);
    chosen.set(step.path, step);
    const isMatch = take(next);
    if (before === undefined) chosen.delete(step.path);
    else chosen.set(step.path, before);
    return isMatch;
  };
  return take({ steps, from: 0, after: undefined });
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
  const values = fields.get(leaf.path) ?? [];
  return leaf.alternatives.some(
    (alternative) =>
      (alternative.op === "exists" && !alternative.wanted) || values.some((value) => accepts(alternative, value)),
  );
}

/** Do all leaves of the rule hold together? */
export function ruleHolds(rule: Rule, fields: Fields): boolean {
  const leaves = [...rule.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const failed = new Set<string>();

  const holdsFrom = (index: number, soFar: Membership): boolean => {
    const leaf = leaves[index];
    if (leaf === undefined) return true;
    // The same elements chosen in another order lead to the same answer: ask once.
    const asked = `${index}:${keyOf(soFar)}`;
    if (failed.has(asked)) return false;
    for (const next of choices(leaf, fields, soFar)) if (holdsFrom(index + 1, next)) return true;
    failed.add(asked);
    return false;
  };
  return holdsFrom(0, NO_ELEMENT);
}

/** Every way the leaf can hold with the elements chosen so far: the elements chosen after it. */
function choices(leaf: Leaf, fields: Fields, soFar: Membership): readonly Membership[] {
  const values = fields.get(leaf.path) ?? [];
  const anchor = anchorOf(values, soFar);
  const reachable = values.flatMap((value) => {
    const joined = join(soFar, value.membership);
    return joined ? [{ value, joined }] : [];
  });
  const absent = leaf.alternatives.some(({ op, ...rest }) => op === "exists" && "wanted" in rest && !rest.wanted);
  const held = reachable.filter(
    ({ value }) =>
      (anchor === undefined || value.membership.has(anchor)) &&
      leaf.alternatives.some((alternative) => accepts(alternative, value)),
  );
  const ways = new Map(held.map(({ joined }) => [keyOf(joined), joined]));
  if (absent && reachable.length === 0) ways.set(keyOf(soFar), soFar);
  return [...ways.values()];
}

/**
 * An array of which an element is chosen and in which the field occurs: there it must hold then. A value at the same
 * path elsewhere (below a dotted key, or a key given twice) no longer counts, but for absence.
 */
function anchorOf(values: readonly Value[], soFar: Membership): number | undefined {
  if (soFar.size === 0 || values.length < 2) return undefined;
  return [...soFar.keys()].find((array) => values.some(({ membership }) => membership.has(array)));
}

function keyOf(membership: Membership): string {
  return [...membership]
    .sort(([a], [b]) => a - b)
    .map(([array, index]) => `${array}=${index}`)
    .join(",");
}
