/**
 * What an event holds at the wanted paths: the same as fields.ts finds, for many patterns at once and without maps.
 * Filled by scan.ts (text and bytes) or by {@link collectNode} and {@link collectValue}.
 */
import type { Element, Placed } from "./fields.ts";
import { type JsonNode, numberText } from "./json.ts";
import { DEEPEST } from "./json-fault.ts";
import { type PathNode, stepInto } from "./path-tree.ts";

/** One scalar at a wanted path, and the others there: the one read last comes first. */
export type SeenValue = Placed & {
  readonly next: SeenValue | undefined;
  /** Is this one in the same element as all that follow? */
  readonly isUniform: boolean;
};

/** The values of one event by the number of their path. */
export class EventValues {
  readonly #byPath: (SeenValue | undefined)[] = [];
  readonly #filled: number[] = [];
  #arrays = 0;
  /**
   * No two values of the event can disagree about an element: no wanted value is in a second element of anything, and
   * those at one path are all in the same.
   */
  isSimple = true;

  /** Forgets the event before. */
  clear(): void {
    for (const path of this.#filled) this.#byPath[path] = undefined;
    this.#filled.length = 0;
    this.#arrays = 0;
    this.isSimple = true;
  }

  /** The paths at which there are values. */
  get paths(): readonly number[] {
    return this.#filled;
  }

  /** The first value at a path; the others hang on it. */
  at(path: number): SeenValue | undefined {
    return this.#byPath[path];
  }

  add(path: number, kind: SeenValue["kind"], text: string, element: Element | undefined): void {
    const next = this.#byPath[path];
    if (next === undefined) this.#filled.push(path);
    const isUniform = next === undefined || (next.isUniform && next.element === element);
    if (!isUniform) this.isSimple = false;
    this.#byPath[path] = { kind, text, element, next, isUniform };
  }

  /** @returns a number for an array, for {@link elementOf}. */
  newArray(): number {
    this.#arrays += 1;
    return this.#arrays;
  }

  /** The element with this index. Called for elements that are containers only. */
  elementOf(array: number, index: number, within: Element | undefined): Element {
    if (index > 0) this.isSimple = false;
    return { array, index, within };
  }
}

/** Collects from a node. Recursive: the reader has bounded the depth. */
export function collectNode(values: EventValues, node: JsonNode, at: PathNode, element?: Element): void {
  if (node.kind === "array") collectArray(values, node.items, at, element);
  else if (node.kind === "object") {
    for (const { key, value } of node.entries) {
      const below = stepInto(at, key);
      if (below !== undefined) collectNode(values, value, below, element);
    }
  } else if (at.path >= 0) {
    values.add(at.path, node.kind, node.kind === "string" ? node.value : node.text, element);
  }
}

function collectArray(values: EventValues, items: readonly JsonNode[], at: PathNode, element?: Element): void {
  const array = values.newArray();
  for (const [index, item] of items.entries()) {
    const isContainer = item.kind === "object" || item.kind === "array";
    collectNode(values, item, at, isContainer ? values.elementOf(array, index, element) : element);
  }
}

/**
 * Collects from a parsed value, and looks at all of it, as json.ts does: what is no JSON is refused wherever it stands.
 *
 * @param at - undefined where nothing is wanted any more.
 * @param depth - of what it stands in.
 * @returns false for what is no JSON; json.ts then says why.
 */
export function collectValue(
  values: EventValues,
  value: unknown,
  at: PathNode | undefined,
  element: Element | undefined,
  depth: number,
): boolean {
  if (typeof value === "string") {
    if (at !== undefined && at.path >= 0) values.add(at.path, "string", value, element);
    return true;
  }
  if (value === null || typeof value !== "object") return collectOther(values, value, at?.path ?? -1, element);
  if (depth >= DEEPEST) return false;
  if (at === undefined) return isJson(value, depth + 1);
  if (Array.isArray(value)) return collectItems(values, value, at, element, depth + 1);
  for (const key of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (item !== undefined && !collectValue(values, item, stepInto(at, key), element, depth + 1)) return false;
  }
  return true;
}

function collectItems(
  values: EventValues,
  items: readonly unknown[],
  at: PathNode,
  element: Element | undefined,
  depth: number,
): boolean {
  const array = values.newArray();
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const isContainer = item !== null && typeof item === "object";
    const own = isContainer ? values.elementOf(array, index, element) : element;
    if (!collectValue(values, item, at, own, depth)) return false;
  }
  return true;
}

function collectOther(values: EventValues, value: unknown, path: number, element: Element | undefined): boolean {
  if (typeof value === "number") {
    if (path >= 0) values.add(path, "number", numberText(value), element);
    return Number.isFinite(value);
  }
  if (typeof value !== "boolean" && value !== null) return false;
  if (path >= 0) values.add(path, "literal", String(value), element);
  return true;
}

/** Is all of it JSON? Nothing in it is wanted. */
function isJson(value: object, depth: number): boolean {
  const isList = Array.isArray(value);
  const items: readonly unknown[] = isList ? value : Object.values(value);
  // Not items.every: a list may have holes, and they are no JSON.
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (typeof item === "string" || (item === undefined && !isList)) continue;
    if (item === null || typeof item !== "object" ? !isScalar(item) : depth >= DEEPEST || !isJson(item, depth + 1)) {
      return false;
    }
  }
  return true;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}
