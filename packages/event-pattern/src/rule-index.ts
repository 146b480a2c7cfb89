/**
 * Thousands of rules asked at once. Each rule waits at one of its fields, the one that holds least often; an event
 * wakes the rules at the values it has, and only those are looked at. Fields that rules have in common are looked at
 * once for an event.
 *
 * Whether fields hold in the same element of an array is rule.ts's question, asked only where it can matter.
 */
import type { EventValues } from "./event-values.ts";
import type { Element, Fields, Placed } from "./fields.ts";
import type { Leaf } from "./matcher-types.ts";
import { holds, type Predicate, Predicates } from "./predicates.ts";
import { ruleHolds } from "./rule.ts";
import type { Rule } from "./rules.ts";

/** Numbers for paths, handed out by the owner of the tree of paths. */
export type PathNumbers = { readonly use: (path: string) => number; readonly release: (path: string) => void };

/** One rule in the index, with what it belongs to. */
export type IndexedRule<Owner> = {
  readonly owner: Owner;
  /** Once it waits: those that hold least often come first. */
  leaves: readonly SharedLeaf<Owner>[];
  /** Where it waits; undefined when it has to be looked at for every event. */
  waitsAt: SharedLeaf<Owner> | undefined;
  seenIn: number;
};

/**
 * The rules that wait at one value, by one more field that they have in common: unless that guard holds, none of them
 * is looked at. Lists side by side, because most guards say no and then nothing else is touched.
 */
type Watch<Owner> = {
  /** Their marks; {@link NO_MARK} for those that must be asked. */
  readonly marks: number[];
  readonly guards: (SharedLeaf<Owner> | undefined)[];
  readonly rules: IndexedRule<Owner>[][];
  readonly places: Map<SharedLeaf<Owner> | undefined, number>;
};

/** A field with its alternatives, as often as it stands in rules. */
type SharedLeaf<Owner> = {
  readonly key: string;
  readonly leaf: Leaf;
  readonly path: number;
  readonly predicates: readonly Predicate<Watch<Owner>>[];
  readonly wantsAbsence: boolean;
  /** Set in every event in which it holds, if its values are found by value; else {@link NO_MARK}. */
  readonly mark: number;
  users: number;
  answeredIn: number;
  answer: Answer;
};

/** `perhaps`: it wants absence, there are values, and elements of arrays decide. */
type Answer = "no" | "yes" | "perhaps";

const NO_MARK = -1;

/** Rules of many owners. */
export class RuleIndex<Owner> {
  readonly #paths: PathNumbers;
  readonly #predicates = new Predicates<Watch<Owner>>();
  readonly #leaves = new Map<string, SharedLeaf<Owner>>();
  /** Added since the last event; only then is it known what is rare. */
  #waiting = new Set<IndexedRule<Owner>>();
  readonly #always = new Set<IndexedRule<Owner>>();
  #event = 0;

  constructor(paths: PathNumbers) {
    this.#paths = paths;
  }

  add(owner: Owner, rule: Rule): IndexedRule<Owner> {
    const leaves = [...rule].map((leaf) => this.#useLeaf(leaf));
    const indexed: IndexedRule<Owner> = { owner, leaves, waitsAt: undefined, seenIn: 0 };
    this.#waiting.add(indexed);
    return indexed;
  }

  remove(rule: IndexedRule<Owner>): void {
    this.#waiting.delete(rule);
    this.#always.delete(rule);
    for (const predicate of rule.waitsAt?.predicates ?? []) this.#unwatch(predicate, rule);
    for (const leaf of rule.leaves) this.#releaseLeaf(leaf);
  }

  /** The owners of the rules that hold for the event; one may be there several times. */
  match(values: EventValues): readonly Owner[] {
    this.#settle();
    this.#event += 1;
    const found: Owner[] = [];
    const event = new IndexedEvent(values, this.#event);
    for (const watch of this.#predicates.meet(values, this.#event)) this.#wake(watch, event, found);
    if (this.#always.size > 0) matchAll([...this.#always], event, found);
    return found;
  }

  #wake(watch: Watch<Owner>, event: IndexedEvent, found: Owner[]): void {
    const { marks: isMarked } = this.#predicates;
    const { marks, guards, rules } = watch;
    for (let place = 0; place < marks.length; place += 1) {
      const mark = marks[place] ?? NO_MARK;
      if (mark !== NO_MARK && !isMarked.isSet(mark, event.number)) continue;
      const guard = mark === NO_MARK ? guards[place] : undefined;
      if (guard === undefined || leafAnswer(guard, event) !== "no") matchAll(rules[place] ?? [], event, found);
    }
  }

  #settle(): void {
    if (this.#waiting.size === 0) return;
    for (const rule of this.#waiting) {
      const rated = rule.leaves.map((leaf) => ({ leaf, odds: this.#oddsOf(leaf) })).sort((a, b) => a.odds - b.odds);
      rule.leaves = rated.map(({ leaf }) => leaf);
      const place = rule.leaves.find(({ mark }) => mark !== NO_MARK) ?? rule.leaves.find((leaf) => !leaf.wantsAbsence);
      rule.waitsAt = place;
      if (place === undefined) this.#always.add(rule);
      for (const predicate of place?.predicates ?? []) this.#watch(predicate, rule);
    }
    this.#waiting = new Set();
  }

  #dropLeaf(leaf: SharedLeaf<Owner>): void {
    this.#leaves.delete(leaf.key);
    if (leaf.mark === NO_MARK) return;
    this.#predicates.marks.release(leaf.mark);
    for (const { marks } of leaf.predicates) dropAt(marks, marks.indexOf(leaf.mark));
  }

  /** How often the leaf may hold; more than one at worst. */
  #oddsOf({ predicates, wantsAbsence }: SharedLeaf<Owner>): number {
    const odds = predicates.reduce((sum, predicate) => sum + this.#predicates.likelihood(predicate), 0);
    return wantsAbsence ? odds + 1 : odds;
  }

  #watch(predicate: Predicate<Watch<Owner>>, rule: IndexedRule<Owner>): void {
    const guard = guardOf(rule);
    const watch: Watch<Owner> = predicate.watch ?? { marks: [], guards: [], rules: [], places: new Map() };
    const place = watch.places.get(guard) ?? watch.places.size;
    if (place < watch.guards.length) watch.rules[place]?.push(rule);
    else {
      watch.places.set(guard, place);
      watch.marks.push(guard?.mark ?? NO_MARK);
      watch.guards.push(guard);
      watch.rules.push([rule]);
    }
    if (predicate.watch === undefined) this.#predicates.setWatch(predicate, watch);
  }

  #unwatch(predicate: Predicate<Watch<Owner>>, rule: IndexedRule<Owner>): void {
    const { watch } = predicate;
    const place = watch?.places.get(guardOf(rule));
    const rules = place === undefined ? undefined : watch?.rules[place];
    if (watch === undefined || place === undefined || rules === undefined) return;
    dropAt(rules, rules.indexOf(rule));
    if (rules.length > 0) return;
    watch.places.delete(guardOf(rule));
    dropAt(watch.marks, place);
    dropAt(watch.guards, place);
    dropAt(watch.rules, place);
    if (watch.guards.length === 0) this.#predicates.setWatch(predicate, undefined);
    else if (place < watch.guards.length) watch.places.set(watch.guards[place], place);
  }

  #useLeaf(leaf: Leaf): SharedLeaf<Owner> {
    const path = this.#paths.use(leaf.path);
    const present = leaf.alternatives.filter((alternative) => alternative.op !== "exists" || alternative.wanted);
    const predicates = [...new Set(present.map((alternative) => this.#predicates.use(path, alternative)))];
    const wantsAbsence = present.length < leaf.alternatives.length;
    const numbers = predicates.map((predicate) => predicate.number).sort((a, b) => a - b);
    const key = `${path} ${wantsAbsence} ${numbers.join(" ")}`;
    const known = this.#leaves.get(key);
    if (known !== undefined) {
      known.users += 1;
      return known;
    }
    const isFound = !wantsAbsence && predicates.every(({ isExact }) => isExact);
    const mark = isFound ? this.#predicates.marks.use() : NO_MARK;
    if (isFound) for (const predicate of predicates) predicate.marks.push(mark);
    const made: SharedLeaf<Owner> = {
      key,
      leaf,
      path,
      predicates,
      wantsAbsence,
      mark,
      users: 1,
      answeredIn: 0,
      answer: "no",
    };
    this.#leaves.set(key, made);
    return made;
  }

  #releaseLeaf(leaf: SharedLeaf<Owner>): void {
    leaf.users -= 1;
    if (leaf.users === 0) this.#dropLeaf(leaf);
    for (const predicate of leaf.predicates) this.#predicates.release(predicate);
    this.#paths.release(leaf.leaf.path);
  }
}

/** The first field that a rule is asked for, besides the one at which it waits. */
function guardOf<Owner>(rule: IndexedRule<Owner>): SharedLeaf<Owner> | undefined {
  return rule.leaves.find((leaf) => leaf !== rule.waitsAt);
}

/** Puts the last item in its place. */
function dropAt<T>(list: T[], at: number): void {
  list.copyWithin(at, list.length - 1);
  list.pop();
}

function matchAll<Owner>(rules: readonly IndexedRule<Owner>[], event: IndexedEvent, found: Owner[]): void {
  for (const rule of rules) {
    if (rule.seenIn === event.number) continue;
    rule.seenIn = event.number;
    if (ruleMatches(rule, event)) found.push(rule.owner);
  }
}

function ruleMatches<Owner>(rule: IndexedRule<Owner>, event: IndexedEvent): boolean {
  const { leaves } = rule;
  let isSure = true;
  for (const leaf of leaves) {
    const answer = leafAnswer(leaf, event);
    if (answer === "no") return false;
    if (answer === "perhaps") isSure = false;
  }
  if (isSure && (event.values.isSimple || leaves.length === 1 || inOneElement(leaves, event.values))) return true;
  const chosen = leaves.map(({ leaf }) => leaf);
  return ruleHolds(chosen, event.fieldsFor(leaves));
}

/** Are all values of these fields in one element, or in those around it? Then the fields cannot disagree. */
function inOneElement<Owner>(leaves: readonly SharedLeaf<Owner>[], values: EventValues): boolean {
  let innermost: Element | undefined;
  for (const { path } of leaves) {
    const value = values.at(path);
    if (value?.isUniform === false) return false;
    const element = value?.element;
    if (isWithin(innermost, element)) continue;
    if (!isWithin(element, innermost)) return false;
    innermost = element;
  }
  return true;
}

/** Is it the outer element, or inside it? Everything is inside no element. */
function isWithin(element: Element | undefined, outer: Element | undefined): boolean {
  let around = element;
  while (around !== undefined && around !== outer) around = around.within;
  return around === outer;
}

function leafAnswer<Owner>(leaf: SharedLeaf<Owner>, event: IndexedEvent): Answer {
  if (leaf.answeredIn === event.number) return leaf.answer;
  leaf.answeredIn = event.number;
  leaf.answer = askLeaf(leaf, event);
  return leaf.answer;
}

function askLeaf<Owner>({ predicates, path, wantsAbsence }: SharedLeaf<Owner>, event: IndexedEvent): Answer {
  for (const predicate of predicates) if (holds(predicate, event.values, event.number)) return "yes";
  if (!wantsAbsence) return "no";
  if (event.values.at(path) === undefined) return "yes";
  return event.values.isSimple ? "no" : "perhaps";
}

/** One event while it is matched. */
class IndexedEvent {
  readonly values: EventValues;
  readonly number: number;
  #fields: Map<string, readonly Placed[]> | undefined;

  constructor(values: EventValues, number: number) {
    this.values = values;
    this.number = number;
  }

  /** The values as rule.ts wants them, listed when somebody asks. */
  fieldsFor<Owner>(leaves: readonly SharedLeaf<Owner>[]): Fields<Placed> {
    this.#fields ??= new Map();
    for (const { leaf, path } of leaves) {
      if (this.#fields.has(leaf.path)) continue;
      const values: Placed[] = [];
      for (let value = this.values.at(path); value !== undefined; value = value.next) values.push(value);
      this.#fields.set(leaf.path, values);
    }
    return this.#fields;
  }
}
