/**
 * Finds, opens and reads the config file for a command. What is wrong with it comes back as one UserError that holds
 * every problem; only `check` wants them one by one.
 */
import { readFileSync } from "node:fs";
import type { Config } from "@shirase/core/config";
import type { ConfigReading } from "@shirase/core/config-file";
import { formatProblems } from "@shirase/core/config-problem";
import { Option } from "commander";
import { UserError } from "./user-error.ts";

/** `--config FILE`, the same for every command that reads the config. */
export function configOption(): Option {
  return new Option("-c, --config <file>", "the config file").env("SHIRASE_CONFIG").default("shirase.yaml");
}

/** Reads the config at this path. @throws UserError when there is no file, or something in it is wrong. */
export async function loadConfig(file: string): Promise<Config> {
  const read = await readConfigAt(file);
  if ("config" in read) return read.config;
  throw new UserError(`${countProblems(read.problems.length)} in ${file}\n\n${formatProblems(read.problems)}`);
}

/** The config at this path, or its problems. @throws UserError when the file cannot be read. */
export async function readConfigAt(file: string): Promise<ConfigReading> {
  const text = textOf(file);
  // Loaded when it is needed: a parser of YAML and a schema are most of what a command has to load.
  const { readConfig } = await import("@shirase/core/config-file");
  return readConfig(text, file);
}

/** "1 problem", "3 problems". */
export function countProblems(count: number): string {
  return `${count} ${count === 1 ? "problem" : "problems"}`;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const hint = HINTS[code] ?? "";
    throw new UserError(`cannot read the config file ${file} (${code})${hint}`, { cause: error });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: ".\nMake one with `shirase init`, or name it with --config or SHIRASE_CONFIG.",
  EISDIR: ": it is a folder. Name the file in it.",
  EACCES: ": this user may not read it.",
};
