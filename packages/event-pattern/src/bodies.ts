/**
 * What rules ask, without whose they are: the numbers of a rule's leaves side by side in one array, so that a rule is
 * looked at in one or two places of memory. Rules that ask the same share a body; it is looked at once for all.
 *
 * A body is named by where it begins in the array. Room that was given back is used again for bodies of the same length.
 */

/** In front of the numbers: which owners, and how many numbers. */
const OWNERS = 0;
const COUNT = 1;
const FIRST = 2;

/** All bodies of an index. */
export class Bodies<Owner> {
  #room = new Int32Array(1024);
  #end = 0;
  readonly #free = new Map<number, number[]>();
  readonly #owners: Owner[][] = [];
  readonly #seenIn: number[] = [];

  /** A body without owners yet. */
  make(leaves: readonly number[]): number {
    const body = this.#free.get(leaves.length)?.pop() ?? this.#append(leaves.length);
    this.#room.set(leaves, body + FIRST);
    return body;
  }

  /** Its owners must be gone. */
  drop(body: number): void {
    const count = this.countOf(body);
    const free = this.#free.get(count);
    if (free) free.push(body);
    else this.#free.set(count, [body]);
  }

  /** How many leaves it has. */
  countOf(body: number): number {
    return this.#room[body + COUNT] ?? 0;
  }

  /** The number of one of its leaves. */
  leafOf(body: number, index: number): number {
    return this.#room[body + FIRST + index] ?? 0;
  }

  leavesOf(body: number): readonly number[] {
    return Array.from(this.#room.subarray(body + FIRST, body + FIRST + this.countOf(body)));
  }

  asks(body: number, leaves: readonly number[]): boolean {
    return this.countOf(body) === leaves.length && leaves.every((leaf, index) => leaf === this.leafOf(body, index));
  }

  ownersOf(body: number): Owner[] {
    return this.#owners[this.#room[body + OWNERS] ?? 0] ?? [];
  }

  /** @returns false when it was asked for this event before. */
  isNewIn(body: number, event: number): boolean {
    const number = this.#room[body + OWNERS] ?? 0;
    if (this.#seenIn[number] === event) return false;
    this.#seenIn[number] = event;
    return true;
  }

  #append(count: number): number {
    const body = this.#end;
    this.#end += FIRST + count;
    if (this.#end > this.#room.length) {
      const larger = new Int32Array(this.#end * 2);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[body + OWNERS] = this.#owners.length;
    this.#room[body + COUNT] = count;
    this.#owners.push([]);
    this.#seenIn.push(0);
    return body;
  }
}
