/**
 * A pattern taken apart: one pattern for each choice of branches and of one alternative a field. The whole matches
 * when one of them does. Written without parse.ts, so that a mistake there does not hide one here.
 */
import { readJson } from "../../packages/event-pattern/src/json.ts";

const MOST_PARTS = 3000;

/** @returns the parts as texts, or undefined when there are too many. */
export function partsOf(patternText) {
  const rules = rulesOf(readJson(patternText).node, [], [new Map()]);
  const parts = [];
  for (const rule of rules) {
    const count = [...rule.values()].reduce((product, items) => product * items.length, 1);
    if (parts.length + count > MOST_PARTS) return undefined;
    parts.push(...choices([...rule]));
  }
  return parts;
}

/** Each rule so far, extended by what the object says; `$or` makes one of it for each branch. */
function rulesOf(object, keys, before) {
  let rules = before;
  for (const { key, value } of object.entries) {
    if (key === "$or") {
      const start = rules;
      rules = value.items.flatMap((branch) => rulesOf(branch, keys, start));
    } else if (value.kind === "object") {
      rules = rulesOf(value, [...keys, key], rules);
    } else {
      const path = keys.length === 1 && keys[0] === "" ? key : [...keys, key].join(".");
      rules = rules.map((rule) => new Map(rule).set(path, value.items));
    }
    if (rules.length > MOST_PARTS) return rules.slice(0, MOST_PARTS + 1);
  }
  return rules;
}

function choices(fields) {
  let texts = [[]];
  for (const [path, items] of fields) {
    texts = texts.flatMap((text) => items.map((item) => [...text, `${JSON.stringify(path)}:[${textOf(item)}]`]));
  }
  return texts.map((text) => `{${text.join(",")}}`);
}

function textOf(node) {
  if (node.kind === "string") return JSON.stringify(node.value);
  if (node.kind === "array") return `[${node.items.map(textOf).join(",")}]`;
  if (node.kind !== "object") return node.text;
  return `{${node.entries.map(({ key, value }) => `${JSON.stringify(key)}:${textOf(value)}`).join(",")}}`;
}
