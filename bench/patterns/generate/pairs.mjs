/** Pairs of a pattern and an event, as texts; each with the kind it was made as. */
import { event } from "./events.mjs";
import { textOf } from "./json-text.mjs";
import { oddText, wrongPattern } from "./mistakes.mjs";
import { pattern } from "./patterns.mjs";
import { chanceOf } from "./random.mjs";
import { SMALL } from "./small.mjs";

/** `count` pairs from a seed. */
export function* pairs(count, seed) {
  const chance = chanceOf(seed);
  for (let index = 0; index < count; index += 1) yield { id: `${seed}-${index}`, ...pair(chance) };
}

function pair(chance) {
  return chance.weighted([
    [8, () => made(chance, "general", {})],
    [4, () => made(chance, "small", SMALL)],
    [1.5, () => made(chance, "few keys", { keys: ["a", "b", "c"] })],
    [
      1,
      () =>
        made(chance, "odd keys", { objectKeys: 10, operatorKeys: 6, dottedKeys: 12, emptyKeys: 8, keys: ["a", "b"] }),
    ],
    [1, () => made(chance, "duplicates", { ...SMALL, duplicateKeys: 0.7 })],
    [2, () => wrong(chance)],
    [0.7, () => odd(chance)],
  ]);
}

function made(chance, kind, style) {
  const tree = event(chance, style);
  return { kind, pattern: textOf(pattern(chance, style, tree), chance), event: textOf(tree, chance) };
}

function wrong(chance) {
  const { event: eventText } = made(chance, "general", {});
  return { kind: "wrong pattern", pattern: wrongPattern(chance), event: eventText };
}

function odd(chance) {
  const { pattern: patternText, event: eventText } = made(chance, "general", {});
  if (chance.odds(0.5)) return { kind: "odd pattern", pattern: oddText(chance, patternText), event: eventText };
  return { kind: "odd event", pattern: patternText, event: oddText(chance, eventText) };
}
