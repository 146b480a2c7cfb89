/**
 * A change to an event that makes one field of a pattern hold, and what an event is with it.
 *
 * Proposals are small: a value that is there is set, one that is not there is added beside values that hold already, and
 * what must be absent is removed. Each makes ITS field hold; whether the event then matches depends on the others.
 */
import type { Element, Fields, Value } from "./fields.ts";
import { placeOfSteps, stepsTo } from "./fields.ts";
import type { JsonEntry, JsonNode } from "./json.ts";
import { eventNode } from "./match.ts";
import type { Leaf } from "./matcher-types.ts";
import { nearMiss } from "./near-miss.ts";
import { jsonOf, sampleOf } from "./sample.ts";

/** The way to a value: keys, and indexes of lists. */
export type Steps = readonly (string | number)[];

/** What to do with an event. `value` is JSON text; `isExample` when other values would do as well. */
export type Change =
  | {
      readonly kind: "set" | "add";
      readonly place: string;
      readonly steps: Steps;
      readonly value: string;
      readonly isExample: boolean;
    }
  | { readonly kind: "remove"; readonly place: string; readonly steps: Steps; readonly also: readonly Steps[] };

/** What a change is made for. */
export type Changing = {
  readonly event: JsonNode;
  readonly fields: Fields;
  /** A value that holds for another field: the change is made in its elements. */
  readonly beside: Value | undefined;
};

/** @returns the change that makes the leaf hold; undefined when none can be named. */
export function changeFor(leaf: Leaf, { event, fields, beside }: Changing): Change | undefined {
  const values = fields.get(leaf.path) ?? [];
  const target = beside === undefined ? values[0] : values.find((value) => isBeside(value, beside));
  const wanted = wantedBy(leaf, target ?? values[0]);
  if (wanted === undefined) return leaf.mayBeAbsent ? removal(values) : undefined;
  const steps = target ? stepsTo(target) : stepsToNew(leaf.path, beside, event);
  const { scalar, isExample } = wanted;
  return { kind: target ? "set" : "add", place: placeOfSteps(steps), steps, value: jsonOf(scalar), isExample };
}

function wantedBy(leaf: Leaf, found: Value | undefined): ReturnType<typeof sampleOf> {
  const near = found && nearMiss(leaf, found);
  return sampleOf(near ? [near.alternative] : leaf.alternatives);
}

/** Is the value in no other element of any array than the other? */
function isBeside(value: Value, other: Value): boolean {
  const chosen = new Map<number, number>();
  for (let one = other.element; one; one = one.within) chosen.set(one.array, one.index);
  for (let one: Element | undefined = value.element; one; one = one.within) {
    if (chosen.get(one.array) !== one.index) return false;
  }
  return true;
}

function removal(values: readonly Value[]): Change | undefined {
  const ways = new Map(values.map((value) => [JSON.stringify(keyHolding(value)), keyHolding(value)]));
  const [first, ...also] = [...ways.values()].reverse();
  return first && { kind: "remove", place: placeOfSteps(first), steps: first, also };
}

/** The way to the key that the value, or the list it stands in, is under. */
function keyHolding(value: Value): Steps {
  const steps = stepsTo(value);
  const last = steps.findLastIndex((step) => typeof step === "string");
  return steps.slice(0, last + 1);
}

function stepsToNew(path: string, beside: Value | undefined, event: JsonNode): Steps {
  // Where an empty key is seen depends on the pattern's other paths; a key with dots is always.
  if (path.split(".").includes("")) return [path];
  const start = beside ? commonWay(path, beside) : { steps: [], path: "" };
  const rest = (start.path === "" ? path : path.slice(start.path.length + 1)).split(".");
  return [...start.steps, ...newSteps(rest, nodeAt(event, start.steps))];
}

/** The longest way to the other value that leads towards the path. */
function commonWay(path: string, { spot }: Value): { readonly steps: Steps; readonly path: string } {
  for (let one = spot.from; one?.path !== undefined; one = one.from) {
    if (path.startsWith(`${one.path}.`)) return { steps: stepsTo({ spot: one }), path: one.path };
  }
  return { steps: [], path: "" };
}

/** The rest of the way: through what is there, and through the first element of a list. */
function newSteps(keys: readonly string[], start: JsonNode | undefined): Steps {
  const steps: (string | number)[] = [];
  let node = start;
  for (const [index, key] of keys.entries()) {
    if (node?.kind === "array") {
      const found = node.items.findIndex(({ kind }) => kind === "object");
      steps.push(found < 0 ? node.items.length : found);
      node = node.items[found];
    }
    const child: JsonNode | undefined = node?.kind === "object" ? lastOf(node.entries, key)?.value : undefined;
    // Below a scalar is no room for a key, but beside it for one with dots.
    if (child !== undefined && child.kind !== "object" && child.kind !== "array" && index < keys.length - 1) {
      return [...steps, keys.slice(index).join(".")];
    }
    steps.push(key);
    node = child;
  }
  return steps;
}

function nodeAt(event: JsonNode, steps: Steps): JsonNode | undefined {
  return steps.reduce<JsonNode | undefined>((node, step) => {
    if (typeof step === "number") return node?.kind === "array" ? node.items[step] : undefined;
    return node?.kind === "object" ? lastOf(node.entries, step)?.value : undefined;
  }, event);
}

function lastOf(entries: readonly JsonEntry[], key: string): JsonEntry | undefined {
  return entries.findLast((entry) => entry.key === key);
}

/**
 * The event with the change made, as JSON text: numbers keep their spelling, keys given twice stay.
 *
 * @param event - JSON text, its UTF-8 bytes, or the parsed value.
 * @throws TypeError when the event is not a JSON object.
 */
export function withChange(event: unknown, change: Change): string {
  const node = eventNode(event);
  if (change.kind !== "remove") return textOf(put(node, change.steps, rawNode(change.value)));
  return textOf([change.steps, ...change.also].reduce(without, node));
}

/** A node that is written as it stands: only {@link textOf} sees it. */
function rawNode(text: string): JsonNode {
  return { kind: "number", at: -1, text };
}

function put(node: JsonNode | undefined, steps: Steps, value: JsonNode): JsonNode {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = node?.kind === "array" ? [...node.items] : [];
    items[Math.min(step, items.length)] = put(items[step], rest, value);
    return { kind: "array", at: -1, items };
  }
  const entries = node?.kind === "object" ? node.entries : [];
  const there = lastOf(entries, step);
  const made: JsonEntry = { key: step, at: -1, value: put(there?.value, rest, value) };
  const after = there ? entries.map((entry) => (entry === there ? made : entry)) : [...entries, made];
  return { kind: "object", at: -1, entries: after };
}

/** Without the key at the end of the steps, however often it stands. */
function without(node: JsonNode, steps: Steps): JsonNode {
  const [step, ...rest] = steps;
  if (step === undefined) return node;
  if (node.kind === "array") {
    return { ...node, items: node.items.map((item, index) => (index === step ? without(item, rest) : item)) };
  }
  if (node.kind !== "object") return node;
  if (rest.length === 0) return { ...node, entries: node.entries.filter(({ key }) => key !== step) };
  const entries = node.entries.map((entry) => {
    return entry.key === step ? { ...entry, value: without(entry.value, rest) } : entry;
  });
  return { ...node, entries };
}

function textOf(node: JsonNode): string {
  switch (node.kind) {
    case "object":
      return `{${node.entries.map(({ key, value }) => `${JSON.stringify(key)}:${textOf(value)}`).join(",")}}`;
    case "array":
      return `[${node.items.map(textOf).join(",")}]`;
    case "string":
      return JSON.stringify(node.value);
    default:
      return node.text;
  }
}
