/**
 * Does the event match the pattern? `$or` makes a pattern many rules, one for each choice of branches, and one of
 * them must hold.
 *
 * First everything is settled that elements of arrays have no say in, for all branches at once; what is left open,
 * mostly nothing, is tried branch by branch (rule.ts).
 */
import { type Fields, fieldsOf, type Value } from "./fields.ts";
import { beginsAsObject, type JsonNode, nodeOf, readJson } from "./json.ts";
import type { Leaf, Or, Pattern, Step } from "./matcher-types.ts";
import { acceptsSome, ruleHolds } from "./rule.ts";
import type { Rule } from "./rules.ts";
import { bytesToText } from "./utf8.ts";

/**
 * @param event - JSON text (duplicate keys and number spellings count), its UTF-8 bytes, or the parsed value.
 * @returns whether it matches.
 * @throws TypeError when the event is not JSON, or not a JSON object.
 */
export function matches(pattern: Pattern, event: unknown): boolean {
  return holdingRule(pattern, fieldsFor(pattern, event)) !== undefined;
}

/** As {@link matches}, for an event that was read already. */
export function matchesNode(pattern: Pattern, event: JsonNode): boolean {
  const fields = fieldsOf(event, { seesEmptyKeys: pattern.seesEmptyKeys, only: pattern.paths });
  return holdingRule(pattern, fields) !== undefined;
}

/** What the pattern can see of the event. @throws TypeError when the event is not a JSON object. */
function fieldsFor(pattern: Pattern, event: unknown): Fields {
  return fieldsOf(eventNode(event), { seesEmptyKeys: pattern.seesEmptyKeys, only: pattern.paths });
}

/** The event as a node. @throws TypeError when it is not a JSON object. */
export function eventNode(event: unknown): JsonNode {
  const given = event instanceof Uint8Array ? bytesToText(event, 0, event.length, false) : event;
  if (typeof given === "string" && !beginsAsObject(given)) throw new TypeError("Event must be a JSON object");
  const read = typeof given === "string" ? readJson(given) : nodeOf(given);
  if ("fault" in read) {
    const place = read.fault.at < 0 ? "" : `, at offset ${read.fault.at}`;
    throw new TypeError(`${read.fault.message} (the event is not JSON${place})`);
  }
  if (read.node.kind !== "object") throw new TypeError("Event must be a JSON object");
  return read.node;
}

/** @returns the leaves of a rule that holds, or undefined when the event does not match. */
export function holdingRule(pattern: Pattern, fields: Fields): Rule | undefined {
  if (lacksField(pattern, fields)) return undefined;
  const plan = settle(pattern.steps, { fields, replaceable: pattern.replaceable });
  if (plan === undefined) return undefined;
  let found: Rule | undefined;
  someChoice(plan, (settled, open) => {
    if (open.size > 0 && !ruleHolds(open.values(), fields)) return false;
    found = [...settled, ...open.values()];
    return true;
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
