/** An explanation in sentences, English or Japanese: what held, and the first thing to change where it did not. */
import type { Conflict, Explanation, LeafAnswer } from "./explain.ts";

/** The languages that sentences are made in. */
export type ExplanationLanguage = "en" | "ja";

/**
 * One line a sentence: the verdict first, then what decided it.
 *
 * @example explainText(explain(pattern, event), "en")
 * // no match: one field does not hold
 * // ✗ detail.state: found "running", wanted "stopped" or "terminated"
 * // ✓ source: "aws.ec2"
 */
export function explainText(explanation: Explanation, language: ExplanationLanguage): string {
  const words = WORDS[language];
  const failing = explanation.leaves.filter(({ held }) => !held);
  const held = explanation.leaves.filter((leaf) => leaf.held);
  const lines = [verdict(explanation, failing.length, words)];
  if (explanation.branches > 1 && !explanation.matches) lines.push(words.nearest(explanation.branches));
  lines.push(...failing.map((leaf) => `✗ ${failedLine(leaf, words)}`));
  if (explanation.conflict) lines.push(`✗ ${conflictLine(explanation.conflict, words)}`);
  lines.push(...held.map((leaf) => `✓ ${heldLine(leaf, words)}`));
  return lines.join("\n");
}

/** The one sentence that decided: the first field that did not hold, or that all did. */
export function explainShort(explanation: Explanation, language: ExplanationLanguage): string {
  const words = WORDS[language];
  const first = explanation.leaves.find(({ held }) => !held);
  if (first) return failedLine(first, words);
  if (explanation.conflict) return conflictLine(explanation.conflict, words);
  return verdict(explanation, 0, words);
}

type Words = {
  readonly match: string;
  readonly noMatch: (fields: number) => string;
  readonly conflict: string;
  readonly nearest: (branches: number) => string;
  readonly wrong: (found: string, wanted: string) => string;
  readonly missing: (wanted: string) => string;
  readonly absent: string;
  readonly apart: (conflict: Conflict) => string;
  readonly or: string;
  readonly more: (count: number) => string;
};

const WORDS: Readonly<Record<ExplanationLanguage, Words>> = {
  en: {
    match: "match: every field holds",
    noMatch: (fields) => `no match: ${fields === 1 ? "one field does" : `${fields} fields do`} not hold`,
    conflict: "no match: every field holds somewhere, but not all in one element of the array",
    nearest: (branches) => `(of ${branches} branches of $or, the nearest)`,
    wrong: (found, wanted) => `found ${found}, wanted ${wanted}`,
    missing: (wanted) => `the event has no such field, wanted ${wanted}`,
    absent: "absent, as wanted",
    apart: ({ first, second }) =>
      `${first.path} ${first.shown} is in ${elementOf(first.place)}, ${second.path} ${second.shown} in ${elementOf(second.place)}: no one element has both`,
    or: " or ",
    more: (count) => ` and ${count} more`,
  },
  ja: {
    match: "一致: すべての項目が条件を満たしています",
    noMatch: (fields) => `不一致: ${fields} 個の項目が条件を満たしていません`,
    conflict: "不一致: どの項目も配列のどこかでは条件を満たしますが、同じ要素の中では揃いません",
    nearest: (branches) => `（$or の ${branches} 通りのうち、最も近いもの）`,
    wrong: (found, wanted) => `値は ${found}、条件は ${wanted}`,
    missing: (wanted) => `イベントにこの項目がありません。条件は ${wanted}`,
    absent: "項目なし（条件どおり）",
    apart: ({ first, second }) =>
      `${first.path} の ${first.shown} は ${elementOf(first.place)}、${second.path} の ${second.shown} は ${elementOf(second.place)} にあり、両方を持つ要素がありません`,
    or: " または ",
    more: (count) => ` ほか ${count} 件`,
  },
};

const MOST_SHOWN = 4;

function verdict(explanation: Explanation, failing: number, words: Words): string {
  if (explanation.matches) return words.match;
  return failing > 0 ? words.noMatch(failing) : words.conflict;
}

function failedLine(leaf: LeafAnswer, words: Words): string {
  const wanted = some(leaf.wanted, words.or, words);
  if (leaf.found.length === 0) return `${leaf.path}: ${words.missing(wanted)}`;
  const distinct = [...new Set(leaf.found.map(({ shown }) => shown))];
  return `${leaf.path}: ${words.wrong(some(distinct, ", ", words), wanted)}`;
}

function heldLine(leaf: LeafAnswer, words: Words): string {
  const accepted = [...new Set(leaf.found.filter((found) => found.accepted).map(({ shown }) => shown))];
  return `${leaf.path}: ${accepted.length === 0 ? words.absent : some(accepted, ", ", words)}`;
}

function conflictLine(conflict: Conflict, words: Words): string {
  return words.apart(conflict);
}

function some(items: readonly string[], separator: string, words: Words): string {
  const listed = items.slice(0, MOST_SHOWN).join(separator);
  return items.length > MOST_SHOWN ? listed + words.more(items.length - MOST_SHOWN) : listed;
}

/** `detail.findings[1].Severity.Label` is in `detail.findings[1]`. */
function elementOf(place: string): string {
  return place.slice(0, place.lastIndexOf("]") + 1) || place;
}
