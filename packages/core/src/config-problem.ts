/**
 * What is wrong with a config file, and how that is shown: the place, the line with a mark under it, a sentence and
 * what to do. Written for somebody who has the file open and is not in the mood.
 *
 * Every text in a problem has been cleaned of secrets before it got here (config-place.ts).
 */
import { columnsOf } from "./terminal-columns.ts";

/** One thing to put right. Line and column count from 1; columns count UTF-16 units, as editors do. */
export type ConfigProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `customers[2].slack.channel`; "" when it is about the whole file. */
  readonly path: string;
  readonly expected: string;
  /** What stands there instead; never a secret. */
  readonly got: string;
  /** The whole complaint in one sentence, with the suggestion if there is one. */
  readonly sentence: string;
  /** What to do, in a sentence of its own; "" when the complaint says it. */
  readonly fix: string;
  /** The name that was probably meant. */
  readonly suggestion?: string;
  readonly lineText: string;
  /** Characters to mark, from `column` on, on this line only; at least 1. */
  readonly markLength: number;
};

const LONGEST_LINE = 100;
const MOST_SHOWN = 50;

/**
 * All problems as text for a terminal or a log, one paragraph each, in the order given.
 *
 * @returns lines joined by `\n`, without one at the end; after 50 problems only the number of the others.
 */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  const paragraphs = problems.slice(0, MOST_SHOWN).map(formatProblem);
  const left = problems.length - MOST_SHOWN;
  if (left > 0) paragraphs.push(`… and ${left} more. Put these right first; some of the others may go with them.`);
  return paragraphs.join("\n\n");
}

function formatProblem(problem: ConfigProblem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}${problem.path === "" ? "" : `  ${problem.path}`}`;
  const fix = problem.fix === "" ? [] : [`  ${problem.fix}`];
  return [where, `  ${problem.sentence}`, ...fix, ...quoteLine(problem)].join("\n");
}

/** The line as it stands in the file, and a second one that marks the place. */
function quoteLine({ line, column, lineText, markLength }: ConfigProblem): readonly string[] {
  if (lineText.trim() === "") return [];
  const number = String(line);
  const start = Math.max(0, Math.min(column - 1, lineText.length) - Math.floor(LONGEST_LINE / 2));
  const from = lineText.length <= LONGEST_LINE ? 0 : start;
  const shown = lineText.slice(from, from + LONGEST_LINE);
  const before = shown.slice(0, column - 1 - from);
  const marked = shown.slice(before.length, before.length + markLength);
  const mark = "^".repeat(Math.max(1, columnsOf(marked)));
  return [
    `  ${number} | ${from > 0 ? "…" : ""}${printable(shown)}`,
    `  ${" ".repeat(number.length)} | ${from > 0 ? " " : ""}${blank(before)}${mark}`,
  ];
}

/** The text with characters that would act in a terminal, instead of being seen, replaced; tabs stay. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (letter) => (letter === "\t" ? letter : "\ufffd"));
}

/** As much blank space as the text takes: full-width characters take two columns, a tab stays one. */
function blank(text: string): string {
  return [...printable(text)].map((letter) => (letter === "\t" ? letter : " ".repeat(columnsOf(letter)))).join("");
}
