/**
 * `npm test`: everything that keeps main true, group by group, and one closing line `N passed, N failed[, N skipped]`.
 *
 * A group runs even when an earlier one failed: one run shows all that is wrong. Arguments name groups
 * (`npm test -- unit`); without any, all run. What a machine cannot run is skipped with its reason and counted.
 */
import { spawn } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };
type Group = { readonly name: string; readonly run: () => Promise<Counts> };

const ROOT = join(import.meta.dirname, "..");
const BIN = join(ROOT, "node_modules", ".bin");
const SPECIAL = ["process", "emulator", "browser"] as const;

const GROUPS: readonly Group[] = [
  { name: "static", run: runStatic },
  { name: "unit", run: () => runTests(testFiles("unit"), ["--test-isolation=none"]) },
  { name: "process", run: () => runTests(testFiles("process"), ["--test-concurrency=1"]) },
  { name: "emulator", run: () => runTests(testFiles("emulator"), ["--test-concurrency=1"]) },
  { name: "browser", run: () => runTests(testFiles("browser"), ["--test-concurrency=1"]) },
  { name: "packages", run: () => runCommands([["node", "tools/build.ts", "--check"]]) },
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !GROUPS.some((group) => group.name === name));
if (unknown.length > 0) {
  console.error(`no test group ${unknown.join(", ")}. Groups: ${GROUPS.map((group) => group.name).join(", ")}`);
  process.exit(2);
}
const total = await runGroups(asked.length > 0 ? GROUPS.filter((group) => asked.includes(group.name)) : GROUPS);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function runGroups(groups: readonly Group[]): Promise<Counts> {
  let sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const group of groups) {
    const startedAt = performance.now();
    console.log(`\n== ${group.name}`);
    const counts = await group.run();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`   ${counts.passed} ok, ${counts.failed} not ok, ${counts.skipped} skipped in ${seconds} s`);
    sum = add(sum, counts);
  }
  console.log("");
  return sum;
}

/** The test files of a group: `x.process.test.ts` is of "process", a plain `x.test.ts` of "unit". */
function testFiles(group: "unit" | (typeof SPECIAL)[number]): readonly string[] {
  const all = globSync(["packages/*/src/**/*.test.ts", "tools/**/*.test.ts"], { cwd: ROOT }).sort();
  if (group !== "unit") return all.filter((file) => file.endsWith(`.${group}.test.ts`));
  return all.filter((file) => !SPECIAL.some((special) => file.endsWith(`.${special}.test.ts`)));
}

async function runTests(files: readonly string[], flags: readonly string[]): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  const folder = mkdtempSync(join(tmpdir(), "shirase-counts-"));
  const countsFile = join(folder, "counts.jsonl");
  const reporter = `--test-reporter=${join(ROOT, "tools", "reporter.mjs")}`;
  const node = ["--conditions=@shirase/source", "--test", ...flags, reporter, ...files];
  const code = await run(process.execPath, node, { SHIRASE_COUNTS: countsFile });
  const counts = readCounts(countsFile);
  rmSync(folder, { recursive: true });
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

function readCounts(file: string): Counts {
  try {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line): Counts => JSON.parse(line)).reduce(add);
  } catch {
    // The run died before it reported: that is a failure, never "nothing to count".
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Lint, types of the whole tree and of each package behind its own fence, unused code, house rules. */
function runStatic(): Promise<Counts> {
  const fences = globSync("packages/*/tsconfig.json", { cwd: ROOT }).sort();
  return runCommands([
    [join(BIN, "biome"), "check", "."],
    [join(BIN, "tsc"), "-p", ".", "--noEmit"],
    ...fences.map((fence) => [join(BIN, "tsc"), "-p", fence]),
    [join(BIN, "knip")],
    ["node", "tools/tidy.ts"],
  ]);
}

/** Each command is one check: exit code 0 passes. `node` means the pinned one with the source condition. */
async function runCommands(commands: readonly (readonly string[])[]): Promise<Counts> {
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [file = "", ...args] of commands) {
    const isNode = file === "node";
    const code = isNode
      ? await run(process.execPath, ["--conditions=@shirase/source", ...args])
      : await run(file, args);
    if (code !== 0) console.log(`FAILED ${file.split("/").at(-1)} ${args.join(" ")}`);
    counts = add(counts, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
  }
  return counts;
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

function run(file: string, args: readonly string[], extraEnv: Readonly<Record<string, string>> = {}): Promise<number> {
  const env = { ...process.env, ...extraEnv };
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(127));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
