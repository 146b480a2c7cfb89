/** Numeric ranges: `["=", 5]`, `[">", 0]`, `[">=", 0, "<", 10]`. The lower bound stands first and is the smaller one. */
import type { JsonNode } from "./json.ts";
import type { Alternative, Bound } from "./matcher-types.ts";
import { comparable } from "./number.ts";
import { cannotCompare, isRefusal, type Refusal, refuse } from "./refusal.ts";

type Read = Alternative | Refusal;

const FORMS = 'Write ["=", n], ["<", n], ["<=", n], [">", n], [">=", n] or [">", low, "<", high]';

/** Reads the list behind `numeric`. */
export function readNumeric(value: JsonNode): Read {
  if (value.kind !== "array") return wrong(value, `Value of numeric must be an array. ${FORMS}`);
  const [operator, first, ...more] = value.items;
  if (operator?.kind !== "string") {
    return wrong(operator ?? value, `Invalid member in numeric match: ${shown(operator)}. ${FORMS}`);
  }
  const name = operator.value;
  if (name === "=") return readOne(value, first, "equals", more, (at) => ({ op: "numeric", low: at, high: at }));
  if (name === "<" || name === "<=") {
    return readOne(value, first, name, more, ({ value: top }) => {
      return { op: "numeric", low: undefined, high: { value: top, isOpen: name === "<" } };
    });
  }
  if (name === ">" || name === ">=") return readLow(value, name, first, more);
  return wrong(operator, `Unrecognized numeric range operator: ${name}. ${FORMS}`);
}

function readOne(
  list: JsonNode,
  node: JsonNode | undefined,
  name: string,
  more: readonly JsonNode[],
  make: (bound: Bound) => Alternative,
): Read {
  if (node?.kind !== "number") return wrong(node ?? list, `Value of ${name} must be numeric. ${FORMS}`);
  if (more[0] !== undefined) return wrong(more[0], `Too many elements in numeric expression. ${FORMS}`);
  const bound = boundOf(node);
  return isRefusal(bound) ? bound : make(bound);
}

function readLow(list: JsonNode, name: string, first: JsonNode | undefined, more: readonly JsonNode[]): Read {
  if (first?.kind !== "number") return wrong(first ?? list, `Value of ${name} must be numeric. ${FORMS}`);
  const [operator, second, extra] = more;
  if (operator !== undefined && operator.kind !== "string") {
    return wrong(operator, `Bad value in numeric range: ${shown(operator)}. ${FORMS}`);
  }
  if (operator !== undefined && operator.value !== "<" && operator.value !== "<=") {
    return wrong(operator, `Bad numeric range operator: ${operator.value}. After the lower bound comes "<" or "<="`);
  }
  if (operator !== undefined && second?.kind !== "number") {
    return wrong(second ?? operator, `Value of ${operator.value} must be numeric. ${FORMS}`);
  }
  if (extra !== undefined) return wrong(extra, `Too many terms in numeric range expression. ${FORMS}`);
  const low = boundOf(first);
  if (isRefusal(low)) return low;
  const lower: Bound = { value: low.value, isOpen: name === ">" };
  if (second?.kind !== "number") return { op: "numeric", low: lower, high: undefined };
  const high = boundOf(second);
  if (isRefusal(high)) return high;
  if (low.value >= high.value) return wrong(second, "Bottom must be less than top");
  const isOpen = operator?.kind === "string" && operator.value === "<";
  return { op: "numeric", low: lower, high: { value: high.value, isOpen } };
}

function boundOf(node: JsonNode & { readonly kind: "number" }): Bound | Refusal {
  const value = comparable(node.text);
  return value === undefined ? refuse("number", node.at, cannotCompare(node.text)) : { value, isOpen: false };
}

function wrong(node: JsonNode, message: string): Refusal {
  return refuse("numeric", node.at, message);
}

function shown(node: JsonNode | undefined): string {
  if (node === undefined) return "]";
  if (node.kind === "string") return node.value;
  if (node.kind === "number" || node.kind === "literal") return node.text;
  return node.kind === "array" ? "[" : "{";
}
