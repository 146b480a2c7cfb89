/**
 * How two alternatives of one field stand to each other: does one accept all that the other does, can one value be
 * accepted by both? A `true` here is proven; where nothing can be proven it is `false`, and common-value.ts
 * looks for a value that settles it.
 */
import { accepts } from "./accepts.ts";
import type { Folded } from "./ignore-case.ts";
import { contains, readAddress } from "./ip.ts";
import type { Alternative, Bound, TextTest } from "./matcher-types.ts";
import type { Scalar } from "./sample.ts";
import { wildcardMatches } from "./wildcard.ts";

type Of<Op extends Alternative["op"]> = Extract<Alternative, { readonly op: Op }>;
type Range = Of<"numeric">;

/** Does `wide` accept every value that `narrow` accepts? Proven if true. `exists: false` accepts no value. */
export function acceptsAllOf(wide: Alternative, narrow: Alternative): boolean {
  if (acceptsNothing(narrow) || (wide.op === "exists" && wide.wanted)) return true;
  const only = onlyValueOf(narrow);
  if (only) return accepts(wide, only);
  switch (narrow.op) {
    case "address":
    case "cidr":
      return acceptsAddresses(wide, narrow);
    case "numeric":
      return acceptsRange(wide, narrow);
    case "anything-but-strings": {
      const { texts } = narrow;
      const hasAllOf = (test: TextTest) => [...texts].some((text) => isExactly(test, text));
      return refusesOnly(wide, { hasText: (text) => texts.has(text), hasAllOf });
    }
    case "anything-but-numbers":
      return wide.op === "anything-but-numbers" && isSubset(wide.values, narrow.values);
    case "anything-but": {
      const { tests } = narrow;
      const hasText = (text: string) => tests.some((test) => accepts(test, { kind: "string", text }));
      return refusesOnly(wide, { hasText, hasAllOf: (test) => tests.some((other) => testCovers(other, test)) });
    }
    case "exists":
    case "string":
    case "number":
    case "literal":
      return false;
    default:
      return acceptsTexts(wide, narrow);
  }
}

/** Is there no value that both accept? Proven if true. */
export function excludeEachOther(one: Alternative, other: Alternative): boolean {
  if (acceptsNothing(one) || acceptsNothing(other)) return true;
  const [kind, otherKind] = [kindOf(one), kindOf(other)];
  if (kind !== "any" && otherKind !== "any" && kind !== otherKind) return true;
  return isOneExcluded(one, other) || isOneExcluded(other, one);
}

function isOneExcluded(one: Alternative, other: Alternative): boolean {
  const only = onlyValueOf(one);
  if (only) return !accepts(other, only);
  if (one.op === "numeric" && other.op === "numeric") return isBelow(one, other);
  if (one.op === "address" && other.op === "address") return one.text !== other.text && !isSameAddress(one, other);
  if (one.op === "cidr" && other.op === "address") return !contains(one.block, other.address);
  if (one.op === "cidr" && other.op === "cidr") {
    return one.block.family !== other.block.family || one.block.last < other.block.first;
  }
  if (one.op === "anything-but" && isTextTest(other)) return one.tests.some((test) => testCovers(test, other));
  return isTextTest(one) && isTextTest(other) && shapesExclude(one, other);
}

/** `exists: false` is about no value, and a test with an empty list holds for none. */
export function acceptsNothing(alternative: Alternative): boolean {
  if (alternative.op === "exists") return !alternative.wanted;
  return alternative.op === "anything-but" && alternative.tests.length === 0;
}

function kindOf({ op }: Alternative): Scalar["kind"] | "any" {
  if (op === "number" || op === "numeric") return "number";
  if (op === "literal") return "literal";
  return op === "exists" || op.startsWith("anything-but") ? "any" : "string";
}

/** The one value that the alternative stands for, if all it accepts is alike to every alternative. */
function onlyValueOf(alternative: Alternative): Scalar | undefined {
  if (alternative.op === "string") return { kind: "string", text: alternative.text };
  if (alternative.op === "literal" || alternative.op === "number")
    return { kind: alternative.op, text: alternative.text };
  const isPlain = alternative.op === "wildcard" && alternative.pieces.length === 1 && !hasHalf(alternative.text);
  return isPlain ? { kind: "string", text: alternative.pieces[0] ?? "" } : undefined;
}

/** A question mark may stand for half a surrogate pair, so a text with one is not the only one that is accepted. */
function hasHalf(text: string): boolean {
  return text.includes("?") || !text.isWellFormed();
}

function acceptsAddresses(wide: Alternative, narrow: Of<"address" | "cidr">): boolean {
  const block = narrow.op === "cidr" ? narrow.block : blockOf(narrow);
  switch (wide.op) {
    case "address":
      return narrow.op === "address" && isSameAddress(wide, narrow);
    case "cidr": {
      const { family } = block;
      return (
        contains(wide.block, { family, value: block.first }) && contains(wide.block, { family, value: block.last })
      );
    }
    case "anything-but-numbers":
      return true;
    case "anything-but-strings":
      return ![...wide.texts].some((text) => {
        const address = readAddress(text);
        return address !== undefined && contains(block, address);
      });
    default:
      return false;
  }
}

function blockOf({ address }: Of<"address">) {
  return { family: address.family, first: address.value, last: address.value };
}

function isSameAddress(one: Of<"address">, other: Of<"address">): boolean {
  return one.address.family === other.address.family && one.address.value === other.address.value;
}

function acceptsRange(wide: Alternative, narrow: Range): boolean {
  switch (wide.op) {
    case "numeric":
      return isLower(wide.low, narrow.low) && isHigher(wide.high, narrow.high);
    case "number":
      return narrow.low !== undefined && narrow.low === narrow.high && wide.value === narrow.low.value;
    case "anything-but-strings":
      return true;
    case "anything-but":
      return wide.tests.length > 0;
    case "anything-but-numbers":
      return ![...wide.values].some((value) => accepts(narrow, { kind: "number", text: String(value) }));
    default:
      return false;
  }
}

/** Does the bound let through at least what the other does, from below? */
function isLower(bound: Bound | undefined, other: Bound | undefined): boolean {
  if (bound === undefined) return true;
  if (other === undefined) return false;
  return bound.value < other.value || (bound.value === other.value && (!bound.isOpen || other.isOpen));
}

function isHigher(bound: Bound | undefined, other: Bound | undefined): boolean {
  if (bound === undefined) return true;
  if (other === undefined) return false;
  return bound.value > other.value || (bound.value === other.value && (!bound.isOpen || other.isOpen));
}

/** Does the range end before the other begins? */
function isBelow({ high }: Range, { low }: Range): boolean {
  if (high === undefined || low === undefined) return false;
  return high.value < low.value || (high.value === low.value && (high.isOpen || low.isOpen));
}

function isSubset<T>(some: ReadonlySet<T>, all: ReadonlySet<T>): boolean {
  return [...some].every((one) => all.has(one));
}

/** What some `anything-but` refuses: these texts, or all that these tests accept. */
type Refused = { readonly hasText: (text: string) => boolean; readonly hasAllOf: (test: TextTest) => boolean };

/** Does this `anything-but` refuse no more than the other? */
function refusesOnly(wide: Alternative, { hasText, hasAllOf }: Refused): boolean {
  if (wide.op === "anything-but-strings") return [...wide.texts].every(hasText);
  return wide.op === "anything-but" && wide.tests.length > 0 && wide.tests.every(hasAllOf);
}

function isExactly(test: TextTest, text: string): boolean {
  return test.op === "wildcard" && test.pieces.length === 1 && test.pieces[0] === text;
}

function acceptsTexts(wide: Alternative, narrow: TextTest): boolean {
  switch (wide.op) {
    case "anything-but-numbers":
      return true;
    case "anything-but-strings":
      return ![...wide.texts].some((text) => accepts(narrow, { kind: "string", text }));
    case "anything-but":
      return wide.tests.length > 0 && wide.tests.every((test) => shapesExclude(test, narrow));
    default:
      return isTextTest(wide) && testCovers(wide, narrow);
  }
}

const TEXT_TESTS: ReadonlySet<string> = new Set([
  ...["prefix", "suffix", "prefix-ignore-case", "suffix-ignore-case", "equals-ignore-case", "wildcard"],
]);

/** Is it a test of text, that could stand inside `anything-but`? */
export function isTextTest(alternative: Alternative): alternative is TextTest {
  return TEXT_TESTS.has(alternative.op);
}

/** A test of text as a wildcard. `isFolded` when case is ignored: then its letters are ASCII, in lower case. */
export type Shape = { readonly pieces: readonly string[]; readonly isFolded: boolean };

/** @returns undefined for a test whose quotes or letters make it something else. */
export function shapeOf(test: TextTest): Shape | undefined {
  switch (test.op) {
    case "prefix":
      return test.utf8.endsWith('"') ? undefined : { pieces: [test.utf8, ""], isFolded: false };
    case "suffix":
      return test.utf8.startsWith('"') ? undefined : { pieces: ["", test.utf8], isFolded: false };
    case "wildcard":
      return { pieces: test.pieces, isFolded: false };
    default:
      return foldedShape(test.op, test.text);
  }
}

/** Quotes and letters beyond ASCII have rules of their own (SEMANTICS.md, "Case"). */
function foldedShape(op: TextTest["op"], text: string): Shape | undefined {
  if (!/^[ !#-~]*$/.test(text)) return undefined;
  const lower = lowered(text);
  if (op === "equals-ignore-case") return { pieces: [lower], isFolded: true };
  return { pieces: op === "prefix-ignore-case" ? [lower, ""] : ["", lower], isFolded: true };
}

function lowered(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A character that no pattern is expected to hold: what stands for "anything" in {@link testCovers}. */
const ANYTHING = "\ufdd0";

/** Does the one test accept every text that the other accepts? Proven if true. */
function testCovers(wide: TextTest, narrow: TextTest): boolean {
  if (wide.op === narrow.op && wide.text === narrow.text) return true;
  if ("folded" in wide && "folded" in narrow && wide.op === narrow.op) return foldedCovers(wide, narrow);
  const [wideShape, narrowShape] = [shapeOf(wide), shapeOf(narrow)];
  if (!(wideShape && narrowShape) || (narrowShape.isFolded && !wideShape.isFolded)) return false;
  const pieces = wideShape.isFolded ? narrowShape.pieces.map(lowered) : narrowShape.pieces;
  const all = [...wideShape.pieces, ...pieces].join("");
  // The stars' texts may hold anything, so only the other's stars can take them in.
  return !all.includes(ANYTHING) && wildcardMatches(wideShape.pieces, pieces.join(ANYTHING));
}

function foldedCovers(
  wide: { readonly op: string; readonly folded: Folded },
  narrow: { readonly folded: Folded },
): boolean {
  const isWhole = wide.op === "equals-ignore-case";
  if (isWhole ? wide.folded.length !== narrow.folded.length : wide.folded.length > narrow.folded.length) return false;
  const skipped = wide.op === "suffix-ignore-case" ? narrow.folded.length - wide.folded.length : 0;
  return wide.folded.every((forms, index) => narrow.folded[index + skipped]?.every((form) => forms.includes(form)));
}

/** Do the fixed beginnings or ends of two tests contradict each other? */
function shapesExclude(one: TextTest, other: TextTest): boolean {
  const [shape, otherShape] = [shapeOf(one), shapeOf(other)];
  if (!(shape && otherShape)) return false;
  const isFolded = shape.isFolded || otherShape.isFolded;
  const [pieces, others] = [shape.pieces, otherShape.pieces].map((list) => (isFolded ? list.map(lowered) : list));
  if (!(pieces && others)) return false;
  if (pieces.length === 1) return !wildcardMatches(others, pieces[0] ?? "");
  if (others.length === 1) return !wildcardMatches(pieces, others[0] ?? "");
  const [first = "", otherFirst = ""] = [pieces[0], others[0]];
  const [last = "", otherLast = ""] = [pieces.at(-1), others.at(-1)];
  const areFirstAlike = first.startsWith(otherFirst) || otherFirst.startsWith(first);
  return !(areFirstAlike && (last.endsWith(otherLast) || otherLast.endsWith(last)));
}
