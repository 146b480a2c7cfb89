/** The store's contract: root messages are brought up to date, soon at first and then less and less often. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, MOST_MEMBERS } from "@shirase/core/channel-view";
import {
  ACME,
  at,
  type Bench,
  claimAll,
  finding,
  message,
  opened,
  RESOLVED,
  resourceNames,
  tellAndSend,
  tellInBurst,
  telling,
} from "./samples.contract.ts";

/** Runs this part. */
export function editsContract(bench: Bench, reopen: () => Promise<void>): void {
  const stale = async (seconds: number) => (await bench.store.staleRoots(at(seconds), 10)).map(({ id }) => id);

  /** Brings a stale root up to date: it is read, edited in Slack, and marked. */
  const edit = async (id: string, seconds: number, meanwhile?: () => Promise<unknown>): Promise<void> => {
    const root = (await bench.store.staleRoots(at(seconds), 10)).find((one) => one.id === id);
    assert.ok(root, `${id} is not stale`);
    await meanwhile?.();
    await bench.store.edited(root, at(seconds));
  };

  test("nothing changed, nothing is to be edited", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.tell([telling("e2", "sg-1", 60)], at(60));
    assert.deepEqual([await bench.store.nextStaleAt(), await stale(10_000)], [undefined, []]);
  });

  test("an edit is due 10 s after the first change, then 60 s, then 5 min after each", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;
    const waits: unknown[] = [];
    for (const [index, severity] of severities.entries()) {
      const now = 1000 * (index + 1);
      await bench.store.tell([telling(`e${index}`, "sg-1", now, { severity })], at(now));
      await reopen();
      const dueAt = await bench.store.nextStaleAt();
      const seconds = ((dueAt?.getTime() ?? 0) - at(now).getTime()) / 1000;
      waits.push(seconds);
      assert.deepEqual([await stale(now + seconds - 1), await stale(now + seconds)], [[], ["card"]]);
      await edit("card", now + seconds);
      assert.deepEqual(await stale(now + seconds), []);
    }
    assert.deepEqual(waits, [10, 60, 300, 300]);
  });

  test("changes that come together make one edit, due by the first of them", async () => {
    await tellAndSend(bench.store, "card", ["sg-1", "sg-2"], 0);
    await bench.store.tell([telling("e2", "sg-1", 100, RESOLVED)], at(100));
    await bench.store.tell([telling("e3", "sg-2", 105, RESOLVED)], at(105));
    assert.deepEqual(await bench.store.nextStaleAt(), at(110));
  });

  test("an edit that failed is due again later", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.tell([telling("e2", "sg-1", 100, RESOLVED)], at(100));
    await edit("card", 110);
    await bench.store.makeStale("card", at(110));
    assert.deepEqual(await bench.store.nextStaleAt(), at(170));
  });

  test("what changes while it is edited makes it due again", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.tell([telling("e2", "sg-1", 100, { severity: "CRITICAL" })], at(100));
    await edit("card", 110, () => bench.store.tell([telling("e3", "sg-1", 111, RESOLVED)], at(111)));
    assert.deepEqual([await stale(110), await stale(1000)], [[], ["card"]]);
  });

  test("a root that is not sent yet, or was given up, is not to be edited", async () => {
    await bench.store.tell([opened("e1", ["sg-1"])], at(0));
    await claimAll(bench.store, message("card"), 0);
    await bench.store.tell([telling("e2", "sg-1", 10, RESOLVED)], at(10));
    assert.deepEqual([await bench.store.nextStaleAt(), await stale(1000)], [undefined, []]);
    await bench.store.markSent("card", "card.ts", at(30));
    assert.deepEqual(await stale(1000), ["card"], "it told of a problem that is over by now");
    await edit("card", 1000);
    await bench.store.makeStale("unheard-of", at(1000));
    assert.equal(await bench.store.nextStaleAt(), undefined);
  });

  test("a dead card is not edited", async () => {
    await bench.store.tell([opened("e1", ["sg-1"])], at(0));
    await claimAll(bench.store, message("card"), 0);
    await bench.store.markDead("card", "invalid_blocks", at(1));
    await bench.store.tell([telling("e2", "sg-1", 10, RESOLVED)], at(10));
    assert.deepEqual([await bench.store.nextStaleAt(), await stale(1000)], [undefined, []]);
  });

  test("the longest due come first, no more than asked for", async () => {
    for (const [index, id] of ["a", "b", "c"].entries()) {
      await tellAndSend(bench.store, id, [`sg-${id}`], index);
      await bench.store.tell([telling(`e-${id}`, `sg-${id}`, 100 - index, RESOLVED)], at(100 - index));
    }
    const some = await bench.store.staleRoots(at(1000), 2);
    assert.deepEqual(
      some.map(({ id }) => id),
      ["c", "b"],
    );
  });

  test("a card shows how its problems stand: the worst open ones, counts of all, since when", async () => {
    const names = resourceNames(MOST_MEMBERS + 5);
    await tellAndSend(bench.store, "card", names, 0);
    const [first = "", second = "", third = ""] = names;
    await bench.store.tell([telling("e2", first, 50, { severity: "CRITICAL" })], at(50));
    await bench.store.tell(
      [telling("e3", second, 60, RESOLVED), telling("e4", third, 60, { seen: "suppressed" })],
      at(60),
    );
    const [root] = await bench.store.staleRoots(at(1000), 1);
    if (root?.kind !== "card") return assert.fail("a card");
    assert.deepEqual(
      [root.id, root.ts, root.channelId, root.customerId],
      ["card", "card.ts", ACME.channelId, ACME.customerId],
    );
    assert.deepEqual(root.face, finding("sg-face"));
    const { standings, members, openedAt, endedAt } = root.state;
    assert.deepEqual(standings, { open: { CRITICAL: 1, HIGH: names.length - 3 }, resolved: 1, suppressed: 1 });
    assert.equal(countOf(standings), names.length);
    assert.equal(members.length, MOST_MEMBERS);
    assert.deepEqual(members[0], {
      resource: { id: first, type: "AwsEc2SecurityGroup" },
      standing: "open",
      severity: "CRITICAL",
    });
    assert.deepEqual([openedAt, endedAt], [at(0), undefined]);
  });

  test("a card whose problems are all over says since when", async () => {
    await tellAndSend(bench.store, "card", ["sg-1", "sg-2"], 0);
    await bench.store.tell([telling("e2", "sg-1", 50, RESOLVED), telling("e3", "sg-2", 60, RESOLVED)], at(60));
    const [root] = await bench.store.staleRoots(at(1000), 1);
    if (root?.kind !== "card") return assert.fail("a card");
    assert.deepEqual([root.state.standings.open, root.state.endedAt], [{}, at(60)]);
  });

  test("a reply gives its card its face, and makes it stale", async () => {
    await tellAndSend(bench.store, "card", ["sg-1"], 0);
    await bench.store.tell([opened("e2", ["sg-2"])], at(100));
    const { causeKey: _, ...reply } = message("reply", { kind: "reply", face: finding("sg-2") });
    await claimAll(bench.store, { ...reply, root: { id: "card", ts: "card.ts" } }, 100);
    await bench.store.markSent("reply", "reply.ts", at(101));
    const [root] = await bench.store.staleRoots(at(110), 1);
    if (root?.kind !== "card") return assert.fail("a card");
    assert.deepEqual(root.face, finding("sg-2"));
    assert.deepEqual(root.state.standings.open, { HIGH: 2 });
  });

  test("a burst shows what it counted and how that stands, named or not", async () => {
    await tellInBurst(bench.store, "burst", ["sg-1", "sg-2", "sg-3"], 0);
    const { burst } = await bench.store.view(ACME.channelId, ACME.customerId, at(1));
    const { face: _, causeKey: __, ...names } = message("names", { kind: "names", counted: 0 });
    const seqs = (burst?.toName ?? []).slice(0, 2).map(({ seq }) => seq);
    await bench.store.claim({ ...names, root: { id: "burst", ts: "burst.ts" } }, { seqs }, at(2));
    assert.equal(await bench.store.nextStaleAt(), undefined, "naming changes nothing on its face");
    await bench.store.tell([telling("e2", "sg-1", 50, RESOLVED)], at(50));
    const [root] = await bench.store.staleRoots(at(1000), 1);
    if (root?.kind !== "burst") return assert.fail("a burst");
    assert.deepEqual(
      root.tally.map(({ controlId, severity, count }) => [controlId, severity, count]),
      [["EC2.19", "HIGH", 3]],
    );
    assert.deepEqual(root.standings, { open: { HIGH: 2 }, resolved: 1, suppressed: 0 });
  });
}
