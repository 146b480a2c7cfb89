/**
 * The reader's rules against a queue that keeps SQS's: a message in hand is hidden until its visibility timeout, and
 * after five receives it is a dead letter. Time is turned by hand. AWS itself is in sqs.emulator.test.ts.
 */
import assert from "node:assert/strict";
import { afterEach, suite, test } from "node:test";
import { type ManualClock, manualClock } from "@shirase/testkit/clock";
import { UndecidedError } from "../accept.ts";
import { MOST_MESSAGES, type Queue, type QueueTrouble } from "./queue.ts";
import { type QueueReader, readQueues } from "./sqs.ts";

const ARN = "arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const VISIBILITY_MS = 3 * MINUTE;
const MOST_RECEIVES = 5;
const DENIED: QueueTrouble = { code: "access-denied", problem: "denied", remedy: "Allow it." };

type Message = { readonly body: string; receives: number; hiddenUntil: number; receipt: string };

type MemoryQueue = Queue & {
  readonly put: (...bodies: readonly string[]) => void;
  readonly left: () => readonly string[];
  readonly dead: () => readonly string[];
  /** The most receivers that ever waited or worked at once, and how many requests there were. */
  readonly seen: { requests: number; deletes: number; atOnce: number };
  /** What AWS refuses from now on. */
  readonly refuse: { receive?: QueueTrouble | undefined; remove?: QueueTrouble | undefined };
};

function memoryQueue(clock: ManualClock): MemoryQueue {
  let messages: Message[] = [];
  const dead: string[] = [];
  const seen = { requests: 0, deletes: 0, atOnce: 0 };
  const refuse: MemoryQueue["refuse"] = {};
  let receiving = 0;
  let receipts = 0;
  const arrivals = new Set<() => void>();

  const take = (): readonly { body: string; receipt: string }[] => {
    const now = clock.now().getTime();
    const visible = messages.filter(({ hiddenUntil }) => hiddenUntil <= now);
    for (const message of visible.filter(({ receives }) => receives >= MOST_RECEIVES)) {
      dead.push(message.body);
      messages = messages.filter((one) => one !== message);
    }
    return visible
      .filter(({ receives }) => receives < MOST_RECEIVES)
      .slice(0, MOST_MESSAGES)
      .map((message) => {
        receipts += 1;
        Object.assign(message, { receives: message.receives + 1, hiddenUntil: now + VISIBILITY_MS });
        message.receipt = `r${receipts}`;
        return { body: message.body, receipt: message.receipt };
      });
  };
  const poll = async (waitSeconds: number, signal: AbortSignal): Promise<ReturnType<typeof take>> => {
    const until = clock.now().getTime() + waitSeconds * SECOND;
    for (;;) {
      const taken = take();
      const waitMs = until - clock.now().getTime();
      if (taken.length > 0 || waitMs <= 0 || signal.aborted) return taken;
      const arrival = new AbortController();
      const wake = (): void => arrival.abort();
      arrivals.add(wake);
      // As SQS does, it looks again when something comes, or becomes visible again.
      await clock.wait(Math.min(waitMs, SECOND), AbortSignal.any([signal, arrival.signal]));
      arrivals.delete(wake);
    }
  };
  return {
    arn: ARN,
    receive: async (waitSeconds, signal) => {
      seen.requests += 1;
      if (refuse.receive) return { trouble: refuse.receive };
      receiving += 1;
      seen.atOnce = Math.max(seen.atOnce, receiving);
      const taken = await poll(waitSeconds, signal);
      receiving -= 1;
      return { messages: taken };
    },
    remove: (gone) => {
      seen.deletes += 1;
      if (refuse.remove) return Promise.resolve({ trouble: refuse.remove });
      const before = messages.length;
      messages = messages.filter(({ receipt }) => !gone.includes(receipt));
      return Promise.resolve({ left: gone.length - (before - messages.length) });
    },
    close: () => undefined,
    put: (...bodies) => {
      messages.push(...bodies.map((body) => ({ body, receives: 0, hiddenUntil: 0, receipt: "" })));
      for (const wake of arrivals) wake();
    },
    left: () => messages.map(({ body }) => body),
    dead: () => dead,
    seen,
    refuse,
  };
}

type World = {
  readonly clock: ManualClock;
  readonly queue: MemoryQueue;
  readonly reader: QueueReader;
  /** What was kept, each time it was. */
  readonly kept: string[];
  readonly heard: string[];
  readonly store: { isFull: boolean; probes: number };
};

const running: QueueReader[] = [];
/** Messages that are being kept until the test says so. */
const inHand: (() => void)[] = [];
const slowly = (): Promise<void> => new Promise((resolve) => void inHand.push(resolve));

afterEach(async () => {
  for (const done of inHand.splice(0)) done();
  for (const reader of running.splice(0)) await reader.stop();
});

function start(take?: (body: string) => Promise<unknown>): World {
  const clock = manualClock();
  const queue = memoryQueue(clock);
  const kept: string[] = [];
  const heard: string[] = [];
  const store = { isFull: false, probes: 0 };
  const keep = async (body: string): Promise<void> => {
    if (store.isFull) throw new Error("database or disk is full");
    await take?.(body);
    kept.push(body);
  };
  const reader = readQueues({
    queues: [queue],
    take: keep,
    store: {
      probe: async () => {
        store.probes += 1;
        if (store.isFull) throw new Error("database or disk is full");
      },
    },
    clock,
    random: () => 1,
    listener: {
      taken: () => undefined,
      left: (_, count) => heard.push(`left ${count}`),
      failed: (_, operation, { code }, isNews) => void (isNews && heard.push(`${operation} ${code}`)),
      stuck: (_, { code }) => heard.push(`stuck ${code}`),
      works: () => heard.push("works"),
      storeRefused: () => heard.push("store refused"),
      storeWorks: () => heard.push("store works"),
      fault: (error) => heard.push(error instanceof Error ? error.message : String(error)),
    },
  });
  running.push(reader);
  return { clock, queue, reader, kept, heard, store };
}

function upTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `m${index}`);
}

suite("readQueues", () => {
  test("an empty queue costs one request in 20 seconds", async () => {
    const { clock, queue } = start();
    await clock.advance(10 * MINUTE);
    assert.ok(queue.seen.requests <= 31, `${queue.seen.requests} requests`);
    assert.equal(queue.seen.atOnce, 1);
  });

  test("a queue that does not wait as asked is asked once a second", async () => {
    const { clock, queue } = start();
    let requests = 0;
    Object.assign(queue, {
      receive: () => {
        requests += 1;
        return Promise.resolve({ messages: [] });
      },
    });
    await clock.advance(MINUTE);
    assert.ok(requests >= 30 && requests <= 61, `${requests} requests in a minute`);
  });

  test("what comes is kept once and deleted, and many receivers share a flood, and go when it is over", async () => {
    const { clock, queue, kept, reader } = start();
    queue.put(...upTo(500));
    await clock.advance(2 * SECOND);
    assert.deepEqual([...kept].sort(), [...upTo(500)].sort());
    assert.deepEqual(queue.left(), []);
    assert.ok(queue.seen.atOnce > 1 && queue.seen.atOnce <= 8, `${queue.seen.atOnce} receivers`);
    const { requests } = queue.seen;
    await clock.advance(MINUTE);
    assert.ok(queue.seen.requests - requests <= 8, "the helpers went on asking");
    await reader.stop();
  });

  test("while the disk is full nothing is deleted and nothing more is received, and each counts one receive", async () => {
    const { clock, queue, kept, heard, store } = start();
    store.isFull = true;
    queue.put(...upTo(25));
    await clock.advance(60 * MINUTE);
    assert.equal(queue.seen.deletes, 0);
    assert.equal(queue.left().length, 25);
    assert.deepEqual(queue.dead(), []);
    assert.ok(queue.seen.requests <= 3, `${queue.seen.requests} requests`);
    assert.ok(store.probes > 60 && store.probes < 200, `${store.probes} probes`);
    assert.deepEqual(heard, ["store refused"]);
    store.isFull = false;
    await clock.advance(MINUTE);
    assert.deepEqual([...new Set(kept)].sort(), [...upTo(25)].sort());
    assert.equal(heard[1], "store works");
    // Some were received again meanwhile, so an old receipt deletes nothing; the new one does.
    await clock.advance(2 * VISIBILITY_MS);
    assert.deepEqual(queue.left(), []);
    assert.deepEqual(queue.dead(), []);
  });

  test("a store that takes a probe and not the message leaves it, and says so", async () => {
    const { clock, queue, heard, store } = start(() => Promise.reject(new Error("one page too many")));
    queue.put("m");
    await clock.advance(2 * SECOND);
    assert.deepEqual(heard, ["store refused", "store works", "one page too many"]);
    assert.equal(store.probes, 1);
    assert.deepEqual(queue.left(), ["m"]);
  });

  test("one that cannot be decided stays and ends as a dead letter; those that came with it are kept", async () => {
    const { clock, queue, kept, heard } = start(async (body) => {
      if (body === "m3") throw new UndecidedError("event m3 could not be decided");
    });
    queue.put(...upTo(10));
    await clock.advance(MOST_RECEIVES * (VISIBILITY_MS + MINUTE));
    assert.deepEqual(
      [...kept].sort(),
      upTo(10).filter((one) => one !== "m3"),
    );
    assert.deepEqual(queue.dead(), ["m3"]);
    assert.deepEqual(heard, Array(MOST_RECEIVES).fill("event m3 could not be decided"));
  });

  test("a batch that takes longer than the visibility timeout comes again, and its old receipts do no harm", async () => {
    const { clock, queue, kept, heard } = start(slowly);
    queue.put(...upTo(10));
    await clock.advance(VISIBILITY_MS + SECOND);
    const elsewhere = await queue.receive(0, new AbortController().signal);
    assert.equal("messages" in elsewhere && elsewhere.messages.length, 10);
    for (const done of inHand.splice(0)) done();
    await clock.advance(SECOND);
    assert.deepEqual(heard, ["left 10"]);
    assert.equal(queue.left().length, 10);
    await clock.advance(VISIBILITY_MS);
    for (const done of inHand.splice(0)) done();
    await clock.advance(SECOND);
    assert.deepEqual(queue.left(), []);
    assert.deepEqual([...new Set(kept)].sort(), upTo(10));
  });

  test("a queue that AWS refuses is asked ever more rarely, told once, and read at once when it can be", async () => {
    const { clock, queue, reader, kept, heard } = start();
    queue.refuse.receive = DENIED;
    // The poll under way is the last that is answered.
    await clock.advance(20 * SECOND);
    const before = queue.seen.requests;
    await clock.advance(10 * MINUTE);
    const asked = queue.seen.requests - before;
    assert.ok(asked >= 20 && asked <= 30, `${asked} requests in ten minutes`);
    assert.deepEqual(heard, ["receive access-denied", "stuck access-denied"]);
    assert.deepEqual(reader.states(), [{ arn: ARN, trouble: DENIED }]);
    queue.refuse.receive = undefined;
    queue.put("m");
    await clock.advance(30 * SECOND);
    assert.deepEqual(kept, ["m"]);
    assert.deepEqual(reader.states(), [{ arn: ARN, trouble: undefined }]);
    assert.equal(heard.at(-1), "works");
  });

  test("who may not delete still tells everything once to the store, and shows the trouble", async () => {
    const { clock, queue, reader, kept } = start();
    queue.refuse.remove = DENIED;
    queue.put("m");
    await clock.advance(MINUTE);
    assert.deepEqual(kept, ["m"]);
    assert.deepEqual(reader.states()[0]?.trouble, DENIED);
  });

  test("something that throws is said, and the queue is read on", async () => {
    const { clock, queue, kept, heard } = start();
    const { receive } = queue;
    let isBroken = true;
    Object.assign(queue, {
      receive: (...asked: Parameters<Queue["receive"]>) => {
        if (isBroken) throw new Error("a bug");
        return receive(...asked);
      },
    });
    await clock.advance(25 * SECOND);
    assert.ok(heard.includes("a bug"));
    isBroken = false;
    queue.put("m");
    await clock.advance(30 * SECOND);
    assert.deepEqual(kept, ["m"]);
  });

  test("stopping ends a long poll at once, and keeps and deletes what is in hand", async () => {
    const { clock, queue, reader } = start(slowly);
    queue.put("m");
    await clock.advance(SECOND);
    const stopped = reader.stop();
    for (const done of inHand) done();
    await stopped;
    assert.deepEqual(queue.left(), []);
    const idle = start();
    await idle.clock.advance(5 * SECOND);
    await idle.reader.stop();
  });

  test("stopping while the disk is full leaves everything in the queue", async () => {
    const { clock, queue, reader, kept, store } = start();
    store.isFull = true;
    queue.put(...upTo(3));
    await clock.advance(MINUTE);
    await reader.stop();
    assert.deepEqual(kept, []);
    assert.equal(queue.left().length, 3);
  });
});
