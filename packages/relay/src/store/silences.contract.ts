/** The store's contract: silences that people make, and how many problems each held back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { reason } from "@shirase/core/reason";
import type { Silence } from "@shirase/core/silence";
import { ACME, at, type Bench, DAY, finding, heard, retention } from "./samples.contract.ts";
import type { HeardWithBody } from "./store.ts";

function silence(id: string, over: Partial<Silence> = {}): Silence {
  const said = { match: '{"source":["aws.securityhub"]}', owner: "ana", reason: "moving house" };
  return { id, customerId: "acme", ...said, from: at(0), until: at(DAY), ...over };
}

/** An event whose findings this silence holds back. */
function silenced(eventId: string, silenceId: string, resources: readonly string[]): HeardWithBody {
  const facts = { silence: silenceId, owner: "ana", words: "moving house", until: "2026-11-21T00:00Z" };
  const wanted = [reason("silence", false, "silenced", facts)];
  const findings = resources.map((resource) => ({ finding: finding(resource), heard: [], wanted }));
  const { heard: event, body } = heard(eventId, []);
  return { heard: { ...event, findings } as HeardWithBody["heard"], body };
}

/** Runs this part. */
export function silencesContract(bench: Bench, reopen: () => Promise<void>): void {
  test("silences are there, by their end, until they have ended, and after a restart", async () => {
    const [long, short] = [silence("long", { until: at(5 * DAY) }), silence("short", { customerId: "globex" })];
    await bench.store.addSilence(long);
    await bench.store.addSilence(short);
    await reopen();
    assert.deepEqual(await bench.store.silences(at(0)), [short, long]);
    assert.deepEqual(await bench.store.silences(at(DAY)), [long]);
    assert.deepEqual(await bench.store.silences(at(5 * DAY)), []);
  });

  test("a second one of the same id changes nothing", async () => {
    await bench.store.addSilence(silence("one"));
    await bench.store.addSilence(silence("one", { owner: "mallory", until: at(80 * DAY) }));
    assert.deepEqual(await bench.store.silences(at(0)), [silence("one")]);
  });

  test("one ends once, and keeps when", async () => {
    await bench.store.addSilence(silence("one"));
    const ended: boolean[] = [];
    for (const id of ["one", "one", "nobody's"]) ended.push(await bench.store.endSilence(id, at(60)));
    assert.deepEqual(ended, [true, false, false]);
    assert.deepEqual(await bench.store.silences(at(0)), [silence("one", { until: at(60) })]);
    assert.deepEqual(await bench.store.silences(at(60)), []);
  });

  test("each problem that one held back is counted once, however often it comes; others count for themselves", async () => {
    await bench.store.tell([silenced("e1", "one", ["sg-1", "sg-2"])], at(0));
    await bench.store.tell([silenced("e2", "one", ["sg-2"]), silenced("e3", "config-2", ["sg-3"])], at(60));
    await reopen();
    const counts = await bench.store.silencedCounts(["one", "config-2", "nobody's"]);
    assert.deepEqual([...counts].sort(), [
      ["config-2", 1],
      ["nobody's", 0],
      ["one", 2],
    ]);
    assert.deepEqual(await bench.store.waiting(), []);
  });

  test("what was silenced is told once nothing holds it back", async () => {
    await bench.store.tell([silenced("e1", "one", ["sg-1"])], at(0));
    const [told] = await bench.store.tell([heard("e2", [finding("sg-1")])], at(60));
    assert.equal(told?.findings[0]?.told, 1);
    const { pending } = await bench.store.view(ACME.channelId, ACME.customerId, at(60));
    assert.deepEqual(
      pending.map(({ notice }) => notice.news),
      ["opened"],
    );
  });

  test("one that ended long ago may be forgotten, one that holds never is", async () => {
    await bench.store.addSilence(silence("over"));
    await bench.store.addSilence(silence("holds", { until: at(85 * DAY) }));
    await bench.store.tell([silenced("e1", "holds", ["sg-1"])], at(0));
    await bench.store.prune(retention({ sentBefore: at(2 * DAY), endedBefore: at(2 * DAY), silentBefore: at(-DAY) }));
    const left = (await bench.store.silences(at(-DAY))).map(({ id }) => id);
    assert.ok(left.includes("holds"));
    assert.deepEqual(await bench.store.silencedCounts(["holds"]), new Map([["holds", 1]]));
  });
}
