/**
 * `shirase explain`: does this EventBridge pattern match this event, and which field decided? Needs no config and no
 * AWS: a pattern and an event are two files.
 */
import { printable } from "@shirase/core/config-problem";
import { PATTERN_LENGTH_MAX } from "@shirase/core/pattern-fault";
import { type Explanation, explain, explainText, type Pattern } from "@shirase/event-pattern";
import type { Command } from "commander";
import { type Colors, colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { languageOption, nameOf, patternIn, refuseStdinTwice, textIn } from "./pattern-files.ts";
import { EXIT, UserError } from "./user-error.ts";

type ExplainOptions = {
  readonly pattern: string;
  readonly event: string;
  readonly lang: "en" | "ja";
  readonly json?: true;
};

/** Registers `explain`, of its own and as one of `pattern`'s. */
export function explainCommand(parent: Command): Command {
  return parent
    .command("explain")
    .helpGroup(GROUPS.understand)
    .description("say why an EventBridge pattern matches an event, or what to change so that it would")
    .requiredOption("-p, --pattern <file>", "the pattern, JSON; - reads standard input")
    .requiredOption("-e, --event <file>", "the event, JSON: one, or an array of them; - reads standard input")
    .addOption(languageOption())
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
  refuseStdinTwice([patternFile, eventFile], "pattern and event");
  const { pattern, text } = patternIn(patternFile);
  warnIfLong(text);
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
  return explainText(explanation, lang)
    .split("\n")
    .map((line) => painted(printable(line), colors))
    .join("\n");
}

function painted(line: string, colors: Colors): string {
  if (line.startsWith("✗")) return colors.red(line);
  if (line.startsWith("✓")) return colors.green(line);
  return line.startsWith("  →") ? colors.cyan(line) : line;
}

function warnIfLong(text: string): void {
  const length = compactLength(text);
  if (length <= PATTERN_LENGTH_MAX) return;
  const quota = `${length} characters as compact JSON; EventBridge takes ${PATTERN_LENGTH_MAX} unless the quota was raised`;
  process.stderr.write(`shirase: warning: the pattern has ${quota}.\n`);
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
