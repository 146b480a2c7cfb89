/** Patterns and other texts that a command is given as files, or on standard input as `-`. */
import { readFileSync } from "node:fs";
import { printable } from "@shirase/core/config-problem";
import { type Pattern, type PatternProblem, parsePattern } from "@shirase/event-pattern";
import { Option } from "commander";
import { EXIT, UserError } from "./user-error.ts";

const STDIN = 0;

/** A pattern with the text it was read from. */
export type PatternFile = { readonly name: string; readonly text: string; readonly pattern: Pattern };

/** `--lang en|ja`, the same for every command about patterns. */
export function languageOption(): Option {
  return new Option("--lang <language>", "language of the answer").choices(["en", "ja"]).default("en");
}

/** @throws UserError when the file cannot be read, or EventBridge would refuse what is in it. */
export function patternIn(file: string): PatternFile {
  const [name, text] = [nameOf(file), textIn(file, "pattern")];
  const parsed = parsePattern(text);
  if ("pattern" in parsed) return { name, text, pattern: parsed.pattern };
  const problems = parsed.problems.map((problem) => problemLine(problem, name));
  throw new UserError(`EventBridge would refuse this pattern:\n${problems.join("\n")}`);
}

function problemLine({ position, path, message }: PatternProblem, name: string): string {
  const place = position ? `${name}:${position.line}:${position.column}` : name;
  return `  ${place}  ${printable(path)}  ${printable(message)}`;
}

/** @param what - for the error: "event". @throws UserError when it cannot be read. */
export function textIn(file: string, what: string): string {
  try {
    return readFileSync(file === "-" ? STDIN : file, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new UserError(`cannot read the ${what} from ${nameOf(file)} (${code}).`, { cause: error });
  }
}

/** The file as a person calls it. */
export function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

/** Standard input can be read once. @throws UserError when more than one of the files is it. */
export function refuseStdinTwice(files: readonly string[], what: string): void {
  if (files.filter((file) => file === "-").length < 2) return;
  throw new UserError(`${what} cannot both come from standard input.`, { exitCode: EXIT.usage });
}
