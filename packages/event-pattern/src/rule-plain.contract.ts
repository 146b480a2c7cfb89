/**
 * Do the fields of one rule hold together? The same question as rule.ts answers, in the plainest way: every value of
 * every field is tried. Slow, and short enough to be read against SEMANTICS.md, "Arrays".
 */
import { accepts } from "./accepts.ts";
import type { Element, Fields } from "./fields.ts";
import type { Leaf } from "./matcher-types.ts";

type Chosen = ReadonlyMap<number, number>;

/** @param rule - leaves of different paths, in any order. */
export function holdsPlainly(rule: Iterable<Leaf>, fields: Fields): boolean {
  const leaves = [...rule].sort((a, b) => (a.path < b.path ? -1 : 1));
  return holdsFrom(leaves, fields, new Map());
}

function holdsFrom([leaf, ...rest]: readonly Leaf[], fields: Fields, chosen: Chosen): boolean {
  if (leaf === undefined) return true;
  const values = (fields.get(leaf.path) ?? []).map((value) => ({ value, elements: elementsOf(value.element) }));
  const isAllowed = (elements: Chosen) => [...elements].every(([array, at]) => (chosen.get(array) ?? at) === at);
  // An array of which an element is chosen, and in which the field occurs: there it must hold.
  const anchors = [...chosen.keys()].filter((array) => values.some(({ elements }) => elements.has(array)));
  for (const { value, elements } of values) {
    const isAnchored = anchors.every((array) => elements.has(array));
    if (!(isAnchored && isAllowed(elements) && leaf.alternatives.some((one) => accepts(one, value)))) continue;
    if (holdsFrom(rest, fields, new Map([...chosen, ...elements]))) return true;
  }
  const isAbsent = leaf.mayBeAbsent && !values.some(({ elements }) => isAllowed(elements));
  return isAbsent && holdsFrom(rest, fields, chosen);
}

function elementsOf(element: Element | undefined): Chosen {
  const elements = new Map<number, number>();
  for (let one = element; one !== undefined; one = one.within) elements.set(one.array, one.index);
  return elements;
}
