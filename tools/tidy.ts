/**
 * House rules that no linter knows: what ARCHITECTURE.md names exists, no page links to nowhere, file sizes, no machine
 * paths, no registry addresses, no leftovers. Prints one line per fault with the place and what to do; exit code 1 if there is any.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { deadLinks, type Pages } from "./links.ts";

const ROOT = join(import.meta.dirname, "..");
const LONGEST_FILE_LINES = 400;
const LARGEST_BLOB_BYTES = 1024 * 1024;

type Fault = { readonly where: string; readonly what: string };

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT })
  .toString("utf8")
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(ROOT, file)));

const faults = [...files.flatMap(checkFile), ...checkLinks(), ...checkArchitecture(), ...checkLockfile()];
for (const fault of faults) console.log(`${fault.where}: ${fault.what}`);
process.exitCode = faults.length > 0 ? 1 : 0;

function checkFile(file: string): readonly Fault[] {
  const faults: Fault[] = [];
  const size = statSync(join(ROOT, file)).size;
  if (size > LARGEST_BLOB_BYTES) faults.push({ where: file, what: `${size} bytes; at most ${LARGEST_BLOB_BYTES}` });
  if (!/\.(ts|mjs|js|md|json|yaml|yml|sh)$/.test(file) || file === "package-lock.json") return faults;
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
  for (const [index, line] of lines.entries()) faults.push(...checkLine(`${file}:${index + 1}`, line));
  return [...faults, ...checkLength(file, lines)];
}

/** Tables and generated files are as long as what they list; code and tests that long hide something. */
function checkLength(file: string, lines: readonly string[]): readonly Fault[] {
  const isCode = /^packages\/.*\.ts$/.test(file) && !file.includes("__golden__") && !file.endsWith(".test.ts");
  const isTable = lines.slice(0, 12).some((line) => line.includes("A table:"));
  if (!isCode || isTable || lines.length <= LONGEST_FILE_LINES) return [];
  return [{ where: file, what: `${lines.length} lines; at most ${LONGEST_FILE_LINES}: split it by what it answers` }];
}

function checkLine(where: string, line: string): readonly Fault[] {
  const faults: Fault[] = [];
  if (/(?:^|["'\s(=`])\/(?:work|root|farm)\//.test(line)) faults.push({ where, what: "a path of one machine" });
  if (/\b(?:test|suite|describe|it)\.only\(/.test(line)) faults.push({ where, what: "`.only` left behind" });
  if (/\bFIRST CUT\b|\bTODO\b|\bFIXME\b|\bXXX\b/.test(line) && !where.startsWith("tools/tidy.ts")) {
    faults.push({ where, what: "an unfinished thought: do it, or write it into an issue" });
  }
  return faults;
}

/** Links between pages, to their headings, and to images. A folder counts as there when a file is in it. */
function checkLinks(): readonly Fault[] {
  const folders = new Set(files.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index))));
  const pages: Pages = {
    isThere: (path) => files.includes(path) || folders.has(path.replace(/\/$/, "")),
    read: (path) => readFileSync(join(ROOT, path), "utf8"),
  };
  return files
    .filter((file) => file.endsWith(".md"))
    .flatMap((page) => deadLinks(page, pages).map((link) => ({ ...link, where: `${page}:${link.line}` })))
    .map(({ where, target, why }) => ({ where, what: `links to ${target}, but ${why}` }));
}

/** Every path in ARCHITECTURE.md's code spans must exist, or the map lies. */
function checkArchitecture(): readonly Fault[] {
  const map = "ARCHITECTURE.md";
  if (!existsSync(join(ROOT, map))) return [{ where: map, what: "missing" }];
  const spans = readFileSync(join(ROOT, map), "utf8").matchAll(
    /`((?:packages|tools|docs|examples|bench)\/[\w./@-]+)`/g,
  );
  return [...spans]
    .map((span) => span[1] ?? "")
    .filter((path) => !existsSync(join(ROOT, path)))
    .map((path) => ({ where: map, what: `names ${path}, which does not exist` }));
}

function checkLockfile(): readonly Fault[] {
  const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  if (!/"resolved": "https?:/.test(lock)) return [];
  return [{ where: "package-lock.json", what: "holds addresses: delete them, .npmrc keeps them out" }];
}
