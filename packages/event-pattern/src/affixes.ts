/**
 * Prefixes or suffixes that are waited for, found by the value instead of asked one by one: the ends of a value are
 * looked up, one for each length that some pattern has. Ten thousand prefixes of twenty lengths cost twenty looks.
 *
 * A map by length and not a tree by letters: patterns of one field have few lengths, and a look-up hashes at native
 * speed what a tree would walk in ours.
 */

/** What waits, by its text. */
export class Affixes<Waiting> {
  readonly #isPrefix: boolean;
  readonly #byText = new Map<string, Waiting>();
  /** How many texts have a length. */
  readonly #lengths = new Map<number, number>();

  constructor(isPrefix: boolean) {
    this.#isPrefix = isPrefix;
  }

  get size(): number {
    return this.#byText.size;
  }

  set(text: string, waiting: Waiting): void {
    if (!this.#byText.has(text)) this.#lengths.set(text.length, (this.#lengths.get(text.length) ?? 0) + 1);
    this.#byText.set(text, waiting);
  }

  delete(text: string): void {
    if (!this.#byText.delete(text)) return;
    const left = (this.#lengths.get(text.length) ?? 0) - 1;
    if (left > 0) this.#lengths.set(text.length, left);
    else this.#lengths.delete(text.length);
  }

  /** Calls `meet` for each that the value begins, or ends, with. */
  find(value: string, meet: (waiting: Waiting) => void): void {
    for (const length of this.#lengths.keys()) {
      if (length > value.length) continue;
      const end = this.#isPrefix ? value.slice(0, length) : value.slice(value.length - length);
      const waiting = this.#byText.get(end);
      if (waiting !== undefined) meet(waiting);
    }
  }
}
