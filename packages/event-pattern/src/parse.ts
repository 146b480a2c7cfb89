/**
 * A pattern read and checked: text or object in, steps out, or everything that is wrong with it.
 *
 * `$or` is kept as a step, not multiplied out: three of them side by side with ten branches each would be a thousand
 * rules. match.ts walks the branches instead.
 */

import { namesEmptyKey } from "./fields.ts";
import { readAddress } from "./ip.ts";
import { beginsAsObject, type JsonEntry, type JsonNode, nodeOf, readJson } from "./json.ts";
import type { Alternative, Leaf, Or, Pattern, Step } from "./matcher-types.ts";
import { comparable } from "./number.ts";
import { readExpression } from "./operators.ts";
import { childPath, type Fault, type PatternProblem, type ProblemCode, problemsOf } from "./problem.ts";
import { isRefusal, type Refusal, refuse } from "./refusal.ts";
import { countRules } from "./rules.ts";

/** A pattern, or why it is none: at least one problem, in the order they stand. */
export type ParseResult = { readonly pattern: Pattern } | { readonly problems: readonly PatternProblem[] };

/** event-ruler takes no rule with more fields. */
const MOST_FIELDS = 256;
/**
 * How many rules the `$or`s of one pattern may make. EventBridge's own limit is far lower (warnings.ts); this one
 * keeps a hostile pattern from costing more than seconds.
 */
const MOST_RULES = 100_000;

/**
 * Reads a pattern from its JSON text.
 *
 * @example parsePattern('{"source":["aws.ec2"]}') // { pattern }
 * @example parsePattern('{"source":"aws.ec2"}') // { problems: [{ code: "not-a-list", path: "$.source", … }] }
 */
export function parsePattern(text: string): ParseResult {
  if (!beginsAsObject(text)) return notAnObject(text.search(/\S|$/), text);
  const read = readJson(text);
  if ("node" in read) return compile(read.node, text);
  const { at, message } = read.fault;
  return { problems: problemsOf([{ code: "json", path: "$", at, message }], text) };
}

/** Reads a pattern that is a JavaScript value already, as YAML or `JSON.parse` gives it. Problems have no position. */
export function parsePatternValue(value: unknown): ParseResult {
  const read = nodeOf(value);
  if ("node" in read) return compile(read.node, undefined);
  return { problems: [{ code: "json", path: "$", message: read.fault.message }] };
}

function compile(node: JsonNode, text: string | undefined): ParseResult {
  if (node.kind !== "object") return notAnObject(node.at, text);
  const faults: Fault[] = [];
  const reading: Reading = { faults, inOr: false };
  const steps = readObject(node, { path: "", depth: 0, place: "$" }, reading);
  const paths = new Set<string>();
  for (const step of steps) addPaths(step, paths);
  if (paths.size > MOST_FIELDS) {
    const message = `Size of rule exceeds max value of ${MOST_FIELDS}: it names ${paths.size} fields`;
    faults.push({ code: "too-large", path: "$", at: node.at, message });
  }
  const rules = countRules(steps);
  if (rules > MOST_RULES) {
    const message = `Too many rules: the branches of $or can be combined in more than ${MOST_RULES} ways`;
    faults.push({ code: "too-large", path: "$", at: node.at, message });
  }
  if (faults.length > 0) return { problems: problemsOf(faults, text) };
  const seesEmptyKeys = [...paths].some(namesEmptyKey);
  return { pattern: { steps, paths: [...paths].sort(), replaceable: replaceablePaths(steps), seesEmptyKeys } };
}

function notAnObject(at: number, text: string | undefined): ParseResult {
  const message = "Filter is not an object: write { … }";
  return { problems: problemsOf([{ code: "not-an-object", path: "$", at, message }], text) };
}

type Reading = { readonly faults: Fault[]; readonly inOr: boolean };
/** Where we are: the path of the event so far, of how many keys, and the way through the pattern for messages. */
type Way = { readonly path: string; readonly depth: number; readonly place: string };

function readObject(node: JsonNode & { readonly kind: "object" }, way: Way, reading: Reading): readonly Step[] {
  if (node.entries.length === 0) {
    fault(
      reading,
      "empty-object",
      way.place,
      node.at,
      'Empty objects are not allowed: name a field, "field": ["value"]',
    );
  }
  const steps: Step[] = [];
  for (const entry of node.entries) readEntry(entry, way, reading, steps);
  return withoutReplaced(steps);
}

function readEntry({ key, at, value }: JsonEntry, way: Way, reading: Reading, steps: Step[]): void {
  const place = childPath(way.place, key);
  if (key === "$or") {
    steps.push(readOr(value, { ...way, place }, reading));
  } else if (reading.inOr && RESERVED_IN_OR.has(key)) {
    const message = `${key} is Ruler reserved fieldName which cannot be used inside $or.`;
    fault(reading, "or", place, at, message);
  } else if (value.kind === "array") {
    steps.push(readLeaf(value, { path: pathOf(way, key), depth: way.depth + 1, place }, reading));
  } else if (value.kind === "object") {
    const path = way.depth === 0 ? key : `${way.path}.${key}`;
    for (const step of readObject(value, { path, depth: way.depth + 1, place }, reading)) steps.push(step);
  } else {
    const example = `"${key}": [${value.kind === "string" ? JSON.stringify(value.value) : value.text}]`;
    fault(reading, "not-a-list", place, value.at, `"${key}" must be an object or an array: write ${example}`);
  }
}

/** Of leaves with one path in one list only the last counts. */
function withoutReplaced(steps: readonly Step[]): readonly Step[] {
  if (steps.length < 2) return steps;
  const last = new Map(steps.map((step) => [step.kind === "leaf" ? step.path : step, step]));
  return last.size === steps.length
    ? steps
    : steps.filter((step) => step.kind === "or" || last.get(step.path) === step);
}

function readOr(node: JsonNode, way: Way, reading: Reading): Or {
  if (node.kind !== "array") {
    fault(reading, "or", way.place, node.at, "It must be an Array followed with $or.");
    return { kind: "or", branches: [], place: way.place };
  }
  const inside: Reading = { faults: reading.faults, inOr: true };
  const branches = node.items.map((item, index) => {
    const place = `${way.place}[${index}]`;
    if (item.kind === "object") return readObject(item, { ...way, place }, inside);
    fault(reading, "or", place, item.at, "Only JSON object is allowed in array of $or relationship.");
    return [];
  });
  if (branches.length < 2) {
    fault(reading, "or", way.place, node.at, "There must have at least 2 Objects in $or relationship.");
  }
  return { kind: "or", branches, place: way.place };
}

function readLeaf(node: JsonNode & { readonly kind: "array" }, way: Way, reading: Reading): Leaf {
  if (node.items.length === 0) {
    const message =
      'Empty arrays are not allowed: no value could ever match. To ask for absence: [{ "exists": false }]';
    fault(reading, "empty-array", way.place, node.at, message);
  }
  const alternatives: Alternative[] = [];
  for (const [index, item] of node.items.entries()) {
    const read = readAlternative(item);
    if (isRefusal(read)) fault(reading, read.code, `${way.place}[${index}]`, read.at, read.wrong);
    else alternatives.push(read);
  }
  const mayBeAbsent = alternatives.some((alternative) => alternative.op === "exists" && !alternative.wanted);
  return { kind: "leaf", path: way.path, alternatives, mayBeAbsent, place: way.place };
}

/** Keys joined by dots. EventBridge forgets an empty key that stands right before the last one at the top. */
function pathOf(way: Way, key: string): string {
  return way.depth === 0 || (way.depth === 1 && way.path === "") ? key : `${way.path}.${key}`;
}

function readAlternative(item: JsonNode): Alternative | Refusal {
  switch (item.kind) {
    case "string": {
      const address = readAddress(item.value);
      return address ? { op: "address", text: item.value, address } : { op: "string", text: item.value };
    }
    case "number":
      return { op: "number", text: item.text, value: comparable(item.text) };
    case "literal":
      return { op: "literal", text: item.text };
    case "array":
      return refuse("bad-value", item.at, "Match value must be String, number, true, false, or null");
    case "object":
      return readExpression(item);
  }
}

function addPaths(step: Step, paths: Set<string>): void {
  if (step.kind === "leaf") paths.add(step.path);
  else for (const branch of step.branches) for (const below of branch) addPaths(below, paths);
}

const NOTHING_REPLACED: ReadonlySet<string> = new Set();

/** Branches of one `$or` exclude each other; whatever else names a path twice may apply together. */
function replaceablePaths(steps: readonly Step[]): ReadonlySet<string> {
  if (!steps.some(({ kind }) => kind === "or")) return NOTHING_REPLACED; // readObject saw to it.
  const replaceable = new Set<string>();
  const visit = (list: readonly Step[]): ReadonlySet<string> => {
    const seen = new Set<string>();
    for (const step of list) {
      const named = new Set(step.kind === "leaf" ? [step.path] : step.branches.flatMap((branch) => [...visit(branch)]));
      for (const path of named) {
        if (seen.has(path)) replaceable.add(path);
        seen.add(path);
      }
    }
    return seen;
  };
  visit(steps);
  return replaceable;
}

function fault(reading: Reading, code: ProblemCode, path: string, at: number, message: string): void {
  reading.faults.push({ code, path, at, message });
}

/** Operators, present and promised: event-ruler keeps their names free of fields inside `$or`. */
const RESERVED_IN_OR: ReadonlySet<string> = new Set([
  ...["exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr"],
  ...["=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case"],
  ...["date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"],
  ...["ip-address-in-range", "ip-address-not-in-range"],
]);
