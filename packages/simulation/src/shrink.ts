/** Makes a story that fails shorter: leaves acts out for as long as the same promise is broken. */
import type { Breach } from "./invariants.ts";
import type { Act, Story } from "./story.ts";
import { play } from "./world.ts";

/** More tries than this are not worth the wait. */
const MOST_TRIES = 400;

/**
 * The shortest story found that breaks the same promise.
 *
 * @returns it, and what it breaks.
 */
export async function shortest(
  story: Story,
  breach: Breach,
): Promise<{ readonly story: Story; readonly breaches: readonly Breach[] }> {
  let best = { story, breaches: [breach] as readonly Breach[] };
  let tries = 0;
  const isAsBad = async (acts: readonly Act[]): Promise<boolean> => {
    tries += 1;
    const shorter = { ...story, acts };
    const breaches = await breachesWhen(shorter);
    if (!breaches.some(({ promise }) => promise === breach.promise)) return false;
    best = { story: shorter, breaches };
    return true;
  };
  for (
    let size = Math.ceil(story.acts.length / 2);
    size >= 1 && tries < MOST_TRIES;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < best.story.acts.length && tries < MOST_TRIES; ) {
      const { acts } = best.story;
      const isLess = await isAsBad([...acts.slice(0, from), ...acts.slice(from + size)]);
      if (!isLess) from += size;
    }
  }
  return best;
}

/** What a story breaks; that it cannot be played is a breach as well. */
export async function breachesWhen(story: Story): Promise<readonly Breach[]> {
  try {
    return (await play(story)).breaches;
  } catch (error) {
    return [{ promise: "nothing breaks", words: error instanceof Error ? String(error.stack) : String(error) }];
  }
}
