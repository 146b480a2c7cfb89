/**
 * `shirase explain`: does this EventBridge pattern match this event, and which field decided? Needs no config and no
 * AWS: a pattern and an event are two files.
 */
import { readFileSync } from "node:fs";
import { printable } from "@shirase/core/config-problem";
import { PATTERN_LENGTH_MAX } from "@shirase/core/pattern-fault";
import {
  type Explanation,
  explain,
  explainText,
  type Pattern,
  type PatternProblem,
  parsePattern,
} from "@shirase/event-pattern";
import { type Command, Option } from "commander";
import { type Colors, colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { EXIT, UserError } from "./user-error.ts";

type ExplainOptions = {
  readonly pattern: string;
  readonly event: string;
  readonly lang: "en" | "ja";
  readonly json?: true;
};

const STDIN = 0;

/** Registers `explain`. */
export function explainCommand(program: Command): void {
  program
    .command("explain")
    .helpGroup(GROUPS.understand)
    .description("say why an EventBridge pattern matches an event, or what to change so that it would")
    .requiredOption("-p, --pattern <file>", "the pattern, JSON; - reads standard input")
    .requiredOption("-e, --event <file>", "the event, JSON: one, or an array of them; - reads standard input")
    .addOption(new Option("--lang <language>", "language of the answer").choices(["en", "ja"]).default("en"))
    .option("--json", "print the explanation as JSON")
    .addHelpText(
      "after",
      `
Example:
  aws events describe-rule --name findings --query EventPattern --output text | shirase explain -p - -e event.json

Exit code 0 when every event matches, 1 when one does not.`,
    )
    .action(run);
}

function run({ pattern: patternFile, event: eventFile, lang, json }: ExplainOptions): void {
  if (patternFile === "-" && eventFile === "-") {
    throw new UserError("pattern and event cannot both come from standard input.", { exitCode: EXIT.usage });
  }
  const pattern = patternIn(patternFile);
  const events = eventsIn(eventFile);
  if (events.length === 0) throw new UserError(`${nameOf(eventFile)} holds no event: the array is empty.`);
  const explanations = events.map((event) => explainOne(pattern, event, eventFile));
  if (explanations.some(({ matches }) => !matches)) process.exitCode = EXIT.failed;
  if (json) console.log(JSON.stringify(explanations.length === 1 ? explanations[0] : explanations, null, 2));
  else console.log(explanations.map((one) => textOf(one, lang, colorsFor(process.stdout))).join("\n\n"));
}

function explainOne(pattern: Pattern, event: unknown, file: string): Explanation {
  try {
    return explain(pattern, event);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError(`${nameOf(file)} holds no event: ${error.message}.`, { cause: error });
  }
}

/** What came out of an event may hold anything, so it is cleaned line by line. */
function textOf(explanation: Explanation, lang: "en" | "ja", colors: Colors): string {
  const paint = (line: string) => (line.startsWith("✗") ? colors.red(line) : colors.green(line));
  return explainText(explanation, lang)
    .split("\n")
    .map(printable)
    .map((line) => (/^[✗✓]/.test(line) ? paint(line) : line))
    .join("\n");
}

function patternIn(file: string): Pattern {
  const text = textIn(file, "pattern");
  const parsed = parsePattern(text);
  if ("problems" in parsed) {
    const problems = parsed.problems.map((problem) => problemLine(problem, nameOf(file)));
    throw new UserError(`EventBridge would refuse this pattern:\n${problems.join("\n")}`);
  }
  const length = compactLength(text);
  if (length > PATTERN_LENGTH_MAX) {
    const quota = `${length} characters as compact JSON; EventBridge takes ${PATTERN_LENGTH_MAX} unless the quota was raised`;
    process.stderr.write(`shirase: warning: the pattern has ${quota}.\n`);
  }
  return parsed.pattern;
}

function problemLine({ position, path, message }: PatternProblem, name: string): string {
  const place = position ? `${name}:${position.line}:${position.column}` : name;
  return `  ${place}  ${printable(path)}  ${printable(message)}`;
}

function compactLength(json: string): number {
  return JSON.stringify(JSON.parse(json)).length;
}

/** One event, or each of an array. Text that is no JSON is handed on: the engine says best what is wrong with it. */
function eventsIn(file: string): readonly unknown[] {
  const text = textIn(file, "event");
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [text];
  } catch {
    return [text];
  }
}

function textIn(file: string, what: string): string {
  try {
    return readFileSync(file === "-" ? STDIN : file, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new UserError(`cannot read the ${what} from ${nameOf(file)} (${code}).`, { cause: error });
  }
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}
