/**
 * What an event holds at the wanted paths: the same as fields.ts finds, for many patterns at once and without maps.
 * Filled by scan.ts (text and bytes) or by {@link collectNode} and {@link collectValue}.
 */
import type { Element, Placed } from "./fields.ts";
import type { JsonNode } from "./json.ts";
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
