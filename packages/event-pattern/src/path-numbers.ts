/** Which paths are wanted, by number, and the tree that reading an event follows. Paths nobody wants any more go. */
import { newPathNode, nodeAt, type PathNode } from "./path-tree.ts";

type Wanted = { readonly number: number; users: number };

/** Paths that were given back and still stand in the tree, before it is built anew. */
const MOST_LEFTOVERS = 64;

/** The wanted paths of one matcher. */
export class WantedPaths {
  #root = newPathNode();
  readonly #wanted = new Map<string, Wanted>();
  readonly #free: number[] = [];
  #leftovers = 0;

  /** The top of the tree. Ask for it anew for each event. */
  get root(): PathNode {
    return this.#root;
  }

  /** The path's number; every call must have its {@link release}. */
  use(path: string): number {
    const known = this.#wanted.get(path);
    if (known !== undefined) {
      known.users += 1;
      return known.number;
    }
    const number = this.#free.pop() ?? this.#wanted.size;
    this.#wanted.set(path, { number, users: 1 });
    nodeAt(this.#root, path).path = number;
    return number;
  }

  release(path: string): void {
    const wanted = this.#wanted.get(path);
    if (wanted === undefined) return;
    wanted.users -= 1;
    if (wanted.users > 0) return;
    this.#wanted.delete(path);
    this.#free.push(wanted.number);
    nodeAt(this.#root, path).path = -1;
    this.#leftovers += 1;
    if (this.#leftovers > MOST_LEFTOVERS + this.#wanted.size) this.#rebuild();
  }

  #rebuild(): void {
    this.#leftovers = 0;
    this.#root = newPathNode();
    for (const [path, { number }] of this.#wanted) nodeAt(this.#root, path).path = number;
  }
}
