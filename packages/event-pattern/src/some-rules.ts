/** The rules of a pattern one after the other: `$or` may stand for more of them than anybody can look at. */
import type { Leaf, Pattern, Step } from "./matcher-types.ts";

/** Leaves that apply together, by path. */
export type RuleByPath = ReadonlyMap<string, Leaf>;

/** As rulesOf of rules.ts, but lazily: the first ones cost nothing of the rest. */
function* someRules({ steps }: Pick<Pattern, "steps">): Generator<RuleByPath> {
  yield* extended(new Map(), { steps, from: 0, after: undefined });
}

/** What is still to be added: a list of steps from an index on, then another list. */
type Rest = { readonly steps: readonly Step[]; readonly from: number; readonly after: Rest | undefined };

function* extended(rule: RuleByPath, rest: Rest): Generator<RuleByPath> {
  const next = new Map(rule);
  for (let here: Rest | undefined = rest; here !== undefined; here = here.after) {
    for (let index = here.from; index < here.steps.length; index += 1) {
      const step = here.steps[index];
      if (step?.kind === "leaf") next.set(step.path, step);
      if (step?.kind !== "or") continue;
      const after: Rest = { steps: here.steps, from: index + 1, after: here.after };
      for (const branch of step.branches) yield* extended(next, { steps: branch, from: 0, after });
      return;
    }
  }
  yield next;
}

/** The first rules, at most so many, and whether these are all. */
export function firstRules(
  pattern: Pick<Pattern, "steps">,
  most: number,
): { readonly rules: readonly RuleByPath[]; readonly areAll: boolean } {
  const rules: RuleByPath[] = [];
  for (const rule of someRules(pattern)) {
    if (rules.length === most) return { rules, areAll: false };
    rules.push(rule);
  }
  return { rules, areAll: true };
}
