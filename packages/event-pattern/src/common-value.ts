/** Values for two fields of different patterns at once, or the proof that there are none. */
import { accepts } from "./accepts.ts";
import { excludeEachOther, isTextTest, type Shape, shapeOf } from "./alternative-relations.ts";
import type { Alternative, Bound, Leaf } from "./matcher-types.ts";
import { numberScalar, numbersIn, type Scalar, samplesOf, textScalar } from "./sample.ts";

/** A value that both fields accept; absent if both may be; that there is none, or that none was found. */
export type Common =
  | { readonly kind: "value"; readonly scalar: Scalar }
  | { readonly kind: "absent" | "none" | "unsure" };

/** @param other - the same field in another pattern; undefined when that does not ask for it. */
export function commonValue(leaf: Leaf, other: Leaf | undefined): Common {
  const others = other?.alternatives ?? [ANY];
  let left = MOST_ASKED;
  for (const scalar of candidatesFor(leaf, other)) {
    if (acceptsScalar(leaf, scalar) && (other === undefined || acceptsScalar(other, scalar))) {
      return { kind: "value", scalar };
    }
    left -= leaf.alternatives.length + others.length;
    if (left < 0) break;
  }
  if (leaf.mayBeAbsent && (other?.mayBeAbsent ?? true)) return { kind: "absent" };
  if (left < 0 || leaf.alternatives.length * others.length > MOST_COMPARED) return { kind: "unsure" };
  const areApart = leaf.alternatives.every((one) => others.every((another) => excludeEachOther(one, another)));
  return { kind: areApart ? "none" : "unsure" };
}

/** Alternatives that are asked, and pairs of them that are compared. Patterns of EventBridge's length stay below. */
const MOST_ASKED = 500_000;
const MOST_COMPARED = 100_000;

const ANY: Alternative = { op: "exists", wanted: true };

function* candidatesFor(leaf: Leaf, other: Leaf | undefined): Generator<Scalar> {
  for (const alternative of leaf.alternatives) yield* samplesOf(alternative);
  if (other === undefined) return;
  for (const alternative of other.alternatives) yield* samplesOf(alternative);
  for (const one of leaf.alternatives) for (const another of other.alternatives) yield* mixedOf(one, another);
}

/** Does the field hold with this value alone? */
export function acceptsScalar(leaf: Leaf, scalar: Scalar): boolean {
  return leaf.alternatives.some((alternative) => accepts(alternative, scalar));
}

/** Values that take something of both: a beginning and an end, the part that two ranges share. */
function mixedOf(one: Alternative, other: Alternative): readonly Scalar[] {
  if (one.op === "numeric" && other.op === "numeric") {
    return numbersIn(higher(one.low, other.low), lower(one.high, other.high)).map(numberScalar);
  }
  if (!(isTextTest(one) && isTextTest(other))) return [];
  const [shape, otherShape] = [shapeOf(one), shapeOf(other)];
  return shape && otherShape ? joined(shape, otherShape).map(textScalar) : [];
}

function higher(one: Bound | undefined, other: Bound | undefined): Bound | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.value > one.value || (other.value === one.value && other.isOpen) ? other : one;
}

function lower(one: Bound | undefined, other: Bound | undefined): Bound | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.value < one.value || (other.value === one.value && other.isOpen) ? other : one;
}

function joined(one: Shape, other: Shape): readonly string[] {
  if (one.pieces.length === 1 || other.pieces.length === 1) {
    return one.pieces.length === 1 ? [over(one.pieces[0] ?? "", other)] : [over(other.pieces[0] ?? "", one)];
  }
  const middles = [...one.pieces.slice(1, -1), ...other.pieces.slice(1, -1)].join("");
  return [`${longest(one, other, 0)}${middles}${longest(one, other, -1)}`];
}

/** A whole text in any case, with the beginning and the end as the other spells them. */
function over(whole: string, { pieces }: Shape): string {
  const [first = "", last = ""] = [pieces[0], pieces.length > 1 ? pieces.at(-1) : ""];
  const tailed = whole.slice(0, Math.max(0, whole.length - last.length)) + last;
  return first + tailed.slice(first.length);
}

/** Of two beginnings (or ends) the longer one; where one of them is folded the other's letters count. */
function longest(one: Shape, other: Shape, at: 0 | -1): string {
  const [mine, theirs] = [one.pieces.at(at) ?? "", other.pieces.at(at) ?? ""];
  const [long, short, isFolded] =
    mine.length > theirs.length ? [mine, theirs, one.isFolded] : [theirs, mine, other.isFolded];
  if (!isFolded) return long;
  return at === 0 ? short + long.slice(short.length) : long.slice(0, long.length - short.length) + short;
}
