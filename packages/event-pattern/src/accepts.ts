/** Does one value of the event satisfy one alternative of the pattern? `exists: false` is about no value: match.ts. */
import { endsIgnoringCase, equalsIgnoringCase, startsIgnoringCase } from "./ignore-case.ts";
import { contains, readAddress } from "./ip.ts";
import type { Alternative, Bound, TextTest } from "./matcher-types.ts";
import { comparable } from "./number.ts";
import { inUtf8 } from "./utf8.ts";
import { wildcardMatches } from "./wildcard.ts";

/** What is looked at of a value. */
type Scalar = { readonly kind: "string" | "number" | "literal"; readonly text: string };

/** Type-strict: the string "5" is not the number 5, and text operators see strings only. */
export function accepts(alternative: Alternative, value: Scalar): boolean {
  switch (alternative.op) {
    case "exists":
      return alternative.wanted;
    case "string":
      return value.kind === "string" && value.text === alternative.text;
    case "literal":
      return value.kind === "literal" && value.text === alternative.text;
    case "address":
    case "cidr":
      return acceptsAddress(alternative, value);
    case "number":
      return acceptsNumber(alternative, value);
    case "numeric": {
      const number = value.kind === "number" ? comparable(value.text) : undefined;
      return number !== undefined && isAbove(alternative.low, number) && isBelow(alternative.high, number);
    }
    case "anything-but-strings":
      return value.kind !== "string" || !alternative.texts.has(inUtf8(value.text));
    case "anything-but-numbers": {
      const number = value.kind === "number" ? comparable(value.text) : undefined;
      return number === undefined || !alternative.values.has(number);
    }
    case "anything-but":
      // An empty list accepts nothing in EventBridge, though everything is anything but nothing.
      if (alternative.tests.length === 0) return false;
      return value.kind !== "string" || !alternative.tests.some((test) => acceptsText(test, inUtf8(value.text)));
    default:
      return value.kind === "string" && acceptsText(alternative, inUtf8(value.text));
  }
}

/**
 * EventBridge keeps a string's JSON quotes while it matches, so a prefix `x"` accepts the whole value `x`, and a
 * suffix `"x` does too.
 */
function acceptsText(test: TextTest, text: string): boolean {
  switch (test.op) {
    case "prefix":
      return text.startsWith(test.utf8) || (test.utf8.endsWith('"') && `${text}"` === test.utf8);
    case "suffix":
      return text.endsWith(test.utf8) || (test.utf8.startsWith('"') && `"${text}` === test.utf8);
    case "prefix-ignore-case":
      return startsIgnoringCase(test.folded, `${text}"`);
    case "suffix-ignore-case":
      return endsIgnoringCase(test.folded, `"${text}`);
    case "equals-ignore-case":
      return equalsIgnoringCase(test.folded, text);
    case "wildcard":
      return wildcardMatches(test.pieces, text);
  }
}

function acceptsAddress(alternative: Alternative & { readonly op: "address" | "cidr" }, value: Scalar): boolean {
  if (value.kind !== "string") return false;
  const address = readAddress(value.text);
  if (address === undefined) return false;
  if (alternative.op === "cidr") return contains(alternative.block, address);
  return address.family === alternative.address.family && address.value === alternative.address.value;
}

function acceptsNumber(alternative: Alternative & { readonly op: "number" }, value: Scalar): boolean {
  if (value.kind !== "number") return false;
  if (value.text === alternative.text) return true;
  return alternative.value !== undefined && comparable(value.text) === alternative.value;
}

function isAbove(low: Bound | undefined, number: number): boolean {
  return low === undefined || (low.isOpen ? number > low.value : number >= low.value);
}

function isBelow(high: Bound | undefined, number: number): boolean {
  return high === undefined || (high.isOpen ? number < high.value : number <= high.value);
}
