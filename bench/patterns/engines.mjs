/** The engines that are measured side by side, each as a command line that prints measure.mjs's figures. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLASSES, whyNoOracle } from "./oracle.mjs";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const QUAMINA = join(HERE, "rust", "target", "release", "bench-quamina");
/** One collector thread, as for everybody, and room enough that it is not what is measured. */
const JAVA = ["-Xms2g", "-Xmx6g", "-XX:+UseSerialGC", "-cp", CLASSES, "oracle.Bench"];

/** Everybody's ratio is to this one. */
export const RULER = "event-ruler";

/**
 * @param skip - is told each engine that cannot run here, with the reason.
 * @returns `name` and `command`, to which the rules, the events and the seconds are added.
 */
export function engines(skip) {
  const found = [
    { name: "shirase, text", command: ours("text") },
    { name: "shirase, bytes", command: ours("bytes") },
    { name: "shirase, parsed object", command: ours("value") },
    { name: "JSON.parse alone", command: ours("json-parse"), isFloor: true },
  ];
  const whyNoJava = whyNoOracle();
  if (whyNoJava === undefined) found.push({ name: RULER, command: ["java", ...JAVA] });
  else skip(RULER, whyNoJava);
  const whyNoRust = whyNoQuamina();
  if (whyNoRust === undefined) found.push({ name: "quamina-rs", command: [QUAMINA] });
  else skip("quamina-rs", whyNoRust);
  return found;
}

/** @returns what was measured, each with its version, for the page that shows the figures. */
export function versions() {
  const ruler = /<artifactId>event-ruler<\/artifactId>\s*<version>([^<]+)/.exec(text("oracle/pom.xml"))?.[1];
  const quamina = /quamina = "=([^"]+)"/.exec(text("rust/Cargo.toml"))?.[1];
  const java = /version "([^"]+)"/.exec(spawnSync("java", ["-version"], { encoding: "utf8" }).stderr ?? "")?.[1];
  const rustc = spawnSync("rustc", ["--version"], { encoding: "utf8" }).stdout?.split(" ")[1];
  return { node: process.versions.node, ruler, java, quamina, rustc };
}

function ours(kind) {
  return [process.execPath, "--expose-gc", "--max-old-space-size=6000", join(HERE, "measure.mjs"), kind];
}

function whyNoQuamina() {
  if (existsSync(QUAMINA)) return undefined;
  if (spawnSync("cargo", ["--version"]).status !== 0) return "cargo (Rust) is not on PATH";
  const built = spawnSync("cargo", ["build", "--release", "--quiet"], { cwd: join(HERE, "rust"), encoding: "utf8" });
  return built.status === 0 ? undefined : `"cargo build" failed in bench/patterns/rust:\n${built.stderr}`;
}

function text(file) {
  return readFileSync(join(HERE, file), "utf8");
}
