/**
 * An event as patterns see it: every scalar with its path, and, for each array on the way to it, which element it is
 * in. Objects and arrays themselves are no values: `{"a":{}}` and `{"a":[]}` have nothing at `a`.
 */
import type { JsonNode } from "./json.ts";

/** Which element of which array; arrays are numbered as they are met. */
export type Membership = ReadonlyMap<number, number>;

/** One scalar of the event. */
export type Value = {
  readonly kind: "string" | "number" | "literal";
  /** A string's characters; a number or literal as written. */
  readonly text: string;
  readonly membership: Membership;
  /** Where it stands, for explanations: `detail.findings[0].Severity.Label`. */
  readonly place: string;
};

/** The event's scalars by path. */
export type Fields = ReadonlyMap<string, readonly Value[]>;

const NOWHERE: Membership = new Map();

/** Only the paths asked for are kept. @returns undefined when the event is no JSON object. */
export function fieldsOf(event: JsonNode, paths: readonly string[]): Fields | undefined {
  if (event.kind !== "object") return undefined;
  const collecting: Collecting = {
    paths,
    wanted: new Set(paths),
    seesEmptyKeys: paths.some(namesEmptyKey),
    fields: new Map(),
    arrays: 0,
  };
  visit(event, { path: undefined, membership: NOWHERE, place: "" }, collecting);
  return collecting.fields;
}

type Collecting = {
  readonly paths: readonly string[];
  readonly wanted: ReadonlySet<string>;
  readonly seesEmptyKeys: boolean;
  readonly fields: Map<string, Value[]>;
  arrays: number;
};
/** `path` is undefined at the top, where a first key takes no dot. */
type Spot = { readonly path: string | undefined; readonly membership: Membership; readonly place: string };

/** Recursive: the reader has bounded the depth. */
function visit(node: JsonNode, spot: Spot, collecting: Collecting): void {
  if (node.kind === "object") visitObject(node, spot, collecting);
  else if (node.kind === "array") visitArray(node, spot, collecting);
  else keep(node, spot, collecting);
}

function visitObject(node: JsonNode & { readonly kind: "object" }, spot: Spot, collecting: Collecting): void {
  for (const { key, value } of node.entries) {
    if (key === "" && !collecting.seesEmptyKeys) continue;
    const path = spot.path === undefined ? key : `${spot.path}.${key}`;
    if (!leadsTo(path, collecting.paths)) continue;
    visit(
      value,
      { path, membership: spot.membership, place: spot.place === "" ? key : `${spot.place}.${key}` },
      collecting,
    );
  }
}

function visitArray(node: JsonNode & { readonly kind: "array" }, spot: Spot, collecting: Collecting): void {
  const array = collecting.arrays;
  collecting.arrays += 1;
  for (const [index, item] of node.items.entries()) {
    const isContainer = item.kind === "object" || item.kind === "array";
    // A scalar directly in an array carries no element of it: ["a", "b"] may satisfy two fields at once.
    const membership = isContainer ? new Map(spot.membership).set(array, index) : spot.membership;
    visit(item, { path: spot.path, membership, place: `${spot.place}[${index}]` }, collecting);
  }
}

type Scalar = Exclude<JsonNode, { readonly kind: "object" | "array" }>;

function keep(node: Scalar, { path, membership, place }: Spot, { wanted, fields }: Collecting): void {
  if (path === undefined || !wanted.has(path)) return;
  const value: Value = { kind: node.kind, text: node.kind === "string" ? node.value : node.text, membership, place };
  const values = fields.get(path);
  if (values) values.push(value);
  else fields.set(path, [value]);
}

/** EventBridge looks below an empty key only if a path holds one that is not its last (SEMANTICS.md, "Empty keys"). */
function namesEmptyKey(path: string): boolean {
  const named = path.replace(/\.+$/, "");
  return path === "" || (named !== "" && named.split(".").includes(""));
}

function leadsTo(path: string, paths: readonly string[]): boolean {
  return paths.some((wanted) => wanted === path || wanted.startsWith(`${path}.`));
}

/** The two memberships together, or undefined when they are in different elements of one array. */
export function join(soFar: Membership, more: Membership): Membership | undefined {
  if (more.size === 0) return soFar;
  if (soFar.size === 0) return more;
  let joined: Map<number, number> | undefined;
  for (const [array, index] of more) {
    const before = soFar.get(array);
    if (before === undefined) {
      joined ??= new Map(soFar);
      joined.set(array, index);
    } else if (before !== index) return undefined;
  }
  return joined ?? soFar;
}
