/** What a pattern is made of once it is read: leaves with their alternatives, in the order they stand. */
import type { Folded } from "./ignore-case.ts";
import type { Address, Block } from "./ip.ts";
import type { Wildcard } from "./wildcard.ts";

/** A bound of a numeric range. */
export type Bound = { readonly value: number; readonly isOpen: boolean };

/** A test of text, alone or inside anything-but. `text` is as written, for explanations. */
export type TextTest =
  | { readonly op: "prefix" | "suffix"; readonly text: string; readonly utf8: string }
  | { readonly op: "prefix-ignore-case" | "suffix-ignore-case"; readonly text: string; readonly folded: Folded }
  | { readonly op: "equals-ignore-case"; readonly text: string; readonly folded: Folded }
  | { readonly op: "wildcard"; readonly text: string; readonly pieces: Wildcard };

/** One alternative of a leaf. */
export type Alternative =
  | { readonly op: "string"; readonly text: string }
  | { readonly op: "address"; readonly text: string; readonly address: Address }
  /** `value` is undefined when no double holds the number as written: then only the same spelling is equal. */
  | { readonly op: "number"; readonly text: string; readonly value: number | undefined }
  | { readonly op: "literal"; readonly text: "true" | "false" | "null" }
  | TextTest
  | { readonly op: "numeric"; readonly low: Bound | undefined; readonly high: Bound | undefined }
  | { readonly op: "cidr"; readonly text: string; readonly block: Block }
  | { readonly op: "exists"; readonly wanted: boolean }
  | { readonly op: "anything-but-strings"; readonly texts: ReadonlySet<string> }
  | { readonly op: "anything-but-numbers"; readonly values: ReadonlySet<number> }
  | { readonly op: "anything-but"; readonly tests: readonly TextTest[] };

/** One field of the pattern: the event must hold one of the alternatives at `path` (keys joined by dots). */
export type Leaf = {
  readonly kind: "leaf";
  readonly path: string;
  readonly alternatives: readonly Alternative[];
  /** Is `{ "exists": false }` among the alternatives? */
  readonly mayBeAbsent: boolean;
  /** Where it stands in the pattern, `$.detail.state`. */
  readonly place: string;
};

/** One `$or`: exactly the steps of one branch apply. */
export type Or = { readonly kind: "or"; readonly branches: readonly (readonly Step[])[]; readonly place: string };

/** Steps apply in order: a later leaf with the same path replaces an earlier one, as in event-ruler. */
export type Step = Leaf | Or;

/** A pattern that was read without a problem. */
export type Pattern = {
  readonly steps: readonly Step[];
  /** Every path that some leaf names, sorted. */
  readonly paths: readonly string[];
  /** Paths that one choice of branches may name twice: only the last of them counts. */
  readonly replaceable: ReadonlySet<string>;
  /** Some path holds an empty key, so that fields below empty keys of the event are looked at. */
  readonly seesEmptyKeys: boolean;
};
