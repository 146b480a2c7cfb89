/**
 * Why does an event match a pattern, or what is the first thing to change so that it would? Answers with data;
 * explain-text.ts says it in sentences.
 *
 * The hard case is the one people never guess: every field holds somewhere, but not in one element of an array. Then
 * `conflict` names the elements.
 */
import { allowsSome, choiceOf, treeOf } from "./elements.ts";
import { type Fields, placeOf, type Value } from "./fields.ts";
import { fieldsFor, holdingRule } from "./match.ts";
import type { Alternative, Leaf, Pattern, Step } from "./matcher-types.ts";
import { acceptsSome } from "./rule.ts";
import { countRules } from "./rules.ts";

/** A value that was found, with its place in the event: `detail.findings[0].Severity.Label`. */
export type Found = { readonly place: string; readonly shown: string; readonly accepted: boolean };

/** What became of one field of the pattern. */
export type LeafAnswer = {
  /** Keys joined by dots: `detail.findings.Severity.Label`. */
  readonly path: string;
  /** Where it stands in the pattern: `$.detail.findings.Severity.Label`. */
  readonly place: string;
  readonly held: boolean;
  /** The alternatives as a person would write them: `"HIGH"`, `anything-but "PASSED"`. */
  readonly wanted: readonly string[];
  /** Every value at that path; empty when the field is absent. */
  readonly found: readonly Found[];
};

/** Two fields that hold only in different elements of one array. */
export type Conflict = {
  readonly first: Found & { readonly path: string };
  readonly second: Found & { readonly path: string };
};

/** The whole answer. */
export type Explanation = {
  readonly matches: boolean;
  /** The fields in the order of their paths; with `$or`, those of the branch that came nearest. */
  readonly leaves: readonly LeafAnswer[];
  /** Present when each field holds somewhere and the pattern still does not match. */
  readonly conflict?: Conflict;
  /** How many ways `$or` leaves open; 1 without it. */
  readonly branches: number;
};

/**
 * @param event - JSON text or the parsed value.
 * @throws TypeError when the event is not JSON, or not a JSON object.
 */
export function explain(pattern: Pattern, event: unknown): Explanation {
  const fields = fieldsFor(pattern, event);
  const branches = countRules(pattern.steps);
  const holding = holdingRule(pattern, fields);
  if (holding) return { matches: true, leaves: inOrder(holding).map((leaf) => answerOf(leaf, fields)), branches };
  const leaves = inOrder(lastOfEachPath(nearest(pattern.steps, fields).leaves));
  const answers = leaves.map((leaf) => answerOf(leaf, fields));
  if (answers.some(({ held }) => !held)) return { matches: false, leaves: answers, branches };
  const conflict = conflictOf(leaves, fields);
  if (conflict) return { matches: false, leaves: answers, branches, conflict };
  return { matches: false, leaves: answers.map(withoutHope), branches };
}

type Near = { readonly leaves: readonly Leaf[]; readonly failing: number };

/** For each `$or` the branch with the fewest failing fields; of two, the one with more fields: it says more. */
function nearest(steps: readonly Step[], fields: Fields): Near {
  const leaves: Leaf[] = [];
  let failing = 0;
  for (const step of steps) {
    const near =
      step.kind === "leaf"
        ? { leaves: [step], failing: answerOf(step, fields).held ? 0 : 1 }
        : step.branches.map((branch) => nearest(branch, fields)).reduce(nearer);
    for (const leaf of near.leaves) leaves.push(leaf);
    failing += near.failing;
  }
  return { leaves, failing };
}

function nearer(a: Near, b: Near): Near {
  if (a.failing !== b.failing) return a.failing < b.failing ? a : b;
  return b.leaves.length > a.leaves.length ? b : a;
}

function lastOfEachPath(leaves: readonly Leaf[]): Iterable<Leaf> {
  return new Map(leaves.map((leaf) => [leaf.path, leaf])).values();
}

/** When no field fails and no two clash, what was hoped to be absent from the chosen element is not. */
function withoutHope(answer: LeafAnswer): LeafAnswer {
  const isHope = answer.found.length > 0 && !answer.found.some(({ accepted }) => accepted);
  return isHope ? { ...answer, held: false } : answer;
}

function inOrder(rule: Iterable<Leaf>): readonly Leaf[] {
  return [...rule].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function answerOf(leaf: Leaf, fields: Fields): LeafAnswer {
  const values = fields.get(leaf.path) ?? [];
  const found = values.map((value) => foundOf(leaf, value));
  // Absence inside arrays depends on the elements chosen: as long as some element may lack the field, it can hold.
  const mayBeAbsent = leaf.mayBeAbsent && values.every(({ element }) => element);
  return {
    path: leaf.path,
    place: leaf.place,
    held: mayBeAbsent || found.some(({ accepted }) => accepted),
    wanted: leaf.alternatives.map(shown),
    found,
  };
}

function foundOf(leaf: Leaf, value: Value): Found {
  const shownValue = value.kind === "string" ? JSON.stringify(value.text) : value.text;
  return { place: placeOf(value), shown: shownValue, accepted: acceptsSome(leaf, value) };
}

/** The first two fields whose accepted values never share an element. */
function conflictOf(leaves: readonly Leaf[], fields: Fields): Conflict | undefined {
  const held = leaves.map((leaf) => ({
    leaf,
    values: (fields.get(leaf.path) ?? []).filter((value) => acceptsSome(leaf, value)),
  }));
  for (const [index, second] of held.entries()) {
    const tree = treeOf(second.values, () => true);
    for (const first of held.slice(0, index)) {
      const [one] = first.values;
      const [other] = second.values;
      if (one === undefined || other === undefined) continue;
      const together = first.values.some((value) => allowsSome(tree, choiceOf(value)));
      if (together) continue;
      return {
        first: { path: first.leaf.path, ...foundOf(first.leaf, one) },
        second: { path: second.leaf.path, ...foundOf(second.leaf, other) },
      };
    }
  }
  return undefined;
}

/** An alternative as a person would write it. */
function shown(alternative: Alternative): string {
  switch (alternative.op) {
    case "string":
    case "address":
      return JSON.stringify(alternative.text);
    case "number":
    case "literal":
      return alternative.text;
    case "exists":
      return alternative.wanted ? "present" : "absent";
    case "cidr":
      return `an address in ${alternative.text}`;
    case "numeric":
      return shownRange(alternative);
    case "anything-but-strings":
      return `anything-but ${[...alternative.texts].map((text) => JSON.stringify(text)).join(", ")}`;
    case "anything-but-numbers":
      return `anything-but ${[...alternative.values].join(", ")}`;
    case "anything-but":
      return `anything-but ${alternative.tests.map((test) => shown(test)).join(", ")}`;
    default:
      return `${alternative.op} ${JSON.stringify(alternative.text)}`;
  }
}

function shownRange({ low, high }: Alternative & { readonly op: "numeric" }): string {
  if (low !== undefined && low === high) return `= ${low.value}`;
  const bounds = [];
  if (low !== undefined) bounds.push(`${low.isOpen ? ">" : ">="} ${low.value}`);
  if (high !== undefined) bounds.push(`${high.isOpen ? "<" : "<="} ${high.value}`);
  return bounds.join(" and ");
}
