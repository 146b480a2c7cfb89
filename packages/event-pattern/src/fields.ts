/**
 * An event as patterns see it: every scalar with its path, and the array elements it is in. Objects and arrays
 * themselves are no values: `{"a":{}}` and `{"a":[]}` have nothing at `a`.
 *
 * Read once for an event, whatever the number of patterns that ask.
 */
import type { JsonNode } from "./json.ts";

/** An element of an array, and through `within` the elements around it. Arrays are numbered as they are met. */
export type Element = { readonly array: number; readonly index: number; readonly within: Element | undefined };

/** One scalar of the event, as far as matching goes. */
export type Placed = {
  readonly kind: "string" | "number" | "literal";
  /** A string's characters; a number or literal as written. */
  readonly text: string;
  /** The innermost element it is in; undefined outside of arrays. */
  readonly element: Element | undefined;
};

/** One scalar of the event, with its place. */
export type Value = Placed & { readonly spot: Spot };

/** The event's scalars by path: keys joined by dots. */
export type Fields<V extends Placed = Value> = ReadonlyMap<string, readonly V[]>;

/** One step of the way to a value; `path` is undefined at the top, where a first key takes no dot. */
export type Spot = {
  readonly path: string | undefined;
  readonly element: Element | undefined;
  readonly from: Spot | undefined;
  readonly step: string | number;
};

/** What to collect. */
export type Collecting = {
  /** EventBridge looks below an empty key only for a pattern that names one (SEMANTICS.md, "Empty keys"). */
  readonly seesEmptyKeys: boolean;
  /** Only these paths; absent for all. */
  readonly only?: readonly string[];
};

type Into = {
  readonly seesEmptyKeys: boolean;
  readonly wanted: ReadonlySet<string> | undefined;
  readonly ways: ReadonlySet<string> | undefined;
  readonly fields: Map<string, Value[]>;
  arrays: number;
};

/** @param event - an object. @returns its scalars by path. */
export function fieldsOf(event: JsonNode, { seesEmptyKeys, only }: Collecting): Fields {
  const wanted = only && new Set(only);
  const into: Into = { seesEmptyKeys, wanted, ways: only && waysTo(only), fields: new Map(), arrays: 0 };
  visit(event, { path: undefined, element: undefined, from: undefined, step: "" }, into);
  return into.fields;
}

/** The value's place in the event, for explanations: `detail.findings[0].Severity.Label`. */
export function placeOf(value: Value): string {
  return placeOfSteps(stepsTo(value));
}

/** The same of steps. */
export function placeOfSteps(steps: readonly (string | number)[]): string {
  return steps
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`))
    .join("");
}

/** The keys and indexes that lead to the value. */
export function stepsTo(value: { readonly spot: Spot }): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  for (let { spot } = value; spot.from !== undefined; spot = spot.from) steps.push(spot.step);
  return steps.reverse();
}

/** Does the path hold an empty key that is not its last? Then its pattern sees below empty keys. */
export function namesEmptyKey(path: string): boolean {
  const named = path.replace(/\.+$/, "");
  return path === "" || (named !== "" && named.split(".").includes(""));
}

/** Every beginning of the paths, whole keys at a time, the paths included. */
function waysTo(paths: readonly string[]): ReadonlySet<string> {
  const ways = new Set(paths);
  for (const path of paths) {
    for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) ways.add(path.slice(0, dot));
  }
  return ways;
}

/** Recursive: the reader has bounded the depth. */
function visit(node: JsonNode, spot: Spot, into: Into): void {
  if (node.kind === "object") visitObject(node, spot, into);
  else if (node.kind === "array") visitArray(node, spot, into);
  else keep(node, spot, into);
}

function visitObject(node: JsonNode & { readonly kind: "object" }, spot: Spot, into: Into): void {
  for (const { key, value } of node.entries) {
    if (key === "" && !into.seesEmptyKeys) continue;
    const path = spot.path === undefined ? key : `${spot.path}.${key}`;
    if (into.ways && !into.ways.has(path)) continue;
    visit(value, { path, element: spot.element, from: spot, step: key }, into);
  }
}

function visitArray(node: JsonNode & { readonly kind: "array" }, spot: Spot, into: Into): void {
  const array = into.arrays;
  into.arrays += 1;
  for (const [index, item] of node.items.entries()) {
    const isContainer = item.kind === "object" || item.kind === "array";
    // A scalar directly in an array carries no element of it: ["a", "b"] may satisfy two fields at once.
    const element = isContainer ? { array, index, within: spot.element } : spot.element;
    visit(item, { path: spot.path, element, from: spot, step: index }, into);
  }
}

type Scalar = Exclude<JsonNode, { readonly kind: "object" | "array" }>;

function keep(node: Scalar, spot: Spot, { wanted, fields }: Into): void {
  const { path, element } = spot;
  if (path === undefined || (wanted && !wanted.has(path))) return;
  const value: Value = { kind: node.kind, text: node.kind === "string" ? node.value : node.text, element, spot };
  const values = fields.get(path);
  if (values) values.push(value);
  else fields.set(path, [value]);
}
