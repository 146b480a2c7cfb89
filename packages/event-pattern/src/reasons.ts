/**
 * Why do fields not hold together? A reason names what of a choice of elements is to blame, so that other choices with
 * the same in them need not be tried: with two arrays at one path (a key given twice) those are the square of the event.
 *
 * Blame is as narrow as it can be proven: one element of an array; that some element of the array is chosen, whichever;
 * that one of an array like it is chosen; or that none of the array is.
 */
import type { Chosen } from "./elements.ts";

/** An array by its number: the element to blame, "any" element, or "none" for an array that is not chosen. */
type Blame = number | "any" | "none";

/** Arrays by number, and kinds of arrays by name: of these one is chosen. All of it together is the reason. */
export type Reason = { readonly arrays: Map<number, Blame>; readonly kinds: Set<string> };

/** No reason yet: whatever is chosen. */
export function noReason(): Reason {
  return { arrays: new Map(), kinds: new Set() };
}

/** Is all that is to blame in this choice as well? Then it fails, too. */
export function isSameIn({ arrays, kinds }: Reason, chosen: Chosen, kindOf: (array: number) => string): boolean {
  for (const [array, blame] of arrays) if (!isBlamed(blame, chosen.get(array))) return false;
  for (const kind of kinds) if (!hasKind(kind, chosen, kindOf)) return false;
  return true;
}

/** Is all to blame chosen already, so that nothing chosen from here on can help? */
export function isSettledBy(reason: Reason, chosen: Chosen, kindOf: (array: number) => string): boolean {
  return isSameIn(reason, chosen, kindOf) && ![...reason.arrays.values()].includes("none");
}

/** Takes over what was chosen before; what was chosen here has had its other elements tried. */
export function addReason(into: Reason, reason: Reason, chosen: Chosen, kindOf: (array: number) => string): void {
  for (const [array, blame] of reason.arrays) if (blame === "none" || chosen.has(array)) blameArray(into, array, blame);
  for (const kind of reason.kinds) if (hasKind(kind, chosen, kindOf)) into.kinds.add(kind);
}

/** Adds an array to the reason; an element says more than "any". */
export function blameArray({ arrays }: Reason, array: number, blame: Blame): void {
  if (typeof arrays.get(array) !== "number") arrays.set(array, blame);
}

/** Of what is not chosen before: is nothing to blame but that some element of this array is chosen? */
export function isOfWholeArray(
  { arrays, kinds }: Reason,
  array: number,
  chosen: Chosen,
  kindOf: (array: number) => string,
): boolean {
  for (const [one, blame] of arrays)
    if (!isBlamed(blame, chosen.get(one)) && (one !== array || blame !== "any")) return false;
  for (const kind of kinds) if (!hasKind(kind, chosen, kindOf) && kind !== kindOf(array)) return false;
  return true;
}

function isBlamed(blame: Blame, index: number | undefined): boolean {
  if (blame === "none") return index === undefined;
  return blame === "any" ? index !== undefined : index === blame;
}

function hasKind(kind: string, chosen: Chosen, kindOf: (array: number) => string): boolean {
  for (const array of chosen.keys()) if (kindOf(array) === kind) return true;
  return false;
}
