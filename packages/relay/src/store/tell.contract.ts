/** The store's contract: events told once, decided against what is known, all of a batch or nothing of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ACME,
  at,
  type Bench,
  beat,
  finding,
  GLOBEX,
  halfForeign,
  heard,
  opened,
  RESOLVED,
  resourcesOf,
  stranger,
  telling,
} from "./samples.contract.ts";
import type { HeardWithBody } from "./store.ts";

/** Runs this part. */
export function tellContract(bench: Bench, reopen: () => Promise<void>): void {
  const pending = async () => (await bench.store.view(ACME.channelId, ACME.customerId, at(0))).pending;

  test("an event told twice is kept once, over a restart too", async () => {
    const event = opened("e1", ["sg-1"]);
    const [first] = await bench.store.tell([event], at(0));
    assert.deepEqual([first?.isNew, first?.findings.map(({ news, told }) => [news, told])], [true, [["opened", 1]]]);
    const again = { isNew: false, findings: [] };
    assert.deepEqual(await bench.store.tell([event, event], at(1)), [again, again]);
    await reopen();
    assert.deepEqual(await bench.store.tell([event], at(2)), [again]);
    assert.deepEqual(resourcesOf(await pending()), ["sg-1"]);
  });

  test("twice in one batch is once", async () => {
    const event = opened("e1", ["sg-1"]);
    const told = await bench.store.tell([event, event], at(0));
    assert.deepEqual(
      told.map(({ isNew }) => isNew),
      [true, false],
    );
    assert.equal((await pending()).length, 1);
  });

  test("the same event id, and the same problem, of another customer are others", async () => {
    const told = await bench.store.tell([opened("e1", ["sg-1"]), opened("e1", ["sg-1"], GLOBEX)], at(0));
    assert.deepEqual(
      told.map(({ isNew, findings }) => [isNew, findings[0]?.news]),
      [
        [true, "opened"],
        [true, "opened"],
      ],
    );
    const places = (await bench.store.waiting()).map(({ customerId, channelId }) => `${customerId} ${channelId}`);
    assert.deepEqual(places.sort(), ["acme C0ACME00000", "globex C0GLOBEX000"]);
  });

  const STEPS: ReadonlyArray<readonly [why: string, event: HeardWithBody, news: string, told: number]> = [
    ["never heard of", telling("e1", "sg-1", 0), "opened", 1],
    ["the same again", telling("e2", "sg-1", 60), "repeated", 0],
    ["worse", telling("e3", "sg-1", 120, { severity: "CRITICAL" }), "worsened", 1],
    ["an older telling that comes late", telling("e4", "sg-1", 90, RESOLVED), "repeated", 0],
    ["fixed", telling("e5", "sg-1", 180, RESOLVED), "resolved", 1],
    ["back", telling("e6", "sg-1", 180 + 2 * 86_400), "reopened", 1],
  ];
  test("each event is decided against what those before it left, in one batch and over restarts", async () => {
    const wanted = STEPS.map(([, , news, told]) => [news, told]);
    const got: unknown[] = [];
    for (const [why, event, news] of STEPS) {
      const [told] = await bench.store.tell([event], at(300));
      got.push([told?.findings[0]?.news, told?.findings[0]?.told]);
      assert.equal(told?.findings[0]?.news, news, why);
      await reopen();
    }
    assert.deepEqual(got, wanted);
    // The same once more, of another resource, in one call.
    const batch = STEPS.map(([, { heard: one }, ,], index): HeardWithBody => {
      if (!("findings" in one)) throw new Error("a step without findings");
      const findings = one.findings.map((each) => ({
        ...each,
        finding: { ...each.finding, key: each.finding.key.replace("sg-1", "sg-2") },
      }));
      return { heard: { ...one, eventId: `batch ${index}`, findings }, body: () => "{}" };
    });
    const told = await bench.store.tell(batch, at(300));
    assert.deepEqual(
      told.map(({ findings: [only] }) => [only?.news, only?.told]),
      wanted,
    );
  });

  test("what is told says how it was before and since when, dates as dates", async () => {
    await bench.store.tell([telling("e1", "sg-1", 0)], at(1));
    await bench.store.tell([telling("e2", "sg-1", 60, { severity: "CRITICAL" })], at(61));
    const worsened = (await pending()).find(({ notice }) => notice.news === "worsened")?.notice;
    assert.deepEqual(
      [worsened?.severity, worsened?.severityBefore, worsened?.openedAt, worsened?.decidedAt],
      ["CRITICAL", "HIGH", at(0), at(61)],
    );
    assert.deepEqual(worsened?.finding, finding("sg-1", { updatedAt: at(60), severity: "CRITICAL" }));
  });

  test("two findings of one event about one problem are decided one after the other", async () => {
    const twins = [finding("sg-1"), finding("sg-1", { aliases: ["another standard's record"] })];
    const [told] = await bench.store.tell([heard("e1", twins)], at(0));
    assert.deepEqual(
      told?.findings.map(({ news }) => news),
      ["opened", "repeated"],
    );
  });

  test("why nobody hears is said", async () => {
    await bench.store.tell([telling("e1", "sg-1", 0)], at(0));
    const [told] = await bench.store.tell([telling("e2", "sg-1", 60)], at(60));
    assert.match(String(told?.findings[0]?.because), /\w+ \w+/);
  });

  test("a batch that fails leaves nothing behind, and harms none that waits beside it", async () => {
    // No text: nothing can be written of it.
    const broken = heard("e2", [finding("sg-2", { description: 1n as never })]);
    const bad = bench.store.tell([opened("e1", ["sg-1"]), broken], at(0));
    const good = bench.store.tell([opened("e3", ["sg-3"])], at(0));
    await assert.rejects(bad);
    assert.equal((await good)[0]?.isNew, true);
    assert.deepEqual(resourcesOf(await pending()), ["sg-3"]);
    assert.equal((await bench.store.stats()).known, 1);
    assert.equal((await bench.store.tell([opened("e1", ["sg-1"])], at(1)))[0]?.findings[0]?.news, "opened");
  });

  test("a stranger's event is kept in quarantine with its reason and whole, once", async () => {
    assert.deepEqual(await bench.store.tell([stranger("e1")], at(5)), [{ isNew: true, findings: [] }]);
    assert.deepEqual(await bench.store.tell([stranger("e1")], at(6)), [{ isNew: false, findings: [] }]);
    const kept = await bench.store.quarantined(10);
    assert.deepEqual(
      kept.map(({ eventId, reason, body, at: when }) => [eventId, reason, body, when]),
      [["e1", "no customer has account 999999999999", '{"id":"e1"}', at(5)]],
    );
    assert.deepEqual(await bench.store.waiting(), []);
  });

  test("of a foreign finding the event is kept in quarantine, and its sound finding is told", async () => {
    const [told] = await bench.store.tell([halfForeign("e1")], at(0));
    assert.deepEqual(
      told?.findings.map(({ news, told: count }) => [news, count]),
      [
        ["opened", 1],
        [undefined, 0],
      ],
    );
    const [kept, ...more] = await bench.store.quarantined(10);
    assert.deepEqual([kept?.eventId, kept?.body, more.length], ["e1", '{"id":"e1"}', 0]);
    assert.match(String(kept?.reason), /999999999999/);
    assert.deepEqual(resourcesOf(await pending()), ["sg-own"]);
    assert.equal((await bench.store.stats()).known, 1);
  });

  test("what is no event is set aside once", async () => {
    assert.equal(await bench.store.setAside("x", "not JSON", "hello \u0000 <!channel>", at(0)), true);
    assert.equal(await bench.store.setAside("x", "not JSON", "hello", at(1)), false);
    const kept = await bench.store.quarantined(10);
    assert.deepEqual(
      kept.map(({ eventId, reason, body }) => [eventId, reason, body]),
      [["x", "not JSON", "hello \u0000 <!channel>"]],
    );
  });

  test("a test finding is told each time and remembered never", async () => {
    const test = finding("sg-1", { kind: "test" });
    await bench.store.tell([heard("e1", [test]), heard("e2", [test]), opened("e3", ["sg-1"])], at(0));
    assert.equal((await pending()).length, 3);
    assert.equal((await bench.store.stats()).known, 1);
    assert.equal(new Set((await pending()).map(({ notice }) => notice.causeKey)).size, 3);
  });

  test("a sign of life is kept by our own clock, and never goes back", async () => {
    const times = async () => (await bench.store.beats()).map(({ region, at: when }) => [region, when]);
    await bench.store.tell([beat("b1"), beat("b2", "us-east-1")], at(10));
    await bench.store.tell([beat("b3")], at(70));
    await bench.store.tell([beat("b4")], at(40));
    assert.deepEqual(await times(), [
      ["eu-west-1", at(70)],
      ["us-east-1", at(10)],
    ]);
    assert.deepEqual(await bench.store.waiting(), []);
  });
}
