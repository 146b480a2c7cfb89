/** The store's contract: what there is to do, and what there is to tell in one channel. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VIEW } from "@shirase/core/channel-view";
import {
  ACME,
  at,
  type Bench,
  claimAll,
  DAY,
  finding,
  GLOBEX,
  heard,
  message,
  note,
  opened,
  RESOLVED,
  resourceNames,
  resourcesOf,
  tellAndSend,
  tellInBurst,
  telling,
} from "./samples.contract.ts";

const CAUSE = "222222222222|eu-west-1|EC2.19";

/** Runs this part. */
export function viewContract(bench: Bench, reopen: () => Promise<void>): void {
  const view = (seconds = 0, { channelId, customerId }: typeof ACME | typeof GLOBEX = ACME) =>
    bench.store.view(channelId, customerId, at(seconds));

  test("of nothing there is nothing to tell", async () => {
    assert.deepEqual(await bench.store.waiting(), []);
    const { pending, pendingCount, tally, burst, roots, liveCards, newestAt } = await view();
    assert.deepEqual([pending, pendingCount, tally, burst, newestAt], [[], 0, [], undefined, undefined]);
    assert.deepEqual([roots.size, liveCards.size], [0, 0]);
  });

  test("the worst comes first, among equals the oldest", async () => {
    const severities = { low: "LOW", high1: "HIGH", critical: "CRITICAL", high2: "HIGH" } as const;
    for (const [name, severity] of Object.entries(severities)) {
      await bench.store.tell([heard(name, [finding(name, { severity })])], at(0));
    }
    assert.deepEqual(resourcesOf((await view()).pending), ["critical", "high1", "high2", "low"]);
  });

  test("more than a view holds is counted whole, by cause, news and severity", async () => {
    const names = resourceNames(VIEW.pending + 40);
    await bench.store.tell([opened("e1", names)], at(7));
    await bench.store.tell([heard("e2", [finding("last", { severity: "CRITICAL" })])], at(9));
    const { pending, pendingCount, lastSeq, newestAt, tally } = await view(10);
    assert.equal(pending.length, VIEW.pending);
    assert.deepEqual(resourcesOf(pending).slice(0, 2), ["last", names[0]]);
    assert.equal(pendingCount, names.length + 1);
    assert.equal(lastSeq, pending[0]?.seq, "the newest has the highest number");
    assert.deepEqual(newestAt, at(9));
    const common = { causeKey: CAUSE, title: "Ports are open to the world", controlId: "EC2.19", news: "opened" };
    assert.deepEqual(
      tally.toSorted((a, b) => b.count - a.count),
      [
        { ...common, severity: "HIGH", count: names.length },
        { ...common, severity: "CRITICAL", count: 1 },
      ],
    );
  });

  test("a channel that two customers share shows each one's own", async () => {
    const shared = { ...GLOBEX, channelId: ACME.channelId } as unknown as typeof GLOBEX;
    await bench.store.tell([opened("e1", ["sg-1"]), opened("e1", ["sg-2"], shared)], at(0));
    assert.deepEqual(resourcesOf((await view()).pending), ["sg-1"]);
    assert.deepEqual(resourcesOf((await view(0, shared)).pending), ["sg-2"]);
    const waiting = await bench.store.waiting();
    assert.deepEqual(waiting.map(({ customerId }) => customerId).sort(), ["acme", "globex"]);
  });

  test("what waits is said once for each channel, customer and stage, with its worst and its oldest", async () => {
    await bench.store.tell([opened("e1", ["sg-1"])], at(10));
    await bench.store.tell([heard("e2", [finding("sg-2", { severity: "CRITICAL" })])], at(20));
    const notices = { ...ACME, stage: "notices", severityRank: 4 } as const;
    const [only, ...none] = await bench.store.waiting();
    assert.deepEqual([only?.stage, only?.severityRank, none], [notices.stage, notices.severityRank, []]);
    await bench.store.enqueue(note("n1"), at(5));
    await bench.store.enqueue(note("n2", { severityRank: 1 }), at(6));
    const ops = (await bench.store.waiting()).filter(({ customerId }) => customerId === "");
    assert.deepEqual(ops, [
      { channelId: "C0OPS000000", customerId: "", stage: "message", severityRank: 3, oldestAt: at(5) },
    ]);
    await claimAll(bench.store, message("m1", { severityRank: 4 }), 30);
    const mine = (await bench.store.waiting()).filter(({ customerId }) => customerId === "acme");
    assert.deepEqual(mine, [{ ...ACME, stage: "message", severityRank: 4, oldestAt: at(30) }]);
    await bench.store.markSent("m1", "1.1", at(31));
    assert.deepEqual(
      (await bench.store.waiting()).filter(({ customerId }) => customerId === "acme"),
      [],
    );
  });

  test("later news hang under the root that told of the problem", async () => {
    await tellAndSend(bench.store, "card", ["sg-1", "sg-2"], 10);
    await bench.store.tell([telling("e2", "sg-1", 60, RESOLVED), telling("e3", "sg-9", 60)], at(60));
    await reopen();
    const { pending, roots } = await view(60);
    assert.deepEqual(
      pending.map(({ notice, rootId }) => [notice.finding.resources[0]?.id, notice.news, rootId]),
      [
        ["sg-1", "resolved", "card"],
        ["sg-9", "opened", undefined],
      ],
    );
    const root = { id: "card", kind: "card", ts: "card.ts", postedAt: at(10), touchedAt: at(10), severity: "HIGH" };
    assert.deepEqual([...roots], [["card", root]]);
  });

  test("a root in the channel of before is none in the new one", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 10);
    const moved = { channelId: "C0MOVED0000" } as unknown as typeof ACME;
    await bench.store.tell([heard("e2", [finding("sg-1", { updatedAt: at(60), ...RESOLVED })], moved)], at(60));
    const { pending, roots, liveCards } = await bench.store.view("C0MOVED0000", "acme", at(60));
    assert.equal(pending.length, 1);
    assert.deepEqual([roots.size, liveCards.size], [0, 0]);
    const over = { channelId: "C0MOVED0000" };
    await claimAll(bench.store, message("moved", over), 61);
    await bench.store.markSent("moved", "moved.ts", at(61));
    const back = heard("e3", [finding("sg-1", { updatedAt: at(90) })], moved);
    await bench.store.tell([back], at(90));
    const after = await bench.store.view("C0MOVED0000", "acme", at(90));
    assert.deepEqual([...after.roots.keys()], ["moved"], "from now on its news hang here");
  });

  test("a card that was given up holds no thread", async () => {
    await bench.store.tell([opened("e1", ["sg-1"])], at(0));
    await claimAll(bench.store, message("card"), 0);
    await bench.store.markDead("card", "invalid_blocks", at(1));
    await bench.store.tell([telling("e2", "sg-1", 60, RESOLVED)], at(60));
    assert.equal((await view(60)).roots.size, 0);
  });

  const LIVES: ReadonlyArray<readonly [why: string, seconds: number, isOver: boolean, lives: boolean]> = [
    ["a card just sent is joined", 60, false, true],
    ["over, but it said something today", 3600, true, true],
    ["over and quiet for a day", DAY + 3600, true, false],
    ["quiet for a day with something open", DAY + 3600, false, true],
    ["open for longer than a week", 8 * DAY, false, false],
  ];
  for (const [why, seconds, isOver, lives] of LIVES) {
    test(`more of its kind: ${why}`, async () => {
      await tellAndSend(bench.store, "card", ["sg-1"], 0);
      if (isOver) {
        await bench.store.tell([telling("e2", "sg-1", 30, RESOLVED)], at(0));
        const { face: _, causeKey: __, ...reply } = message("reply", { kind: "reply" });
        await claimAll(bench.store, { ...reply, root: { id: "card", ts: "card.ts" } }, 0);
        await bench.store.markSent("reply", "reply.ts", at(0));
      }
      await bench.store.tell([opened("e3", ["sg-2"])], at(seconds));
      const { liveCards } = await view(seconds);
      assert.deepEqual(
        [...liveCards].map(([cause, { id }]) => [cause, id]),
        lives ? [[CAUSE, "card"]] : [],
      );
    });
  }

  test("a card is joined in its own customer's channel only", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.tell([opened("e2", ["sg-2"], GLOBEX)], at(10));
    assert.equal((await view(10, GLOBEX)).liveCards.size, 0);
  });

  test("a burst is open until all is named and a minute has passed", async () => {
    await tellInBurst(bench.store, "burst", ["sg-b", "sg-a"], 10);
    const open = (await view(20)).burst;
    assert.deepEqual([open?.root.id, open?.root.kind, open?.root.ts], ["burst", "burst", "burst.ts"]);
    assert.deepEqual([open?.left, open?.countedAt, open?.oldestAt], [2, at(10), at(10)]);
    assert.deepEqual(resourcesOf(open?.toName ?? []), ["sg-b", "sg-a"]);
    const [waiting] = await bench.store.waiting();
    assert.deepEqual([waiting?.stage, waiting?.severityRank], ["names", 3]);
    const seqs = (open?.toName ?? []).map(({ seq }) => seq);
    const { face: _, causeKey: __, ...names } = message("names", { kind: "names", counted: 0 });
    await bench.store.claim({ ...names, root: { id: "burst", ts: "burst.ts" } }, { seqs }, at(21));
    await bench.store.markSent("names", "names.ts", at(22));
    const named = (await view(69)).burst;
    assert.deepEqual([named?.left, named?.toName, named?.oldestAt], [0, [], undefined]);
    assert.equal((await view(71)).burst, undefined, "a minute after the count");
    assert.deepEqual(await bench.store.waiting(), []);
  });

  test("what comes in after the count waits; what is counted into the same burst moves its count", async () => {
    await tellInBurst(bench.store, "burst", ["sg-1", "sg-2"], 10);
    await bench.store.tell([opened("e2", ["sg-3"])], at(12));
    const { pendingCount, lastSeq, burst } = await view(12);
    assert.deepEqual([pendingCount, burst?.left], [1, 2]);
    assert.equal((await bench.store.waiting())[0]?.stage, "notices", "before what is only to be named");
    const { face: _, causeKey: __, ...more } = message("more", { kind: "more" });
    const root = { id: "burst", ts: "burst.ts" };
    await bench.store.claim({ ...more, root }, { countedUpTo: lastSeq }, at(13));
    await bench.store.markSent("more", "more.ts", at(14));
    const after = (await view(15)).burst;
    assert.deepEqual([after?.root.id, after?.left, after?.countedAt], ["burst", 3, at(14)]);
  });

  test("names come cause by cause, at most as many as a view holds, and all are counted", async () => {
    const names = resourceNames(VIEW.toName + 5);
    const other = finding("sg-other", { key: "222222222222|eu-west-1|A.1|sg-other" });
    await bench.store.tell([opened("e1", names), heard("e2", [other])], at(0));
    const { lastSeq } = await view();
    const { face: _, causeKey: __, ...burst } = message("burst", { kind: "burst" });
    await bench.store.claim(burst, { countedUpTo: lastSeq }, at(0));
    assert.equal((await view(1)).burst, undefined, "not before it is sent");
    await bench.store.markSent("burst", "burst.ts", at(1));
    const open = (await view(2)).burst;
    assert.deepEqual([open?.left, open?.toName.length], [names.length + 1, VIEW.toName]);
    assert.equal(resourcesOf(open?.toName ?? [])[0], "sg-other");
  });

  test("news of a problem that a burst counted hang under the burst", async () => {
    await tellInBurst(bench.store, "burst", ["sg-1"], 10);
    await bench.store.tell([telling("e2", "sg-1", 60, RESOLVED)], at(60));
    const { pending, roots } = await view(60);
    assert.deepEqual([pending[0]?.rootId, roots.get("burst")?.kind], ["burst", "burst"]);
  });
}
