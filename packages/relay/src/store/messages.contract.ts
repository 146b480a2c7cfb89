/** The store's contract: messages claimed with what they tell, tried, sent, given up, made to wait again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ACME, at, type Bench, claimAll, finding, message, note, opened, resourcesOf } from "./samples.contract.ts";

const DEAD_CHANNEL = { ...ACME, reason: "is_archived", remedy: "Unarchive it.", pausedAt: at(0), recheckAt: at(300) };
const PAUSE = {
  channelId: DEAD_CHANNEL.channelId,
  reason: DEAD_CHANNEL.reason,
  remedy: DEAD_CHANNEL.remedy,
  pausedAt: DEAD_CHANNEL.pausedAt,
  recheckAt: DEAD_CHANNEL.recheckAt,
};

/** Runs this part. */
export function messagesContract(bench: Bench, reopen: () => Promise<void>): void {
  const next = (except?: readonly string[]) => bench.store.nextMessage(ACME.channelId, except);
  const pending = async () => (await bench.store.view(ACME.channelId, ACME.customerId, at(0))).pending;

  test("a claimed message holds what it tells, whole, in doubt, over a restart", async () => {
    await bench.store.tell([opened("e1", ["sg-1", "sg-2", "sg-3"])], at(0));
    const seqs = (await pending()).slice(0, 2).map(({ seq }) => seq);
    const root = { id: "some-root", ts: "1.1" };
    const claiming = message("m1", { root, isBroadcast: true, counted: 2 });
    const delivery = await bench.store.claim(claiming, { seqs }, at(5));
    const wanted = { ...claiming, createdAt: at(5), attempts: 0, firstTriedAt: undefined, isInDoubt: true };
    assert.deepEqual(delivery, wanted);
    assert.deepEqual(resourcesOf(await pending()), ["sg-3"]);
    await reopen();
    assert.deepEqual(await next(), wanted);
    assert.deepEqual(resourcesOf(await pending()), ["sg-3"]);
  });

  test("a notice that another message tells is not told again", async () => {
    await bench.store.tell([opened("e1", ["sg-1", "sg-2"])], at(0));
    const seqs = (await pending()).map(({ seq }) => seq);
    await bench.store.claim(message("m1"), { seqs: seqs.slice(0, 1) }, at(0));
    await bench.store.claim(message("m2"), { seqs }, at(0));
    await bench.store.markDead("m2", "no", at(1));
    assert.deepEqual([(await next())?.id, (await pending()).length], ["m1", 0]);
  });

  test("the oldest message of a channel is next; those held back are passed over", async () => {
    for (const id of ["a", "b", "c"]) await bench.store.enqueue(message(id), at(0));
    await bench.store.enqueue(note("elsewhere"), at(0));
    assert.equal((await next())?.id, "a");
    assert.equal((await next([]))?.id, "a");
    assert.equal((await next(["a", "b"]))?.id, "c");
    assert.equal(await next(["a", "b", "c"]), undefined);
    await bench.store.markSent("a", "1.1", at(1));
    assert.equal((await next())?.id, "b");
  });

  test("a message that follows from no event is in no doubt, and its id is kept once", async () => {
    await bench.store.enqueue(note("n1"), at(3));
    await bench.store.enqueue(note("n1", { body: "another" }), at(4));
    const waiting = await bench.store.nextMessage("C0OPS000000");
    assert.deepEqual(waiting, {
      ...note("n1"),
      createdAt: at(3),
      attempts: 0,
      firstTriedAt: undefined,
      isInDoubt: false,
    });
    await bench.store.markSent("n1", "1.1", at(5));
    await reopen();
    await bench.store.enqueue(note("n1"), at(6));
    assert.equal(await bench.store.nextMessage("C0OPS000000"), undefined, "not after it was sent either");
    assert.deepEqual(await bench.store.waiting(), []);
  });

  test("doubt comes with a try and goes with an answer, over restarts", async () => {
    await bench.store.enqueue(message("m1"), at(0));
    const seen: unknown[] = [];
    const look = async () => {
      await reopen();
      const one = await next();
      seen.push([one?.isInDoubt, one?.attempts, one?.firstTriedAt]);
    };
    await bench.store.trying("m1");
    await look();
    await bench.store.markTried("m1", { reason: "rate limited", isInDoubt: false, counts: false }, at(1));
    await look();
    await bench.store.markTried("m1", { reason: "HTTP 500", isInDoubt: true, counts: true }, at(2));
    await look();
    await bench.store.markTried("m1", { reason: "HTTP 500", isInDoubt: true, counts: true }, at(3));
    await look();
    await bench.store.rewrite("m1", '{"text":"plain"}', "invalid_blocks; sent as plain text");
    await look();
    assert.deepEqual(seen, [
      [true, 0, undefined],
      // A refusal by pace or by a pause is no try: else a day of it would give the message up.
      [false, 0, undefined],
      [true, 1, at(2)],
      [true, 2, at(2)],
      [false, 2, at(2)],
    ]);
    assert.equal((await next())?.body, '{"text":"plain"}');
  });

  test("what was sent is no more to be sent", async () => {
    await bench.store.tell([opened("e1", ["sg-1"])], at(0));
    await claimAll(bench.store, message("m1"), 0);
    await bench.store.markSent("m1", "1700000000.000100", at(1));
    assert.equal(await next(), undefined);
    assert.deepEqual([await bench.store.waiting(), await pending()], [[], []]);
    assert.deepEqual((await bench.store.stats()).waitingByCustomer, new Map());
  });

  test("a dead letter keeps its reason and what it counts; redriven it waits with its notices, the pause lifted", async () => {
    await bench.store.tell([opened("e1", ["sg-1", "sg-2"])], at(0));
    await claimAll(bench.store, message("m1", { counted: 2 }), 0);
    await bench.store.markTried("m1", { reason: "HTTP 500", isInDoubt: true, counts: true }, at(1));
    await bench.store.markDead("m1", "invalid_blocks. Tell us.", at(2));
    await bench.store.pause(PAUSE);
    await reopen();
    assert.equal(await next(), undefined);
    const letter = { id: "m1", ...ACME, reason: "invalid_blocks. Tell us.", counted: 2 };
    assert.deepEqual(await bench.store.deadLetters(), [{ ...letter, createdAt: at(0), diedAt: at(2) }]);
    assert.deepEqual(await bench.store.deadLetters("C0OTHER0000"), []);
    assert.equal(await bench.store.redrive("C0OTHER0000"), 0);
    assert.equal((await bench.store.pauses()).length, 1);
    assert.equal(await bench.store.redrive(ACME.channelId), 1);
    assert.equal(await bench.store.redrive(ACME.channelId), 0);
    assert.deepEqual(await bench.store.pauses(), []);
    const again = await next();
    assert.deepEqual([again?.id, again?.attempts, again?.firstTriedAt, again?.counted], ["m1", 0, undefined, 2]);
    assert.deepEqual(await pending(), [], "its notices are its own still");
    await bench.store.markSent("m1", "1.1", at(9));
    assert.deepEqual(await bench.store.deadLetters(), []);
  });

  test("all channels are redriven at once", async () => {
    for (const [id, channelId] of [
      ["a", "C0A00000000"],
      ["b", "C0B00000000"],
    ] as const) {
      await bench.store.enqueue(message(id, { channelId }), at(0));
      await bench.store.markDead(id, "no", at(1));
      await bench.store.pause({ ...PAUSE, channelId });
    }
    assert.equal(await bench.store.redrive(undefined), 2);
    assert.deepEqual(await bench.store.pauses(), []);
  });

  test("a pause is kept, replaced, and lifted", async () => {
    await bench.store.pause(PAUSE);
    await bench.store.pause({ ...PAUSE, reason: "not_in_channel", recheckAt: at(600) });
    await reopen();
    assert.deepEqual(await bench.store.pauses(), [{ ...PAUSE, reason: "not_in_channel", recheckAt: at(600) }]);
    assert.equal((await bench.store.stats()).paused, 1);
    await bench.store.resume("C0OTHER0000");
    assert.equal((await bench.store.pauses()).length, 1);
    await bench.store.resume(ACME.channelId);
    assert.deepEqual(await bench.store.pauses(), []);
  });

  test("a message that is not there cannot be counted as kept", async () => {
    const face = finding("sg-1");
    const delivery = await bench.store.claim(message("m1", { face }), { seqs: [] }, at(0));
    assert.deepEqual(delivery.face, face, "dates are dates");
  });
}
