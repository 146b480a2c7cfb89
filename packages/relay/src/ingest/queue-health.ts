/**
 * Is a queue being read? Receiving and deleting may each be in trouble by themselves: who may read and not delete gets
 * the same messages again and again. A trouble is news once, and once more when it has lasted.
 */
import type { Clock } from "../clock.ts";
import type { QueueTrouble } from "./queue.ts";

/** What can fail. */
export type QueueOperation = "receive" | "delete";

/** Hears of a queue's troubles. */
export type QueueListener = {
  /** Something failed. @param isNews - false when the last try of it failed for the same reason. */
  readonly failed: (arn: string, operation: QueueOperation, trouble: QueueTrouble, isNews: boolean) => void;
  /** A trouble has lasted for {@link STUCK_AFTER_MS}: said once. */
  readonly stuck: (arn: string, trouble: QueueTrouble) => void;
  /** All is well again. @param wasStuck - whether `stuck` was said. */
  readonly works: (arn: string, wasStuck: boolean) => void;
};

/** One queue's health. */
export type QueueHealth = {
  readonly failed: (operation: QueueOperation, trouble: QueueTrouble) => void;
  readonly worked: (operation: QueueOperation) => void;
  /** The trouble it is in. */
  readonly trouble: () => QueueTrouble | undefined;
};

/** AWS's own hiccups are over by then; a person who is called has something to do. */
export const STUCK_AFTER_MS = 5 * 60_000;

/** A queue that is well until something fails. */
export function createQueueHealth(arn: string, clock: Clock, listener: QueueListener): QueueHealth {
  const troubles = new Map<QueueOperation, QueueTrouble>();
  let failingSince: number | undefined;
  let isStuck = false;
  return {
    failed: (operation, trouble) => {
      const isNews = troubles.get(operation)?.code !== trouble.code;
      troubles.set(operation, trouble);
      listener.failed(arn, operation, trouble, isNews);
      const now = clock.now().getTime();
      failingSince ??= now;
      if (isStuck || now - failingSince < STUCK_AFTER_MS) return;
      listener.stuck(arn, trouble);
      isStuck = true;
    },
    worked: (operation) => {
      if (!troubles.delete(operation) || troubles.size > 0) return;
      const wasStuck = isStuck;
      failingSince = undefined;
      isStuck = false;
      listener.works(arn, wasStuck);
    },
    trouble: () => troubles.get("receive") ?? troubles.get("delete"),
  };
}
