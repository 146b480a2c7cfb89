/**
 * Stories by the thousand, a new lot of seeds with each change of the story's maker. `npm run sim` plays as many as
 * wanted. Which ones are played depends on nothing but this file; how many, on how fast the machine is, up to a limit.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { breachesWhen, shortest } from "./shrink.ts";
import { storyOf } from "./story.ts";
import { tellBreaches, tellStory } from "./tell-story.ts";

const STORIES = 2000;
const ENOUGH_MS = 150_000;
/** However slow the machine. */
const AT_LEAST = 200;
/** Stories that once failed: what they found stays found. */
const ONCE_FAILED = [27, 50, 61, 90, 104, 159, 165, 175, 194, 221, 611, 711, 1012, 1846, 1937, 11612];

suite("the relay in a hostile world", () => {
  test("stories that once failed", async () => {
    for (const seed of ONCE_FAILED) await playSeed(seed);
  });

  test("new stories: each news is told once, named, in its own channel, within Slack's limits", async (context) => {
    const startedAt = performance.now();
    let played = 0;
    for (; played < STORIES; played += 1) {
      if (played >= AT_LEAST && performance.now() - startedAt > ENOUGH_MS) break;
      await playSeed(10_000 + played);
    }
    context.diagnostic(`${played} stories`);
  });
});

async function playSeed(seed: number): Promise<void> {
  const story = storyOf(seed);
  const [breach] = await breachesWhen(story);
  if (breach === undefined) return;
  const less = await shortest(story, breach);
  assert.fail(`npm run sim -- --seed ${seed}\n${tellStory(less.story)}${tellBreaches(less.breaches)}`);
}
