/** A pattern multiplied out: the fields that apply together, once for each choice of branches. */
import type { Leaf, Pattern, Step } from "./matcher-types.ts";

/** The leaves that apply together, by path. */
export type Rule = ReadonlyMap<string, Leaf>;

/** How many rules the steps stand for; `$or` side by side multiply. */
export function countRules(steps: readonly Step[]): number {
  return steps.reduce((product, step) => {
    if (step.kind === "leaf") return product;
    return product * step.branches.reduce((sum, branch) => sum + countRules(branch), 0);
  }, 1);
}

/** All rules of the pattern. Their number is {@link countRules}. */
export function rulesOf(pattern: Pattern): readonly Rule[] {
  return extended([new Map()], pattern.steps);
}

/** A later leaf with the same path replaces an earlier one. */
function extended(rules: readonly Rule[], steps: readonly Step[]): readonly Rule[] {
  return steps.reduce((before, step) => {
    if (step.kind === "or") return step.branches.flatMap((branch) => extended(before, branch));
    return before.map((rule) => new Map(rule).set(step.path, step));
  }, rules);
}
