/** event-ruler asked in its own Java: builds oracle/ once with Maven, then answers pairs through a pipe. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("oracle/", import.meta.url));
const JAR = join(FOLDER, "target", "pattern-oracle-1.jar");

/** The class path of everything in oracle/, once {@link whyNoOracle} has said that it is there. */
export const CLASSES = [JAR, join(FOLDER, "target", "lib", "*")].join(delimiter);

/** Makes the oracle ready. @returns why it cannot be asked here, or undefined when it can. */
export function whyNoOracle() {
  if (spawnSync("java", ["-version"]).status !== 0) return "Java 17 or newer is not on PATH";
  if (existsSync(JAR) && !isStale()) return undefined;
  if (spawnSync("mvn", ["-version"]).status !== 0) return "Maven is not on PATH, and the oracle is not built yet";
  const built = spawnSync("mvn", ["-q", "package"], { cwd: FOLDER, encoding: "utf8" });
  return built.status === 0 ? undefined : `"mvn package" failed in bench/patterns/oracle:\n${built.stdout}`;
}

function isStale() {
  const builtAt = statSync(JAR).mtimeMs;
  const sources = ["pom.xml", ...globSync("src/**/*.java", { cwd: FOLDER })];
  return sources.some((file) => statSync(join(FOLDER, file)).mtimeMs > builtAt);
}

/**
 * One JVM answers all pairs.
 *
 * @param machines - how many machines it builds for each pair; where they disagree the answer is {unsteady: true}.
 * @returns the answers, in the order of the pairs.
 */
export async function askOracle(pairs, machines = 1) {
  // Files on both ends: no pipe to fill up while the other side waits.
  const folder = mkdtempSync(join(tmpdir(), "pattern-oracle-"));
  try {
    const [asked, answered] = [join(folder, "asked"), join(folder, "answered")];
    const lines = pairs.map(({ pattern, event }) => `${JSON.stringify({ pattern, event })}\n`);
    writeFileSync(asked, lines.join(""));
    await runJava(["oracle.Oracle", String(machines)], openSync(asked, "r"), openSync(answered, "w"));
    return readFileSync(answered, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runJava(args, from, to) {
  return new Promise((resolve, reject) => {
    const child = spawn("java", ["-Xss4m", "-cp", CLASSES, ...args], { stdio: [from, to, "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`the oracle ended with code ${code}`))));
  });
}
