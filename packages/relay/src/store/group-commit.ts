/**
 * Many callers, one commit: what is added while the process is busy with something else is written together at its
 * next turn, and each caller hears when its own part is on disk.
 */
import { StoreFullError } from "./store.ts";

/** A queue in front of a transaction. */
export type GroupCommit<Part, Result> = {
  /** @param size - how much the part counts towards the limit. */
  readonly add: (part: Part, size: number) => Promise<Result>;
  /** Resolves when nothing waits. */
  readonly settle: () => Promise<void>;
};

type Waiter<Part, Result> = {
  readonly part: Part;
  readonly size: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** More events than a burst brings between two turns; beyond it memory, not disk, would hold them. */
const MOST_WAITING = 20_000;

/**
 * @param commit - writes all parts in one transaction and answers for each, in order; if it throws, none was written.
 */
export function groupCommit<Part, Result>(
  commit: (parts: readonly Part[]) => readonly Result[],
): GroupCommit<Part, Result> {
  let waiters: Waiter<Part, Result>[] = [];
  let size = 0;

  const flush = (): void => {
    const group = waiters;
    waiters = [];
    size = 0;
    try {
      const results = commit(group.map(({ part }) => part));
      for (const [index, waiter] of group.entries()) waiter.resolve(results[index] as Result);
    } catch (error) {
      for (const waiter of group) waiter.reject(error);
    }
  };

  return {
    add: (part, partSize) =>
      new Promise((resolve, reject) => {
        if (size + partSize > MOST_WAITING) {
          reject(new StoreFullError(`${size} events wait to be written; try again in a second`));
          return;
        }
        if (waiters.length === 0) setImmediate(flush);
        waiters.push({ part, size: partSize, resolve, reject });
        size += partSize;
      }),
    settle: async () => {
      while (waiters.length > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
