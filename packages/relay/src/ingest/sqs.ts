/**
 * Reads SQS queues: what lies there is kept, and deleted only when it is on disk.
 *
 * One receiver waits at each queue, 20 seconds at a time: an empty queue costs three requests a minute. A full batch
 * means that more waits, so it calls up one more receiver, who does the same, and leaves when nothing is left.
 *
 * When something goes wrong:
 * - The store refuses (the disk is full): nothing is deleted, and nothing more is received. What is in hand is tried
 *   again as soon as the store takes a probe. So an outage costs each message one receive, not one for each try: after
 *   five, the hub's queue would move them to its dead letters.
 * - A message is no event: into quarantine with its reason, and deleted. It would not become one by coming back, and
 *   the dead letters are for what the relay could not take: they ring an alarm, quarantine is where strangers are.
 * - One message cannot be decided, a fault of ours: it stays and comes back, and after five times it is a dead letter,
 *   which rings. Those that came with it are kept.
 * - A batch takes longer than messages are hidden: they are received again, known by their events' ids, and deleted.
 *
 * Not here: AWS (sqs-queue.ts), what an event means (accept.ts).
 */
import { UndecidedError } from "../accept.ts";
import { backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";
import { MOST_MESSAGES, type Queue, type QueueMessage, type QueueTrouble } from "./queue.ts";
import { createQueueHealth, type QueueHealth, type QueueListener } from "./queue-health.ts";
import { createStoreGate, type StoreGate } from "./store-gate.ts";

/** What reading works with. */
export type Reading = {
  readonly queues: readonly Queue[];
  /** Keeps a message's body. @throws UndecidedError, or what the store throws: then it was not kept. */
  readonly take: (body: string) => Promise<unknown>;
  readonly store: Pick<Store, "probe">;
  readonly clock: Clock;
  /** 0 up to 1, for jitter. */
  readonly random: () => number;
  readonly listener: ReadingListener;
};

/** Hears what happens, for the log, the counters and the ops channel. */
export type ReadingListener = QueueListener & {
  /** So many messages of a queue are kept and deleted. */
  readonly taken: (arn: string, count: number) => void;
  /** So many are kept, and SQS did not delete them: they come back and change nothing. */
  readonly left: (arn: string, count: number) => void;
  readonly storeRefused: (error: unknown) => void;
  readonly storeWorks: () => void;
  /** Something of ours failed. */
  readonly fault: (error: unknown) => void;
};

/** Queues being read. */
export type QueueReader = {
  /** What is wrong with each queue; undefined where nothing is. In the order they were given. */
  readonly states: () => readonly QueueState[];
  /** Receives nothing more; resolves when what is in hand is kept and deleted, or left to come back. */
  readonly stop: () => Promise<void>;
};
export type QueueState = { readonly arn: string; readonly trouble: QueueTrouble | undefined };

/** The longest that SQS waits for a message. */
const LONGEST_POLL_SECONDS = 20;
const SHORTEST_POLL_MS = 1000;
/** Who was called up because more waits need not wait long to learn that nothing does. */
const HELPERS_POLL_SECONDS = 1;
/**
 * For each queue. A receiver takes 10 messages in two round trips: some 30 a second where AWS is 150 ms away, some 400
 * where it is 10 ms away. Eight of them take what a burst of thousands brings, and hold 80 messages at most.
 */
const MOST_RECEIVERS = 8;
const LONGEST_BACKOFF_MS = 30_000;

/** Starts reading. */
export function readQueues(reading: Reading): QueueReader {
  const stopping = new AbortController();
  const { store, clock, random, listener } = reading;
  const gate = createStoreGate({
    store,
    clock,
    random,
    signal: stopping.signal,
    onClosed: listener.storeRefused,
    onOpened: listener.storeWorks,
  });
  const posts = reading.queues.map((queue): Post => {
    const health = createQueueHealth(queue.arn, clock, listener);
    return { ...reading, queue, health, gate, stopping: stopping.signal, helpers: new Set() };
  });
  const ended = Promise.all(posts.map(attend));
  return {
    states: () => posts.map(({ queue, health }) => ({ arn: queue.arn, trouble: health.trouble() })),
    stop: async () => {
      stopping.abort();
      await ended;
      for (const { queue } of posts) queue.close();
    },
  };
}

/** One queue and those who read it. */
type Post = Omit<Reading, "queues"> & {
  readonly queue: Queue;
  readonly health: QueueHealth;
  readonly gate: StoreGate;
  readonly stopping: AbortSignal;
  /** The receivers that were called up. */
  readonly helpers: Set<Promise<void>>;
};

/** The receiver that is always there. */
async function attend(post: Post): Promise<void> {
  const { clock, random, stopping, helpers } = post;
  let failures = 0;
  while (!stopping.aborted) {
    const startedAt = clock.now().getTime();
    const outcome = await round(post, LONGEST_POLL_SECONDS);
    failures = outcome === "failed" ? failures + 1 : 0;
    if (failures > 0) await clock.wait(backoffMs(failures, random(), LONGEST_BACKOFF_MS), stopping);
    // Who does not wait as asked must not be asked in circles.
    else if (outcome === "nothing") await clock.wait(startedAt + SHORTEST_POLL_MS - clock.now().getTime(), stopping);
  }
  await Promise.all(helpers);
}

function callHelper(post: Post): void {
  const { helpers, stopping } = post;
  if (helpers.size >= MOST_RECEIVERS - 1 || stopping.aborted) return;
  const helping = help(post).finally(() => helpers.delete(helping));
  helpers.add(helping);
}

async function help(post: Post): Promise<void> {
  while (!post.stopping.aborted && (await round(post, HELPERS_POLL_SECONDS)) === "taken") {
    // Again, as long as there is something.
  }
}

/** Receives once, keeps what came, deletes it. */
async function round(post: Post, waitSeconds: number): Promise<"taken" | "nothing" | "failed"> {
  try {
    await post.gate.open();
    const received = await post.queue.receive(waitSeconds, post.stopping);
    if ("trouble" in received) {
      post.health.failed("receive", received.trouble);
      return "failed";
    }
    const { messages } = received;
    if (messages.length === 0 && post.stopping.aborted) return "nothing";
    post.health.worked("receive");
    if (messages.length === 0) return "nothing";
    if (messages.length === MOST_MESSAGES) callHelper(post);
    const { kept, refused } = await keep(post, messages);
    const isDeleted = kept.length === 0 || (await remove(post, kept));
    return isDeleted && refused === undefined ? "taken" : "failed";
  } catch (error) {
    // A reader that ended here would leave the queue to fill without a word.
    post.listener.fault(error);
    return "failed";
  }
}

type Kept = { readonly kept: readonly QueueMessage[]; readonly refused: Refused | undefined };
/** What the store did not take, and what it said. */
type Refused = { readonly messages: readonly QueueMessage[]; readonly error: unknown };

/** Keeps messages; when the store refuses, once more after it took a probe. */
async function keep(post: Post, messages: readonly QueueMessage[]): Promise<Kept> {
  const first = await keepOnce(post, messages);
  if (first.refused === undefined) return first;
  await post.gate.refused(first.refused.error);
  if (post.stopping.aborted) return first;
  const second = await keepOnce(post, first.refused.messages);
  if (second.refused) post.listener.fault(second.refused.error);
  return { kept: [...first.kept, ...second.kept], refused: second.refused };
}

/** Each by itself, so that one cannot hold back the others; all at once, so that they share a commit. */
async function keepOnce(post: Post, messages: readonly QueueMessage[]): Promise<Kept> {
  const outcomes = await Promise.allSettled(messages.map(({ body }) => post.take(body)));
  const kept: QueueMessage[] = [];
  let refused: { readonly messages: QueueMessage[]; readonly error: unknown } | undefined;
  for (const [index, message] of messages.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status !== "rejected") kept.push(message);
    else if (outcome.reason instanceof UndecidedError) post.listener.fault(outcome.reason);
    else {
      refused ??= { messages: [], error: outcome.reason };
      refused.messages.push(message);
    }
  }
  return { kept, refused };
}

/** @returns whether SQS took the request; what it left all the same comes back. */
async function remove({ queue, health, listener }: Post, messages: readonly QueueMessage[]): Promise<boolean> {
  const removed = await queue.remove(messages.map(({ receipt }) => receipt));
  if ("trouble" in removed) {
    health.failed("delete", removed.trouble);
    return false;
  }
  health.worked("delete");
  listener.taken(queue.arn, messages.length - removed.left);
  if (removed.left > 0) listener.left(queue.arn, removed.left);
  return true;
}
