/**
 * Does one pattern match every event that another matches? "yes" is proven, field by field; "no" comes with an event that
 * the other matches and this one does not, asked of the matcher itself; what is neither is "unknown".
 */
import { acceptsAllOf, acceptsNothing } from "./alternative-relations.ts";
import { acceptsScalar } from "./common-value.ts";
import { earlierInArrays } from "./intersects.ts";
import { matches } from "./match.ts";
import type { Alternative, Leaf, Pattern } from "./matcher-types.ts";
import { numberScalar, type Scalar, samplesOf, textScalar } from "./sample.ts";
import { firstRules, type RuleByPath } from "./some-rules.ts";
import { eventOf } from "./witness.ts";

/** `witness` is an event as JSON text that only the narrower pattern matches. */
export type Coverage =
  | { readonly answer: "yes" }
  | { readonly answer: "no"; readonly witness: string }
  | { readonly answer: "unknown" };

const MOST_RULES = 1000;
/** Comparisons of two alternatives, those of rules split by their alternatives included. */
const MOST_COMPARED = 1_000_000;
/** Rules of which events are tried, and events of one rule. */
const MOST_TRIED_RULES = 50;
const MOST_EVENTS = 200;
/** Alternatives of one field of which values are tried. */
const MOST_SAMPLED = 100;

/** @example covers(parse('{"a":["x","y"]}'), parse('{"a":["x"]}')) // { answer: "yes" } */
export function covers(wide: Pattern, narrow: Pattern): Coverage {
  // Who looks into names that are empty sees other fields ("a." is in {"a":{"":1}}): then field by field proves nothing.
  const seesTheSame = wide.seesEmptyKeys === narrow.seesEmptyKeys;
  if (seesTheSame && provesCover(wide, narrow)) return { answer: "yes" };
  const witness = escapee(wide, narrow, firstRules(narrow, MOST_TRIED_RULES).rules);
  return witness === undefined ? { answer: "unknown" } : { answer: "no", witness };
}

/** Is it proven that the one matches all that the other does? Of covers the half that tries no events. */
export function provesCover(wide: Steps, narrow: Steps): boolean {
  if (spelled(wide) === spelled(narrow)) return true;
  const covered = firstRules(narrow, MOST_RULES);
  const comparing: Comparing = { rules: firstRules(wide, MOST_RULES).rules, left: MOST_COMPARED };
  return covered.areAll && covered.rules.every((rule) => isCovered(rule, comparing));
}

type Steps = Pick<Pattern, "steps">;

/** One spelling for all patterns that are the same but for where their fields stand in the text. */
function spelled({ steps }: Steps): string {
  return JSON.stringify(steps, (key, value: unknown) => {
    if (key === "place") return undefined;
    if (typeof value === "bigint") return String(value);
    return value instanceof Set ? [...value] : value;
  });
}

type Comparing = { readonly rules: readonly RuleByPath[]; left: number };

/** Is the rule covered by one of the others, or is each of its parts when its alternatives are taken apart? */
function isCovered(rule: RuleByPath, comparing: Comparing): boolean {
  if ([...rule.values()].some(isNever)) return true;
  for (const other of comparing.rules) {
    if ([...other.values()].every((leaf) => isLeafCovered(leaf, { rule, covering: other }, comparing))) return true;
    if (comparing.left < 0) return false;
  }
  const several = [...rule.values()].find(({ alternatives, path }) => {
    return alternatives.length > 1 && comparing.rules.some((other) => other.has(path));
  });
  if (several === undefined) return false;
  return several.alternatives.every((alternative) => {
    return isCovered(new Map(rule).set(several.path, withOnly(several, alternative)), comparing);
  });
}

function isNever({ mayBeAbsent, alternatives }: Leaf): boolean {
  return !mayBeAbsent && alternatives.every(acceptsNothing);
}

/** The field with one of its alternatives alone. */
function withOnly(leaf: Leaf, alternative: Alternative): Leaf {
  return { ...leaf, alternatives: [alternative], mayBeAbsent: alternative.op === "exists" && !alternative.wanted };
}

type Pair = { readonly rule: RuleByPath; readonly covering: RuleByPath };

function isLeafCovered(leaf: Leaf, { rule, covering }: Pair, comparing: Comparing): boolean {
  const narrow = rule.get(leaf.path);
  comparing.left -= leaf.alternatives.length * (narrow?.alternatives.length ?? 1);
  if (narrow === undefined || comparing.left < 0) return false;
  // Absence is judged by the elements chosen before: both must have chosen by the same fields.
  const mayLack = leaf.mayBeAbsent && earlierInArrays(leaf, rule).every(({ path }) => covering.has(path));
  if (narrow.mayBeAbsent && !mayLack) return false;
  return narrow.alternatives.every((alternative) => leaf.alternatives.some((one) => acceptsAllOf(one, alternative)));
}

/** An event that the narrow pattern matches and the wide one does not. */
function escapee(wide: Pattern, narrow: Pattern, rules: readonly RuleByPath[]): string | undefined {
  const asked = leavesByPath(wide);
  for (const rule of rules) {
    const fields = [...new Set([...rule.keys(), ...asked.keys()])].map((path) => {
      return { path, choices: choicesFor(rule.get(path), asked.get(path) ?? []) };
    });
    for (const event of someEvents(fields)) {
      if (matches(narrow, event) && !matches(wide, event)) return event;
    }
  }
  return undefined;
}

function leavesByPath(pattern: Pattern): ReadonlyMap<string, readonly Leaf[]> {
  const leaves = new Map<string, Leaf[]>();
  const visit = (steps: Pattern["steps"]): void => {
    for (const step of steps) {
      if (step.kind === "or") step.branches.forEach(visit);
      else leaves.set(step.path, [...(leaves.get(step.path) ?? []), step]);
    }
  };
  visit(pattern.steps);
  return leaves;
}

type Choice = Scalar | undefined;
type Field = { readonly path: string; readonly choices: readonly Choice[] };

/** Values that the rule allows, those first that fewest of the other pattern's fields accept. Undefined is absence. */
function choicesFor(leaf: Leaf | undefined, against: readonly Leaf[]): readonly Choice[] {
  const probes = against.flatMap(({ alternatives }) => alternatives.slice(0, MOST_SAMPLED).flatMap(probesOf));
  const own = leaf ? leaf.alternatives.slice(0, MOST_SAMPLED).flatMap(samplesOf) : [textScalar("other")];
  const allowed = [...own, ...probes].filter((scalar) => leaf === undefined || acceptsScalar(leaf, scalar));
  const absent: readonly Choice[] = leaf === undefined || leaf.mayBeAbsent ? [undefined] : [];
  const holding = (choice: Choice) =>
    against.filter((one) => (choice === undefined ? one.mayBeAbsent : acceptsScalar(one, choice))).length;
  const choices = [...absent, ...allowed].map((choice) => ({ choice, holding: holding(choice) }));
  return choices.sort((a, b) => a.holding - b.holding).map(({ choice }) => choice);
}

/** Values that an alternative names or accepts, and some beside them. */
function probesOf(alternative: Alternative): readonly Scalar[] {
  return [...refusedBy(alternative), ...samplesOf(alternative)].flatMap(({ kind, text }): readonly Scalar[] => {
    if (kind === "string") return [text, `${text}x`, `x${text}`].map(textScalar);
    if (kind === "number") return [-1, 0, 1].map((step) => numberScalar(Number(text) + step));
    return [{ kind, text }];
  });
}

function refusedBy(alternative: Alternative): readonly Scalar[] {
  if (alternative.op === "anything-but-strings") return [...alternative.texts].map(textScalar);
  if (alternative.op === "anything-but-numbers") return [...alternative.values].map(numberScalar);
  return alternative.op === "anything-but" ? alternative.tests.flatMap(samplesOf) : [];
}

/** The likeliest event, then those that differ from it in one field, then in two. */
function* someEvents(fields: readonly Field[]): Generator<string> {
  const base = new Map<string, Choice>(fields.map(({ path, choices }) => [path, choices[0]]));
  yield eventOf(base);
  let left = MOST_EVENTS;
  for (const [index, one] of fields.entries()) {
    for (const choice of one.choices.slice(1)) {
      yield eventOf(new Map(base).set(one.path, choice));
      for (const other of fields.slice(index + 1)) {
        for (const second of other.choices.slice(1, 4)) {
          if (left === 0) return;
          left -= 1;
          yield eventOf(new Map(base).set(one.path, choice).set(other.path, second));
        }
      }
    }
  }
}
