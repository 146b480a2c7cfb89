/** The fields that rules ask, each once however many rules have it in common; gone when the last of them is. */
import type { Answers } from "./answers.ts";
import type { Leaf } from "./matcher-types.ts";
import type { Predicate, Predicates } from "./predicates.ts";
import { dropAt, type Watch } from "./watch.ts";

/** Numbers for paths, handed out by the owner of the tree of paths. */
export type PathNumbers = { readonly use: (path: string) => number; readonly release: (path: string) => void };

/** A field with its alternatives. */
export type SharedLeaf = {
  readonly key: LeafKey;
  readonly leaf: Leaf;
  readonly path: number;
  readonly predicates: readonly Predicate<Watch>[];
  readonly wantsAbsence: boolean;
  /** Its number in {@link Answers}. */
  readonly number: number;
  users: number;
};

/** Equal exactly when the leaves are. A single alternative stands for itself. */
type LeafKey = string | number;

/** The leaves of one index. */
export class SharedLeaves {
  readonly #paths: PathNumbers;
  readonly #predicates: Predicates<Watch>;
  readonly #answers: Answers;
  readonly #byKey = new Map<LeafKey, SharedLeaf>();
  readonly #byNumber: (SharedLeaf | undefined)[] = [];

  constructor(paths: PathNumbers, predicates: Predicates<Watch>, answers: Answers) {
    this.#paths = paths;
    this.#predicates = predicates;
    this.#answers = answers;
  }

  at(number: number): SharedLeaf | undefined {
    return this.#byNumber[number];
  }

  /** Every call must have its {@link release}. */
  use(leaf: Leaf): SharedLeaf {
    const path = this.#paths.use(leaf.path);
    const predicates = this.#predicatesOf(leaf, path);
    const key = keyOf(predicates, path, leaf.mayBeAbsent);
    const known = this.#byKey.get(key);
    if (known === undefined) return this.#make(leaf, { key, path, predicates });
    known.users += 1;
    for (const predicate of predicates) this.#predicates.release(predicate);
    this.#paths.release(leaf.path);
    return known;
  }

  release(leaf: SharedLeaf): void {
    leaf.users -= 1;
    if (leaf.users > 0) return;
    this.#byKey.delete(leaf.key);
    this.#byNumber[leaf.number] = undefined;
    this.#answers.release(leaf.number);
    for (const predicate of leaf.predicates) {
      const at = predicate.leaves.indexOf(leaf.number);
      if (at >= 0) dropAt(predicate.leaves, at);
      this.#predicates.release(predicate);
    }
    this.#paths.release(leaf.leaf.path);
  }

  /** How often the leaf may hold; more than one at worst. */
  oddsOf({ predicates, wantsAbsence, users }: SharedLeaf): number {
    let odds = wantsAbsence ? 1 : 0;
    for (const predicate of predicates) odds += this.#predicates.likelihood(predicate, users);
    return odds;
  }

  #predicatesOf({ alternatives }: Leaf, path: number): readonly Predicate<Watch>[] {
    const predicates = new Set<Predicate<Watch>>();
    for (const alternative of alternatives) {
      if (alternative.op === "exists" && !alternative.wanted) continue;
      const predicate = this.#predicates.use(path, alternative);
      // Written twice, or in two spellings.
      if (predicates.has(predicate)) this.#predicates.release(predicate);
      else predicates.add(predicate);
    }
    return [...predicates];
  }

  #make(leaf: Leaf, { key, path, predicates }: Pick<SharedLeaf, "key" | "path" | "predicates">): SharedLeaf {
    const isFound = !leaf.mayBeAbsent && predicates.every(({ isExact }) => isExact);
    const number = this.#answers.use(isFound);
    if (isFound) for (const predicate of predicates) predicate.leaves.push(number);
    const made: SharedLeaf = { key, leaf, path, predicates, wantsAbsence: leaf.mayBeAbsent, number, users: 1 };
    this.#byKey.set(key, made);
    this.#byNumber[number] = made;
    return made;
  }
}

function keyOf(predicates: readonly Predicate<Watch>[], path: number, wantsAbsence: boolean): LeafKey {
  const [first] = predicates;
  if (first !== undefined && predicates.length === 1 && !wantsAbsence) return first.number;
  const numbers = predicates.map(({ number }) => number).sort((a, b) => a - b);
  return `${path} ${wantsAbsence} ${numbers.join(" ")}`;
}
