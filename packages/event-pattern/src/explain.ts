/**
 * Why does an event match a pattern, or what is the first thing to change so that it would? Answers with data;
 * explain-text.ts says it in sentences.
 *
 * The hard case is the one people never guess: every field holds somewhere, but not in one element of an array. Then
 * `conflict` names the smallest set of fields that cannot hold together, and where each of them holds.
 */
import { type Change, changeFor } from "./change.ts";
import { allowsSome, choiceOf, treeOf } from "./elements.ts";
import { type Fields, fieldsOf, placeOf, type Value } from "./fields.ts";
import type { JsonNode } from "./json.ts";
import { eventNode, holdingRule } from "./match.ts";
import type { Leaf, Or, Pattern, Step } from "./matcher-types.ts";
import { type NearKind, nearMiss } from "./near-miss.ts";
import { acceptsSome, ruleHolds } from "./rule.ts";
import { countRules } from "./rules.ts";
import { shown } from "./shown.ts";

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
  /** A value that is all but wanted: only the case of letters differs, spaces around it, or text and number. */
  readonly near?: { readonly kind: NearKind; readonly found: string; readonly wanted: string };
  /** The change to the event that makes this field hold. Absent when it holds, and when no value can be named. */
  readonly change?: Change;
};

/** Fields that each hold, but in different elements of one array. No smaller set of them clashes. */
export type Conflict = {
  /** At least two, in the order of their paths, each with a value that holds (or, not accepted, one that must go). */
  readonly fields: readonly (Found & { readonly path: string })[];
  /** The change that brings one of them to where most of the others hold. */
  readonly change?: Change;
};

/** One alternative of an `$or`. */
export type BranchAnswer = {
  /** Where it stands in the pattern: `$.detail.$or[1]`. */
  readonly place: string;
  /** How many of its fields do not hold. */
  readonly failing: number;
  /** Its fields in the order of their paths; of an `$or` inside it, those of the nearest alternative. */
  readonly leaves: readonly LeafAnswer[];
};

/** One `$or` with all its alternatives, the nearest first. */
export type OrAnswer = { readonly place: string; readonly branches: readonly BranchAnswer[] };

/** The whole answer. */
export type Explanation = {
  readonly matches: boolean;
  /** The fields in the order of their paths; with `$or`, those of the branch that came nearest. */
  readonly leaves: readonly LeafAnswer[];
  /** Present when each field holds somewhere and the pattern still does not match. */
  readonly conflict?: Conflict;
  /** How many ways `$or` leaves open; 1 without it. */
  readonly branches: number;
  /** When it does not match: every `$or` that was asked. An `$or` in an alternative stands after the one around it. */
  readonly ors: readonly OrAnswer[];
};

/**
 * @param event - JSON text, its UTF-8 bytes, or the parsed value.
 * @throws TypeError when the event is not JSON, or not a JSON object.
 */
export function explain(pattern: Pattern, event: unknown): Explanation {
  const node = eventNode(event);
  const fields = fieldsOf(node, { seesEmptyKeys: pattern.seesEmptyKeys, only: pattern.paths });
  const asking: Asking = { event: node, fields, answers: new Map() };
  const branches = countRules(pattern.steps);
  const holding = holdingRule(pattern, fields);
  if (holding) {
    return { matches: true, leaves: inOrder(holding).map((leaf) => answerOf(leaf, asking)), branches, ors: [] };
  }
  const near = nearest(pattern.steps, asking);
  const leaves = near.leaves;
  const answers = answersOf(leaves, asking);
  const no = { matches: false, branches, ors: near.ors };
  if (answers.some(({ held }) => !held)) return { ...no, leaves: answers };
  const clashing = smallestClash(leaves, fields);
  const [only, second] = clashing;
  if (only === undefined || second !== undefined) {
    return { ...no, leaves: answers, conflict: conflictOf(clashing, leaves, asking) };
  }
  // It was hoped that the field is absent from the element chosen; it is not.
  return { ...no, leaves: answers.map((one) => (one.path === only.path ? dashed(only, one, asking) : one)) };
}

type Asking = {
  readonly event: JsonNode;
  readonly fields: Fields;
  readonly answers: Map<Leaf, LeafAnswer>;
};
type Near = { readonly leaves: readonly Leaf[]; readonly failing: number; readonly ors: readonly OrAnswer[] };

/** For each `$or` the branch with the fewest failing fields; of two, the one with more fields: it says more. */
function nearest(steps: readonly Step[], asking: Asking): Near {
  const leaves: Leaf[] = [];
  const ors: OrAnswer[] = [];
  let failing = 0;
  for (const step of steps) {
    const near = step.kind === "leaf" ? nearOfLeaf(step, asking) : nearestBranch(step, asking);
    for (const leaf of near.leaves) leaves.push(leaf);
    for (const or of near.ors) ors.push(or);
    failing += near.failing;
  }
  return { leaves: inOrder(lastOfEachPath(leaves)), failing, ors };
}

function nearOfLeaf(leaf: Leaf, asking: Asking): Near {
  return { leaves: [leaf], failing: answerOf(leaf, asking).held ? 0 : 1, ors: [] };
}

function nearestBranch({ place, branches }: Or, asking: Asking): Near {
  const nears = branches
    .map((branch, index) => ({ place: `${place}[${index}]`, near: nearest(branch, asking) }))
    .sort((a, b) => a.near.failing - b.near.failing || b.near.leaves.length - a.near.leaves.length);
  const answers = nears.map(({ place: at, near }) => {
    return { place: at, failing: near.failing, leaves: answersOf(near.leaves, asking) };
  });
  const [first] = nears;
  const ors = [{ place, branches: answers }, ...(first?.near.ors ?? [])];
  return { leaves: first?.near.leaves ?? [], failing: first?.near.failing ?? 0, ors };
}

function lastOfEachPath(leaves: readonly Leaf[]): Iterable<Leaf> {
  return new Map(leaves.map((leaf) => [leaf.path, leaf])).values();
}

function inOrder(rule: Iterable<Leaf>): readonly Leaf[] {
  return [...rule].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The answers of leaves that apply together, with what to change where one does not hold. */
function answersOf(leaves: readonly Leaf[], asking: Asking): readonly LeafAnswer[] {
  return leaves.map((leaf) => {
    const answer = answerOf(leaf, asking);
    if (answer.held) return answer;
    const change = changeFor(leaf, { ...asking, beside: neighbourOf(leaf, leaves, asking.fields) });
    return change ? { ...answer, change } : answer;
  });
}

/** Of the values that hold for other leaves the one whose path has most in common with the leaf's. */
function neighbourOf(leaf: Leaf, leaves: readonly Leaf[], fields: Fields): Value | undefined {
  let best: Value | undefined;
  let most = 0;
  for (const other of leaves) {
    const common = other === leaf ? 0 : commonLength(leaf.path, other.path);
    if (common <= most) continue;
    const held = fields.get(other.path)?.find((value) => value.element && acceptsSome(other, value));
    if (held) [best, most] = [held, common];
  }
  return best;
}

/** Characters of the keys that two paths begin with. */
function commonLength(one: string, other: string): number {
  let length = 0;
  for (
    let dot = one.indexOf(".");
    dot >= 0 && other.startsWith(one.slice(0, dot + 1));
    dot = one.indexOf(".", dot + 1)
  ) {
    length = dot;
  }
  return length;
}

function answerOf(leaf: Leaf, { fields, answers }: Asking): LeafAnswer {
  const known = answers.get(leaf);
  if (known) return known;
  const values = fields.get(leaf.path) ?? [];
  const found = values.map((value) => foundOf(leaf, value));
  // Absence inside arrays depends on the elements chosen: as long as some element may lack the field, it can hold.
  const mayBeAbsent = leaf.mayBeAbsent && values.every(({ element }) => element);
  const held = mayBeAbsent || found.some(({ accepted }) => accepted);
  const { path, place } = leaf;
  const answer = {
    path,
    place,
    held,
    wanted: leaf.alternatives.map(shown),
    found,
    ...(held ? {} : nearOf(leaf, values)),
  };
  answers.set(leaf, answer);
  return answer;
}

function nearOf(leaf: Leaf, values: readonly Value[]): Pick<LeafAnswer, "near"> {
  for (const value of values) {
    const near = nearMiss(leaf, value);
    if (near) return { near: { kind: near.kind, found: shownValue(value), wanted: shown(near.alternative) } };
  }
  return {};
}

function foundOf(leaf: Leaf, value: Value): Found {
  return { place: placeOf(value), shown: shownValue(value), accepted: acceptsSome(leaf, value) };
}

function shownValue(value: Value): string {
  return value.kind === "string" ? JSON.stringify(value.text) : value.text;
}

function dashed(leaf: Leaf, answer: LeafAnswer, asking: Asking): LeafAnswer {
  const change = changeFor(leaf, { ...asking, beside: undefined });
  return { ...answer, held: false, ...(change ? { change } : {}) };
}

/** A smallest set of the leaves that do not hold together. Fields outside of arrays are never to blame. */
function smallestClash(leaves: readonly Leaf[], fields: Fields): readonly Leaf[] {
  let clash = leaves.filter((leaf) => fields.get(leaf.path)?.some(({ element }) => element));
  for (const leaf of clash) {
    const fewer = clash.filter((one) => one !== leaf);
    if (fewer.length > 0 && !ruleHolds(fewer, fields)) clash = fewer;
  }
  return clash;
}

/** How many values are tried as the place where the others should be. */
const MOST_TRIED = 100;

function conflictOf(clashing: readonly Leaf[], leaves: readonly Leaf[], asking: Asking): Conflict {
  // A field that is to be absent has no value that holds: it is shown with one that is in the way.
  const fields = clashing.flatMap((leaf) => {
    const values = asking.fields.get(leaf.path) ?? [];
    const first = values.find((value) => acceptsSome(leaf, value)) ?? values[0];
    return first ? [{ path: leaf.path, ...foundOf(leaf, first) }] : [];
  });
  const change = changeTowards(clashing, leaves, asking);
  return { fields, ...(change ? { change } : {}) };
}

/** Where most of the fields hold already, the change that makes the first of the others hold there. */
function changeTowards(clashing: readonly Leaf[], leaves: readonly Leaf[], asking: Asking): Change | undefined {
  const holding = (leaf: Leaf) => (asking.fields.get(leaf.path) ?? []).filter((value) => acceptsSome(leaf, value));
  // What is to be absent cannot be brought anywhere.
  const sides = leaves
    .map((leaf) => ({ leaf, values: holding(leaf) }))
    .filter(({ leaf, values }) => values.length > 0 || !leaf.mayBeAbsent)
    .map(({ leaf, values }) => ({ leaf, tree: treeOf(values, () => true) }));
  let best: { readonly beside: Value; readonly apart: readonly Leaf[] } | undefined;
  for (const beside of clashing.flatMap((leaf) => holding(leaf).slice(0, MOST_TRIED))) {
    const chosen = choiceOf(beside);
    const apart = sides.filter(({ tree }) => !allowsSome(tree, chosen)).map(({ leaf }) => leaf);
    if (apart.length > 0 && apart.length < (best?.apart.length ?? leaves.length)) best = { beside, apart };
  }
  const [first] = best?.apart ?? [];
  return best && first && changeFor(first, { ...asking, beside: best.beside });
}
