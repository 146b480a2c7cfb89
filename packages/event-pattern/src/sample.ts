/**
 * Values that an alternative accepts, the plainest first. Each is asked of the matcher itself before it is given, so
 * what is proposed here holds there.
 */
import { accepts } from "./accepts.ts";
import type { Folded } from "./ignore-case.ts";
import type { Block } from "./ip.ts";
import type { Alternative, Bound, TextTest } from "./matcher-types.ts";

/** A scalar of an event: a string's characters, a number or literal as written. */
export type Scalar = { readonly kind: "string" | "number" | "literal"; readonly text: string };

/** A string. */
export function textScalar(text: string): Scalar {
  return { kind: "string", text };
}

/** A number as JavaScript writes it. */
export function numberScalar(value: number): Scalar {
  return { kind: "number", text: String(value + 0) };
}

/** Some values that the alternative accepts; none when it accepts none, or when none was found. */
export function samplesOf(alternative: Alternative): readonly Scalar[] {
  return candidatesOf(alternative).filter((scalar) => accepts(alternative, scalar));
}

/** The first value that one of the alternatives accepts; `isExample` when there are others as good. */
export function sampleOf(
  alternatives: readonly Alternative[],
): { readonly scalar: Scalar; readonly isExample: boolean } | undefined {
  for (const alternative of alternatives) {
    const [scalar] = samplesOf(alternative);
    if (scalar) return { scalar, isExample: !isExact(alternative) };
  }
  return undefined;
}

function isExact({ op }: Alternative): boolean {
  return op === "string" || op === "address" || op === "number" || op === "literal";
}

/** The scalar as JSON text. */
export function jsonOf({ kind, text }: Scalar): string {
  return kind === "string" ? JSON.stringify(text) : text;
}

const OTHERS: readonly Scalar[] = [
  ...["other", "x", "", "0", "Z-"].map(textScalar),
  ...[0, -1, 1.5].map(numberScalar),
  { kind: "literal", text: "true" },
];

function candidatesOf(alternative: Alternative): readonly Scalar[] {
  switch (alternative.op) {
    case "string":
      return [textScalar(alternative.text)];
    case "address":
      return [alternative.text, `0${alternative.text}`, alternative.text.replace(/^:/, "0:")].map(textScalar);
    case "number":
    case "literal":
      return [{ kind: alternative.op, text: alternative.text }];
    case "exists":
      return alternative.wanted ? OTHERS : [];
    case "cidr":
      return addressesIn(alternative.block).map(textScalar);
    case "numeric":
      return numbersIn(alternative.low, alternative.high).map(numberScalar);
    case "anything-but-strings":
      return [...OTHERS, textScalar(`${longest(alternative.texts)}x`)];
    case "anything-but-numbers":
      return [...[0, 1, Math.max(...alternative.values) + 1].map(numberScalar), ...OTHERS];
    case "anything-but":
      return OTHERS;
    default:
      return textsFor(alternative).map(textScalar);
  }
}

function longest(texts: Iterable<string>): string {
  return [...texts].reduce((one, other) => (other.length > one.length ? other : one), "");
}

function textsFor(test: TextTest): readonly string[] {
  switch (test.op) {
    case "wildcard":
      return [test.pieces.join(""), test.pieces.join("x"), test.pieces.join("other")];
    case "prefix":
      return [test.text, `${test.text}x`, test.text.replace(/"$/, "")];
    case "suffix":
      return [test.text, `x${test.text}`, test.text.replace(/^"/, "")];
    default: {
      const plain = plainest(test.folded);
      const other = test.folded.map((forms) => forms.at(-1) ?? "").join("");
      return [test.text, plain, plain.replaceAll('"', ""), other, `${plain}x`, `x${plain}`];
    }
  }
}

/** The first form of each unit. */
function plainest(folded: Folded): string {
  return folded.map(([form = ""]) => form).join("");
}

/** Numbers within the bounds: the bounds themselves, whole numbers beside them, and what is between. */
export function numbersIn(low: Bound | undefined, high: Bound | undefined): readonly number[] {
  if (low === undefined && high === undefined) return [0];
  if (low === undefined) return [0, high?.value ?? 0, (high?.value ?? 0) - 1, Math.floor((high?.value ?? 0) / 2)];
  if (high === undefined) return [low.value, Math.floor(low.value) + 1, low.value + 1, low.value * 2 + 1];
  const middle = low.value + (high.value - low.value) / 2;
  const near = high.value - (high.value - low.value) / 1024;
  return [low.value, Math.floor(low.value) + 1, Math.round(middle), middle, high.value, near];
}

function addressesIn({ family, first, last }: Block): readonly string[] {
  return [first, last].map((value) => (family === 4 ? fourOf(value) : sixOf(value)));
}

function fourOf(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
}

function sixOf(value: bigint): string {
  return Array.from({ length: 8 }, (_, group) => ((value >> BigInt(112 - 16 * group)) & 0xffffn).toString(16)).join(
    ":",
  );
}
