#!/usr/bin/env node
/**
 * The door to every npm script: installs what is missing, finds the pinned Node, runs the task on it.
 *
 * Plain JavaScript for Node 20, because it is what runs before anything is installed. A second start is quick: the
 * install is skipped while package-lock.json is the one that was installed. Tasks themselves live in tools/*.ts.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, "node_modules", ".installed-lock");
const WANTED_MAJOR = 24;
const TASKS = {
  shirase: ["packages/shirase/src/bin.ts"],
  test: ["tools/test.ts"],
  check: ["tools/test.ts", "static", "unit"],
  unit: ["tools/test.ts", "unit"],
  build: ["tools/build.ts"],
  format: ["tools/format.ts"],
  docs: ["tools/golden.ts"],
  golden: ["tools/golden.ts"],
  record: ["tools/record.ts"],
  "try:deploy": ["tools/try-deploy.ts"],
  sim: ["packages/simulation/src/simulate.ts"],
  "sim:scale": ["packages/simulation/src/simulate-scale.ts"],
  "bench:delivery": ["bench/delivery/run.ts"],
  "bench:aws": ["bench/aws/run.ts"],
  "bench:console": ["bench/console/run.ts"],
  mutate: ["tools/mutate.ts"],
  "bench:patterns": ["bench/patterns/bench.mjs"],
  "fuzz:patterns": ["bench/patterns/differential.mjs"],
};

main(process.argv.slice(2));

function main([task, ...args]) {
  const script = TASKS[task];
  if (!script) fail(`unknown task "${task ?? ""}". Tasks: ${Object.keys(TASKS).join(", ")}`);
  install();
  const [file, ...fixed] = script;
  runOn(pinnedNode(), ["--conditions=@shirase/source", join(ROOT, file), ...fixed, ...args]);
}

/**
 * Installs what the lockfile says, only when it is not the one that was installed last. Not `npm ci`: that refuses a
 * lockfile in which another platform's binary of an optional package is missing, and a registry may lack some.
 */
function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return;
  process.stderr.write("shirase: installing packages, once (about half a minute) ...\n");
  const npm = npmCommand();
  const done = spawnSync(npm.file, [...npm.args, "install", "--no-save", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
  });
  if (done.status !== 0)
    fail(`"npm install" failed (${done.error?.message ?? `exit code ${done.status}`}). Its output is above.`);
  writeFileSync(STAMP, lock);
}

/** npm as it was called, else the one on PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith("npm-cli.js")) return { file: process.execPath, args: [script] };
  return { file: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

/** The Node that the npm package `node` brings; else this one when it is new enough. */
function pinnedNode() {
  const pinned = join(ROOT, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (majorOf(pinned) === WANTED_MAJOR) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= WANTED_MAJOR) return process.execPath;
  // npm may have been told to ignore install scripts; the package's own script is all that is missing.
  const setUp = join(ROOT, "node_modules", "node", "installArchSpecificPackage.js");
  if (existsSync(setUp)) spawnSync(process.execPath, [setUp], { cwd: dirname(setUp), stdio: ["ignore", 2, 2] });
  if (majorOf(pinned) === WANTED_MAJOR) return pinned;
  return fail(
    `Node ${WANTED_MAJOR} is needed; this is ${process.version} and the npm package "node" did not install one here. ` +
      `Install Node ${WANTED_MAJOR} by hand, then run the same command again.`,
  );
}

function majorOf(file) {
  if (!existsSync(file)) return undefined;
  const asked = spawnSync(file, ["-p", "process.versions.node"], { encoding: "utf8" });
  return asked.status === 0 ? Number(asked.stdout.split(".")[0]) : undefined;
}

/** Runs it in the caller's folder, hands signals on, and ends as it ends. */
function runOn(node, args) {
  const env = {
    // What V8 made of the code, for the next start, which takes half as long: its types need not be stripped again.
    NODE_COMPILE_CACHE: join(ROOT, "node_modules", ".cache", "compile"),
    ...process.env,
    PATH: `${dirname(node)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`,
  };
  const child = spawn(node, args, { stdio: "inherit", env });
  // Ctrl-C reaches the child from the terminal itself; the parent only has to outlive it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`could not start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)));
}

function fail(message) {
  process.stderr.write(`shirase: ${message}\n`);
  process.exit(1);
}
