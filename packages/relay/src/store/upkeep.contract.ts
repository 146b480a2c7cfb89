/** The store's contract: signs of life, sizes, what is forgotten and what never is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ACME,
  at,
  type Bench,
  beat,
  claimAll,
  DAY,
  GLOBEX,
  message,
  note,
  opened,
  RESOLVED,
  resourcesOf,
  retention,
  stranger,
  tellAndSend,
  tellInBurst,
  telling,
} from "./samples.contract.ts";

/** Runs this part. */
export function upkeepContract(bench: Bench, reopen: () => Promise<void>): void {
  const view = (seconds: number) => bench.store.view(ACME.channelId, ACME.customerId, at(seconds));

  test("a silence, and its end, are each told once, with their message or not at all", async () => {
    await bench.store.tell([beat("b1")], at(0));
    const place = { customerId: "acme", accountId: "222222222222", region: "eu-west-1" };
    const tellIt = (isMissed: boolean, id: string) =>
      bench.store.tellSilence([{ ...place, isMissed }], note(id), at(9000));
    const told: boolean[] = [];
    told.push(await tellIt(false, "never"), await tellIt(true, "silent"));
    await reopen();
    told.push(await tellIt(true, "silent again"), await tellIt(false, "back"), await tellIt(false, "back again"));
    assert.deepEqual(told, [false, true, false, true, false]);
    assert.equal((await bench.store.nextMessage("C0OPS000000"))?.id, "silent");
    assert.equal((await bench.store.nextMessage("C0OPS000000", ["silent"]))?.id, "back");
    assert.equal(await bench.store.nextMessage("C0OPS000000", ["silent", "back"]), undefined);
    assert.deepEqual(await bench.store.beats(), [{ ...place, at: at(0), isMissed: false }]);
  });

  test("a silence is marked though there is nobody to tell", async () => {
    await bench.store.tell([beat("b1")], at(0));
    const place = { customerId: "acme", accountId: "222222222222", region: "eu-west-1", isMissed: true };
    assert.equal(await bench.store.tellSilence([place], undefined, at(9000)), true);
    assert.equal((await bench.store.beats())[0]?.isMissed, true);
    assert.deepEqual(await bench.store.waiting(), []);
  });

  test("sizes count findings that wait, in whatever state, by customer", async () => {
    const nothing = { waitingByCustomer: new Map(), deadByCustomer: new Map(), oldestWaitingAt: undefined };
    assert.deepEqual(await bench.store.stats(), { ...nothing, quarantined: 0, paused: 0, known: 0 });
    await bench.store.tell([opened("e1", ["sg-1", "sg-2"])], at(10));
    await claimAll(bench.store, message("m1", { counted: 2 }), 20);
    await bench.store.tell([opened("e2", ["sg-3"]), opened("e2", ["sg-4"], GLOBEX), stranger("s1")], at(30));
    await bench.store.enqueue(message("lost", { channelId: "C0LOST00000", counted: 5 }), at(30));
    await bench.store.markDead("lost", "no", at(40));
    assert.deepEqual(await bench.store.stats(), {
      waitingByCustomer: new Map([
        ["acme", 3],
        ["globex", 1],
      ]),
      deadByCustomer: new Map([["acme", 1]]),
      oldestWaitingAt: at(20),
      quarantined: 1,
      paused: 0,
      known: 4,
    });
  });

  test("a finding that is counted and not named waits still, and is counted once", async () => {
    await tellInBurst(bench.store, "burst", ["sg-1", "sg-2"], 0);
    const { waitingByCustomer, oldestWaitingAt } = await bench.store.stats();
    assert.deepEqual([waitingByCustomer, oldestWaitingAt], [new Map([["acme", 2]]), at(0)]);
  });

  test("so it is while the message that counts it waits as well", async () => {
    await bench.store.tell([opened("e1", ["sg-1", "sg-2"])], at(0));
    const { lastSeq } = await bench.store.view(ACME.channelId, ACME.customerId, at(0));
    const { causeKey: _, face: __, ...burst } = message("burst", { kind: "burst", counted: 2 });
    await bench.store.claim(burst, { countedUpTo: lastSeq }, at(1));
    assert.deepEqual((await bench.store.stats()).waitingByCustomer, new Map([["acme", 2]]));
  });

  test("of what was sent long ago the event ids are forgotten, its card kept for as long as its problems are", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.prune(retention({ sentBefore: at(DAY) }));
    const [again] = await bench.store.tell([opened("event of card", ["sg-1"])], at(DAY));
    assert.deepEqual([again?.isNew, again?.findings[0]?.news], [true, "repeated"]);
    await bench.store.tell([telling("e2", "sg-1", DAY, RESOLVED)], at(DAY));
    assert.deepEqual([...(await view(DAY)).roots.keys()], ["card"]);
  });

  test("an ended problem is forgotten after its time, and its card with it", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.tell([telling("e2", "sg-1", 60, RESOLVED)], at(60));
    await claimAll(bench.store, message("reply", { kind: "reply", root: { id: "card", ts: "card.ts" } }), 60);
    await bench.store.markSent("reply", "reply.ts", at(60));
    await bench.store.prune(retention({ sentBefore: at(5 * DAY), endedBefore: at(0) }));
    assert.equal((await bench.store.stats()).known, 1);
    await bench.store.prune(retention({ sentBefore: at(5 * DAY), endedBefore: at(5 * DAY) }));
    assert.equal((await bench.store.stats()).known, 0);
    await bench.store.makeStale("card", at(6 * DAY));
    assert.equal(await bench.store.nextStaleAt(), undefined, "the card is gone");
    const [told] = await bench.store.tell([telling("e3", "sg-1", 6 * DAY)], at(6 * DAY));
    assert.equal(told?.findings[0]?.news, "opened");
    assert.equal((await view(6 * DAY)).pending[0]?.rootId, undefined);
  });

  test("an open problem is forgotten only when nobody speaks of it any more", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.prune(retention({ endedBefore: at(50 * DAY) }));
    assert.equal((await bench.store.stats()).known, 1);
    await bench.store.tell([telling("e2", "sg-1", 40 * DAY)], at(40 * DAY));
    await bench.store.prune(retention({ endedBefore: at(50 * DAY), silentBefore: at(30 * DAY) }));
    assert.equal((await bench.store.stats()).known, 1, "it was spoken of");
    await bench.store.prune(retention({ endedBefore: at(50 * DAY), silentBefore: at(50 * DAY) }));
    assert.equal((await bench.store.stats()).known, 0);
  });

  test("what is to be told, or was given up, is never forgotten", async () => {
    await bench.store.tell([opened("e1", ["dead-1"])], at(0));
    await claimAll(bench.store, message("dead", { channelId: ACME.channelId }), 0);
    await bench.store.markDead("dead", "no", at(0));
    await bench.store.tell([opened("e2", ["claimed-1"])], at(0));
    await claimAll(bench.store, message("claimed"), 0);
    await tellInBurst(bench.store, "burst", ["counted-1"], 0);
    await bench.store.tell([opened("e3", ["waiting-1"])], at(0));
    const everything = at(1000 * DAY);
    await bench.store.prune({
      sentBefore: everything,
      endedBefore: everything,
      silentBefore: everything,
      quarantinedBefore: everything,
      mostQuarantined: 0,
    });
    await reopen();
    const { pending, burst } = await view(1);
    assert.deepEqual(resourcesOf(pending), ["waiting-1"]);
    assert.deepEqual([burst?.root.id, resourcesOf(burst?.toName ?? [])], ["burst", ["counted-1"]]);
    assert.equal((await bench.store.nextMessage(ACME.channelId))?.id, "claimed");
    assert.deepEqual(
      (await bench.store.deadLetters()).map(({ id }) => id),
      ["dead"],
    );
    assert.equal(await bench.store.redrive(undefined), 1);
  });

  test("a burst knows what it counted for as long as its problems are kept", async () => {
    await tellInBurst(bench.store, "burst", ["sg-1", "sg-2"], 0);
    const { burst } = await view(1);
    const { face: _, causeKey: __, ...names } = message("names", { kind: "names", counted: 0 });
    const seqs = (burst?.toName ?? []).map(({ seq }) => seq);
    await bench.store.claim({ ...names, root: { id: "burst", ts: "burst.ts" } }, { seqs }, at(2));
    await bench.store.markSent("names", "names.ts", at(3));
    await bench.store.prune(retention({ sentBefore: at(5 * DAY) }));
    await bench.store.tell([telling("e2", "sg-1", 6 * DAY, RESOLVED)], at(6 * DAY));
    const [root] = await bench.store.staleRoots(at(7 * DAY), 1);
    if (root?.kind !== "burst") return assert.fail("a burst");
    assert.deepEqual(
      root.tally.map(({ count }) => count),
      [2],
    );
  });

  test("quarantine is kept for its time and up to its number, the newest longest", async () => {
    await bench.store.tell([stranger("old")], at(0));
    await bench.store.tell(["e1", "e2", "e3"].map(stranger), at(60));
    const kept = async () => (await bench.store.quarantined(10)).map(({ eventId }) => eventId);
    await bench.store.prune(retention({ mostQuarantined: 4 }));
    assert.deepEqual(await kept(), ["e3", "e2", "e1", "old"]);
    await bench.store.prune(retention({ quarantinedBefore: at(60) }));
    assert.deepEqual(await kept(), ["e3", "e2", "e1"]);
    await bench.store.prune(retention({ mostQuarantined: 2 }));
    assert.deepEqual(await kept(), ["e3", "e2"]);
    assert.equal((await bench.store.quarantined(1)).length, 1);
  });

  test("a probe writes and changes nothing", async () => {
    await bench.store.tell([opened("e1", ["sg-1"])], at(0));
    const before = [await view(1), await bench.store.stats()];
    await bench.store.probe(at(1));
    await bench.store.probe(at(2));
    assert.deepEqual([await view(1), await bench.store.stats()], before);
  });

  test("after it was closed and opened again, everything is there", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await tellInBurst(bench.store, "burst", ["sg-2", "sg-3"], 0);
    await bench.store.tell(
      [telling("e2", "sg-1", 60, RESOLVED), opened("e3", ["sg-4"]), stranger("s1"), beat("b1")],
      at(60),
    );
    const all = async () => [
      await view(61),
      await bench.store.waiting(),
      await bench.store.staleRoots(at(1000), 10),
      await bench.store.nextStaleAt(),
      await bench.store.quarantined(10),
      await bench.store.beats(),
      await bench.store.stats(),
    ];
    const before = await all();
    await reopen();
    assert.deepEqual(await all(), before);
  });

  test("what was asked before it closes is done; what is asked afterwards is refused", async () => {
    const told = bench.store.tell([opened("e1", ["sg-1"])], at(0));
    const closing = bench.store.close();
    assert.equal((await told)[0]?.isNew, true);
    await closing;
    await assert.rejects(async () => bench.store.tell([opened("e2", ["sg-2"])], at(0)));
    await reopen();
    assert.equal((await view(0)).pendingCount, 1);
  });
}
