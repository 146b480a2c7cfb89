/**
 * What is valid in a pattern and likely wrong: it says something else than was meant, can never match, or will be
 * refused where it is going. Each finding has a stable code, its place, a sentence and a way out.
 *
 * A `warning` is about what the pattern does; a `hint` about what could be written better or may well be meant so.
 * Fields of AWS's own events are judged by what is known of them (known-fields.ts); of other fields only the form is.
 */
import { lintAlternatives } from "./lint-alternatives.ts";
import { type Context, contextsOf, lintFields } from "./lint-fields.ts";
import { lintBranches, lintReplaced } from "./lint-or.ts";
import { lintText } from "./lint-text.ts";
import { type LintCode, type LintFacts, wordsOf } from "./lint-words.ts";
import type { Leaf, Pattern, Step } from "./matcher-types.ts";

/** One thing to look at. */
export type LintFinding = {
  readonly kind: "warning" | "hint";
  readonly code: LintCode;
  /** Where it stands in the pattern: `$.detail.findings.Severity.Label[0]`. */
  readonly path: string;
  readonly message: string;
  /** What to do, in one sentence. */
  readonly fix: string;
};

/** What lint is to know besides the pattern. */
export type LintOptions = {
  /** The pattern's text: then its length is judged, keys given twice, and what follows it. */
  readonly text?: string;
  /** Where the pattern is used. Pipes know fewer operators than the rules of a bus, which is the default. */
  readonly for?: "bus" | "pipes";
  /** Language of messages and fixes; English unless said. */
  readonly language?: "en" | "ja";
};

/** A finding without its words. */
export type Raw = {
  readonly kind: LintFinding["kind"];
  readonly code: LintCode;
  readonly path: string;
  readonly facts?: LintFacts;
};

/**
 * @example lint(pattern, { for: "pipes" })
 * // [{ kind: "warning", code: "impossible-value", path: "$.detail.findings.Severity.Label[0]", … }]
 * @returns in the order in which they stand in the pattern, what concerns all of it first; empty when nothing is odd.
 */
export function lint(pattern: Pattern, options: LintOptions = {}): readonly LintFinding[] {
  const leaves = pattern.steps.flatMap(leavesOf);
  const contexts = contextsOf(pattern);
  const raw = [
    ...lintText(pattern, options.text),
    ...lintReplaced(pattern, leaves),
    ...lintBranches(pattern),
    ...leaves.flatMap((leaf) => lintLeaf(leaf, contexts.get(leaf), options)),
  ];
  return raw.map(({ kind, code, path, facts = {} }) => {
    return { kind, code, path, ...wordsOf(code, facts, options.language ?? "en") };
  });
}

function lintLeaf(leaf: Leaf, context: Context | undefined, options: LintOptions): readonly Raw[] {
  return [...lintAlternatives(leaf, options.for ?? "bus"), ...(context ? lintFields(leaf, context) : [])];
}

function leavesOf(step: Step): readonly Leaf[] {
  return step.kind === "leaf" ? [step] : step.branches.flatMap((branch) => branch.flatMap(leavesOf));
}
