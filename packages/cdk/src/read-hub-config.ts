/** `shirase.yaml` for people with a CDK app of their own. */
import { readFileSync } from "node:fs";
import type { Config } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { formatProblems } from "@shirase/core/config-problem";

/**
 * Reads a config file.
 *
 * @throws Error with every problem in the file and its place, or when there is no such file.
 */
export function readHubConfig(file: string): Config {
  const read = readConfig(readFileSync(file, "utf8"), file);
  if ("config" in read) return read.config;
  throw new Error(formatProblems(read.problems));
}
