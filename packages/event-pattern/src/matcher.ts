/**
 * Many patterns, one event: which of them match? Each answer is independent of the other patterns and their order, and
 * the same as that of `matches`; only quicker. Patterns that the index is not made for are asked one by one.
 */
import { collectNode, EventValues } from "./event-values.ts";
import type { JsonNode } from "./json.ts";
import { eventNode, matchesNode } from "./match.ts";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern } from "./parse.ts";
import { WantedPaths } from "./path-numbers.ts";
import type { PatternProblem } from "./problem.ts";
import { readQuickly } from "./quick-read.ts";
import { type IndexedRule, RuleIndex } from "./rule-index.ts";
import { countRules, rulesOf } from "./rules.ts";

/** A set of patterns by id. */
export type Matcher = {
  /** Adds a pattern, replacing the one with this id. @returns its problems when it is not valid; then nothing changes. */
  readonly add: (id: string | number, patternText: string) => readonly PatternProblem[];
  /** @returns whether there was one. */
  readonly remove: (id: string | number) => boolean;
  /**
   * The ids of all that match, in the order they were added.
   *
   * @param event - JSON text, its UTF-8 bytes, or the parsed value.
   * @throws TypeError when the event is not a JSON object.
   */
  readonly match: (event: unknown) => readonly (string | number)[];
};

/** One pattern of the set: in the index as rules, or as it is. */
type Entry = {
  readonly id: string | number;
  readonly order: number;
  readonly rules: readonly IndexedRule<Entry>[];
  readonly pattern: Pattern | undefined;
  matchedIn: number;
};

/** A pattern with more is asked by itself: EventBridge takes no more, and each would cost memory. */
const MOST_INDEXED_RULES = 1000;

/** An empty set. */
export function createMatcher(): Matcher {
  const set = new PatternSet();
  return {
    add: (id, patternText) => set.add(id, patternText),
    remove: (id) => set.remove(id),
    match: (event) => set.match(event),
  };
}

class PatternSet {
  readonly #entries = new Map<string | number, Entry>();
  readonly #unindexed = new Set<Entry>();
  readonly #paths = new WantedPaths();
  readonly #index = new RuleIndex<Entry>(this.#paths);
  readonly #values = new EventValues();
  #added = 0;
  #event = 0;

  add(id: string | number, patternText: string): readonly PatternProblem[] {
    const read = parsePattern(patternText);
    if ("problems" in read) return read.problems;
    const before = this.#entries.get(id);
    if (before) this.#forget(before);
    this.#added += 1;
    const entry = this.#entryOf(id, before?.order ?? this.#added, read.pattern);
    this.#entries.set(id, entry);
    return [];
  }

  remove(id: string | number): boolean {
    const entry = this.#entries.get(id);
    if (entry) this.#forget(entry);
    return this.#entries.delete(id);
  }

  match(event: unknown): readonly (string | number)[] {
    const node = this.#read(event);
    this.#event += 1;
    const found: Entry[] = [];
    for (const entry of this.#index.match(this.#values)) {
      if (entry.matchedIn !== this.#event) found.push(entry);
      entry.matchedIn = this.#event;
    }
    if (this.#unindexed.size > 0) {
      const whole = node ?? eventNode(event);
      for (const entry of this.#unindexed) if (entry.pattern && matchesNode(entry.pattern, whole)) found.push(entry);
    }
    if (found.length > 1) found.sort((a, b) => a.order - b.order);
    return found.map(({ id }) => id);
  }

  /** Collects the wanted values. @returns the event as a node if that had to be made. */
  #read(event: unknown): JsonNode | undefined {
    this.#values.clear();
    if (readQuickly(event, this.#paths.root, this.#values)) return undefined;
    this.#values.clear();
    const node = eventNode(event);
    collectNode(this.#values, node, this.#paths.root);
    return node;
  }

  #entryOf(id: string | number, order: number, pattern: Pattern): Entry {
    const isIndexed = !pattern.paths.some(hasEmptyName) && countRules(pattern.steps) <= MOST_INDEXED_RULES;
    const rules: IndexedRule<Entry>[] = [];
    const entry: Entry = { id, order, rules, pattern: isIndexed ? undefined : pattern, matchedIn: 0 };
    if (isIndexed) for (const rule of rulesOf(pattern)) rules.push(this.#index.add(entry, rule));
    else this.#unindexed.add(entry);
    return entry;
  }

  #forget(entry: Entry): void {
    this.#unindexed.delete(entry);
    for (const rule of entry.rules) this.#index.remove(rule);
  }
}

/** Such a path changes what its pattern sees (SEMANTICS.md, "Keys"), so it cannot share its reading with others. */
function hasEmptyName(path: string): boolean {
  return path === "" || path.startsWith(".") || path.endsWith(".") || path.includes("..");
}
