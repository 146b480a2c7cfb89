/**
 * Differences from event-ruler that are meant: its accidents, which we do not copy (SEMANTICS.md, "Differences").
 * Whatever is not recognised here is a fault of ours.
 */

import { readAddress, readBlock } from "../../packages/event-pattern/src/ip.ts";
import { readJson } from "../../packages/event-pattern/src/json.ts";
import { partsOf } from "./parts.mjs";

const JSON_WORDS =
  /^(?:Unexpected|Unrecognized (?:token|char)|Illegal|Invalid numeric|Non-standard|Document|Number value)/;

/** The accident behind a difference, by name, as far as one look at it tells. */
export function accidentOf({ pair, want, got }) {
  if (/out of bounds|cannot be cast|NullPointer|Cannot invoke|is null$/.test(want.error ?? "")) {
    return "it crashes on a valid pattern";
  }
  const isBothRefused = want.phase === "pattern" && got.phase === "pattern";
  if (isBothRefused && !JSON_WORDS.test(want.error) && "fault" in readJson(pair.pattern)) {
    return "it stops at the first mistake; we say first that the text is not JSON";
  }
  if (want.match === true && got.match === false && mixesHexadecimal(pair)) {
    return "addresses are compared as hexadecimal digits, with numbers and across families";
  }
  return undefined;
}

/**
 * Does event-ruler itself answer as we do when the pattern is asked in parts, each alternative of each field alone?
 * Then its answer to the whole comes from alternatives or rules that disturb each other.
 *
 * @param askAll - asks event-ruler many pairs.
 */
export async function disturbed(differences, askAll) {
  const asked = differences.flatMap(({ pair, want, got }) => {
    if (want.match === undefined || got.match === undefined) return [];
    const parts = partsOf(pair.pattern);
    return parts ? [{ pair, got, parts }] : [];
  });
  const questions = asked.flatMap(({ pair, parts }) => parts.map((pattern) => ({ pattern, event: pair.event })));
  const answers = questions.length > 0 ? await askAll(questions) : [];
  let from = 0;
  const found = new Set();
  for (const { pair, got, parts } of asked) {
    const own = answers.slice(from, from + parts.length);
    from += parts.length;
    if (own.every(({ match }) => match !== undefined) && own.some(({ match }) => match) === got.match) found.add(pair);
  }
  return found;
}

/** Is there a block and a value that event-ruler takes for one of its addresses, and that is none of that family? */
function mixesHexadecimal({ pattern, event }) {
  const ranges = scalarsOf(readJson(pattern).node).flatMap(({ text }) => rangeOf(text));
  const values = scalarsOf(readJson(event).node).flatMap(({ kind, text }) => {
    const address = kind === "string" ? readAddress(text) : undefined;
    if (address) return [{ digits: hexadecimal(address), family: address.family }];
    return kind === "string" ? [] : [{ digits: text, family: undefined }];
  });
  return ranges.some(({ first, last, family }) =>
    values.some((value) => {
      const length = Math.min(first.length, value.digits.length);
      const head = value.digits.slice(0, length);
      return value.family !== family && first.slice(0, length) <= head && head <= last.slice(0, length);
    }),
  );
}

function rangeOf(text) {
  const read = readBlock(text);
  const address = readAddress(text);
  const block = "block" in read ? read.block : address && { ...address, first: address.value, last: address.value };
  if (!block) return [];
  const ends = [block.first, block.last].map((value) => hexadecimal({ family: block.family, value }));
  return [{ first: ends[0], last: ends[1], family: block.family }];
}

function hexadecimal({ family, value }) {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(family === 4 ? 8 : 32, "0");
}

/** Every string, number and literal of a tree, `cidr` texts among them. */
function scalarsOf(node) {
  if (node.kind === "object") return node.entries.flatMap(({ value }) => scalarsOf(value));
  if (node.kind === "array") return node.items.flatMap(scalarsOf);
  return [{ kind: node.kind, text: node.kind === "string" ? node.value : node.text }];
}
