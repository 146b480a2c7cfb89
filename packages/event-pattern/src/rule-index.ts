/**
 * Thousands of rules asked at once. Each rule waits at one of its fields, the one that holds least often; an event
 * wakes the rules at the values it has, and only those are looked at. Fields that rules have in common are looked at
 * once for an event.
 *
 * What is touched for every event is kept apart from the rest, in flat lists of numbers: answers.ts, bodies.ts,
 * watch.ts. Whether fields hold in the same element of an array is rule.ts's question, asked only where it can matter.
 */
import { Answers, mustAsk } from "./answers.ts";
import { Bodies } from "./bodies.ts";
import type { EventValues } from "./event-values.ts";
import type { Element, Placed } from "./fields.ts";
import { holds, Predicates } from "./predicates.ts";
import { ruleHolds } from "./rule.ts";
import type { Rule } from "./rules.ts";
import { type PathNumbers, type SharedLeaf, SharedLeaves } from "./shared-leaves.ts";
import { addBody, bodiesBehind, dropAt, dropBody, NO_GUARD, newWatch, type Watch } from "./watch.ts";

/** One rule in the index, with what it belongs to. */
export type IndexedRule<Owner> = {
  readonly owner: Owner;
  /** Until it is settled; its body has them afterwards. */
  leaves: readonly SharedLeaf[];
  body: number;
};

/** One event while it is matched. */
type IndexedEvent<Owner> = {
  readonly values: EventValues;
  readonly number: number;
  readonly found: Owner[];
  /** The values as rule.ts wants them, listed when somebody asks. */
  readonly fields: Map<string, readonly Placed[]>;
};

/** `perhaps`: it wants absence, there are values, and elements of arrays decide. */
type Answer = "no" | "yes" | "perhaps";

const UNSETTLED = -1;
/** Among so many rules, those added last, one that asks the same is looked for. */
const COMPARED = 8;
const NO_LEAVES: readonly SharedLeaf[] = [];

/** Rules of many owners. */
export class RuleIndex<Owner> {
  readonly #answers = new Answers();
  readonly #predicates = new Predicates<Watch>(this.#answers);
  readonly #leaves: SharedLeaves;
  readonly #bodies = new Bodies<Owner>();
  /** Added since the last event; only then is it known what is rare. */
  #waiting = new Set<IndexedRule<Owner>>();
  /** Bodies that want nothing but absence: there is no value to wake them. */
  readonly #always = new Set<number>();
  #event = 0;

  constructor(paths: PathNumbers) {
    this.#leaves = new SharedLeaves(paths, this.#predicates, this.#answers);
  }

  add(owner: Owner, rule: Rule): IndexedRule<Owner> {
    const leaves = Array.from(rule, (leaf) => this.#leaves.use(leaf));
    const indexed: IndexedRule<Owner> = { owner, leaves, body: UNSETTLED };
    this.#waiting.add(indexed);
    return indexed;
  }

  remove(rule: IndexedRule<Owner>): void {
    this.#waiting.delete(rule);
    for (const leaf of rule.leaves) this.#leaves.release(leaf);
    if (rule.body === UNSETTLED) return;
    const owners = this.#bodies.ownersOf(rule.body);
    dropAt(owners, owners.indexOf(rule.owner));
    if (owners.length > 0) return;
    const leaves = this.#leavesOf(rule.body);
    this.#stopWaiting(rule.body, leaves);
    this.#bodies.drop(rule.body);
    for (const leaf of leaves) this.#leaves.release(leaf);
  }

  /** The owners of the rules that hold for the event; one may be there several times. */
  match(values: EventValues): readonly Owner[] {
    this.#settle();
    this.#event += 1;
    const event: IndexedEvent<Owner> = { values, number: this.#event, found: [], fields: new Map() };
    for (const watch of this.#predicates.meet(values, this.#event)) this.#wake(watch, event);
    for (const body of this.#always) this.#ask(body, event);
    return event.found;
  }

  #wake({ guards, bodies }: Watch, event: IndexedEvent<Owner>): void {
    for (let place = 0; place < guards.length; place += 1) {
      const guard = guards[place] ?? NO_GUARD;
      if (guard !== NO_GUARD && this.#answerOf(guard, event) === "no") continue;
      const behind = bodies[place];
      if (typeof behind === "number") this.#ask(behind, event);
      else for (const body of behind ?? []) this.#ask(body, event);
    }
  }

  #ask(body: number, event: IndexedEvent<Owner>): void {
    const bodies = this.#bodies;
    const count = bodies.countOf(body);
    let isSure = true;
    for (let index = 0; index < count; index += 1) {
      const answer = this.#answerOf(bodies.leafOf(body, index), event);
      if (answer === "no") return;
      if (answer === "perhaps") isSure = false;
    }
    if (!bodies.isNewIn(body, event.number)) return;
    if (!(isSure && (count === 1 || event.values.isSimple)) && !this.#holdsTogether(body, isSure, event)) return;
    for (const owner of bodies.ownersOf(body)) event.found.push(owner);
  }

  #answerOf(number: number, event: IndexedEvent<Owner>): Answer {
    if (this.#answers.isYes(number, event.number)) return "yes";
    if (!mustAsk(number) || this.#answers.isNo(number, event.number)) return "no";
    const leaf = this.#leaves.at(number);
    const answer = leaf === undefined ? "no" : askLeaf(leaf, event);
    if (answer !== "perhaps") this.#answers.set(number, answer === "yes", event.number);
    return answer;
  }

  #holdsTogether(body: number, isSure: boolean, { values, fields }: IndexedEvent<Owner>): boolean {
    const leaves = this.#leavesOf(body);
    if (isSure && inOneElement(leaves, values)) return true;
    listValues(leaves, values, fields);
    return ruleHolds(
      leaves.map(({ leaf }) => leaf),
      fields,
    );
  }

  #leavesOf(body: number): readonly SharedLeaf[] {
    return this.#bodies.leavesOf(body).flatMap((number) => this.#leaves.at(number) ?? []);
  }

  /** Rules that wait at the same place are settled one after the other, so that their bodies lie side by side. */
  #settle(): void {
    if (this.#waiting.size === 0) return;
    const rules = [...this.#waiting];
    for (const rule of rules) rule.leaves = this.#inOrder(rule.leaves);
    for (const rule of rules.sort(byPlace)) this.#settleRule(rule);
    this.#waiting = new Set();
  }

  #settleRule(rule: IndexedRule<Owner>): void {
    const { leaves } = rule;
    const numbers = leaves.map(({ number }) => number);
    const twin = this.#twinOf(leaves[0], numbers);
    rule.body = twin ?? this.#bodies.make(numbers);
    this.#bodies.ownersOf(rule.body).push(rule.owner);
    rule.leaves = NO_LEAVES;
    if (twin === undefined) this.#startWaiting(rule.body, leaves);
    else for (const leaf of leaves) this.#leaves.release(leaf);
  }

  /** First the one to wait at: one found by value if there is any, else one that has a value; then the rarest. */
  #inOrder(leaves: readonly SharedLeaf[]): readonly SharedLeaf[] {
    if (leaves.length === 1) return leaves;
    const rated = leaves.map((leaf) => ({ leaf, odds: this.#leaves.oddsOf(leaf) }));
    rated.sort((a, b) => a.odds - b.odds || a.leaf.number - b.leaf.number);
    const found = rated.findIndex(({ leaf }) => !mustAsk(leaf.number));
    const first = found >= 0 ? found : rated.findIndex(({ leaf }) => !leaf.wantsAbsence);
    if (first > 0) rated.unshift(...rated.splice(first, 1));
    return rated.map(({ leaf }) => leaf);
  }

  /** A body that waits at the same place and asks the same. */
  #twinOf(first: SharedLeaf | undefined, numbers: readonly number[]): number | undefined {
    const watch = first?.predicates[0]?.watch;
    const behind = watch && bodiesBehind(watch, numbers[1] ?? NO_GUARD);
    if (behind === undefined) return undefined;
    if (typeof behind === "number") return this.#bodies.asks(behind, numbers) ? behind : undefined;
    return behind.slice(-COMPARED).find((body) => this.#bodies.asks(body, numbers));
  }

  #startWaiting(body: number, leaves: readonly SharedLeaf[]): void {
    const [first, second] = leaves;
    if (first === undefined || first.wantsAbsence) this.#always.add(body);
    else {
      for (const predicate of first.predicates) {
        if (predicate.watch === undefined) this.#predicates.setWatch(predicate, newWatch());
        if (predicate.watch) addBody(predicate.watch, second?.number ?? NO_GUARD, body);
      }
    }
  }

  #stopWaiting(body: number, leaves: readonly SharedLeaf[]): void {
    const [first, second] = leaves;
    this.#always.delete(body);
    for (const predicate of first?.predicates ?? []) {
      if (predicate.watch === undefined) continue;
      dropBody(predicate.watch, second?.number ?? NO_GUARD, body);
      if (predicate.watch.guards.length === 0) this.#predicates.setWatch(predicate, undefined);
    }
  }
}

/** By the leaf they wait at, then by their guard. */
function byPlace<Owner>({ leaves: a }: IndexedRule<Owner>, { leaves: b }: IndexedRule<Owner>): number {
  const first = (a[0]?.number ?? NO_GUARD) - (b[0]?.number ?? NO_GUARD);
  return first !== 0 ? first : (a[1]?.number ?? NO_GUARD) - (b[1]?.number ?? NO_GUARD);
}

/** Are all values of these fields in one element, or in those around it? Then the fields cannot disagree. */
function inOneElement(leaves: readonly SharedLeaf[], values: EventValues): boolean {
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

function askLeaf<Owner>({ predicates, path, wantsAbsence }: SharedLeaf, event: IndexedEvent<Owner>): Answer {
  for (const predicate of predicates) if (holds(predicate, event.values, event.number)) return "yes";
  if (!wantsAbsence) return "no";
  if (event.values.at(path) === undefined) return "yes";
  return event.values.isSimple ? "no" : "perhaps";
}

function listValues(leaves: readonly SharedLeaf[], from: EventValues, into: Map<string, readonly Placed[]>): void {
  for (const { leaf, path } of leaves) {
    if (into.has(leaf.path)) continue;
    const values: Placed[] = [];
    for (let value = from.at(path); value !== undefined; value = value.next) values.push(value);
    into.set(leaf.path, values);
  }
}
