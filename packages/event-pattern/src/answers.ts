/**
 * Which fields hold in the event at hand, one number a field in one flat array: whether a rule is worth a look is then
 * seen without touching the rule, its fields or their tests. With a hundred thousand rules that is what counts: they
 * fit into no cache, this does.
 *
 * Fields whose values are found by value (see predicates.ts) have even numbers. Their yes is known before any rule is
 * looked at, so what is not yes is no. Others have odd numbers and are asked when somebody wants to know.
 */

/** A yes is the event's number, a no its negative. Doubles, so that events can be counted for ever. */
export class Answers {
  #last = new Float64Array(64);
  readonly #free: readonly [number[], number[]] = [[], []];
  readonly #used: [number, number] = [0, 0];

  /** A number of one's own, until {@link release}. */
  use(isFound: boolean): number {
    const kind = isFound ? 0 : 1;
    const number = this.#free[kind].pop() ?? 2 * this.#used[kind]++ + kind;
    if (number >= this.#last.length) {
      const larger = new Float64Array(this.#last.length * 2);
      larger.set(this.#last);
      this.#last = larger;
    }
    return number;
  }

  release(number: number): void {
    this.#free[mustAsk(number) ? 1 : 0].push(number);
  }

  set(number: number, isYes: boolean, event: number): void {
    this.#last[number] = isYes ? event : -event;
  }

  isYes(number: number, event: number): boolean {
    return this.#last[number] === event;
  }

  isNo(number: number, event: number): boolean {
    return this.#last[number] === -event;
  }
}

/** Has the field to be asked when its answer is unknown? */
export function mustAsk(number: number): boolean {
  return (number & 1) === 1;
}
