/**
 * Many callers, one commit: what is added while the process is busy with something else is written together at its
 * next turn, and each caller hears when its own part is on disk. What nobody waits for goes with the next commit that
 * somebody does wait for: an fsync of its own would hold up those.
 */
import { StoreFullError } from "./store.ts";

/** A queue in front of a transaction. */
export type GroupCommit = {
  /** @param size - how much the work counts towards the limit. @throws what the work or the disk throws. */
  readonly add: (work: Work, size: number) => Promise<unknown>;
  /** The same for work that nobody waits for: within {@link PATIENCE_MS}. */
  readonly addPatient: (work: Work, size: number) => Promise<unknown>;
  /** Resolves when nothing waits. */
  readonly settle: () => Promise<void>;
};

/** What is done within the transaction. */
export type Work = () => unknown;

type Waiter = {
  readonly work: Work;
  readonly size: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

/** More events than a burst brings between two turns; beyond it memory, not disk, would hold them. */
const MOST_WAITING = 20_000;

/** How long patient work waits for company, milliseconds. */
const PATIENCE_MS = 100;

/**
 * @param commit - does all works in one transaction and answers for each, in order; if it throws, nothing was written.
 */
export function groupCommit(commit: (works: readonly Work[]) => readonly unknown[]): GroupCommit {
  let waiters: Waiter[] = [];
  let size = 0;
  let isDue = false;
  let patience: NodeJS.Timeout | undefined;

  const flush = (): void => {
    const group = waiters;
    waiters = [];
    size = 0;
    isDue = false;
    clearTimeout(patience);
    patience = undefined;
    if (group.length > 0) commitAll(group, commit);
  };
  const flushSoon = (): void => {
    if (isDue) return;
    isDue = true;
    setImmediate(flush);
  };
  const put = (work: Work, workSize: number, schedule: () => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (size + workSize > MOST_WAITING) {
        reject(new StoreFullError(`${size} events wait to be written; try again in a second`));
        return;
      }
      waiters.push({ work, size: workSize, resolve, reject });
      size += workSize;
      schedule();
    });

  return {
    add: (work, workSize) => put(work, workSize, flushSoon),
    addPatient: (work, workSize) =>
      put(work, workSize, () => {
        patience ??= setTimeout(flush, PATIENCE_MS);
      }),
    settle: async () => {
      if (waiters.length > 0) flushSoon();
      while (waiters.length > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** All in one; if that fails, each by itself, so that one bad work fails alone. */
function commitAll(group: readonly Waiter[], commit: (works: readonly Work[]) => readonly unknown[]): void {
  try {
    const results = commit(group.map(({ work }) => work));
    for (const [index, waiter] of group.entries()) waiter.resolve(results[index]);
  } catch (error) {
    if (group.length === 1) group[0]?.reject(error);
    else for (const waiter of group) commitAll([waiter], commit);
  }
}
