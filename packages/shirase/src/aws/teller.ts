/** Lines on the terminal while AWS works, and a question where one is due. */
import { confirm, isCancel } from "@clack/prompts";
import type { Teller } from "./toolkit.ts";

/**
 * Progress goes to standard error: standard output is for the answer.
 *
 * @param isAgreed - `--yes` was given: nothing is asked.
 */
export function terminalTeller(isAgreed: boolean): Teller {
  return {
    progress: (line) => void process.stderr.write(`${line}\n`),
    // Without a terminal there is nobody to ask: a pipeline that says deploy means it.
    confirm: async (question) => isAgreed || !isTerminal() || (await ask(question)),
  };
}

/** Is there a person to ask? */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Asks yes or no; giving up is no. */
export async function ask(question: string): Promise<boolean> {
  const answer = await confirm({ message: question, initialValue: false });
  return !isCancel(answer) && answer;
}
