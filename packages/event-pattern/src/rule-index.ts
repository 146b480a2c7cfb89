/**
 * Thousands of rules asked at once. Each rule waits at one of its fields, the one that fewest rules share; an event
 * wakes the rules at the values it has, and only those are looked at. Fields that rules have in common are looked at
 * once for an event.
 *
 * Whether fields hold in the same element of an array is match.ts's question, asked only where it can matter.
 */
import type { Element, EventValues, SeenValue } from "./event-values.ts";
import type { Fields, Membership, Value } from "./fields.ts";
import { ruleHolds } from "./match.ts";
import type { Leaf } from "./matcher-types.ts";
import { holds, type Predicate, Predicates } from "./predicates.ts";
import type { Rule } from "./rules.ts";

/** Numbers for paths, handed out by the owner of the tree of paths. */
export type PathNumbers = { readonly use: (path: string) => number; readonly release: (path: string) => void };

/** One rule in the index, with what it belongs to. */
export type IndexedRule<Owner> = {
  readonly owner: Owner;
  /** Once it waits: those that decide most often come first. */
  leaves: readonly SharedLeaf<Owner>[];
  /** Where it waits; undefined when it has to be looked at for every event. */
  waitsAt: SharedLeaf<Owner> | undefined;
  seenIn: number;
};

/** Rules that wait at one value and have one more field in common: unless that holds, none is looked at. */
type Group<Owner> = { readonly guard: SharedLeaf<Owner> | undefined; readonly rules: IndexedRule<Owner>[] };

/** The rules that wait at one value. */
type Watch<Owner> = {
  readonly groups: Group<Owner>[];
  readonly byGuard: Map<SharedLeaf<Owner> | undefined, Group<Owner>>;
};

/** A field with its alternatives, as often as it stands in rules. */
type SharedLeaf<Owner> = {
  readonly key: string;
  readonly leaf: Leaf;
  readonly path: number;
  readonly predicates: readonly Predicate<Watch<Owner>>[];
  readonly wantsAbsence: boolean;
  users: number;
  answeredIn: number;
  answer: Answer;
};

/** `perhaps`: it wants absence, there are values, and elements of arrays decide. */
type Answer = "no" | "yes" | "perhaps";

/** What a rule pays for each that has to be asked for every event, compared with one rule more in a place. */
const COST_OF_TEST = 1_000_000;

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
    const leaves = [...rule.values()].map((leaf) => this.#useLeaf(leaf));
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
    for (const { groups } of this.#predicates.meet(values, this.#event)) {
      for (const { guard, rules } of groups) {
        if (guard === undefined || leafAnswer(guard, event) !== "no") matchAll(rules, event, found);
      }
    }
    if (this.#always.size > 0) matchAll([...this.#always], event, found);
    return found;
  }

  #settle(): void {
    if (this.#waiting.size === 0) return;
    for (const rule of this.#waiting) {
      rule.leaves = [...rule.leaves].sort((a, b) => costOfAsking(a) - costOfAsking(b));
      const place = cheapest(rule.leaves);
      rule.waitsAt = place;
      if (place === undefined) this.#always.add(rule);
      for (const predicate of place?.predicates ?? []) this.#watch(predicate, rule);
    }
    this.#waiting = new Set();
  }

  #watch(predicate: Predicate<Watch<Owner>>, rule: IndexedRule<Owner>): void {
    const guard = guardOf(rule);
    const watch: Watch<Owner> = predicate.watch ?? { groups: [], byGuard: new Map() };
    const known = watch.byGuard.get(guard);
    if (known !== undefined) known.rules.push(rule);
    else {
      const group: Group<Owner> = { guard, rules: [rule] };
      watch.groups.push(group);
      watch.byGuard.set(guard, group);
    }
    if (predicate.watch === undefined) this.#predicates.setWatch(predicate, watch);
  }

  #unwatch(predicate: Predicate<Watch<Owner>>, rule: IndexedRule<Owner>): void {
    const { watch } = predicate;
    const group = watch?.byGuard.get(guardOf(rule));
    if (watch === undefined || group === undefined) return;
    dropFrom(group.rules, rule);
    if (group.rules.length > 0) return;
    dropFrom(watch.groups, group);
    watch.byGuard.delete(group.guard);
    if (watch.groups.length === 0) this.#predicates.setWatch(predicate, undefined);
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
    const made: SharedLeaf<Owner> = {
      key,
      leaf,
      path,
      predicates,
      wantsAbsence,
      users: 1,
      answeredIn: 0,
      answer: "no",
    };
    this.#leaves.set(key, made);
    return made;
  }

  #releaseLeaf(leaf: SharedLeaf<Owner>): void {
    leaf.users -= 1;
    if (leaf.users === 0) this.#leaves.delete(leaf.key);
    for (const predicate of leaf.predicates) this.#predicates.release(predicate);
    this.#paths.release(leaf.leaf.path);
  }
}

/** The leaf at which a rule is woken least often. None will do when all could hold without a value. */
function cheapest<Owner>(leaves: readonly SharedLeaf<Owner>[]): SharedLeaf<Owner> | undefined {
  let best: { readonly leaf: SharedLeaf<Owner>; readonly cost: number } | undefined;
  for (const leaf of leaves) {
    if (leaf.wantsAbsence) continue;
    const cost = leaf.predicates.reduce((sum, { users, isExact }) => sum + users + (isExact ? 0 : COST_OF_TEST), 0);
    if (best === undefined || cost < best.cost) best = { leaf, cost };
  }
  return best?.leaf;
}

/** The first field that a rule is asked for, besides the one at which it waits. */
function guardOf<Owner>(rule: IndexedRule<Owner>): SharedLeaf<Owner> | undefined {
  return rule.leaves.find((leaf) => leaf !== rule.waitsAt);
}

/** What few rules have decides more; a test costs more than a look, and says no least when it says anything-but. */
function costOfAsking<Owner>({ predicates, users }: SharedLeaf<Owner>): number {
  let cost = users;
  for (const { isExact, alternative } of predicates) {
    if (alternative.op.startsWith("anything-but")) cost += 100_000;
    else if (!isExact) cost += 1000;
  }
  return cost;
}

/** Without keeping the order. */
function dropFrom<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  const last = list.pop();
  if (last !== undefined && at >= 0 && at < list.length) list[at] = last;
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
  if (isSure && (event.values.isSimple || leaves.length === 1)) return true;
  const chosen = new Map(leaves.map(({ leaf }) => [leaf.path, leaf]));
  return ruleHolds(chosen, event.fieldsFor(leaves));
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
  if (event.values.at(path).length === 0) return "yes";
  return event.values.isSimple ? "no" : "perhaps";
}

/** One event while it is matched. */
class IndexedEvent {
  readonly values: EventValues;
  readonly number: number;
  #fields: Map<string, readonly Value[]> | undefined;
  #memberships: Map<Element, Membership> | undefined;

  constructor(values: EventValues, number: number) {
    this.values = values;
    this.number = number;
  }

  /** The values as match.ts wants them, made when somebody asks. */
  fieldsFor<Owner>(leaves: readonly SharedLeaf<Owner>[]): Fields {
    this.#fields ??= new Map();
    for (const { leaf, path } of leaves) {
      if (this.#fields.has(leaf.path)) continue;
      const values = this.values.at(path).map((value) => this.#valueOf(value));
      this.#fields.set(leaf.path, values);
    }
    return this.#fields;
  }

  #valueOf({ kind, text, element }: SeenValue): Value {
    return { kind, text, membership: this.#membershipOf(element), place: "" };
  }

  #membershipOf(element: Element | undefined): Membership {
    if (element === undefined) return NOWHERE;
    this.#memberships ??= new Map();
    const known = this.#memberships.get(element);
    if (known !== undefined) return known;
    const made = new Map(this.#membershipOf(element.outer)).set(element.array, element.index);
    this.#memberships.set(element, made);
    return made;
  }
}

const NOWHERE: Membership = new Map();
