/**
 * Does the event match the pattern? `$or` makes a pattern many rules, one for each choice of branches, and one of
 * them must hold.
 *
 * First everything is settled that elements of arrays have no say in, for all branches at once; what is left open,
 * mostly nothing, is tried branch by branch (rule.ts).
 */
import { type Fields, fieldsOf, type Value } from "./fields.ts";
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
  return holdingRule(pattern, fieldsFor(pattern, event)) !== undefined;
}

/** What the pattern can see of the event. @throws TypeError when the event is not a JSON object. */
export function fieldsFor(pattern: Pattern, event: unknown): Fields {
  return fieldsOf(eventNode(event), { seesEmptyKeys: pattern.seesEmptyKeys, only: pattern.paths });
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

/** Leaves that apply together, one for a path. */
export type Rule = Iterable<Leaf>;

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
  return found;
}

/** Most patterns of a large set end here: a field outside of `$or` that must be there is not. */
function lacksField({ steps, replaceable }: Pattern, fields: Fields): boolean {
  return steps.some((step) => {
    return step.kind === "leaf" && !step.mayBeAbsent && !fields.has(step.path) && !replaceable.has(step.path);
  });
}

/** What is left of a list of steps once all that does not depend on elements is settled. */
type Plan = { readonly settled: readonly Leaf[]; readonly open: readonly OpenStep[] };
type OpenStep = Leaf | { readonly kind: "either"; readonly plans: readonly Plan[] };
type Settling = { readonly fields: Fields; readonly replaceable: ReadonlySet<string> };

/** @returns undefined when the steps can hold in no way at all. */
function settle(steps: readonly Step[], settling: Settling): Plan | undefined {
  const settled: Leaf[] = [];
  const open: OpenStep[] = [];
  for (const step of steps) {
    const plan = step.kind === "leaf" ? planOfLeaf(step, settling) : planOfOr(step, settling);
    if (plan === undefined) return undefined;
    for (const leaf of plan.settled) settled.push(leaf);
    for (const left of plan.open) open.push(left);
  }
  return { settled, open };
}

function planOfLeaf(leaf: Leaf, { fields, replaceable }: Settling): Plan | undefined {
  const state = replaceable.has(leaf.path) ? "open" : stateOf(leaf, fields);
  if (state === "fails") return undefined;
  return state === "open" ? { settled: [], open: [leaf] } : { settled: [leaf], open: [] };
}

function planOfOr({ branches }: Or, settling: Settling): Plan | undefined {
  const plans = differentPlans(branches, settling);
  return plans.length > 1 ? { settled: [], open: [{ kind: "either", plans }] } : plans[0];
}

/** Branches that leave nothing open are all the same: one of them is enough. */
function differentPlans(branches: readonly (readonly Step[])[], settling: Settling): readonly Plan[] {
  const plans: Plan[] = [];
  let hasSettled = false;
  for (const branch of branches) {
    const plan = settle(branch, settling);
    if (plan === undefined || (plan.open.length === 0 && hasSettled)) continue;
    hasSettled ||= plan.open.length === 0;
    plans.push(plan);
  }
  return plans;
}

const NO_VALUES: readonly Value[] = [];

/** Open is what elements decide: a value is in one, and the leaf holds by some value or by absence. */
function stateOf(leaf: Leaf, fields: Fields): "holds" | "fails" | "open" {
  const values = fields.get(leaf.path) ?? NO_VALUES;
  if (values.length === 0) return leaf.mayBeAbsent ? "holds" : "fails";
  const isAccepted = values.some((value) => acceptsSome(leaf, value));
  const isFree = values.every(({ element }) => element === undefined);
  if (isAccepted) return isFree ? "holds" : "open";
  return leaf.mayBeAbsent && values.every(({ element }) => element) ? "open" : "fails";
}

/** A stack of open steps still to take: the top first. */
type Rest = { readonly steps: readonly OpenStep[]; readonly from: number; readonly after: Rest | undefined };
type IsGood = (settled: readonly Leaf[], open: ReadonlyMap<string, Leaf>) => boolean;

/** Tries the choices of branches one after the other until one is good. A later leaf of a path replaces an earlier. */
function someChoice(plan: Plan, isGood: IsGood): boolean {
  const take = (rest: Rest | undefined, settled: readonly Leaf[], chosen: ReadonlyMap<string, Leaf>): boolean => {
    const open = new Map(chosen);
    for (let here = rest; here !== undefined; here = here.after) {
      for (let index = here.from; index < here.steps.length; index += 1) {
        const step = here.steps[index];
        if (step?.kind === "leaf") open.set(step.path, step);
        if (step?.kind !== "either") continue;
        const after: Rest = { steps: here.steps, from: index + 1, after: here.after };
        return step.plans.some((one) => take({ steps: one.open, from: 0, after }, [...settled, ...one.settled], open));
      }
    }
    return isGood(settled, open);
  };
  return take({ steps: plan.open, from: 0, after: undefined }, plan.settled, new Map());
}
