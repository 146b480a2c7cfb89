/** An explanation in sentences, English or Japanese: what held, and the first thing to change where it did not. */
import type { Change } from "./change.ts";
import type { BranchAnswer, Conflict, Explanation, Found, LeafAnswer, OrAnswer } from "./explain.ts";
import type { NearKind } from "./near-miss.ts";
import { shownIn } from "./shown.ts";

/** The languages that sentences are made in. */
export type ExplanationLanguage = "en" | "ja";

/**
 * One line a sentence: the verdict first, then what decided it. A line that begins with an arrow is what to change.
 *
 * @example explainText(explain(pattern, event), "en")
 * // no match: one field does not hold
 * // ✗ detail.state: found "running", wanted "stopped" or "terminated"
 * //   → set detail.state to "stopped"
 * // ✓ source: "aws.ec2"
 */
export function explainText(explanation: Explanation, language: ExplanationLanguage): string {
  const words = WORDS[language];
  const failing = explanation.leaves.filter(({ held }) => !held);
  const held = explanation.leaves.filter((leaf) => leaf.held);
  const lines = [verdict(explanation, failing.length, words)];
  if (explanation.branches > 1 && !explanation.matches) lines.push(words.nearest(explanation.branches));
  for (const leaf of failing) lines.push(`✗ ${failedLine(leaf, words)}`, ...changeLines(leaf.change, words));
  if (explanation.conflict) {
    lines.push(`✗ ${conflictLine(explanation.conflict, words)}`, ...changeLines(explanation.conflict.change, words));
  }
  lines.push(...held.map((leaf) => `✓ ${heldLine(leaf, words)}`));
  for (const or of explanation.ors) lines.push(...otherBranches(or, words));
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

/** A change in one sentence: `set detail.state to "stopped"`. */
export function changeText(change: Change, language: ExplanationLanguage): string {
  const { set, add, remove, example } = WORDS[language];
  if (change.kind === "remove") return remove(change.place);
  const said = change.kind === "set" ? set(change.place, change.value) : add(change.place, change.value);
  return change.isExample ? example(said) : said;
}

type Words = {
  readonly match: string;
  readonly noMatch: (fields: number) => string;
  readonly conflict: string;
  readonly nearest: (branches: number) => string;
  readonly wrong: (found: string, wanted: string) => string;
  readonly missing: (wanted: string) => string;
  readonly absent: string;
  readonly isIn: (field: string, value: string, element: string, isFirst: boolean) => string;
  readonly inTheWay: (field: string, element: string) => string;
  readonly apart: (fields: readonly string[]) => string;
  readonly or: string;
  readonly more: (count: number) => string;
  readonly near: Readonly<Record<NearKind, (found: string, wanted: string) => string>>;
  readonly set: (place: string, value: string) => string;
  readonly add: (place: string, value: string) => string;
  readonly remove: (place: string) => string;
  readonly example: (change: string) => string;
  readonly others: (place: string, count: number) => string;
  readonly branch: (place: string, failing: number, first: string) => string;
  readonly alternative: (shown: string) => string;
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
    isIn: (field, value, element, isFirst) => `${field} ${value} ${isFirst ? "is " : ""}in ${element}`,
    inTheWay: (field, element) => `${field}, which must be absent, in ${element}`,
    apart: (fields) =>
      `${fields.join(", ")}: no one element has ${fields.length === 2 ? "both" : `all ${fields.length}`}`,
    or: " or ",
    more: (count) => ` and ${count} more`,
    near: {
      case: (found, wanted) => ` (${found} is not ${wanted}: letters are compared with their case)`,
      space: (found, wanted) => ` (${found} is not ${wanted}: spaces count)`,
      type: (found, wanted) => ` (${found} is not ${wanted}: a text is no number)`,
    },
    set: (place, value) => `set ${place} to ${value}`,
    add: (place, value) => `add ${place}: ${value}`,
    remove: (place) => `remove ${place}`,
    example: (change) => `${change}, for example`,
    others: (place, count) =>
      count === 1
        ? `the other alternative of ${place}:`
        : `the other ${count} alternatives of ${place}, nearest first:`,
    branch: (place, failing, first) =>
      failing === 0
        ? `${place}: ${first}`
        : `${place}: ${failing === 1 ? "one field fails" : `${failing} fields fail`}; ${first}`,
    alternative: (shown) => shownIn(shown, "en"),
  },
  ja: {
    match: "一致: すべての項目が条件を満たしています",
    noMatch: (fields) => `不一致: ${fields} 個の項目が条件を満たしていません`,
    conflict: "不一致: どの項目も配列のどこかでは条件を満たしますが、同じ要素の中では揃いません",
    nearest: (branches) => `（$or の ${branches} 通りのうち、最も近いもの）`,
    wrong: (found, wanted) => `値は ${found}、条件は ${wanted}`,
    missing: (wanted) => `イベントにこの項目がありません。条件は ${wanted}`,
    absent: "項目なし（条件どおり）",
    isIn: (field, value, element) => `${field} の ${value} は ${element}`,
    inTheWay: (field, element) => `あってはならない ${field} は ${element}`,
    apart: (fields) =>
      `${fields.join("、")} にあり、${fields.length === 2 ? "両方" : `${fields.length} つすべて`}を持つ要素がありません`,
    or: " または ",
    more: (count) => ` ほか ${count} 件`,
    near: {
      case: (found, wanted) => `（${found} と ${wanted} は大文字・小文字が違います）`,
      space: (found, wanted) => `（${found} と ${wanted} は空白が違います）`,
      type: (found, wanted) => `（${found} と ${wanted} は文字列と数値の違いがあります）`,
    },
    set: (place, value) => `${place} を ${value} にする`,
    add: (place, value) => `${place}: ${value} を追加する`,
    remove: (place) => `${place} を削除する`,
    example: (change) => `たとえば ${change}`,
    others: (place, count) => `${place} のほかの ${count} 通り${count === 1 ? "" : "（近い順）"}:`,
    branch: (place, failing, first) =>
      failing === 0 ? `${place}: ${first}` : `${place}: ${failing} 個の項目が不一致。${first}`,
    alternative: (shown) => shownIn(shown, "ja"),
  },
};

const MOST_SHOWN = 4;

function verdict(explanation: Explanation, failing: number, words: Words): string {
  if (explanation.matches) return words.match;
  return failing > 0 ? words.noMatch(failing) : words.conflict;
}

function failedLine(leaf: LeafAnswer, words: Words): string {
  const wanted = some(leaf.wanted.map(words.alternative), words.or, words);
  if (leaf.found.length === 0) return `${leaf.path}: ${words.missing(wanted)}`;
  const distinct = [...new Set(leaf.found.map(({ shown }) => shown))];
  const near = leaf.near ? words.near[leaf.near.kind](leaf.near.found, leaf.near.wanted) : "";
  return `${leaf.path}: ${words.wrong(some(distinct, ", ", words), wanted)}${near}`;
}

function heldLine(leaf: LeafAnswer, words: Words): string {
  const accepted = [...new Set(leaf.found.filter((found) => found.accepted).map(({ shown }) => shown))];
  return `${leaf.path}: ${accepted.length === 0 ? words.absent : some(accepted, ", ", words)}`;
}

function changeLines(change: Change | undefined, words: Words): readonly string[] {
  return change ? [`  → ${changeText(change, words === WORDS.ja ? "ja" : "en")}`] : [];
}

function conflictLine({ fields }: Conflict, words: Words): string {
  return words.apart(fields.map((field, index) => fieldLine(field, index === 0, words)));
}

function fieldLine(field: Found & { readonly path: string }, isFirst: boolean, words: Words): string {
  const element = elementOf(field.place);
  return field.accepted ? words.isIn(field.path, field.shown, element, isFirst) : words.inTheWay(field.path, element);
}

/** The alternatives that were not the nearest, a line each. */
function otherBranches({ place, branches }: OrAnswer, words: Words): readonly string[] {
  const others = branches.slice(1);
  const listed = others.slice(0, MOST_SHOWN).map((branch) => `✗ ${branchLine(branch, words)}`);
  const rest = others.length > MOST_SHOWN ? [`  …${words.more(others.length - MOST_SHOWN)}`] : [];
  return [words.others(place, others.length), ...listed, ...rest];
}

function branchLine({ place, failing, leaves }: BranchAnswer, words: Words): string {
  const [first] = leaves.filter(({ held }) => !held);
  return words.branch(
    place,
    failing,
    first ? failedLine(first, words) : leaves.map((leaf) => heldLine(leaf, words)).join("; "),
  );
}

function some(items: readonly string[], separator: string, words: Words): string {
  const listed = items.slice(0, MOST_SHOWN).join(separator);
  return items.length > MOST_SHOWN ? listed + words.more(items.length - MOST_SHOWN) : listed;
}

/** `detail.findings[1].Severity.Label` is in `detail.findings[1]`. */
function elementOf(place: string): string {
  return place.slice(0, place.lastIndexOf("]") + 1) || place;
}
