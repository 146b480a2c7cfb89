/** A pattern multiplied out: the fields that apply together, once for each choice of branches. */
import type { Leaf, Pattern, Step } from "./matcher-types.ts";

/** Leaves that apply together, one for a path. */
export type Rule = Iterable<Leaf>;

type ByPath = ReadonlyMap<string, Leaf>;

/** How many rules the steps stand for; `$or` side by side multiply. */
export function countRules(steps: readonly Step[]): number {
  return steps.reduce((product, step) => {
    if (step.kind === "leaf") return product;
    return product * step.branches.reduce((sum, branch) => sum + countRules(branch), 0);
  }, 1);
}

/** All rules of the pattern. Their number is {@link countRules}. */
export function rulesOf(pattern: Pattern): readonly Rule[] {
  const leaves = pattern.steps.filter((step) => step.kind === "leaf");
  if (leaves.length === pattern.steps.length) return [leaves];
  return extended([new Map()], pattern.steps).map((rule) => [...rule.values()]);
}

/** A later leaf with the same path replaces an earlier one. */
function extended(rules: readonly ByPath[], steps: readonly Step[]): readonly ByPath[] {
  return steps.reduce((before, step) => {
    if (step.kind === "or") return step.branches.flatMap((branch) => extended(before, branch));
    return before.map((rule) => new Map(rule).set(step.path, step));
  }, rules);
}
