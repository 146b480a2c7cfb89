/** The console's questions, asked of a real file that a real store writes meanwhile. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/prepare";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { accept } from "../accept.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite.ts";
import type { Reads } from "./reads.ts";
import { openReads } from "./reads-sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-reads-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const CUSTOMERS = loadCustomers(2);
const prepared = prepare(Config.parse(loadConfig(CUSTOMERS)));
const [customerId = "", otherId = ""] = prepared.customers.keys();
const NOW = new Date("2026-11-20T02:30:00Z");
const LATER = new Date("2026-11-20T05:30:00Z");

let folders = 0;

async function withReads(work: (store: SqliteStore, reads: Reads, dataDir: string) => Promise<void>): Promise<void> {
  folders += 1;
  const dataDir = join(folder, String(folders));
  const store = openSqliteStore({ dataDir });
  const reads = openReads(dataDir);
  try {
    await work(store, reads, dataDir);
  } finally {
    await reads.close();
    await store.close();
  }
}

/** Findings of the first customer; `changes` as securityHubEvent takes them. */
async function tell(store: SqliteStore, from: number, count: number, status: "FAILED" | "PASSED", now: Date) {
  const [customer] = CUSTOMERS;
  assert.ok(customer);
  const telling = status === "FAILED" ? 0 : 1;
  const events = Array.from({ length: count }, (_, index) =>
    securityHubEvent(customer, from + index, telling, { status }),
  );
  const accepted = await accept(events, {}, { prepared, store }, now);
  assert.ok(!("bad" in accepted), JSON.stringify(accepted));
}

const base = { customerId, standing: "open", offset: 0, limit: 10 } as const;

suite("the console's questions", () => {
  test("a search finds by any part of a word, in any case, and what came since the last search", async () => {
    await withReads(async (store, reads) => {
      await tell(store, 0, 30, "FAILED", NOW);
      const all = (await reads.problems({ ...base, limit: 100 })).items;
      assert.equal(all.length, 30);
      const resource = all[7]?.key.split("|")[3] ?? "";
      const part = resource.slice(2).toUpperCase();
      const hits = (await reads.problems({ ...base, words: [part], limit: 100 })).items;
      const wanted = all.filter(({ key }) => key.toUpperCase().includes(part)).map(({ id }) => id);
      assert.deepEqual(hits.map(({ id }) => id).sort(), wanted.sort());
      await tell(store, 30, 5, "FAILED", NOW);
      const [account = ""] = all[0]?.key.split("|") ?? [];
      assert.equal((await reads.problems({ ...base, words: [account], limit: 100 })).items.length, 35);
      assert.equal((await reads.problems({ ...base, customerId: otherId, words: [account] })).items.length, 0);
    });
  });

  test("page after page, what many have is found in the order of the list, each once", async () => {
    await withReads(async (store, reads) => {
      await tell(store, 0, 90, "FAILED", NOW);
      const all = (await reads.problems({ ...base, limit: 100 })).items;
      const [account = "", region = ""] = all[0]?.key.split("|") ?? [];
      for (const words of [[account], [account, region], ["public"]]) {
        // More than is looked at one by one: the other way to the same answer.
        const whole = (await reads.problems({ ...base, words, limit: 1000 })).items.map(({ id }) => id);
        assert.ok(whole.length > 20, words.join(" "));
        assert.deepEqual(
          whole,
          all.map(({ id }) => id).filter((id) => whole.includes(id)),
        );
        const pages: number[] = [];
        for (let offset = 0; offset < 90; offset += 7) {
          const { items } = await reads.problems({ ...base, words, limit: 7, offset });
          pages.push(...items.map(({ id }) => id));
        }
        assert.deepEqual(pages, whole, words.join(" "));
      }
    });
  });

  test("two letters are searched for as well, and quotes and stars are letters", async () => {
    await withReads(async (store, reads) => {
      await tell(store, 0, 3, "FAILED", NOW);
      const two = (await reads.problems(base)).items[0]?.title.slice(0, 2) ?? "";
      assert.ok((await reads.problems({ ...base, words: [two] })).items.length > 0);
      for (const word of ['"', '"""', "*", "a*b", "NEAR(", "' OR 1", "\u0000qqq\u0000", "col:umn"]) {
        assert.deepEqual((await reads.problems({ ...base, words: [word] })).items, [], word);
      }
    });
  });

  test("pages follow each other without a gap, the worst first", async () => {
    await withReads(async (store, reads) => {
      await tell(store, 0, 25, "FAILED", NOW);
      const pages = await Promise.all([0, 10, 20].map((offset) => reads.problems({ ...base, offset })));
      assert.deepEqual(
        pages.map(({ more }) => more),
        [true, true, false],
      );
      const items = pages.flatMap((page) => page.items);
      assert.equal(new Set(items.map(({ id }) => id)).size, 25);
      assert.deepEqual(
        items.map(({ severityRank }) => severityRank),
        items.map(({ severityRank }) => severityRank).sort((a, b) => b - a),
      );
    });
  });

  test("what begins and ends is counted in its hour, with how long it was open", async () => {
    await withReads(async (store, reads) => {
      await tell(store, 0, 4, "FAILED", NOW);
      await tell(store, 0, 3, "PASSED", LATER);
      const tallies = await reads.tallies(
        customerId,
        new Date("2026-11-19T00:00:00Z"),
        new Date("2026-11-21T00:00:00Z"),
      );
      const sum = (of: (one: (typeof tallies)[number]) => number) => tallies.reduce((total, one) => total + of(one), 0);
      assert.deepEqual([sum(({ opened }) => opened), sum(({ resolved }) => resolved)], [4, 3]);
      assert.deepEqual(
        [...new Set(tallies.map(({ at }) => at.toISOString()))],
        ["2026-11-20T02:00:00.000Z", "2026-11-20T05:00:00.000Z"],
      );
      assert.ok(sum(({ fixedMs }) => fixedMs) > 0);
      const [figures] = await reads.figures([{ customerId, since: new Date(0) }]);
      assert.deepEqual([figures?.openedSince, figures?.resolvedSince], [1, 3]);
    });
  });

  test("a problem's story: its steps with reasons, whom it waits for, and the event as it came", async () => {
    await withReads(async (store, reads) => {
      await tell(store, 0, 1, "FAILED", NOW);
      await tell(store, 0, 1, "PASSED", LATER);
      // Events are kept after they were answered for: the next commit is after that.
      await store.probe(LATER);
      const id = (await reads.problems({ ...base, standing: "resolved" })).items[0]?.id ?? 0;
      const story = await reads.problem(id);
      assert.deepEqual(
        story?.steps.map(({ news, told }) => [news, told]),
        [
          ["opened", 1],
          ["resolved", 1],
        ],
      );
      assert.deepEqual(
        story?.notices.map(({ news, eventId, message }) => [news, eventId, message]),
        story?.steps.toReversed().map(({ news, eventId }) => [news, eventId, undefined]),
      );
      assert.equal(
        story?.steps.every(({ said }) => said.length > 0),
        true,
      );
      assert.match(story?.event?.body ?? "", /"PASSED"/, "the event that changed it last");
      assert.deepEqual(
        (await reads.events(customerId, new Date(0), 5)).map((one) => one.id),
        [id],
      );
      assert.equal(await reads.problem(999), undefined);
    });
  });

  test("letters are sent again one by one or all of a customer's, and it is written down", async () => {
    await withReads(async (store, reads) => {
      for (const [id, channelId] of [
        ["a", "C0A"],
        ["b", "C0A"],
        ["c", "C0C"],
      ] as const) {
        const message = { id, customerId, channelId, kind: "note", severityRank: 1, body: '{"text":"x"}' } as const;
        await store.enqueue({ ...message, counted: 1, isBroadcast: false }, NOW);
        await store.markDead(id, "invalid_blocks", NOW);
      }
      await store.pause({ channelId: "C0A", reason: "is_archived", remedy: "", pausedAt: NOW, recheckAt: LATER });
      assert.equal(await store.redriveOnly(["a", "nonsense"]), 1);
      assert.deepEqual(await store.pauses(), [], "its channel's pause is lifted");
      assert.deepEqual(await reads.deadIds({ customerId }), ["b", "c"]);
      assert.deepEqual(await reads.deadIds({ channelId: "C0C" }), ["c"]);
      const dead = await reads.messages({ state: "dead", customerId, limit: 1 });
      assert.deepEqual([dead.more, dead.items[0]?.id, dead.items[0]?.reason], [true, "c", "invalid_blocks"]);
      await store.audit({ at: NOW, who: "local", action: "redrive", subject: "message a" });
      assert.deepEqual(await reads.deeds(5), [{ at: NOW, who: "local", action: "redrive", subject: "message a" }]);
    });
  });

  test("another number after each commit; and whoever reads cannot write", async () => {
    await withReads(async (store, reads, dataDir) => {
      const before = await reads.version();
      assert.equal(await reads.version(), before);
      await tell(store, 0, 1, "FAILED", NOW);
      assert.notEqual(await reads.version(), before);
      const own = new DatabaseSync(join(dataDir, "relay.sqlite"), { readOnly: true });
      assert.throws(() => own.exec("DELETE FROM findings"), /readonly/);
      own.close();
    });
  });
});
