/**
 * How fast is `@shirase/event-pattern`, beside AWS's own event-ruler (Java) and quamina-rs (Rust), in one run on this
 * machine? What cannot run here is skipped, and said.
 *
 *   npm run bench:patterns
 *   npm run bench:patterns -- --rules 1,1000 --rounds 1 --seconds 1
 *   npm run bench:patterns -- --only speed,hostile,bundle
 *   npm run bench:patterns -- --write      (docs/benchmarks.md and the package's README too)
 *
 * Rounds take turns among the engines, so that a machine that slows down does so for all; the median round counts. On
 * Linux each engine is bound to one processor (`--cpu 1`).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleSizes } from "./bundle.mjs";
import { engines, RULER } from "./engines.mjs";
import { securityHubEvents } from "./generate/security-hub-events.mjs";
import { tenantRules } from "./generate/tenant-rules.mjs";
import { hostileCurves } from "./hostile.mjs";
import { addTable, bundleTable, hostileTable, ratioTable, speedTable, writePages } from "./page.mjs";

const CACHE = fileURLToPath(new URL("../../.cache/bench-patterns/", import.meta.url));
const EVENTS = 10_000;
/** The slowest engine adds 100,000 rules in half a minute on a busy machine. */
const LONGEST_MS = 240_000;

const options = optionsOf(process.argv.slice(2));
const skipped = [];
const sections = {};
// The quick ones first.
if (options.only.includes("hostile")) sections.hostile = hostileTable(hostileCurves());
if (options.only.includes("bundle")) {
  const sizes = bundleSizes();
  if (sizes.skipped) skip("bundle sizes", sizes.skipped);
  else sections.bundle = bundleTable(sizes);
}
if (options.only.includes("speed")) {
  measureAll(options, (results, round) => {
    sections.speed = speedTable(results, options.rules);
    sections.add = addTable(results, options.rules);
    sections.ratios = ratioTable(results, options.rules);
    if (options.write) writePages(sections, { ...options, rounds: round });
  });
} else if (options.write) writePages(sections, options);
for (const table of Object.values(sections)) print(`\n${table}`);
for (const { name, why } of skipped) print(`\nSKIPPED ${name}: ${why}`);

/**
 * @param onRound - is called after each round.
 * @returns for each engine and number of rules the median figures so far; none where it did not end well.
 */
function measureAll(asked, onRound) {
  const all = engines(skip);
  const figures = new Map(all.map(({ name }) => [name, new Map(asked.rules.map((count) => [count, []]))]));
  const results = new Map(all.map(({ name }) => [name, new Map()]));
  for (let round = 1; round <= asked.rounds; round += 1) {
    for (const count of asked.rules) measureOnce(all, figures, count, asked);
    for (const [name, byRules] of figures) {
      for (const [count, ones] of byRules) if (ones.length > 0) results.get(name).set(count, medians(ones));
    }
    onRound(results, round);
  }
  for (const count of asked.rules) compareAnswers(results, count);
  return results;
}

function measureOnce(all, figures, count, { rules, seconds, cpu }) {
  const events = file("events.jsonl", () => securityHubEvents(EVENTS));
  const ruleFile = file(`rules-${count}.jsonl`, () => tenantRules(count).map((rule) => JSON.stringify(rule)));
  for (const { name, command, isFloor } of all) {
    const what = `${name} at ${count} rules`;
    if ((isFloor && count !== rules[0]) || skipped.some((one) => one.name === what)) continue;
    const measured = measure([...command, ruleFile, events, String(seconds)], cpu);
    if (measured) figures.get(name).get(count).push(measured);
    else skip(what, "it ended with an error or took too long");
    process.stderr.write(`${what}: ${measured?.eventsPerSecond ?? "-"}\n`);
  }
}

function measure(command, cpu) {
  const [program, ...args] = isLinux() ? ["taskset", "-c", String(cpu), ...command] : command;
  const done = spawnSync(program, args, { encoding: "utf8", timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 });
  return done.status === 0 ? JSON.parse(done.stdout.trim().split("\n").at(-1)) : undefined;
}

function isLinux() {
  return process.platform === "linux" && spawnSync("taskset", ["-V"]).status === 0;
}

function medians(ones) {
  const median = (name) => {
    const sorted = ones.map((one) => one[name]).sort((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  };
  const { matches, of } = ones[0];
  return {
    ...Object.fromEntries(["eventsPerSecond", "addMicros", "ruleBytes"].map((n) => [n, median(n)])),
    matches,
    of,
  };
}

/** Engines that saw as many events must have found as many matches as event-ruler; who did not is named. */
function compareAnswers(results, count) {
  const want = results.get(RULER)?.get(count);
  if (want === undefined) return;
  for (const [name, byRules] of results) {
    const one = byRules.get(count);
    if (one === undefined || one.of !== want.of || one.matches === want.matches || name.startsWith("JSON")) continue;
    print(`DIFFERENT ANSWERS at ${count} rules: ${name} finds ${one.matches} matches, ${RULER} ${want.matches}`);
  }
}

/** A file in the cache, made when it is not there. */
function file(name, lines) {
  const path = join(CACHE, name);
  mkdirSync(CACHE, { recursive: true });
  if (!existsSync(path)) writeFileSync(path, `${lines().join("\n")}\n`);
  return path;
}

function skip(name, why) {
  skipped.push({ name, why });
  process.stderr.write(`SKIPPED ${name}: ${why}\n`);
}

function optionsOf(args) {
  const after = (flag, otherwise) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : otherwise);
  return {
    rules: after("--rules", "1,100,1000,10000,100000").split(",").map(Number),
    rounds: Number(after("--rounds", "3")),
    seconds: Number(after("--seconds", "2")),
    cpu: Number(after("--cpu", "0")),
    only: after("--only", "speed,hostile,bundle").split(","),
    write: args.includes("--write"),
  };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
