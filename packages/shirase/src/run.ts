/**
 * Runs one command line and answers with its exit code: the boundary where errors become sentences.
 *
 * Three kinds end here. Commander has already said what is wrong with the command line; a UserError is said as it is;
 * anything else is a bug, or a part of the machine that failed, and says how to see more.
 */
import { CommanderError } from "commander";
import { buildProgram } from "./program.ts";
import { EXIT, type ExitCode, UserError } from "./user-error.ts";

/** What the boundary needs to know of the process. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard error. */
  readonly complain: (text: string) => void;
};

/**
 * @param args - what was typed after `shirase`.
 * @returns the exit code to end with. A command that found a problem may have set `process.exitCode` itself.
 */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    await buildProgram().parseAsync([...args], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    return explainFailure(error, surroundings);
  }
}

function explainFailure(error: unknown, { env, complain }: Surroundings): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const isDebugging = env["SHIRASE_DEBUG"] === "1";
  if (isDebugging && error instanceof Error) complain(`${error.stack ?? error.message}\n`);
  if (error instanceof UserError) {
    if (!isDebugging) complain(`shirase: ${error.message}\n`);
    return error.exitCode;
  }
  if (!isDebugging) complain(unexpected(error));
  return EXIT.failed;
}

function unexpected(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `shirase: ${message}\nThis was not expected. Run it again with SHIRASE_DEBUG=1 to see where it comes from.\n`;
}
