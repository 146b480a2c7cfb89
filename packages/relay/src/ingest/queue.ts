/** An SQS queue as its reader sees it; sqs-queue.ts is the real one. */

/** A message in hand: nobody else sees it until its time is over, or it is deleted. */
export type QueueMessage = {
  readonly body: string;
  /** Names this one receive of it; a later receive has another. */
  readonly receipt: string;
};

/** Why AWS did not do as asked, and what to do about it. */
export type QueueTrouble = {
  /** One of a few words, for metrics. */
  readonly code: string;
  /** Reads on after the queue's name. */
  readonly problem: string;
  /** A sentence. */
  readonly remedy: string;
};

/** A queue. Trouble is an answer, not an exception. */
export type Queue = {
  readonly arn: string;
  /**
   * Up to {@link MOST_MESSAGES}; none when nothing came in time, or the signal was aborted.
   *
   * @param waitSeconds - 0 to 20, for the first of them.
   */
  readonly receive: (
    waitSeconds: number,
    signal: AbortSignal,
  ) => Promise<{ readonly messages: readonly QueueMessage[] } | { readonly trouble: QueueTrouble }>;
  /**
   * Deletes what was received.
   *
   * @param receipts - at most {@link MOST_MESSAGES}.
   * @returns how many SQS did not delete: they come back.
   */
  readonly remove: (
    receipts: readonly string[],
  ) => Promise<{ readonly left: number } | { readonly trouble: QueueTrouble }>;
  readonly close: () => void;
};

/** SQS's own limit for one receive and one batch of deletes. */
export const MOST_MESSAGES = 10;

/** The parts of a queue's ARN, as config checked it. */
export type QueuePlace = { readonly region: string; readonly accountId: string; readonly name: string };

/** Takes a queue's ARN apart. */
export function placeOfQueue(arn: string): QueuePlace {
  const [, , , region = "", accountId = "", name = ""] = arn.split(":");
  return { region, accountId, name };
}

/** `queue shirase-relay in ap-northeast-1`. */
export function queueInWords(arn: string): string {
  const { name, region } = placeOfQueue(arn);
  return `queue ${name} in ${region}`;
}
