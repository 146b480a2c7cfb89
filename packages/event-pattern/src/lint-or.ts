/** `$or`: branches that say nothing new, and fields that a branch silently replaces. */
import { provesCover } from "./covers.ts";
import type { Raw } from "./lint.ts";
import type { Leaf, Or, Pattern, Step } from "./matcher-types.ts";

/** With more branches they are not compared. */
const MOST_COMPARED = 40;

/** A path that is named inside and outside of a `$or`, or in two of them: only the last list counts. */
export function lintReplaced({ replaceable }: Pattern, leaves: readonly Leaf[]): readonly Raw[] {
  return [...replaceable].flatMap((path) => {
    const places = leaves.filter((leaf) => leaf.path === path).map(({ place }) => place);
    const [first] = places;
    if (first === undefined) return [];
    const raw: Raw = {
      kind: "warning",
      code: "replaced-field",
      path: first,
      facts: { field: path, by: places.at(-1) ?? "" },
    };
    return [raw];
  });
}

/** Branches of which every event is another branch's as well. */
export function lintBranches(pattern: Pattern): readonly Raw[] {
  // Where fields replace each other, a branch alone does not say what it does.
  if (pattern.replaceable.size > 0) return [];
  return pattern.steps.flatMap(orsOf).flatMap(lintOr);
}

function orsOf(step: Step): readonly Or[] {
  return step.kind === "leaf" ? [] : [step, ...step.branches.flatMap((branch) => branch.flatMap(orsOf))];
}

function lintOr({ branches, place }: Or): readonly Raw[] {
  if (branches.length > MOST_COMPARED) return [];
  return branches.flatMap((steps, index) => {
    const by = branches.findIndex((other, at) => {
      if (at === index || !provesCover({ steps: other }, { steps })) return false;
      return at < index || !provesCover({ steps }, { steps: other });
    });
    if (by < 0) return [];
    const raw: Raw = {
      kind: "hint",
      code: "covered-branch",
      path: `${place}[${index}]`,
      facts: { by: `${place}[${by}]` },
    };
    return [raw];
  });
}
