/** The deliverer in time that is turned by hand, on a real store; a day passes in milliseconds. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, suite, test } from "node:test";
import { type ManualClock, manualClock } from "@shirase/testkit/clock";
import { type Deliverer, startDelivering } from "./deliver.ts";
import { createPacer, SAFE_PACE } from "./pacer.ts";
import type { DeliveryFailure, Sent } from "./send/destination.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import type { Delivery, Store } from "./store/store.ts";

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

/** What Slack says to a try, given how many there were of this delivery. */
type Answer = DeliveryFailure | "ok";
type Slack = (delivery: Delivery, tries: number) => Answer | Promise<Answer>;
type Try = { readonly id: string; readonly channelId: string; readonly atMs: number; readonly text: string };

type World = {
  readonly clock: ManualClock;
  readonly store: Store;
  /** What Slack took, in order. */
  readonly told: Try[];
  readonly tries: Try[];
  readonly faults: unknown[];
  readonly put: (customerId: string, id: string, severityRank?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly restart: () => Promise<void>;
};

function start(slack: Slack, over: Partial<Store> = {}): World {
  const clock = manualClock();
  const startedAt = clock.now().getTime();
  stores += 1;
  const real = openSqliteStore({ dataDir: join(folder, String(stores)) });
  const store: Store = { ...real, ...over };
  const told: Try[] = [];
  const tries: Try[] = [];
  const faults: unknown[] = [];
  let notices = 0;
  const send = async (delivery: Delivery): Promise<Sent> => {
    const { id, channelId, message } = delivery;
    const one = { id, channelId, atMs: clock.now().getTime() - startedAt, text: message };
    tries.push(one);
    const said = await slack(delivery, tries.filter((other) => other.id === id).length);
    if (said !== "ok") return { failure: said };
    told.push(one);
    return { ts: `${told.length}.0` };
  };
  const run = (): Deliverer =>
    startDelivering({
      store,
      destination: { send, check: () => Promise.resolve(undefined) },
      pacer: createPacer(SAFE_PACE),
      clock,
      random: () => 1,
      opsNotice: (text) => {
        notices += 1;
        return { id: `ops-${notices}`, customerId: "", channelId: OPS, severityRank: HIGH, message: text };
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
    faults,
    put: async (customerId, id, severityRank = HIGH) => {
      const delivery = { id, customerId, channelId: `C-${customerId}`, severityRank, message: "{}" };
      await real.accept([{ eventId: id, customerId, deliveries: [delivery] }], clock.now());
      deliverer.wake();
    },
    stop: () => deliverer.stop(),
    restart: async () => {
      await deliverer.stop();
      deliverer = run();
    },
  };
}

const ids = (list: readonly Try[]): readonly string[] => list.map(({ id }) => id);
const RETRY: DeliveryFailure = { kind: "retry", reason: "HTTP 500" };
const STOP: DeliveryFailure = { kind: "stop", scope: "channel", reason: "is_archived", remedy: "Unarchive it." };
const CLOSED: DeliveryFailure = { kind: "stop", scope: "workspace", reason: "token_revoked", remedy: "Install." };
const REJECT: DeliveryFailure = { kind: "reject", reason: "invalid_blocks", remedy: "Report it." };

suite("startDelivering: order and pace", () => {
  test("ten customers in a flood of CRITICALs delay an eleventh's by no more than a second", async () => {
    const { clock, told, put } = start(() => "ok");
    for (let n = 0; n < 15; n += 1) for (let c = 0; c < 10; c += 1) await put(`noisy${c}`, `${c}-${n}`, CRITICAL);
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
    for (let n = 0; n < 100; n += 1) await put("acme", `${n}`);
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
    for (let c = 0; c < 20; c += 1) for (const n of [1, 2]) await put(`c${c}`, `${c}-${n}`);
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
    assert.match(store.deadLetters()[0]?.reason ?? "", /not delivered within 24 h; last: HTTP 500/);
    assert.equal(told.filter(({ channelId }) => channelId === OPS).length, 1);
    assert.ok(tries.length < 500, `${tries.length} tries`);
  });

  test("after an outage of an hour everything is told within minutes, the worst first, few tries wasted", async () => {
    let isDown = true;
    const { clock, told, tries, put } = start(() => (isDown ? RETRY : "ok"));
    for (let n = 0; n < 20; n += 1) await put("acme", `a${n}`);
    await put("acme", "worst", CRITICAL);
    await clock.advance(60 * MINUTE);
    assert.ok(tries.length < 40, `${tries.length} tries against a Slack that is down`);
    isDown = false;
    await clock.advance(6 * MINUTE);
    assert.equal(told.length, 21);
    assert.ok(ids(told).indexOf("worst") <= 1, ids(told).join(" "));
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
    assert.deepEqual(store.pauses(), []);
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
    for (let c = 0; c < 8; c += 1) await put(`c${c}`, `m${c}`);
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
    for (let n = 0; n < 50; n += 1) await put("acme", `${n}`);
    await clock.advance(2 * MINUTE);
    assert.equal(store.deadLetters().length, 50);
    assert.equal(told.length, 1);
    assert.match(told[0]?.text ?? "", /<#C-acme>: invalid_blocks\..*redrive/);
  });

  test("what the ops channel itself suffers is not told there", async () => {
    const { clock, tries, store } = start(() => STOP);
    store.enqueue({ id: "o1", customerId: "", channelId: OPS, severityRank: HIGH, message: "x" }, clock.now());
    await clock.advance(16_000);
    assert.deepEqual(ids(tries), ["o1"]);
    assert.equal(store.stats().waitingByCustomer.get(""), 1);
  });
});

suite("startDelivering: a disk that fails", () => {
  test("what was sent and could not be recorded is not sent again", async () => {
    let failures = 3;
    const world: World = start(() => "ok", {
      markSent: (id, ts, now) => {
        failures -= 1;
        if (failures >= 0) throw new Error("database or disk is full");
        markSent(id, ts, now);
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
    assert.deepEqual(world.store.waiting(), []);
  });

  test("a store that cannot be read is tried again, and the process lives", async () => {
    let isBroken = true;
    const { clock, told, faults, put } = start(() => "ok", {
      pauses: () => {
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
    assert.equal(store.next("C-acme")?.id, "a2");
  });
});
