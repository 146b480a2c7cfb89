/**
 * The functions' own work on an emulator's DynamoDB, in time turned by hand: killed between any two steps, refused by
 * Slack, short of budget, several at once. The functions as Lambda runs them are in the stack's test.
 */
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Config } from "@shirase/core/config";
import { customerFinder, prepare } from "@shirase/core/prepare";
import { startMinistack } from "@shirase/testkit/emulators";
import { LOAD_START, loadConfig, loadCustomers, resourceOf, type Says, securityHubEvent } from "@shirase/testkit/load";
import type { Clock } from "../clock.ts";
import { opsNoticeFor } from "../ops-notice.ts";
import { createPacer, SAFE_PACE } from "../pacer.ts";
import type { DeliveryFailure, Destination } from "../send/destination.ts";
import { storeOn } from "../store/dynamodb.ts";
import { type Table, tableOf } from "../store/dynamodb-table.ts";
import { createStoreTable } from "../store/dynamodb-tables.contract.ts";
import type { Delivery } from "../store/store.ts";
import { type Drained, type Draining, drain } from "./drain.ts";
import { enterLane } from "./lane.ts";
import type { SqsRecord } from "./sqs-event.ts";
import { type Taking, takeRecords } from "./take-records.ts";
import { tick } from "./ticking.ts";
import { wakeUps } from "./wake-ups.ts";

const CUSTOMERS = loadCustomers(40);
const OPS = "C0OPS000000";
const CONFIG = Config.parse(loadConfig(CUSTOMERS));
const PREPARED = prepare(CONFIG);
const [ACME] = CUSTOMERS;
const CHANNEL = ACME?.channel ?? "";
const FUNCTION_MS = 60_000;
/** When SQS gives a wake-up to the next run: the one before is dead for certain. */
const VISIBLE_AFTER_MS = 90_000;

const emulator = await startMinistack();
if ("skip" in emulator) {
  test("the functions", { skip: emulator.skip }, () => undefined);
} else {
  const client = new DynamoDBClient({ ...emulator.clientFor("111111111111", "ap-northeast-1"), maxAttempts: 3 });
  let tables = 0;
  const newTable: NewTable = async () => {
    tables += 1;
    return tableOf(client, await createStoreTable(client, `functions-${tables}`));
  };
  after(async () => {
    client.destroy();
    await emulator.stop();
  });
  suite("intake", () => intake(newTable));
  suite("deliver", () => deliver(newTable));
  suite("deliver, killed between any two steps", () => killed(newTable));
  suite("the clock tick", () => ticks(newTable));
}

type NewTable = () => Promise<Table>;

type World = {
  readonly table: Table;
  readonly clock: Clock & { readonly pass: (ms: number) => void };
  /** What Slack took, in order. */
  readonly told: Delivery[];
  readonly toldAt: number[];
  readonly edits: string[];
  readonly woken: string[];
  readonly faults: unknown[];
  readonly slept: number[];
  /** Slack's next answers; without one it says ok. */
  readonly answers: DeliveryFailure[];
  readonly take: (records: readonly SqsRecord[], over?: Partial<Taking>) => ReturnType<typeof takeRecords>;
  readonly draining: (over?: Partial<Pick<Draining, "table" | "destination">>) => Draining;
  readonly drain: (channelId?: string, over?: Parameters<World["draining"]>[0]) => Promise<Drained>;
  /** Drains until nothing waits, as SQS would: again when it may be. */
  readonly drainAll: (channelId?: string) => Promise<void>;
  readonly destination: Destination;
};

function worldOn(table: Table): World {
  let now = LOAD_START.getTime() + 3_600_000;
  const slept: number[] = [];
  const clock = {
    now: () => new Date(now),
    elapsedMs: () => now,
    wait: (ms: number) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
  const told: Delivery[] = [];
  const toldAt: number[] = [];
  const edits: string[] = [];
  const woken: string[] = [];
  const faults: unknown[] = [];
  const answers: DeliveryFailure[] = [];
  const tsOf = (place: number): string => `1.${String(place + 1).padStart(6, "0")}`;
  const destination: Destination = {
    send: (delivery) => {
      const failure = answers.shift();
      if (failure) return Promise.resolve({ failure });
      told.push(delivery);
      toldAt.push(now);
      return Promise.resolve({ ts: tsOf(told.length - 1) });
    },
    find: ({ id }) => {
      const place = told.findIndex((one) => one.id === id);
      return Promise.resolve(place < 0 ? undefined : { ts: tsOf(place) });
    },
    edit: ({ ts }) => {
      edits.push(ts);
      return Promise.resolve(undefined);
    },
    check: () => Promise.resolve(undefined),
  };
  let ids = 0;
  const draining: World["draining"] = (over = {}) => ({
    store: storeOn(over.table ?? table),
    table,
    destination,
    pace: SAFE_PACE,
    clock,
    random: () => 0.5,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    customerOf: customerFinder(CONFIG, PREPARED),
    opsNotice: opsNoticeFor({ ...CONFIG, slack: { ...CONFIG.slack, opsChannel: OPS } }),
    opsChannelId: OPS,
    wake: (channelIds) => Promise.resolve(void woken.push(...channelIds)),
    onFault: (error) => void faults.push(error),
    ...over,
  });
  const drainOnce: World["drain"] = (channelId = CHANNEL, over) =>
    drain(draining(over), channelId, clock.elapsedMs() + FUNCTION_MS);
  return {
    table,
    clock,
    told,
    toldAt,
    edits,
    woken,
    faults,
    slept,
    answers,
    destination,
    draining,
    drain: drainOnce,
    drainAll: async (channelId) => {
      for (let runs = 0; runs < 200; runs += 1) {
        const drained = await drainOnce(channelId);
        if (!drained) return;
        clock.pass(Math.ceil(drained.againMs / 1000) * 1000);
      }
      assert.fail("a channel is never empty");
    },
    take: (records, over = {}) =>
      takeRecords(
        records,
        {
          acceptor: { prepared: PREPARED, store: storeOn(table) },
          wake: (channelIds) => Promise.resolve(void woken.push(...channelIds)),
          onFault: (_, error) => void faults.push(error),
          ...over,
        },
        clock.now(),
      ),
  };
}

function record(event: object | string, id = JSON.stringify(event)): SqsRecord {
  const body = typeof event === "string" ? event : JSON.stringify(event);
  return { messageId: id, receiptHandle: `handle of ${id}`, body };
}

/** An event about problem `n` of a customer. */
function event(n: number, telling = 0, says: Says = {}, customer = 0): object {
  const whose = CUSTOMERS[customer];
  if (!whose) throw new Error("no such customer");
  return securityHubEvent(whose, n, telling, says);
}

const failuresOf = async (answer: ReturnType<typeof takeRecords>): Promise<readonly string[]> =>
  (await answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

function intake(newTable: NewTable): void {
  test("one event that cannot be kept harms none of those that came with it", async () => {
    const world = worldOn(await newTable());
    const store = storeOn(world.table);
    const poison = event(5);
    const { id } = poison as { readonly id: string };
    const choking: typeof store.tell = async (events, now) => {
      if (events.some(({ heard }) => heard.eventId === id)) throw new Error("it chokes");
      return store.tell(events, now);
    };
    const records = [event(1), event(2), poison, event(3)].map((one, n) => record(one, `m${n}`));
    const acceptor = { prepared: PREPARED, store: { ...store, tell: choking } };
    assert.deepEqual(await failuresOf(world.take(records, { acceptor })), ["m2"]);
    assert.equal((await store.view(CHANNEL, ACME?.id ?? "", world.clock.now())).pendingCount, 3);
    assert.deepEqual([world.woken, world.faults.length], [[CHANNEL], 1]);
    assert.deepEqual(await failuresOf(world.take(records)), [], "and it is kept when it no longer chokes");
    assert.equal((await store.view(CHANNEL, ACME?.id ?? "", world.clock.now())).pendingCount, 4);
  });

  test("what is no event is in quarantine and does not come back; what is nobody's neither", async () => {
    const world = worldOn(await newTable());
    const strange = { ...event(1), account: "999999999999" };
    const records = [record("not JSON"), record("[]"), record({ detail: {} }), record(strange), record(event(2))];
    assert.deepEqual(await failuresOf(world.take(records)), []);
    const store = storeOn(world.table);
    assert.equal((await store.quarantined(10)).length, 4);
    assert.equal((await store.waiting()).length, 1);
  });

  test("a batch is told in one call of the store, and its channels are woken once each", async () => {
    const world = worldOn(await newTable());
    const store = storeOn(world.table);
    const sizes: number[] = [];
    const counted: typeof store.tell = (events, now) => {
      sizes.push(events.length);
      return store.tell(events, now);
    };
    const events = [event(1), event(2), event(3), event(1, 0, {}, 1), event(1, 1)];
    const acceptor = { prepared: PREPARED, store: { ...store, tell: counted } };
    await world.take(
      events.map((one) => record(one)),
      { acceptor },
    );
    assert.deepEqual(sizes, [5]);
    assert.deepEqual(world.woken.toSorted(), [CHANNEL, CUSTOMERS[1]?.channel ?? ""].toSorted());
  });

  test("a message that comes again changes nothing and wakes its channel: the run before may have died first", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1))]);
    await world.take([record(event(1))]);
    assert.deepEqual(world.woken, [CHANNEL, CHANNEL]);
    const store = storeOn(world.table);
    assert.equal((await store.view(CHANNEL, ACME?.id ?? "", world.clock.now())).pendingCount, 1);
  });

  test("what only repeats wakes nobody", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1))]);
    await world.take([record(event(1, 1)), record(event(1, 2))]);
    assert.deepEqual(world.woken, [CHANNEL]);
  });
}

const findingsIn = (told: readonly Delivery[]): number => told.reduce((sum, { counted }) => sum + counted, 0);

function deliver(newTable: NewTable): void {
  test("what waits is told at the channel's pace, and then there is nothing more to do", async () => {
    const world = worldOn(await newTable());
    await world.take([1, 2, 3, 4].map((n) => record(event(n))));
    const startedAt = world.clock.elapsedMs();
    assert.equal(await world.drain(), undefined);
    assert.deepEqual([world.told.length, findingsIn(world.told)], [4, 4]);
    const took = world.clock.elapsedMs() - startedAt;
    assert.ok(took > 0 && took < 3000, `three at once, the fourth a second later: ${took} ms`);
    assert.equal(await world.drain(), undefined);
    assert.equal(world.told.length, 4);
  });

  test("Slack's Retry-After is waited out by nobody: the wake-up comes again then, and no other channel waits", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1)), record(event(1, 0, {}, 1))]);
    world.answers.push({ kind: "wait", afterMs: 30_000 });
    const hidden: (readonly [string, number])[] = [];
    const later = (handle: string, seconds: number) => Promise.resolve(void hidden.push([handle, seconds]));
    const wakeUp = (channelId: string, id: string) => record({ channelId }, id);
    const other = CUSTOMERS[1]?.channel ?? "";
    const batch = [wakeUp(CHANNEL, "a1"), wakeUp(CHANNEL, "a2")];
    const endsAt = world.clock.elapsedMs() + FUNCTION_MS;
    const answer = await wakeUps(batch, { draining: world.draining(), later, endsAt });
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "a2" }] });
    assert.deepEqual([hidden, world.slept], [[["handle of a2", 30]], []]);
    assert.deepEqual(await wakeUps([wakeUp(other, "b")], { draining: world.draining(), later, endsAt }), {
      batchItemFailures: [],
    });
    const early = await world.drain();
    assert.ok(early && early.againMs > 28_000, "whoever comes too early is told so");
    world.clock.pass(30_000);
    assert.equal(await world.drain(), undefined);
    assert.equal(world.told.length, 2);
  });

  test("two channels refused at the same moment: all of the workspace rests", async () => {
    const world = worldOn(await newTable());
    await world.take([0, 1, 2].map((customer) => record(event(1, 0, {}, customer))));
    world.answers.push({ kind: "wait", afterMs: 20_000 }, { kind: "wait", afterMs: 20_000 });
    await world.drain(CUSTOMERS[0]?.channel);
    await world.drain(CUSTOMERS[1]?.channel);
    const third = await world.drain(CUSTOMERS[2]?.channel);
    assert.ok(third && third.againMs > 15_000);
    assert.equal(world.told.length, 0);
  });

  test("all running functions share one budget", async () => {
    const world = worldOn(await newTable());
    await world.take(CUSTOMERS.map((_, customer) => record(event(1, 0, { severity: "HIGH" }, customer))));
    const startedAt = world.clock.elapsedMs();
    await Promise.all(CUSTOMERS.map(({ channel }) => world.drainAll(channel)));
    assert.equal(findingsIn(world.told), CUSTOMERS.length);
    const { burst, perMinute } = SAFE_PACE.workspace;
    for (const [n, at] of world.toldAt.entries()) {
      const most = burst + ((at - startedAt) / 60_000) * perMinute;
      assert.ok(n + 1 <= most + 1, `${n + 1} after ${at - startedAt} ms`);
    }
  });

  test("of the budget the critical have the last, and what is only to be named leaves half", async () => {
    const world = worldOn(await newTable());
    const now = world.clock.elapsedMs();
    const took: Record<number, number> = {};
    for (const reserve of [10, 4, 0]) {
      took[reserve] = 0;
      for (const { channel } of CUSTOMERS) {
        const given = { table: world.table, channelId: `${channel}-${reserve}`, pace: SAFE_PACE, now };
        const lane = await enterLane({ ...given, holder: "one", until: now + FUNCTION_MS });
        if ("take" in lane && (await lane.take(reserve, now)) === 0) took[reserve] += 1;
      }
    }
    assert.deepEqual(took, { 0: 4, 4: 6, 10: 10 });
  });

  test("a channel that Slack closed is left alone until it may be tried, and then works again", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1))]);
    world.answers.push({ kind: "stop", scope: "channel", reason: "is_archived", remedy: "Unarchive it." });
    assert.equal(await world.drain(), undefined);
    assert.deepEqual(world.woken, [CHANNEL, OPS], "somebody is told");
    assert.equal(await world.drain(), undefined);
    assert.equal(world.told.length, 0);
    world.clock.pass(5 * 60_000);
    await world.drainAll();
    assert.equal(world.told.length, 1);
    assert.deepEqual(await storeOn(world.table).pauses(), []);
  });

  test("failures are remembered from run to run: the channel rests longer each time, one message does not block it", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1))]);
    const rests: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      world.answers.push({ kind: "retry", reason: "HTTP 500" });
      const drained = await world.drain();
      rests.push(drained?.againMs ?? 0);
      world.clock.pass(drained?.againMs ?? 0);
    }
    assert.ok((rests.at(-1) ?? 0) >= 3 * (rests[0] ?? 0), rests.join(" "));
    await world.take([record(event(2))]);
    await world.drainAll();
    assert.equal(findingsIn(world.told), 2);
  });

  test("a run that has no time left for a turn gives way to the next", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1))]);
    assert.deepEqual(await drain(world.draining(), CHANNEL, world.clock.elapsedMs() + 29_000), { againMs: 0 });
    assert.equal(await world.drain(), undefined);
    assert.equal(world.told.length, 1);
  });

  test("two runs in one channel: one works, the other comes again when the first must be over", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1))]);
    const given = { table: world.table, channelId: CHANNEL, pace: SAFE_PACE, now: world.clock.elapsedMs() };
    const zombie = await enterLane({ ...given, holder: "zombie", until: given.now + FUNCTION_MS });
    if ("heldMs" in zombie) return assert.fail("nobody was there");
    assert.deepEqual(await world.drain(), { againMs: FUNCTION_MS });
    world.clock.pass(FUNCTION_MS);
    const next = await enterLane({
      ...given,
      holder: "next",
      now: world.clock.elapsedMs(),
      until: Number.MAX_SAFE_INTEGER,
    });
    assert.ok("take" in next);
    await assert.rejects(zombie.take(0, world.clock.elapsedMs()), { name: "LaneLostError" });
  });
}

/** Counts what is done to table and Slack, and dies at the nth: before it is done, or after and nobody hears. */
function dying(world: World, diesAt: number, isDone: boolean) {
  let steps = 0;
  const deadly =
    <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      steps += 1;
      // Whoever is dead does nothing, and hears nothing, for ever.
      if (steps > diesAt || (steps === diesAt && !isDone)) return new Promise<R>(() => undefined);
      if (steps < diesAt) return act(...args);
      await act(...args);
      return new Promise<R>(() => undefined);
    };
  const { table, destination } = world;
  const mortal: Table = {
    ...table,
    together: deadly(table.together),
    write: deadly(table.write),
    putAll: deadly(table.putAll),
    removeAll: deadly(table.removeAll),
  };
  const slack: Destination = { ...destination, send: deadly(destination.send), find: deadly(destination.find) };
  return { over: { table: mortal, destination: slack }, steps: () => steps };
}

/** Dies at every step, each in a world of its own; another run takes over when SQS lets it. */
async function dieEverywhere(
  newTable: NewTable,
  events: readonly object[],
  check: (world: World, why: string) => Promise<void>,
  every = 1,
): Promise<number> {
  let deaths = 0;
  for (const isDone of [false, true]) {
    for (let diesAt = 1; ; diesAt += every) {
      const world = worldOn(await newTable());
      await world.take(events.map((one) => record(one)));
      const { over, steps } = dying(world, diesAt, isDone);
      let isOver = false;
      const ended = world.drain(CHANNEL, over).finally(() => {
        isOver = true;
      });
      await Promise.race([ended, untilDead(() => isOver || steps() >= diesAt)]);
      if (steps() < diesAt) break;
      deaths += 1;
      world.clock.pass(VISIBLE_AFTER_MS);
      await world.drainAll();
      await check(world, `died ${isDone ? "after" : "before"} step ${diesAt}`);
    }
  }
  return deaths;
}

/** Resolves when the step of death was reached, and what Slack and the table do of it is done. */
async function untilDead(isDead: () => boolean): Promise<void> {
  while (!isDead()) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, 15));
}

function killed(newTable: NewTable): void {
  test("a card, a second one and a reply: each told once, whenever the run died", async () => {
    const events = [event(1), event(2)];
    const deaths = await dieEverywhere(newTable, events, async (world, why) => {
      assert.equal(findingsIn(world.told), 2, why);
      assert.equal(new Set(world.told.map(({ id }) => id)).size, world.told.length, why);
      await world.take([record(event(1, 1, { status: "PASSED" }))]);
      await world.drainAll();
      assert.deepEqual([world.told.at(-1)?.kind, world.told.length], ["reply", 3], why);
      assert.deepEqual(await storeOn(world.table).waiting(), [], why);
    });
    assert.ok(deaths > 20, `${deaths} deaths`);
  });

  test("a burst and its names: counted once, named once, whenever the run died", async () => {
    const events = Array.from({ length: 14 }, (_, n) => event(n));
    await dieEverywhere(
      newTable,
      events,
      async (world, why) => {
        const kinds = world.told.map(({ kind }) => kind);
        assert.deepEqual(kinds.filter((kind) => kind === "burst").length, 1, why);
        const named = world.told
          .filter(({ kind }) => kind === "names")
          .map(({ body }) => body)
          .join();
        for (let n = 0; n < 14; n += 1) assert.equal(occurrences(named, resourceOf(n)), 1, `${why}: problem ${n}`);
        assert.deepEqual(await storeOn(world.table).waiting(), [], why);
      },
      2,
    );
  });
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

function ticks(newTable: NewTable): void {
  const ticking = (world: World, over: object = {}) => ({
    ...world.draining(),
    customers: PREPARED.customers,
    language: "en" as const,
    timezone: "UTC",
    pacer: createPacer(SAFE_PACE),
    onFault: (error: unknown) => void world.faults.push(error),
    endsAt: world.clock.elapsedMs() + FUNCTION_MS,
    ...over,
  });

  test("wakes whatever nobody was woken for, but for what Slack closed", async () => {
    const world = worldOn(await newTable());
    const silent = { wake: () => Promise.resolve() };
    await world.take([record(event(1)), record(event(1, 0, {}, 1))], silent);
    await storeOn(world.table).pause({
      channelId: CUSTOMERS[1]?.channel ?? "",
      reason: "is_archived",
      remedy: "",
      pausedAt: world.clock.now(),
      recheckAt: new Date(world.clock.elapsedMs() + 300_000),
    });
    const done = await tick(ticking(world));
    assert.deepEqual([done, world.woken, world.faults], [{ edited: 0, woken: 1 }, [CHANNEL], []]);
    world.clock.pass(300_000);
    assert.equal((await tick(ticking(world))).woken, 2);
  });

  test("edits cards that are out of date, each once, as fast as Slack takes edits", async () => {
    const world = worldOn(await newTable());
    for (const customer of CUSTOMERS.keys()) {
      await world.take([record(event(1, 0, {}, customer))]);
      await world.drainAll(CUSTOMERS[customer]?.channel);
    }
    world.clock.pass(60_000);
    await world.take(CUSTOMERS.map((_, customer) => record(event(1, 70, { status: "PASSED" }, customer))));
    world.clock.pass(11_000);
    const startedAt = world.clock.elapsedMs();
    const { edited } = await tick(ticking(world));
    const minutes = (world.clock.elapsedMs() - startedAt) / 60_000;
    assert.ok(edited >= 20 && edited <= 5 + 40 * minutes + 1, `${edited} in ${minutes} minutes`);
    await tick(ticking(world));
    assert.equal(world.edits.length, CUSTOMERS.length);
    assert.equal(new Set(world.edits).size, CUSTOMERS.length);
  });

  test("one part that fails stops no other", async () => {
    const world = worldOn(await newTable());
    await world.take([record(event(1))]);
    const store = { ...storeOn(world.table), beats: () => Promise.reject(new Error("no")) };
    const done = await tick(ticking(world, { store }));
    assert.deepEqual([done.woken, world.faults.length], [1, 1]);
  });
}
