/**
 * Made-up pairs, answered by event-ruler (Java) and by us; prints where the answers differ.
 *
 *   npm run fuzz:patterns -- [--pairs 20000] [--seed N] [--show 20]
 *
 * Without a seed each run makes other pairs; the seed is printed, and makes the same pairs again.
 *
 * A difference is asked again in several JVMs that build many machines each: where event-ruler does not agree with
 * itself it is left out. What is left is counted by the accident it is known to be (accidents.mjs); any other is a
 * fault of ours, and the exit code is 1. Opt-in: without Java and Maven it says so and checks nothing.
 */
import { accidentOf, disturbed } from "./accidents.mjs";
import { pairs } from "./generate/pairs.mjs";
import { askOracle, whyNoOracle } from "./oracle.mjs";
import { create } from "./shirase.mjs";

const JVMS = 3;
const MACHINES = 60;

const options = optionsOf(process.argv.slice(2));
const obstacle = whyNoOracle();
if (obstacle) print(`SKIPPED, nothing was compared: ${obstacle}`);
else await main(options);

async function main({ count, seed, show }) {
  const asked = [...pairs(count, seed)];
  const answers = await askOracle(asked);
  const suspects = asked
    .map((pair, index) => ({ pair, want: wanted(answers[index]), got: ourAnswer(pair) }))
    .filter(({ want, got }) => !isSame(got, want) || !isAlike(got, want));
  const steady = await withoutUnsteady(suspects);
  const byDisturbance = await disturbed(steady, askOracle);
  const found = steady.map((one) => ({
    ...one,
    accident: accidentOf(one) ?? (byDisturbance.has(one.pair) ? "its alternatives disturb each other" : undefined),
  }));
  const faults = found.filter(({ accident }) => accident === undefined);
  print(`seed ${seed}: ${count} pairs, ${summary(answers)}`);
  print(`event-ruler disagrees with itself: ${suspects.length - steady.length}`);
  for (const [name, ones] of groups(found)) print(`known: ${name}: ${ones.length}`);
  print(`other differences: ${faults.length}`);
  for (const { pair, want, got } of faults.slice(0, show)) print(JSON.stringify({ ...pair, want, got }));
  process.exitCode = faults.length > 0 ? 1 : 0;
}

/** The refusal of the compiler of today counts, also where Machine.addRule falls back to the older one. */
function wanted({ strict, ...answer }) {
  return strict === undefined ? answer : { error: strict, phase: "pattern" };
}

function ourAnswer({ pattern, event }) {
  const engine = create();
  try {
    engine.add("r", pattern);
  } catch (error) {
    return { error: error.message, phase: "pattern" };
  }
  try {
    return { match: engine.match(event).length > 0 };
  } catch (error) {
    return { error: error.message, phase: "event" };
  }
}

function isSame(got, want) {
  if (want.error === undefined) return got.match === want.match;
  return got.error !== undefined && got.phase === want.phase;
}

/** Refusals begin with the same words. */
function isAlike(got, want) {
  return want.error === undefined || got.error === undefined || got.error.startsWith(want.error.slice(0, 20));
}

async function withoutUnsteady(suspects) {
  if (suspects.length === 0) return suspects;
  const runs = await Promise.all(
    Array.from({ length: JVMS }, () =>
      askOracle(
        suspects.map(({ pair }) => pair),
        MACHINES,
      ),
    ),
  );
  return suspects.filter(({ want }, index) =>
    runs.every((answers) => JSON.stringify(wanted(answers[index])) === JSON.stringify(want)),
  );
}

function summary(answers) {
  const count = (isSuch) => answers.filter(isSuch).length;
  const errors = count((answer) => wanted(answer).error !== undefined);
  const matched = count((answer) => answer.match === true && answer.strict === undefined);
  return `${matched} match, ${errors} refused, ${answers.length - matched - errors} do not match`;
}

function groups(found) {
  const byName = new Map();
  for (const one of found) {
    if (one.accident !== undefined) byName.set(one.accident, [...(byName.get(one.accident) ?? []), one]);
  }
  return byName;
}

function optionsOf(args) {
  const numberAfter = (flag, otherwise) => (args.includes(flag) ? Number(args[args.indexOf(flag) + 1]) : otherwise);
  return {
    count: numberAfter("--pairs", 20_000),
    seed: numberAfter("--seed", Date.now() % 2 ** 31),
    show: numberAfter("--show", 20),
  };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
