/**
 * `npm run mutate`: would the tests notice a mistake in the pattern engine? Stryker makes one small mistake at a time
 * (`<` for `<=`, a string emptied, a branch never taken) and the tests must fail for each. Those that survive are printed
 * with their place. docs/testing.md has the score.
 *
 * Not part of `npm test`: it takes minutes, and Stryker is as large as everything else together. It is installed once,
 * pinned, into `.cache/stryker`. Arguments are files to mutate instead of all: `npm run mutate -- wildcard.ts`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STRYKER = "10.1.1";
const ROOT = join(import.meta.dirname, "..");
const HOME = join(ROOT, ".cache", "stryker");
const SOURCES = "packages/event-pattern/src";

/** What a pattern's operators mean. */
const MUTATED = ["accepts.ts", "ignore-case.ts", "ip.ts", "number.ts", "numeric.ts", "operators.ts", "wildcard.ts"];
/** The tests that are to notice: the quick ones of the operators, and the corpus with AWS's own answers. */
const TESTS = ["accepts", "corpus", "ignore-case", "ip", "match", "number", "parse", "wildcard"];

const cli = join(HOME, STRYKER, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
if (!existsSync(cli)) install();
process.exitCode = run(process.argv.slice(2));

function install(): void {
  const prefix = join(HOME, STRYKER);
  mkdirSync(prefix, { recursive: true });
  console.log(`Installing Stryker ${STRYKER} into .cache/stryker, once ...`);
  const npm = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", prefix];
  const done = spawnSync("npm", [...npm, `@stryker-mutator/core@${STRYKER}`], { stdio: "inherit" });
  if (done.status !== 0) throw new Error("npm could not install Stryker; its output is above");
}

function run(asked: readonly string[]): number {
  const config = join(HOME, "stryker.config.json");
  writeFileSync(config, JSON.stringify(configFor(asked.length > 0 ? asked : MUTATED), null, 2));
  return spawnSync(process.execPath, [cli, "run", config], { cwd: ROOT, stdio: "inherit" }).status ?? 1;
}

function configFor(files: readonly string[]): object {
  const tests = TESTS.map((name) => `${SOURCES}/${name}.test.ts`).join(" ");
  const node = `"${process.execPath}" --conditions=@shirase/source --test --test-isolation=none --test-reporter=dot`;
  return {
    mutate: files.map((file) => `${SOURCES}/${file}`),
    testRunner: "command",
    commandRunner: { command: `${node} ${tests}` },
    // Only what the tests read goes into the copy that is mutated.
    ignorePatterns: [
      "/*",
      "!/packages",
      "/packages/*",
      "!/packages/event-pattern",
      "!/bench",
      "/bench/*",
      "!/bench/patterns",
    ],
    // A text of a message is no behaviour; that messages begin with AWS's words the corpus holds.
    mutator: { excludedMutations: ["StringLiteral"] },
    concurrency: 2,
    timeoutMS: 10_000,
    reporters: ["clear-text", "progress-append-only", "json"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: join(HOME, "mutation.json") },
    tempDirName: join(".cache", "stryker", "tmp"),
    checkers: [],
    allowEmpty: false,
  };
}
