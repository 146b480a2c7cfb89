/** What every store must do, whatever it is made of. An implementation's test calls this with a way to open one. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";
import type { DecidedEvent, NewDelivery, Store } from "./store.ts";

/** How the suite gets its store. */
export type StoreUnderTest = {
  /** A store on nothing yet. */
  readonly openEmpty: () => Promise<Store>;
  /** The store that was closed last, opened again. */
  readonly reopen: () => Promise<Store>;
};

const NOW = new Date("2026-11-20T00:00:00Z");
const LATER = new Date("2026-11-20T01:00:00Z");

function delivery(id: string, over: Partial<NewDelivery> = {}): NewDelivery {
  return { id, customerId: "acme", channelId: "C0ACME00000", severityRank: 3, message: `{"text":"${id}"}`, ...over };
}

function event(eventId: string, deliveries: readonly NewDelivery[], over: Partial<DecidedEvent> = {}): DecidedEvent {
  return { eventId, customerId: "acme", deliveries, ...over };
}

/** Runs the contract. */
export function storeContract(name: string, { openEmpty, reopen }: StoreUnderTest): void {
  suite(`${name} keeps the store's contract`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openEmpty();
    });
    afterEach(() => store.close());

    test("an event told twice is kept once", async () => {
      assert.deepEqual(await store.accept([event("e1", [delivery("d1")])], NOW), ["new"]);
      assert.deepEqual(await store.accept([event("e1", [delivery("d2")])], LATER), ["duplicate"]);
      assert.equal(store.next("C0ACME00000")?.id, "d1");
      assert.equal(store.stats().waitingByCustomer.get("acme"), 1);
    });

    test("the same event id of another customer is another event", async () => {
      const other = event("e1", [delivery("d2", { customerId: "globex", channelId: "C0GLOBEX000" })], {
        customerId: "globex",
      });
      assert.deepEqual(await store.accept([event("e1", [delivery("d1")]), other], NOW), ["new", "new"]);
      assert.equal(store.waiting().length, 2);
    });

    test("a batch that fails leaves nothing behind", async () => {
      const broken = event("e2", [delivery("d2", { severityRank: "worst" as never })]);
      await assert.rejects(store.accept([event("e1", [delivery("d1")]), broken], NOW));
      assert.equal(store.waiting().length, 0);
      assert.deepEqual(await store.accept([event("e1", [delivery("d1")])], NOW), ["new"]);
    });

    test("the worst is next, among equals the oldest", async () => {
      await store.accept([event("e1", [delivery("high-1"), delivery("high-2")])], NOW);
      await store.accept([event("e2", [delivery("critical", { severityRank: 4 })])], LATER);
      const order: string[] = [];
      for (let next = store.next("C0ACME00000"); next; next = store.next("C0ACME00000")) {
        order.push(next.id);
        store.markSent(next.id, "1.1", LATER);
      }
      assert.deepEqual(order, ["critical", "high-1", "high-2"]);
    });

    test("deliveries that are held back are passed over", async () => {
      await store.accept([event("e1", [delivery("d1"), delivery("d2"), delivery("d3")])], NOW);
      assert.equal(store.next("C0ACME00000", ["d1", "d2"])?.id, "d3");
      assert.equal(store.next("C0ACME00000", ["d1", "d2", "d3"]), undefined);
      assert.equal(store.next("C0ACME00000", [])?.id, "d1");
    });

    test("channels wait with their worst first", async () => {
      const quiet = delivery("d2", { channelId: "C0QUIET0000", severityRank: 4 });
      await store.accept([event("e1", [delivery("d1"), quiet])], NOW);
      assert.deepEqual(
        store.waiting().map(({ channelId, severityRank }) => [channelId, severityRank]),
        [
          ["C0QUIET0000", 4],
          ["C0ACME00000", 3],
        ],
      );
    });

    test("a try is counted, its first time kept", async () => {
      await store.accept([event("e1", [delivery("d1")])], NOW);
      store.markTried("d1", "HTTP 500", NOW);
      store.markTried("d1", "HTTP 500", LATER);
      const tried = store.next("C0ACME00000");
      assert.equal(tried?.attempts, 2);
      assert.deepEqual(tried?.firstTriedAt, NOW);
    });

    test("a dead letter keeps its reason and comes back when redriven, lifting the pause", async () => {
      await store.accept([event("e1", [delivery("d1")])], NOW);
      store.markDead("d1", "invalid_blocks", LATER);
      store.pause({ channelId: "C0ACME00000", reason: "is_archived", remedy: "x", pausedAt: NOW, recheckAt: LATER });
      assert.equal(store.next("C0ACME00000"), undefined);
      assert.deepEqual(
        store.deadLetters().map(({ id, reason }) => [id, reason]),
        [["d1", "invalid_blocks"]],
      );
      assert.equal(store.redrive("C0OTHER0000"), 0);
      assert.equal(store.redrive("C0ACME00000"), 1);
      assert.equal(store.next("C0ACME00000")?.attempts, 0);
      assert.deepEqual(store.pauses(), []);
    });

    test("what is nobody's is kept with its reason", async () => {
      const stranger = event("e1", [], { customerId: "", quarantine: { reason: "no owner", body: "{}" } });
      await store.accept([stranger], NOW);
      const [kept] = store.quarantined(10);
      assert.deepEqual([kept?.eventId, kept?.reason, kept?.body], ["e1", "no owner", "{}"]);
      assert.equal(store.stats().quarantined, 1);
    });

    test("pruning forgets what was told, never what was not", async () => {
      await store.accept([event("e1", [delivery("sent"), delivery("waiting"), delivery("dead")])], NOW);
      store.markSent("sent", "1.1", NOW);
      store.markDead("dead", "no", NOW);
      store.prune(LATER);
      assert.equal(store.next("C0ACME00000")?.id, "waiting");
      assert.equal(store.deadLetters().length, 1);
      assert.deepEqual(await store.accept([event("e1", [])], LATER), ["new"], "the event id is forgotten");
    });

    test("everything is there after it was closed and opened again", async () => {
      await store.accept([event("e1", [delivery("d1"), delivery("d2")])], NOW);
      store.markTried("d1", "HTTP 500", NOW);
      store.pause({ channelId: "C0ACME00000", reason: "is_archived", remedy: "y", pausedAt: NOW, recheckAt: LATER });
      const before = [store.next("C0ACME00000"), store.pauses(), store.stats()];
      await store.close();
      store = await reopen();
      assert.deepEqual([store.next("C0ACME00000"), store.pauses(), store.stats()], before);
      assert.deepEqual(await store.accept([event("e1", [])], LATER), ["duplicate"]);
    });
  });
}
