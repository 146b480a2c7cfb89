/** The alternatives of one field among themselves, whatever the field is. */
import { acceptsAllOf, acceptsNothing } from "./alternative-relations.ts";
import type { Raw } from "./lint.ts";
import type { Alternative, Leaf } from "./matcher-types.ts";
import { shown } from "./shown.ts";

/** Lists longer than this are not compared pair by pair. */
const MOST_COMPARED = 200;

/** Everything that is odd about a field's list. */
export function lintAlternatives(leaf: Leaf, target: "bus" | "pipes"): readonly Raw[] {
  return [...lintWhole(leaf), ...leaf.alternatives.flatMap((one, index) => lintOne(one, index, leaf, target))];
}

function lintWhole({ alternatives, place }: Leaf): readonly Raw[] {
  const path = place;
  if (alternatives.every((one) => one.op !== "exists" && acceptsNothing(one))) {
    return [{ kind: "warning", code: "never-holds", path }];
  }
  const isPresent = alternatives.some((one) => one.op === "exists" && one.wanted);
  if (isPresent && alternatives.some((one) => one.op === "exists" && !one.wanted)) {
    return [{ kind: "warning", code: "always-holds", path }];
  }
  const refusing = alternatives.filter(isAnythingBut);
  const [first, second] = refusing;
  const isWider = first && second && !acceptsAllOf(first, second) && !acceptsAllOf(second, first);
  const facts = { wanted: refusing.map(shown).join(", ") };
  return isWider ? [{ kind: "warning", code: "anything-but-twice", path, facts }] : [];
}

function isAnythingBut({ op }: Alternative): boolean {
  return op === "anything-but" || op === "anything-but-strings" || op === "anything-but-numbers";
}

function lintOne(one: Alternative, index: number, leaf: Leaf, target: "bus" | "pipes"): readonly Raw[] {
  const path = `${leaf.place}[${index}]`;
  const wildcards = wildcardsOf(one);
  const facts = { value: shown(one) };
  if (target === "pipes" && (one.op === "anything-but" || wildcards.length > 0)) {
    return [{ kind: "warning", code: "not-in-pipes", path, facts }];
  }
  return [...lintCovered(index, leaf), ...wildcards.flatMap((wildcard) => lintWildcard(wildcard, path))];
}

function wildcardsOf(one: Alternative): readonly Extract<Alternative, { readonly op: "wildcard" }>[] {
  const all: readonly Alternative[] = one.op === "anything-but" ? one.tests : [one];
  return all.filter((test) => test.op === "wildcard");
}

function lintWildcard({ pieces, text }: { readonly pieces: readonly string[]; readonly text: string }, path: string) {
  const [first = "", last = ""] = pieces;
  const isAffix = pieces.length === 2 && (first === "" || last === "");
  const instead =
    pieces.length === 1
      ? JSON.stringify(first)
      : pieces.length === 2 && first === "" && last === ""
        ? '{ "exists": true }'
        : `{ "${last === "" ? "prefix" : "suffix"}": ${JSON.stringify(first || last)} }`;
  const value = JSON.stringify(text);
  const isPlain = pieces.length === 1 || isAffix;
  const raw: Raw = isPlain
    ? { kind: "hint", code: "wildcard-too-much", path, facts: { value, instead } }
    : { kind: "hint", code: "wildcard-quota", path, facts: { value } };
  return [raw];
}

/** Is the alternative already accepted by another one, or the same as an earlier one? */
function lintCovered(index: number, { alternatives, place }: Leaf): readonly Raw[] {
  const one = alternatives[index];
  if (one === undefined || alternatives.length > MOST_COMPARED || isOther(one)) return [];
  const by = alternatives.find((other, at) => {
    if (at === index || isOther(other) || !acceptsAllOf(other, one)) return false;
    return at < index || !acceptsAllOf(one, other);
  });
  if (by === undefined) return [];
  const facts = { value: shown(one), by: shown(by) };
  const code = facts.value === facts.by ? "duplicate-alternative" : "covered-alternative";
  return [{ kind: "hint", code, path: `${place}[${index}]`, facts }];
}

/** Absence and what accepts nothing cover and are covered in no useful sense. */
function isOther(one: Alternative): boolean {
  return acceptsNothing(one);
}
