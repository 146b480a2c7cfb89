/**
 * `npm run sim`: the relay through as many stories as wanted. A failure prints its seed, which plays it again, and the
 * shortest story that fails the same way.
 */
import { parseArgs } from "node:util";
import { breachesWhen, shortest } from "./shrink.ts";
import { storyOf } from "./story.ts";
import { tellBreaches, tellStory } from "./tell-story.ts";

const HELP = `npm run sim [-- --seed N] [--runs M]

Plays the whole relay (its store on disk, its pace, its words) against senders, a Slack and a clock that misbehave.
  --seed N   the first story; default 1
  --runs M   how many, one seed after the other; default 1000, or 1 when a seed is given
`;

const { values } = parseArgs({
  options: { seed: { type: "string" }, runs: { type: "string" }, help: { type: "boolean", short: "h" } },
});
if (values.help) process.stdout.write(HELP);
else await simulate(Number(values.seed ?? 1), Number(values.runs ?? (values.seed === undefined ? 1000 : 1)));

async function simulate(first: number, runs: number): Promise<void> {
  const startedAt = performance.now();
  for (let seed = first; seed < first + runs; seed += 1) {
    const story = storyOf(seed);
    const breaches = await breachesWhen(story);
    const [breach] = breaches;
    if (breach === undefined) continue;
    process.stdout.write(`seed ${seed} breaks ${breaches.length} promises\n`);
    const less = await shortest(story, breach);
    process.stdout.write(tellStory(less.story));
    process.stdout.write(tellBreaches(less.breaches));
    process.exitCode = 1;
    return;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${runs} stories from seed ${first} in ${seconds} s: every promise kept\n`);
}
