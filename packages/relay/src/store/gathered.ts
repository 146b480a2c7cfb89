/**
 * Calls of one turn of the event loop as one: what several ask for, or write, at the same moment goes to the database
 * together. A request costs its process about a millisecond, whatever is in it.
 */
type Call<A> = {
  readonly asked: readonly A[];
  readonly resolve: (done: Promise<void> | undefined) => void;
};

/**
 * @param work - done once for all of them. When that fails it is done for each by itself, so that one that cannot be
 *   done harms no other: it must not matter that a part of it was done already.
 * @returns a function that resolves when the work was done for what it was given; at once for nothing.
 */
export function gathered<A>(work: (all: readonly A[]) => Promise<void>): (asked: readonly A[]) => Promise<void> {
  let calls: Call<A>[] = [];
  const flush = async (): Promise<void> => {
    const mine = calls;
    calls = [];
    const [first] = mine;
    if (first && mine.length === 1) return first.resolve(work(first.asked));
    const isDone = await work(mine.flatMap(({ asked }) => asked)).then(
      () => true,
      () => false,
    );
    for (const { asked, resolve } of mine) resolve(isDone ? undefined : work(asked));
  };
  return (asked) => {
    if (asked.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      if (calls.length === 0) setImmediate(() => void flush());
      calls.push({ asked, resolve });
    });
  };
}
