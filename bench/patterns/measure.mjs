/**
 * One engine, one set of rules, in a process of its own: how many events a second, and what a rule costs to add.
 *
 *   node --expose-gc measure.mjs text|bytes|value|json-parse RULES.jsonl EVENTS.jsonl SECONDS
 *
 * Prints one JSON line of figures, the same as oracle.Bench (Java) and rust/. First every event once, to count the
 * matches; then the time given, to warm up; then four windows of a quarter of it, of which the middle counts. What an
 * engine puts off to its first event belongs to adding. Time is processor time of the thread that works, so that what
 * else the machine does is not in it, and no compiler's or collector's thread of any engine.
 */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { create } from "./shirase.mjs";

const WINDOWS = 4;
const BETWEEN_LOOKS_AT_THE_CLOCK = 64;

await main(process.argv.slice(2));

async function main([kind, rulesFile, eventsFile, seconds]) {
  const rules = linesOf(rulesFile).map((line) => JSON.parse(line));
  // Each event a string of its own, as it would arrive: a piece of one long string would keep all of it.
  const events = linesOf(eventsFile).map((line) => inputOf(kind, Buffer.from(line)));
  const before = await usedBytes();
  const startedAt = threadMillis();
  const match = kind === "json-parse" ? parseAlone : built(rules, events[0]);
  const addMicros = ((threadMillis() - startedAt) * 1000) / rules.length;
  const ruleBytes = ((await usedBytes()) - before) / rules.length;
  const counted = firstPass(match, events, Number(seconds));
  const eventsPerSecond = speed(match, events, Number(seconds));
  const figures = { addMicros, ruleBytes, eventsPerSecond };
  const rounded = Object.entries(figures).map(([name, figure]) => [name, Number(figure.toFixed(2))]);
  process.stdout.write(`${JSON.stringify({ ...Object.fromEntries(rounded), ...counted })}\n`);
}

function linesOf(file) {
  return readFileSync(file, "utf8").trim().split("\n");
}

function inputOf(kind, bytes) {
  if (kind === "bytes") return bytes;
  return kind === "value" ? JSON.parse(bytes.toString("utf8")) : bytes.toString("utf8");
}

function built(rules, event) {
  const engine = create();
  for (const { id, pattern } of rules) engine.add(id, pattern);
  engine.match(event);
  return (one) => engine.match(one).length;
}

/** Not an engine: what everybody pays who parses first. */
function parseAlone(text) {
  return JSON.parse(text).detail === undefined ? 1 : 0;
}

function threadMillis() {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

/** Bytes outside of the heap are given back a little after the collector found them. */
async function usedBytes() {
  for (let time = 0; time < 4; time += 1) {
    globalThis.gc?.();
    await setTimeout(30);
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

function firstPass(match, events, seconds) {
  const end = performance.now() + seconds * 3000;
  let matches = 0;
  for (const [index, event] of events.entries()) {
    matches += match(event);
    if (performance.now() > end) return { matches, of: index + 1 };
  }
  return { matches, of: events.length };
}

function speed(match, events, seconds) {
  let next = 0;
  const run = (time) => {
    const startedAt = threadMillis();
    let done = 0;
    while (threadMillis() - startedAt < time * 1000) {
      for (let index = 0; index < BETWEEN_LOOKS_AT_THE_CLOCK; index += 1) {
        match(events[next]);
        next = (next + 1) % events.length;
      }
      done += BETWEEN_LOOKS_AT_THE_CLOCK;
    }
    return (done * 1000) / (threadMillis() - startedAt);
  };
  run(seconds);
  const rates = Array.from({ length: WINDOWS }, () => run(seconds / WINDOWS)).sort((a, b) => a - b);
  return (rates[1] + rates[2]) / 2;
}
