/** The deliverer in time that is turned by hand, on a real store; a day passes in milliseconds. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { readEnvelope } from "@shirase/core/event";
import { hear } from "@shirase/core/hear";
import { customerFinder, prepare } from "@shirase/core/prepare";
import { type ManualClock, manualClock } from "@shirase/testkit/clock";
import { LOAD_START, loadConfig, loadCustomers, type Says, securityHubEvent } from "@shirase/testkit/load";
import { type Deliverer, startDelivering } from "./deliver.ts";
import { createPacer, SAFE_PACE } from "./pacer.ts";
import type { DeliveryFailure, Destination, Posted, Sent } from "./send/destination.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import type { Delivery, NewMessage, Store } from "./store/store.ts";

const OPS = "C-ops";
const [HIGH, CRITICAL] = [3, 4];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const folder = mkdtempSync(join(tmpdir(), "shirase-deliver-"));
const cleanUps: (() => Promise<void>)[] = [];
let stores = 0;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What Slack says to a try, given how many there were of this message. `lost`: it takes it, and the answer is lost. */
type Answer = DeliveryFailure | "ok" | "lost";
type Slack = (delivery: Delivery, tries: number) => Answer | Promise<Answer>;
type Try = {
  readonly id: string;
  readonly channelId: string;
  readonly atMs: number;
  readonly text: string;
  readonly delivery: Delivery;
};
type Edit = Posted & { readonly atMs: number; readonly text: string };

type World = {
  readonly clock: ManualClock;
  readonly store: Store;
  /** What Slack took, in order. */
  readonly told: Try[];
  readonly tries: Try[];
  readonly edits: Edit[];
  /** How often Slack was asked whether it has a message. */
  readonly looks: string[];
  readonly faults: unknown[];
  /** A message as it is, of a customer. */
  readonly put: (customerId: string, id: string, severityRank?: number) => Promise<void>;
  /** Tellings of problems of customer 0, or of another. */
  readonly tell: (tellings: readonly Telling[], customer?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly restart: () => Promise<void>;
};
type Telling = readonly [problem: number, telling?: number, says?: Says];

const CUSTOMERS = loadCustomers(3);
const CONFIG = Config.parse(loadConfig(CUSTOMERS));
const PREPARED = prepare(CONFIG);
const [, GLOBEX = ""] = CUSTOMERS.map(({ channel }) => channel);

function start(slack: Slack, over: Partial<Store & Destination> = {}): World {
  const clock = manualClock(LOAD_START);
  const startedAt = clock.now().getTime();
  stores += 1;
  const real = openSqliteStore({ dataDir: join(folder, String(stores)) });
  const store: Store = { ...real, ...over };
  const told: Try[] = [];
  const tries: Try[] = [];
  const edits: Edit[] = [];
  const looks: string[] = [];
  const faults: unknown[] = [];
  let notices = 0;
  let ids = 0;
  const send = async (delivery: Delivery): Promise<Sent> => {
    const { id, channelId, body } = delivery;
    const { text } = JSON.parse(body) as { readonly text: string };
    const one = { id, channelId, atMs: clock.now().getTime() - startedAt, text, delivery };
    tries.push(one);
    const said = await slack(delivery, tries.filter((other) => other.id === id).length);
    if (said !== "ok" && said !== "lost") return { failure: said };
    told.push(one);
    return said === "ok" ? { ts: tsOf(told.length) } : { failure: { kind: "retry", reason: "socket hang up" } };
  };
  const find = async ({ id }: Delivery): Promise<Sent | undefined> => {
    looks.push(id);
    const index = told.findIndex((one) => one.id === id);
    return index < 0 ? undefined : { ts: tsOf(index + 1) };
  };
  const run = (): Deliverer =>
    startDelivering({
      store,
      destination: {
        send,
        find: over.find ?? find,
        edit: async (posted, { text }) => {
          edits.push({ ...posted, atMs: clock.now().getTime() - startedAt, text });
          return over.edit?.(posted, { text } as never);
        },
        check: () => Promise.resolve(undefined),
      },
      pacer: createPacer(SAFE_PACE),
      clock,
      random: () => 1,
      newId: () => {
        ids += 1;
        return `m${ids}`;
      },
      customerOf: customerFinder(CONFIG, PREPARED),
      opsNotice: (text) => {
        notices += 1;
        return note("", OPS, `ops-${notices}`, HIGH, text);
      },
      onFault: (error) => faults.push(error),
    });
  let deliverer = run();
  cleanUps.push(async () => {
    await deliverer.stop();
    await real.close();
  });
  return {
    clock,
    store,
    told,
    tries,
    edits,
    looks,
    faults,
    put: async (customerId, id, severityRank = HIGH) => {
      await real.enqueue(note(customerId, `C-${customerId}`, id, severityRank, id), clock.now());
      deliverer.wake();
    },
    tell: async (tellings, customer = 0) => {
      const from = CUSTOMERS[customer];
      assert.ok(from);
      const heard = tellings.map(([problem, telling, says]) => {
        const read = readEnvelope(securityHubEvent(from, problem, telling, says));
        assert.ok("event" in read);
        return { heard: hear(read.event, {}, PREPARED), body: () => "" };
      });
      await real.tell(heard, clock.now());
      deliverer.wake();
    },
    stop: () => deliverer.stop(),
    restart: async () => {
      await deliverer.stop();
      deliverer = run();
    },
  };
}

function tsOf(number: number): string {
  return `${number}.0`;
}

function note(customerId: string, channelId: string, id: string, severityRank: number, text: string): NewMessage {
  const body = JSON.stringify({ text });
  return { id, customerId, channelId, kind: "note", severityRank, body, counted: 0, isBroadcast: false };
}

const ids = (list: readonly Try[]): readonly string[] => list.map(({ id }) => id);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const RETRY: DeliveryFailure = { kind: "retry", reason: "HTTP 500" };
const STOP: DeliveryFailure = { kind: "stop", scope: "channel", reason: "is_archived", remedy: "Unarchive it." };
const CLOSED: DeliveryFailure = { kind: "stop", scope: "workspace", reason: "token_revoked", remedy: "Install." };
const REJECT: DeliveryFailure = { kind: "reject", reason: "invalid_blocks", remedy: "Report it." };

suite("startDelivering: order and pace", () => {
  test("ten customers in a flood of CRITICALs delay an eleventh's by no more than a second", async () => {
    const { clock, told, put } = start(() => "ok");
    await Promise.all(upTo(150).map((n) => put(`noisy${n % 10}`, `${n}`, CRITICAL)));
    await clock.advance(5000);
    await put("quiet", "quiet", CRITICAL);
    await clock.advance(1000);
    assert.ok(
      told.some(({ id }) => id === "quiet"),
      `not among ${told.length} told`,
    );
    assert.ok(told.length < 60, "the others still wait");
  });

  test("a flood in one channel keeps below a message a second there", async () => {
    const { clock, told, put } = start(() => "ok");
    await Promise.all(upTo(100).map((n) => put("acme", `${n}`)));
    await clock.advance(MINUTE);
    assert.ok(told.length <= 3 + 58, `${told.length} in the first minute`);
    assert.ok(told.length >= 58, `${told.length} in the first minute`);
  });

  test("one message at a time in a channel, sixteen channels at once", async () => {
    let open = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const { put, tries, clock } = start(async (): Promise<Answer> => {
      open += 1;
      most = Math.max(most, open);
      await new Promise<void>((resolve) => release.push(resolve));
      open -= 1;
      return "ok";
    });
    await Promise.all(upTo(40).map((n) => put(`c${n % 20}`, `${n}`)));
    await clock.advance(1000);
    assert.equal(most, 16);
    assert.equal(new Set(tries.map(({ channelId }) => channelId)).size, 16);
    for (let n = 0; n < 40; n += 1) {
      release.shift()?.();
      await clock.advance(1000);
    }
    assert.equal(tries.length, 40);
  });
});

suite("startDelivering: trouble stays where it is", () => {
  test("a 429 rests its channel for as long as Slack asked, and no other", async () => {
    const wait: DeliveryFailure = { kind: "wait", afterMs: 30_000 };
    const { clock, tries, told, put } = start(({ channelId }, count) =>
      channelId === "C-acme" && count === 1 ? wait : "ok",
    );
    await put("acme", "a1");
    await put("globex", "g1");
    await clock.advance(29_999);
    assert.deepEqual(ids(tries), ["a1", "g1"]);
    await put("globex", "g2");
    await clock.advance(10);
    assert.deepEqual(ids(told), ["g1", "g2", "a1"]);
  });

  test("a message that Slack chokes on does not hold up its channel, and dies after a day with its reason", async () => {
    const { clock, told, tries, store, put } = start(({ id }) => (id === "poison" ? RETRY : "ok"));
    await put("acme", "poison", CRITICAL);
    for (const id of ["a1", "a2", "a3"]) await put("acme", id);
    await clock.advance(15_000);
    assert.deepEqual(ids(told), ["a1", "a2", "a3"]);
    await clock.advance(DAY + 6 * MINUTE);
    assert.match((await store.deadLetters())[0]?.reason ?? "", /not delivered within 24 h; last: HTTP 500/);
    assert.equal(told.filter(({ channelId }) => channelId === OPS).length, 1);
    assert.ok(tries.length < 500, `${tries.length} tries`);
  });

  test("after an outage of an hour everything is told within minutes, few tries wasted", async () => {
    let isDown = true;
    const { clock, told, tries, put } = start(() => (isDown ? RETRY : "ok"));
    await Promise.all(upTo(20).map((n) => put("acme", `a${n}`)));
    await clock.advance(60 * MINUTE);
    assert.ok(tries.length < 40, `${tries.length} tries against a Slack that is down`);
    isDown = false;
    await clock.advance(6 * MINUTE);
    assert.equal(told.length, 20);
  });

  test("a closed channel: told to ops once, tried again every five minutes, all of it told when it opens", async () => {
    let isArchived = true;
    const { clock, tries, told, store, put } = start(({ channelId }) =>
      isArchived && channelId === "C-acme" ? STOP : "ok",
    );
    for (const id of ["a1", "a2", "a3"]) await put("acme", id);
    await clock.advance(60 * MINUTE);
    assert.equal(tries.filter(({ channelId }) => channelId === "C-acme").length, 13);
    assert.equal(told.filter(({ channelId }) => channelId === OPS).length, 1);
    isArchived = false;
    await clock.advance(5 * MINUTE);
    assert.deepEqual(ids(told).slice(1), ["a1", "a2", "a3"]);
    assert.deepEqual(await store.pauses(), []);
  });

  test("a restart tries closed channels at once: it may be the cure", async () => {
    let isArchived = true;
    const { clock, told, put, restart } = start(({ channelId }) => (isArchived && channelId !== OPS ? STOP : "ok"));
    await put("acme", "a1");
    await clock.advance(1000);
    isArchived = false;
    await restart();
    await clock.advance(10);
    assert.deepEqual(ids(told), ["ops-1", "a1"]);
  });

  test("a revoked token closes every channel, and is one word to ops", async () => {
    let isRevoked = true;
    const { clock, told, put } = start(() => (isRevoked ? CLOSED : "ok"));
    await Promise.all(upTo(8).map((n) => put(`c${n}`, `m${n}`)));
    await clock.advance(30 * MINUTE);
    assert.equal(told.length, 0);
    isRevoked = false;
    await clock.advance(6 * MINUTE);
    assert.equal(told.length, 9);
    const toOps = told.filter(({ channelId }) => channelId === OPS);
    assert.equal(toOps.length, 1);
    assert.match(toOps[0]?.text ?? "", /refuses every message: token_revoked\. Install\./);
  });

  test("fifty refused messages are fifty dead letters and one word to ops", async () => {
    const { clock, told, store, put } = start(({ channelId }) => (channelId === OPS ? "ok" : REJECT));
    await Promise.all(upTo(50).map((n) => put("acme", `${n}`)));
    await clock.advance(2 * MINUTE);
    assert.equal((await store.deadLetters()).length, 50);
    assert.equal(told.length, 1);
    assert.match(told[0]?.text ?? "", /<#C-acme>: invalid_blocks\..*redrive/);
  });

  test("what the ops channel itself suffers is not told there", async () => {
    const { clock, tries, store } = start(() => STOP);
    await store.enqueue(note("", OPS, "o1", HIGH, "x"), clock.now());
    await clock.advance(16_000);
    assert.deepEqual(ids(tries), ["o1"]);
    assert.equal((await store.waiting()).length, 1);
  });
});

suite("startDelivering: a disk that fails", () => {
  test("what was sent and could not be recorded is not sent again", async () => {
    let failures = 3;
    const world: World = start(() => "ok", {
      markSent: async (id, ts, now) => {
        failures -= 1;
        if (failures >= 0) throw new Error("database or disk is full");
        await markSent(id, ts, now);
      },
    });
    // The store under test is the real one but for its first three markSent.
    const reopened = openSqliteStore({ dataDir: join(folder, String(stores)), isOwner: false });
    const { markSent } = reopened;
    cleanUps.push(() => reopened.close());
    await world.put("acme", "a1");
    await world.put("acme", "a2");
    await world.clock.advance(10_000);
    assert.deepEqual(ids(world.tries), ["a1", "a2"]);
    assert.equal(world.faults.length, 3);
    assert.deepEqual(await world.store.waiting(), []);
  });

  test("a store that cannot be read is tried again, and the process lives", async () => {
    let isBroken = true;
    const { clock, told, faults, put } = start(() => "ok", {
      pauses: async () => {
        if (isBroken) throw new Error("disk I/O error");
        return [];
      },
    });
    await put("acme", "a1");
    await clock.advance(5000);
    assert.ok(faults.length >= 4);
    isBroken = false;
    await clock.advance(1000);
    assert.deepEqual(ids(told), ["a1"]);
  });
});

suite("startDelivering: stopping", () => {
  test("what is under way is recorded, what waits is not started", async () => {
    const answers: (() => void)[] = [];
    const { clock, store, tries, put, stop } = start(async (): Promise<Answer> => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return "ok";
    });
    await put("acme", "a1");
    await put("acme", "a2");
    await clock.advance(10);
    const stopped = stop();
    for (const answer of answers) answer();
    await stopped;
    assert.deepEqual(ids(tries), ["a1"]);
    assert.equal((await store.nextMessage("C-acme"))?.id, "a2");
  });
});

suite("startDelivering: problems become messages", () => {
  test("a new problem is a card at once; what changes hangs in its thread, and the card follows", async () => {
    const { clock, told, edits, tell } = start(() => "ok");
    await tell([[1]]);
    await clock.advance(0);
    assert.deepEqual(
      told.map(({ delivery }) => [delivery.kind, delivery.counted]),
      [["card", 1]],
    );
    await tell([[1, 1, { status: "PASSED" }]]);
    await clock.advance(2000);
    const [, reply] = told;
    assert.deepEqual([reply?.delivery.kind, reply?.delivery.root?.ts], ["reply", tsOf(1)]);
    assert.equal(reply?.delivery.isBroadcast, false);
    await clock.advance(9000);
    assert.deepEqual(
      edits.map(({ ts, text }) => [ts, /RESOLVED/.test(text)]),
      [[tsOf(1), true]],
    );
  });

  test("told twenty-four times again, it is not told again", async () => {
    const { clock, tries, edits, tell } = start(() => "ok");
    for (let telling = 0; telling < 25; telling += 1) {
      await tell([[1, telling]]);
      await clock.advance(12 * 60 * MINUTE);
    }
    assert.equal(tries.length, 1);
    assert.equal(edits.length, 0);
  });

  test("worse and back again are seen in the channel as well", async () => {
    const { clock, told, tell } = start(() => "ok");
    await tell([[1, 0, { severity: "HIGH" }]]);
    await clock.advance(2000);
    await tell([[1, 1, { severity: "CRITICAL" }]]);
    await clock.advance(2000);
    await tell([[1, 2, { status: "PASSED" }]]);
    await clock.advance(2 * DAY);
    await tell([[1, 3, { severity: "CRITICAL", minute: 3 * 24 * 60 }]]);
    await clock.advance(2000);
    assert.deepEqual(
      told.map(({ delivery }) => [delivery.kind, delivery.isBroadcast]),
      [
        ["card", false],
        ["reply", true],
        ["reply", false],
        ["reply", true],
      ],
    );
  });

  test("more of one cause join its card, and its thread names them", async () => {
    const { clock, told, edits, tell } = start(() => "ok");
    await tell([[1]]);
    await clock.advance(5000);
    // Problems 8 apart have the same control.
    await tell([[9], [17]]);
    await clock.advance(15_000);
    assert.deepEqual(
      told.map(({ delivery }) => [delivery.kind, delivery.counted]),
      [
        ["card", 1],
        ["reply", 2],
      ],
    );
    assert.match(edits[0]?.text ?? "", / \+2 /);
  });

  test("a thousand at once: counted in a message, each named in its thread, cards for none", async () => {
    const { clock, told, store, tell } = start(() => "ok");
    await tell(upTo(1000).map((n) => [n]));
    await clock.advance(60_000);
    const [burst, ...others] = told;
    assert.deepEqual([burst?.delivery.kind, burst?.delivery.counted], ["burst", 1000]);
    assert.ok(others.every(({ delivery }) => delivery.kind === "names" && delivery.root?.ts === tsOf(1)));
    assert.equal(
      others.reduce((sum, { delivery }) => sum + delivery.counted, 0),
      1000,
    );
    assert.deepEqual(await store.waiting(), []);
  });

  test("one customer's thousand delay another's CRITICAL by no more than a message", async () => {
    const { clock, told, tell } = start(() => "ok");
    await tell(upTo(1000).map((n) => [n]));
    await clock.advance(3000);
    const before = told.length;
    await tell([[1]], 1);
    await clock.advance(250);
    assert.equal(told.slice(before).find(({ channelId }) => channelId === GLOBEX)?.delivery.kind, "card");
  });

  test("a card that Slack does not take is told plainly", async () => {
    const { clock, told, tries, store, tell } = start(({ body }) => (body.includes('"blocks"') ? REJECT : "ok"));
    await tell([[1]]);
    await clock.advance(3000);
    assert.equal(tries.length, 2);
    assert.match(told[0]?.text ?? "", /CRITICAL|HIGH/);
    assert.deepEqual(await store.deadLetters(), []);
  });

  test("an edit that Slack has no time for is made later; one that it refuses for good is let be", async () => {
    let edits = 0;
    const world = start(() => "ok", {
      edit: async () => {
        edits += 1;
        if (edits === 1) return { kind: "wait", afterMs: 30_000 };
        return { kind: "retry", reason: "HTTP 503" };
      },
    });
    await world.tell([[1]]);
    await world.clock.advance(1000);
    await world.tell([[1, 1, { status: "PASSED" }]]);
    await world.clock.advance(20_000);
    assert.equal(world.edits.length, 1);
    await world.clock.advance(10 * MINUTE);
    assert.ok(world.edits.length >= 3, `${world.edits.length} edits`);
    assert.ok(world.edits.length <= 12, `${world.edits.length} edits`);
  });
});

suite("startDelivering: in doubt", () => {
  test("a message whose answer was lost is looked for, and not sent again", async () => {
    const { clock, told, tries, looks, store, tell } = start((_, count) => (count === 1 ? "lost" : "ok"));
    await tell([[1]]);
    await clock.advance(MINUTE);
    assert.equal(tries.length, 1);
    assert.equal(told.length, 1);
    assert.deepEqual(looks, ["m1"]);
    assert.deepEqual(await store.waiting(), []);
  });

  test("one that is not there is sent again", async () => {
    const { clock, told, tries, looks, tell } = start((_, count) => (count < 3 ? RETRY : "ok"));
    await tell([[1]]);
    await clock.advance(MINUTE);
    assert.deepEqual([tries.length, told.length, looks.length], [3, 1, 2]);
  });

  test("after a crash between sending and recording, the next relay finds it", async () => {
    let isCrashed = true;
    const world = start(() => "ok", {
      markSent: (id, ts, now) => {
        if (isCrashed) return Promise.reject(new Error("the process is gone"));
        return reopened.markSent(id, ts, now);
      },
    });
    const reopened = openSqliteStore({ dataDir: join(folder, String(stores)), isOwner: false });
    cleanUps.push(() => reopened.close());
    await world.tell([[1]]);
    await world.clock.advance(500);
    const restarted = world.restart();
    await restarted;
    isCrashed = false;
    await world.clock.advance(5000);
    assert.deepEqual(world.looks, [], "what the last process asked for may still be under way");
    await world.clock.advance(6000);
    assert.equal(world.tries.length, 1);
    assert.deepEqual(world.looks.at(-1), "m1");
    assert.deepEqual(await world.store.waiting(), []);
  });

  test("a look that Slack has no time for waits; one that is forbidden ends in sending after a minute", async () => {
    const forbidden: DeliveryFailure = { kind: "stop", scope: "workspace", reason: "missing_scope", remedy: "x" };
    const world = start((_, count) => (count === 1 ? RETRY : "ok"), { find: async () => ({ failure: forbidden }) });
    await world.tell([[1]]);
    await world.clock.advance(50_000);
    assert.equal(world.tries.length, 1);
    await world.clock.advance(5 * MINUTE);
    assert.equal(world.told.length, 1);
  });
});
