/**
 * `@shirase/event-pattern` as an engine to score and to measure: `name`, `input`, `create()`.
 *
 * Runs on plain Node 20 and newer without a build step of its own. A Node that strips types reads the sources; an
 * older one reads dist/, which is compiled first when it is missing or older than the sources.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../packages/event-pattern/", import.meta.url));
const SOURCES = join(PACKAGE, "src");
const BUILT = join(PACKAGE, "dist", "index.js");

const { createMatcher } = await import(pathToFileURL(entry()).href);

export const name = "shirase";
export const input = "string";

/** One engine. `add` throws the first problem of a pattern that is not valid; `match` gives the ids that match. */
export function create() {
  const matcher = createMatcher();
  return {
    add(id, patternText) {
      const [problem] = matcher.add(id, patternText);
      if (problem) throw new Error(problem.message);
    },
    match: (event) => matcher.match(event),
  };
}

function entry() {
  if (process.features.typescript) return join(SOURCES, "index.ts");
  if (isStale()) build();
  return BUILT;
}

function isStale() {
  if (!existsSync(BUILT)) return true;
  const builtAt = statSync(BUILT).mtimeMs;
  const sources = readdirSync(SOURCES).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  return sources.some((file) => statSync(join(SOURCES, file)).mtimeMs > builtAt);
}

function build() {
  const emit = ["--noEmit", "false", "--rootDir", "src", "--outDir", "dist", "--declaration"];
  const args = [compiler(), "-p", "tsconfig.json", ...emit];
  const done = spawnSync(process.execPath, args, { cwd: PACKAGE, stdio: ["ignore", 2, 2] });
  if (done.status !== 0) throw new Error("packages/event-pattern did not compile: the compiler's words are above");
  // The compiler may leave a file alone whose text did not change; its time says when it was last checked.
  utimesSync(BUILT, new Date(), new Date());
}

function compiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  } catch (cause) {
    const message = `Node ${process.version} cannot read TypeScript and the compiler is not installed. Run "npm install"`;
    throw new Error(message, { cause });
  }
}
