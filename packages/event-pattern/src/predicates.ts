/**
 * Every distinct alternative of every pattern, once for each path, whoever uses it: it is asked once for an event and
 * the answer shared. Exact values are not asked at all but found, by the value.
 */
import { accepts } from "./accepts.ts";
import type { EventValues, SeenValue } from "./event-values.ts";
import { type Address, readAddress } from "./ip.ts";
import type { Alternative, TextTest } from "./matcher-types.ts";
import { comparable } from "./number.ts";

/** One alternative at one path. `users` counts the rules that ask it; `answeredIn` is the last event it was asked in. */
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
};

/** Equal exactly when the alternatives are. Numbers that can be compared stand for themselves. */
type Key = string | number;
type ByKey<Watch> = Map<Key, Predicate<Watch>>;

/** The predicates at one path. */
type AtPath<Watch> = {
  readonly texts: ByKey<Watch>;
  readonly others: ByKey<Watch>;
  readonly tests: ByKey<Watch>;
  /** Watched tests: these must be asked for every event. */
  readonly watched: Set<Predicate<Watch>>;
  addresses: number;
};

/** All predicates of a matcher. */
export class Predicates<Watch> {
  readonly #paths: AtPath<Watch>[] = [];
  #made = 0;

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

  /** From now on {@link meet} gives `watch` when the predicate holds; nothing, with undefined. */
  setWatch(predicate: Predicate<Watch>, watch: Watch | undefined): void {
    predicate.watch = watch;
    if (predicate.isExact) return;
    const { watched } = this.#at(predicate.path);
    if (watch === undefined) watched.delete(predicate);
    else watched.add(predicate);
  }

  /** Finds the exact predicates that hold, and asks the watched others. @returns what is to be looked at. */
  meet(values: EventValues, event: number): readonly Watch[] {
    const found: Watch[] = [];
    for (const path of values.paths) {
      const at = this.#paths[path];
      if (at === undefined) continue;
      for (const value of values.at(path)) meetValue(at, value, event, found);
      for (const predicate of at.watched) {
        if (predicate.watch !== undefined && holds(predicate, values, event)) found.push(predicate.watch);
      }
    }
    return found;
  }

  #at(path: number): AtPath<Watch> {
    const known = this.#paths[path];
    if (known !== undefined) return known;
    const made = { texts: new Map(), others: new Map(), tests: new Map(), watched: new Set<never>(), addresses: 0 };
    this.#paths[path] = made;
    return made;
  }
}

function meetValue<Watch>(at: AtPath<Watch>, value: SeenValue, event: number, found: Watch[]): void {
  if (value.kind === "string") {
    meetExact(at.texts.get(value.text), event, found);
    const address = at.addresses > 0 ? readAddress(value.text) : undefined;
    if (address) meetExact(at.others.get(addressKey(address)), event, found);
  } else if (at.others.size > 0) {
    meetExact(at.others.get(scalarKey(value.kind, value.text)), event, found);
  }
}

function meetExact<Watch>(predicate: Predicate<Watch> | undefined, event: number, found: Watch[]): void {
  if (predicate === undefined || predicate.answeredIn === event) return;
  predicate.answeredIn = event;
  predicate.answer = true;
  if (predicate.watch !== undefined) found.push(predicate.watch);
}

/** Does some value of the event satisfy it? For exact ones {@link Predicates.meet} has said so already. */
export function holds<Watch>(predicate: Predicate<Watch>, values: EventValues, event: number): boolean {
  if (predicate.answeredIn === event) return predicate.answer;
  if (predicate.isExact) return false;
  predicate.answeredIn = event;
  predicate.answer = values.at(predicate.path).some((value) => accepts(predicate.alternative, value));
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
