/**
 * One match expression, `{ "prefix": "aws." }`, read and checked: an operator family a function. Numeric ranges are in
 * numeric.ts. Refusals begin with event-ruler's words.
 */
import { fold } from "./ignore-case.ts";
import { readBlock } from "./ip.ts";
import type { JsonEntry, JsonNode } from "./json.ts";
import type { Alternative, TextTest } from "./matcher-types.ts";
import { comparable } from "./number.ts";
import { readNumeric } from "./numeric.ts";
import { cannotCompare, isRefusal, type Refusal, refuse } from "./refusal.ts";
import { inUtf8 } from "./utf8.ts";
import { readWildcard } from "./wildcard.ts";

type Read<T> = T | Refusal;

const ONE_KEY = "Only one key allowed in match expression: put each into { } of its own, they are alternatives";

/** Reads `{ "operator": value }`. */
export function readExpression(node: JsonNode & { readonly kind: "object" }): Read<Alternative> {
  const [entry, second] = node.entries;
  if (entry === undefined) {
    return refuse("empty-expression", node.at, 'Match expression name not found: write { "prefix": "…" } or the like');
  }
  const read = readOperator(entry);
  if (isRefusal(read) || second === undefined) return read;
  const isListed = entry.key === "numeric" || entry.key === "anything-but";
  return refuse("too-many-keys", second.at, isListed ? "Too many elements in numeric expression" : ONE_KEY);
}

function readOperator({ key, at, value }: JsonEntry): Read<Alternative> {
  if (key === "exactly") return textOf(value, "exact", (text): Alternative => ({ op: "string", text }));
  if (key === "prefix" || key === "suffix") return readAffix(key, value);
  if (key === "equals-ignore-case") return readTextTest("equals-ignore-case", value);
  if (key === "wildcard") return readTextTest("wildcard", value);
  if (key === "numeric") return readNumeric(value);
  if (key === "anything-but") return readAnythingBut(value);
  if (key === "exists") return readExists(value);
  if (key === "cidr") return readCidr(value);
  const known = "prefix, suffix, equals-ignore-case, wildcard, numeric, cidr, exists, anything-but";
  return refuse("unknown-operator", at, `Unrecognized match type ${key}. Known are ${known}`);
}

function readAffix(op: "prefix" | "suffix", value: JsonNode): Read<TextTest> {
  if (value.kind !== "object") return readTextTest(op, value);
  const [entry, second] = value.entries;
  const name = op === "prefix" ? "Prefix" : "Suffix";
  if (entry === undefined) return refuse("empty-expression", value.at, `${name} expression name not found`);
  if (entry.key !== "equals-ignore-case") {
    const hint = `inside ${op} only "equals-ignore-case" is allowed`;
    return refuse("unsupported-nesting", entry.at, `Unsupported ${op} pattern: ${entry.key}; ${hint}`);
  }
  if (second !== undefined && entry.value.kind === "string") return refuse("too-many-keys", second.at, ONE_KEY);
  return textOf(entry.value, "equals-ignore-case", (text): TextTest => {
    return { op: op === "prefix" ? "prefix-ignore-case" : "suffix-ignore-case", text, folded: fold(text) };
  });
}

type SimpleTest = "prefix" | "suffix" | "equals-ignore-case" | "wildcard";

function readTextTest(op: SimpleTest, value: JsonNode): Read<TextTest> {
  return textOf(value, op, (text) => {
    if (op === "prefix" || op === "suffix") return { op, text, utf8: inUtf8(text) };
    if (op === "equals-ignore-case") return { op, text, folded: fold(text) };
    const wildcard = readWildcard(inUtf8(text));
    if ("pieces" in wildcard) return { op, text, pieces: wildcard.pieces };
    const hint = 'a star itself is written "\\\\*", a backslash "\\\\\\\\"';
    return refuse("wildcard", value.at, `${wildcard.wrong}: ${hint}`);
  });
}

function textOf<T extends object>(value: JsonNode, name: string, make: (text: string) => Read<T>): Read<T> {
  if (value.kind === "string") return make(value.value);
  return refuse("operator-value", value.at, `${name} match pattern must be a string`);
}

function readExists(value: JsonNode): Read<Alternative> {
  if (value.kind === "literal" && value.text !== "null") return { op: "exists", wanted: value.text === "true" };
  return refuse("operator-value", value.at, "exists match pattern must be either true or false.");
}

function readCidr(value: JsonNode): Read<Alternative> {
  if (value.kind !== "string")
    return refuse("operator-value", value.at, "prefix match pattern must be a string (of cidr)");
  const read = readBlock(value.value);
  if ("block" in read) return { op: "cidr", text: value.value, block: read.block };
  return refuse("cidr", value.at, `${read.wrong}. Write an address, a slash and the mask bits: "10.0.0.0/8"`);
}

const NEITHER = "Value of anything-but must be an array or single string/number value.";

function readAnythingBut(value: JsonNode): Read<Alternative> {
  if (value.kind === "object") return readAnythingButTest(value);
  if (value.kind === "literal") return refuse("operator-value", value.at, NEITHER);
  const items = value.kind === "array" ? value.items : [value];
  const texts = new Set<string>();
  const values = new Set<number>();
  for (const item of items) {
    if (item.kind === "string") texts.add(inUtf8(item.value));
    else if (item.kind === "number") {
      const number = comparable(item.text);
      if (number === undefined) return refuse("number", item.at, cannotCompare(item.text));
      values.add(number);
    } else {
      return refuse("mixed-list", item.at, "Inside anything but list, start|null|boolean is not supported.");
    }
  }
  if (texts.size > 0 === values.size > 0) {
    const mixed = "Inside anything but list, either all values are number or string, mixed type is not supported";
    return refuse("mixed-list", value.at, mixed);
  }
  return texts.size > 0 ? { op: "anything-but-strings", texts } : { op: "anything-but-numbers", values };
}

const INSIDE_ANYTHING_BUT: ReadonlySet<string> = new Set(["prefix", "suffix", "equals-ignore-case", "wildcard"]);

function readAnythingButTest(node: JsonNode & { readonly kind: "object" }): Read<Alternative> {
  const [entry, second] = node.entries;
  if (entry === undefined) return refuse("empty-expression", node.at, "Anything-But expression name not found");
  const op = entry.key;
  if (!isSimpleTest(op)) {
    const allowed = [...INSIDE_ANYTHING_BUT].join(", ");
    const message = `Unsupported anything-but pattern: ${op}; inside anything-but only ${allowed} are allowed`;
    return refuse("unsupported-nesting", entry.at, message);
  }
  const { value } = entry;
  if (value.kind === "object" || value.kind === "literal") return refuse("operator-value", value.at, NEITHER);
  const tests: TextTest[] = [];
  for (const item of value.kind === "array" ? value.items : [value]) {
    const test = readTestInside(op, item);
    if (isRefusal(test)) return test;
    tests.push(test);
  }
  if (second !== undefined) return refuse("too-many-keys", second.at, "Too many elements in numeric expression");
  return { op: "anything-but", tests };
}

function isSimpleTest(op: string): op is SimpleTest {
  return INSIDE_ANYTHING_BUT.has(op);
}

function readTestInside(op: SimpleTest, item: JsonNode): Read<TextTest> {
  const isAffix = op === "prefix" || op === "suffix";
  if (item.kind === "string") {
    if (isAffix && item.value === "") return refuse("operator-value", item.at, "Null prefix/suffix not allowed");
    return readTextTest(op, item);
  }
  if (op === "equals-ignore-case") {
    const message = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.";
    return refuse("mixed-list", item.at, message);
  }
  return refuse("operator-value", item.at, `${isAffix ? "prefix/suffix" : "wildcard"} match pattern must be a string`);
}
