/**
 * Scores an engine against event-ruler's answers.
 *
 *   node bench/patterns/score.mjs ADAPTER.mjs CORPUS.jsonl.gz [--merged] [--show N]
 *
 * Pair by pair: a fresh engine for each. With --merged all valid patterns are in ONE engine as well, each event is
 * matched against all of them, and only its own pattern is looked at: an answer must not depend on the neighbours.
 *
 * A row of a corpus: id, tags, pattern and event (JSON as text, so that spelling survives), want, sometimes alsoOk.
 * "core" leaves out what event-ruler does by accident: rows tagged `quirk:*` and rows with two right answers. An
 * adapter exports `name`, `input` ("string" or "buffer") and `create()`, see shirase.mjs. Exit code 1 if any is wrong.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

if (isMain()) await main(process.argv.slice(2));

async function main(args) {
  const [adapterFile, corpusFile, ...options] = args;
  if (!adapterFile || !corpusFile) {
    process.stderr.write("usage: node score.mjs ADAPTER.mjs CORPUS.jsonl.gz [--merged] [--show N]\n");
    process.exit(2);
  }
  const engine = await import(pathToFileURL(resolve(adapterFile)).href);
  const rows = readCorpus(corpusFile);
  const scored = scorePairs(engine, rows);
  print(report(engine.name, scored, options.includes("--show") ? Number(options[options.indexOf("--show") + 1]) : 5));
  if (options.includes("--merged")) print(mergedReport(scoreMerged(engine, rows)));
  process.exitCode = scored.every(({ good }) => good) ? 0 : 1;
}

/** @returns the rows of a gzipped file of JSON lines. */
export function readCorpus(file) {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Each row alone: its answer and whether that is a right one. */
export function scorePairs(engine, rows) {
  return rows.map((row) => {
    const got = answer(engine, row);
    return { row, got, good: isSame(got, row.want) || isSame(got, row.alsoOk), quirk: isQuirk(row) };
  });
}

/** All valid patterns in one engine: the rows whose answer is another than it was for the row alone. */
export function scoreMerged(engine, rows) {
  const valid = rows.filter((row) => row.want.match !== undefined);
  const together = engine.create();
  for (const row of valid) {
    try {
      together.add(row.id, row.pattern);
    } catch {
      // Refused: counted pair by pair, and no match here.
    }
  }
  together.ready?.();
  const wrong = valid.filter((row) => isHit(together.match(inputOf(engine, row.event)), row.id) !== row.want.match);
  return { of: valid.length, wrong };
}

function answer(engine, row) {
  const alone = engine.create();
  try {
    alone.add("r", row.pattern);
    alone.ready?.();
  } catch (error) {
    return { error: String(error.message ?? error), phase: "pattern" };
  }
  try {
    return { match: isHit(alone.match(inputOf(engine, row.event)), "r") };
  } catch (error) {
    return { error: String(error.message ?? error), phase: "event" };
  }
}

function inputOf(engine, text) {
  return engine.input === "buffer" ? Buffer.from(text) : text;
}

/** An engine answers with ids, or with how many there are. */
function isHit(result, id) {
  return typeof result === "number" ? result > 0 : [...result].includes(id);
}

function isSame(got, want) {
  if (want === undefined) return false;
  if (want.error === undefined) return got.match === want.match;
  return got.error !== undefined && got.phase === want.phase;
}

function isQuirk(row) {
  return row.alsoOk !== undefined || row.tags.some((tag) => tag.startsWith("quirk:"));
}

function report(name, scored, show) {
  const wrong = scored.filter(({ good }) => !good).sort((a, b) => Number(a.quirk) - Number(b.quirk));
  const errors = scored.filter(({ row, got }) => row.want.error !== undefined && got.error !== undefined);
  const alike = errors.filter(({ row, got }) => got.error.startsWith(row.want.error.slice(0, 20)));
  const count = (isSuch) => wrong.filter(({ row, got }) => isSuch(row.want, got)).length;
  return [
    `${name}: ${share(scored)}; error texts alike ${alike.length}/${errors.length}`,
    `core ${share(scored.filter(({ quirk }) => !quirk))}, quirk ${share(scored.filter(({ quirk }) => quirk))}`,
    `false matches ${count((want, got) => want.match === false && got.match === true)}, ` +
      `missed ${count((want, got) => want.match === true && got.match === false)}, ` +
      `accepted invalid ${count((want, got) => want.error !== undefined && got.match !== undefined)}, ` +
      `refused valid ${count((want, got) => want.error === undefined && got.error !== undefined)}`,
    `wrong by tag: ${byTag(scored) || "none"}`,
    ...wrong.slice(0, show).map(({ row, got }) => JSON.stringify({ ...row, got }).slice(0, 900)),
  ];
}

function share(scored) {
  const good = scored.filter((one) => one.good).length;
  return `${good}/${scored.length} = ${((100 * good) / Math.max(1, scored.length)).toFixed(3)}%`;
}

function byTag(scored) {
  const tags = new Map();
  for (const { row, good } of scored) {
    for (const tag of row.tags) {
      const { of, wrong } = tags.get(tag) ?? { of: 0, wrong: 0 };
      tags.set(tag, { of: of + 1, wrong: wrong + (good ? 0 : 1) });
    }
  }
  return [...tags]
    .filter(([, { wrong }]) => wrong > 0)
    .sort(([, a], [, b]) => b.wrong - a.wrong)
    .map(([tag, { of, wrong }]) => `${tag} ${wrong}/${of}`)
    .join(", ");
}

function mergedReport({ of, wrong }) {
  const good = of - wrong.length;
  const ids = wrong.slice(0, 10).map(({ id }) => id);
  return [`merged: ${good}/${of} = ${((100 * good) / of).toFixed(3)}%; first wrong ids ${ids.join(", ") || "none"}`];
}

function print(lines) {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function isMain() {
  return process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href;
}
