/**
 * Is there an event that both patterns match? A "yes" comes with the event, asked of the matcher itself; a "no" is
 * proven; what is neither is "unknown". Which of two fields excludes the other is said as well.
 *
 * A field of an event may hold several values, as a list, and then `["HIGH"]` and `["MEDIUM"]` can both hold. Such an
 * event is an answer too, marked by `needsList`: who knows that the field never holds a list may take it for a "no".
 */
import { commonValue } from "./common-value.ts";
import { isSingleValued } from "./known-fields.ts";
import { matches } from "./match.ts";
import type { Leaf, Pattern } from "./matcher-types.ts";
import { shown } from "./shown.ts";
import { firstRules, type RuleByPath } from "./some-rules.ts";
import { eventOf, eventsOfBoth, type Values } from "./witness.ts";

/** A field on which two patterns cannot agree, and what each of them wants there. */
export type Disagreement = {
  readonly path: string;
  readonly one: readonly string[];
  readonly other: readonly string[];
  /** AWS's events are known never to have several values there, so no list will ever reconcile the two. */
  readonly isSingle: boolean;
};

/** `witness` is an event as JSON text. `needsList` and `because` name the field that is in the way. */
export type Intersection =
  | { readonly answer: "yes"; readonly witness: string; readonly needsList?: Disagreement }
  | { readonly answer: "no"; readonly because: Disagreement }
  | { readonly answer: "unknown" };

/** Rules of one pattern that are looked at, and pairs of rules of both. */
const MOST_RULES = 2000;
const MOST_PAIRS = 20_000;
/** Pairs of which an event with lists is tried. */
const MOST_LISTS = 50;

/** @example intersects(spoke, filter) // { answer: "yes", witness: '{"source":"aws.securityhub"}' } */
export function intersects(one: Pattern, other: Pattern): Intersection {
  const [mine, theirs] = [firstRules(one, MOST_RULES), firstRules(other, MOST_RULES)];
  const apart: Apart[] = [];
  // Who looks into names that are empty sees other fields ("a." is in {"a":{"":1}}): then no clash is for ever.
  let isSure = mine.areAll && theirs.areAll && one.seesEmptyKeys === other.seesEmptyKeys;
  for (const meeting of meetings(mine.rules, theirs.rules)) {
    const witness = meeting.kind === "values" ? eventOf(meeting.values) : undefined;
    if (witness !== undefined && matches(one, witness) && matches(other, witness)) return { answer: "yes", witness };
    if (meeting.kind === "apart") apart.push(meeting);
    else isSure = false;
  }
  apart.sort((a, b) => a.clashes.length - b.clashes.length);
  const because = apart[0]?.clashes[0]?.disagreement;
  if (!isSure || because === undefined) return { answer: "unknown" };
  if (apart.every(isForever)) return { answer: "no", because };
  return inLists(apart, one, other) ?? { answer: "unknown" };
}

/** Every pair of rules, and one that says nothing when there are too many of them. */
function* meetings(rules: readonly RuleByPath[], others: readonly RuleByPath[]): Generator<Meeting> {
  let pairs = 0;
  for (const rule of rules) {
    for (const another of others) {
      pairs += 1;
      yield pairs > MOST_PAIRS ? UNSURE : meet(rule, another);
      if (pairs > MOST_PAIRS) return;
    }
  }
}

type Clash = {
  readonly disagreement: Disagreement;
  /** Not even lists help. */
  readonly isFinal: boolean;
};
type Apart = {
  readonly kind: "apart";
  readonly clashes: readonly Clash[];
  readonly rules: readonly [RuleByPath, RuleByPath];
};
type Meeting = Apart | { readonly kind: "values"; readonly values: Values } | { readonly kind: "unsure" };

function isForever({ clashes }: Apart): boolean {
  return clashes.some(({ isFinal }) => isFinal);
}

const UNSURE: Meeting = { kind: "unsure" };

/** Values for all the fields of two rules. */
function meet(rule: RuleByPath, another: RuleByPath): Meeting {
  const values = new Map<string, Values extends ReadonlyMap<string, infer V> ? V : never>();
  const clashes: Clash[] = [];
  let isSure = true;
  for (const path of new Set([...rule.keys(), ...another.keys()])) {
    const [leaf, other] = [rule.get(path), another.get(path)];
    const first = leaf ?? other;
    if (first === undefined) continue;
    const common = commonValue(first, leaf && other);
    if (common.kind === "value") values.set(path, common.scalar);
    if (common.kind === "unsure") isSure = false;
    if (common.kind === "none") clashes.push(clashOf(leaf, other, rule, another));
  }
  if (clashes.length > 0) return { kind: "apart", clashes, rules: [rule, another] };
  return isSure ? { kind: "values", values } : UNSURE;
}

function clashOf(leaf: Leaf | undefined, other: Leaf | undefined, rule: RuleByPath, another: RuleByPath): Clash {
  const path = leaf?.path ?? other?.path ?? "";
  const disagreement = {
    path,
    isSingle: isSingleValued(path),
    one: (leaf?.alternatives ?? []).map(shown),
    other: (other?.alternatives ?? []).map(shown),
  };
  const isNever = [leaf, other].some((one) => one && commonValue(one, undefined).kind === "none");
  const isFinal = isNever || isGone(leaf, rule) || isGone(other, another);
  return { disagreement, isFinal };
}

/** Is the field wanted absent from the whole event? Fields of earlier paths may have chosen elements without it. */
function isGone(leaf: Leaf | undefined, rule: RuleByPath): boolean {
  if (!leaf?.mayBeAbsent || commonValue({ ...leaf, mayBeAbsent: false }, undefined).kind !== "none") return false;
  return earlierInArrays(leaf, rule).length === 0;
}

/** Fields that are asked before this one and may be in the same arrays. */
export function earlierInArrays({ path }: Leaf, rule: RuleByPath): readonly Leaf[] {
  const [first = ""] = path.split(".");
  return [...rule.values()].filter((leaf) => leaf.path < path && leaf.path.split(".")[0] === first);
}

/** An event with lists for the first pair of rules that lists help; before others those that could really come. */
function inLists(apart: readonly Apart[], one: Pattern, other: Pattern): Intersection | undefined {
  const open = apart.filter((pair) => !isForever(pair)).map((pair) => ({ ...pair, single: singlesOf(pair) }));
  open.sort((a, b) => a.single.length - b.single.length);
  for (const { clashes, rules, single } of open.slice(0, MOST_LISTS)) {
    const [mine, theirs] = rules.map(valuesOf);
    const needsList = (single[0] ?? clashes[0])?.disagreement;
    if (!(mine && theirs && needsList)) continue;
    const witness = eventsOfBoth(mine, theirs).find((event) => matches(one, event) && matches(other, event));
    if (witness !== undefined) return { answer: "yes", witness, needsList };
  }
  return undefined;
}

function singlesOf({ clashes }: Apart): readonly Clash[] {
  return clashes.filter(({ disagreement }) => disagreement.isSingle);
}

function valuesOf(rule: RuleByPath): Values {
  return new Map(
    [...rule].map(([path, leaf]) => {
      const common = commonValue(leaf, undefined);
      return [path, common.kind === "value" ? common.scalar : undefined];
    }),
  );
}
