/**
 * Every distinct alternative of every pattern, once for each path, whoever uses it: it is asked once for an event and
 * the answer shared. Exact values are not asked at all but found, by the value; so are prefixes and suffixes that rules
 * wait for.
 */
import { accepts } from "./accepts.ts";
import { Affixes } from "./affixes.ts";
import type { Answers } from "./answers.ts";
import type { EventValues, SeenValue } from "./event-values.ts";
import { type Address, readAddress } from "./ip.ts";
import type { Alternative, TextTest } from "./matcher-types.ts";
import { comparable } from "./number.ts";
import { inUtf8 } from "./utf8.ts";

/** One alternative at one path. `users` counts the leaves that ask it; `answeredIn` is the last event it was asked in. */
export type Predicate<Watch> = {
  readonly number: number;
  readonly key: Key;
  readonly path: number;
  readonly alternative: Alternative;
  readonly isExact: boolean;
  users: number;
  answeredIn: number;
  answer: boolean;
  /** What is to be looked at when it holds; undefined when nothing is. */
  watch: Watch | undefined;
  /** Leaves that hold when it does, by their numbers: those that are found by value. */
  readonly leaves: number[];
};

/** Equal exactly when the alternatives are. Numbers that can be compared stand for themselves. */
type Key = string | number;
type ByKey<Watch> = Map<Key, Predicate<Watch>>;

/** The predicates at one path. */
type AtPath<Watch> = {
  readonly texts: ByKey<Watch>;
  readonly others: ByKey<Watch>;
  readonly tests: ByKey<Watch>;
  /** Watched tests that are found by the value as well. */
  readonly prefixes: Affixes<Predicate<Watch>>;
  readonly suffixes: Affixes<Predicate<Watch>>;
  /** Watched tests that must be asked for every event. */
  readonly watched: Set<Predicate<Watch>>;
  addresses: number;
};

/** How often a test holds, where its kind says it. */
const LIKELY = 0.9;
const UNKNOWN = 0.4;
/** With this many users and the asking costs as much as the answer is worth; with more, less. */
const SHARED_ENOUGH = 10;

/** All predicates of a matcher. */
export class Predicates<Watch> {
  readonly #answers: Answers;
  readonly #paths: AtPath<Watch>[] = [];
  #made = 0;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** The predicate for an alternative; every call must have its {@link release}. */
  use(path: number, alternative: Alternative): Predicate<Watch> {
    const at = this.#at(path);
    const { key, home } = placeOf(alternative, at);
    const known = home.get(key);
    if (known !== undefined) {
      known.users += 1;
      return known;
    }
    this.#made += 1;
    if (alternative.op === "address") at.addresses += 1;
    const made: Predicate<Watch> = {
      number: this.#made,
      key,
      path,
      alternative,
      isExact: home !== at.tests,
      users: 1,
      answeredIn: 0,
      answer: false,
      watch: undefined,
      leaves: [],
    };
    home.set(key, made);
    return made;
  }

  release(predicate: Predicate<Watch>): void {
    predicate.users -= 1;
    if (predicate.users > 0) return;
    const at = this.#at(predicate.path);
    placeOf(predicate.alternative, at).home.delete(predicate.key);
    if (predicate.alternative.op === "address") at.addresses -= 1;
  }

  /**
   * How often it may hold, from 0 to about 1, and a little for the asking. Nothing is known of the events, so of a
   * field for which patterns name many values each is taken to be rare; and a test that many share is asked once.
   *
   * @param users - how many rules share it.
   */
  likelihood({ path, isExact, alternative }: Predicate<Watch>, users: number): number {
    const { texts, others } = this.#at(path);
    if (isExact) return 1 / (texts.size + others.size + 1);
    if (isAffix(alternative)) return UNKNOWN;
    const isLikely = alternative.op === "exists" || alternative.op.startsWith("anything-but");
    return (isLikely ? LIKELY : UNKNOWN) + Math.min(UNKNOWN, SHARED_ENOUGH / users);
  }

  /** From now on {@link meet} gives `watch` when the predicate holds; nothing, with undefined. */
  setWatch(predicate: Predicate<Watch>, watch: Watch | undefined): void {
    predicate.watch = watch;
    if (predicate.isExact) return;
    const { prefixes, suffixes, watched } = this.#at(predicate.path);
    const { alternative } = predicate;
    if (isAffix(alternative)) {
      const home = alternative.op === "prefix" ? prefixes : suffixes;
      if (watch === undefined) home.delete(alternative.text);
      else home.set(alternative.text, predicate);
    } else if (watch === undefined) watched.delete(predicate);
    else watched.add(predicate);
  }

  /** Finds those that hold by the values, and asks the watched others. @returns what is to be looked at. */
  meet(values: EventValues, event: number): readonly Watch[] {
    const found: Watch[] = [];
    for (const path of values.paths) {
      const at = this.#paths[path];
      if (at === undefined) continue;
      for (let value = values.at(path); value !== undefined; value = value.next) {
        this.#meetValue(at, value, event, found);
      }
      if (at.watched.size > 0) askWatched(at.watched, values, event, found);
    }
    return found;
  }

  #meetValue(at: AtPath<Watch>, value: SeenValue, event: number, found: Watch[]): void {
    if (value.kind === "string") {
      if (at.texts.size > 0) this.#meetFound(at.texts.get(value.text), event, found);
      const address = at.addresses > 0 ? readAddress(value.text) : undefined;
      if (address) this.#meetFound(at.others.get(addressKey(address)), event, found);
      if (at.prefixes.size + at.suffixes.size > 0) {
        const text = inUtf8(value.text);
        at.prefixes.find(text, (predicate) => this.#meetFound(predicate, event, found));
        at.suffixes.find(text, (predicate) => this.#meetFound(predicate, event, found));
      }
    } else if (at.others.size > 0) {
      this.#meetFound(at.others.get(scalarKey(value.kind, value.text)), event, found);
    }
  }

  #meetFound(predicate: Predicate<Watch> | undefined, event: number, found: Watch[]): void {
    if (predicate === undefined || predicate.answeredIn === event) return;
    predicate.answeredIn = event;
    predicate.answer = true;
    for (const leaf of predicate.leaves) this.#answers.set(leaf, true, event);
    if (predicate.watch !== undefined) found.push(predicate.watch);
  }

  #at(path: number): AtPath<Watch> {
    const known = this.#paths[path];
    if (known !== undefined) return known;
    const made: AtPath<Watch> = {
      texts: new Map(),
      others: new Map(),
      tests: new Map(),
      prefixes: new Affixes(true),
      suffixes: new Affixes(false),
      watched: new Set(),
      addresses: 0,
    };
    this.#paths[path] = made;
    return made;
  }
}

/** Is it found by the ends of a value? Not where quotes or halves of characters take part (SEMANTICS.md, 2). */
function isAffix(alternative: Alternative): alternative is Affix {
  if (alternative.op !== "prefix" && alternative.op !== "suffix") return false;
  const { op, text, utf8 } = alternative;
  return text === utf8 && (op === "prefix" ? !text.endsWith('"') : !text.startsWith('"'));
}

type Affix = Alternative & { readonly op: "prefix" | "suffix" };

function askWatched<Watch>(
  watched: Iterable<Predicate<Watch>>,
  values: EventValues,
  event: number,
  found: Watch[],
): void {
  for (const predicate of watched) {
    if (predicate.watch !== undefined && holds(predicate, values, event)) found.push(predicate.watch);
  }
}

/** Does some value of the event satisfy it? For exact ones {@link Predicates.meet} has said so already. */
export function holds<Watch>(predicate: Predicate<Watch>, values: EventValues, event: number): boolean {
  if (predicate.answeredIn === event) return predicate.answer;
  if (predicate.isExact) return false;
  predicate.answeredIn = event;
  predicate.answer = false;
  for (let value = values.at(predicate.path); value !== undefined && !predicate.answer; value = value.next) {
    predicate.answer = accepts(predicate.alternative, value);
  }
  return predicate.answer;
}

function placeOf<Watch>(
  alternative: Alternative,
  at: AtPath<Watch>,
): { readonly key: Key; readonly home: ByKey<Watch> } {
  switch (alternative.op) {
    case "string":
      return { key: alternative.text, home: at.texts };
    case "address":
      return { key: addressKey(alternative.address), home: at.others };
    case "literal":
    case "number":
      return { key: scalarKey(alternative.op, alternative.text), home: at.others };
    default:
      return { key: testKey(alternative), home: at.tests };
  }
}

function addressKey({ family, value }: Address): string {
  return `@${family} ${value}`;
}

function scalarKey(kind: "number" | "literal", text: string): Key {
  if (kind === "literal") return text;
  return comparable(text) ?? `#${text}`;
}

/** The same text for the same test. */
function testKey(alternative: Alternative | TextTest): string {
  switch (alternative.op) {
    case "exists":
      return `exists ${alternative.wanted}`;
    case "numeric":
      return JSON.stringify(alternative);
    case "cidr":
      return `cidr ${alternative.text}`;
    case "anything-but-strings":
      return `not ${JSON.stringify([...alternative.texts].sort())}`;
    case "anything-but-numbers":
      return `not numbers ${JSON.stringify([...alternative.values].sort())}`;
    case "anything-but":
      return `not ${alternative.tests.map(testKey).sort().join(" ")}`;
    default:
      return `${alternative.op} ${JSON.stringify(alternative.text)}`;
  }
}
