/** The store's whole contract on an emulator's DynamoDB, and what only many writers, and their deaths, can show. */
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startMinistack } from "@shirase/testkit/emulators";
import { openDynamoStore, storeOn } from "./dynamodb.ts";
import { type Table, tableOf } from "./dynamodb-table.ts";
import { createStoreTable } from "./dynamodb-tables.contract.ts";
import {
  ACME,
  at,
  claimAll,
  DAY,
  finding,
  heard,
  message,
  opened,
  RESOLVED,
  resourceNames,
  resourcesOf,
  stranger,
  tellAndSend,
  tellInBurst,
  telling,
} from "./samples.contract.ts";
import { storeContract } from "./store.contract.ts";
import type { Store } from "./store.ts";

const emulator = await startMinistack();
if ("skip" in emulator) {
  test("the DynamoDB store", { skip: emulator.skip }, () => undefined);
} else {
  const client = new DynamoDBClient({ ...emulator.clientFor("111111111111", "ap-northeast-1"), maxAttempts: 3 });
  let tables = 0;
  const newTable = (): Promise<string> => {
    tables += 1;
    return createStoreTable(client, `store-${tables}`);
  };

  after(async () => {
    client.destroy();
    await emulator.stop();
  });

  storeContract("the DynamoDB store", {
    openEmpty: async () => openDynamoStore({ client, tableName: await newTable() }),
    reopen: () => Promise.resolve(openDynamoStore({ client, tableName: `store-${tables}` })),
  });

  suite("many writers on one table", () => race(async () => tableOf(client, await newTable())));
  suite("a writer that dies between any two steps", () => deaths(async () => tableOf(client, await newTable())));
  suite("time to live", () => times(async () => tableOf(client, await newTable())));
}

type NewTable = () => Promise<Table>;

const view = (store: Store, seconds = 0) => store.view(ACME.channelId, ACME.customerId, at(seconds));
const WRITERS = 12;

function race(newTable: NewTable): void {
  const writers = async (): Promise<readonly Store[]> => {
    const table = await newTable();
    return Array.from({ length: WRITERS }, () => storeOn(table));
  };

  test("the same new problem told by all of them at once is one notice", async () => {
    const all = await writers();
    const told = await Promise.all(all.map((store, n) => store.tell([telling(`e${n}`, "sg-1", n)], at(n))));
    const news = told.map(([one]) => one?.findings[0]?.news).sort();
    assert.deepEqual(news, ["opened", ...Array<string>(WRITERS - 1).fill("repeated")]);
    assert.equal((await view(all[0] as Store)).pendingCount, 1);
  });

  test("the same event told by all of them at once is new once", async () => {
    const all = await writers();
    const told = await Promise.all(all.map((store) => store.tell([opened("e1", ["sg-1", "sg-2"])], at(0))));
    assert.equal(told.filter(([one]) => one?.isNew).length, 1);
    assert.equal((await view(all[0] as Store)).pendingCount, 2);
  });

  test("what differs is all told, each with a number of its own, none skipped", async () => {
    const all = await writers();
    const names = (n: number) => Array.from({ length: 3 }, (_, i) => `sg-${n}-${i}`);
    await Promise.all(all.map((store, n) => store.tell([opened(`e${n}`, names(n))], at(0))));
    const { pending, pendingCount, lastSeq } = await view(all[0] as Store);
    assert.deepEqual([pendingCount, lastSeq], [3 * WRITERS, 3 * WRITERS]);
    assert.equal(new Set(pending.map(({ seq }) => seq)).size, 3 * WRITERS);
  });

  test("of several claims of one view each notice is told by one", async () => {
    const all = await writers();
    await all[0]?.tell([opened("e1", ["sg-1", "sg-2", "sg-3"])], at(0));
    await Promise.all(all.map((store, n) => claimAll(store, message(`m${n}`), 0)));
    const store = all[0] as Store;
    assert.equal((await view(store)).pendingCount, 0);
    // Only the winner's root owns them: its problems change it, and no other.
    for (let n = 0; n < WRITERS; n += 1) await store.markSent(`m${n}`, `${n}.ts`, at(1));
    await store.tell(
      ["sg-1", "sg-2", "sg-3"].map((name, n) => telling(`r${n}`, name, 50, RESOLVED)),
      at(50),
    );
    const { pending } = await view(store, 50);
    assert.equal(new Set(pending.map(({ rootId }) => rootId)).size, 1);
    assert.deepEqual(
      (await store.waiting()).map(({ stage }) => stage),
      ["notices"],
      "what waits is counted right",
    );
  });

  test("records of one problem told at once by all of them: none is forgotten", async () => {
    const all = (await writers()).slice(0, 7);
    const record = (n: number, over = {}) => {
      const aliases = [`arn:aws:securityhub:eu-west-1:222222222222:finding/${n}`];
      return heard(`e${n} ${JSON.stringify(over)}`, [finding("sg-1", { aliases, updatedAt: at(n), ...over })]);
    };
    await all[0]?.tell([record(7)], at(7));
    await Promise.all(all.map((store, n) => store.tell([record(n)], at(8))));
    const store = all[0] as Store;
    const news: unknown[] = [];
    for (const n of [7, 6, 5, 4, 3, 2, 1, 0]) {
      const [told] = await store.tell([record(n, { ...RESOLVED, updatedAt: at(60) })], at(60));
      news.push(told?.findings[0]?.news);
    }
    assert.deepEqual(news, [...Array<string>(7).fill("repeated"), "resolved"]);
  });

  test("what nobody owns, told by all of them at once, is in quarantine once", async () => {
    const all = await writers();
    await Promise.all(all.map((store) => store.tell([stranger("s1")], at(0))));
    await Promise.all(all.map((store) => store.setAside("s2", "not JSON", "hello", at(0))));
    assert.equal((await all[0]?.quarantined(10))?.length, 2);
  });

  test("a count that is made while more comes in counts what it says, and the rest waits", async () => {
    const all = await writers();
    const store = all[0] as Store;
    await store.tell([opened("first", resourceNames(30))], at(0));
    const { lastSeq, pendingCount } = await view(store);
    const { causeKey: _, face: __, ...burst } = message("burst", { kind: "burst", counted: pendingCount });
    await Promise.all([
      store.claim(burst, { countedUpTo: lastSeq }, at(0)),
      ...all.slice(1).map((other, n) => other.tell([opened(`e${n}`, [`late-${n}`])], at(0))),
    ]);
    await store.markSent("burst", "burst.ts", at(0));
    const after = await view(store);
    assert.deepEqual([after.burst?.left, after.pendingCount], [pendingCount, WRITERS - 1]);
    assert.ok(resourcesOf(after.pending).every((name) => name?.startsWith("late-")));
  });

  test("what changes while a root is edited makes it due again, whatever the writer's clock says", async () => {
    const [store, other] = (await writers()) as [Store, Store];
    await tellAndSend(store, "card", ["sg-1", "sg-2"], 0);
    await store.tell([telling("e2", "sg-1", 100, RESOLVED)], at(100));
    const [root] = await store.staleRoots(at(110), 1);
    if (!root) return assert.fail("a stale root");
    // Its clock is a minute behind: to it the edit is not due yet.
    await other.tell([telling("e3", "sg-2", 50, RESOLVED)], at(50));
    await store.edited(root, at(110));
    assert.notEqual(await store.nextStaleAt(), undefined);
  });
}

/** Dies at its nth write, before or after it is made: whoever asked never hears. */
function mortal(
  table: Table,
  diesAt: number,
  isMade: boolean,
): { readonly table: Table; readonly wrote: () => number } {
  let writes = 0;
  const deadly =
    <A extends readonly unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      writes += 1;
      if (writes > diesAt) throw new Error("dead");
      if (writes < diesAt) return write(...args);
      if (isMade) await write(...args);
      throw new Error("dies");
    };
  return {
    table: {
      ...table,
      together: deadly(table.together),
      write: deadly(table.write),
      putAll: deadly(table.putAll),
      removeAll: deadly(table.removeAll),
    },
    wrote: () => writes,
  };
}

/** Runs the steps with a death at every write, before and after it; then again by a store that lives, and looks. */
async function atEveryWrite(
  newTable: NewTable,
  steps: {
    readonly before?: (store: Store) => Promise<unknown>;
    readonly step: (store: Store) => Promise<unknown>;
    readonly check: (store: Store, why: string) => Promise<void>;
  },
): Promise<number> {
  let deaths = 0;
  for (const isMade of [false, true]) {
    for (let diesAt = 1; ; diesAt += 1) {
      const table = await newTable();
      const lives = storeOn(table);
      await steps.before?.(lives);
      const { table: dying, wrote } = mortal(table, diesAt, isMade);
      const died = await steps.step(storeOn(dying)).then(
        () => false,
        () => true,
      );
      if (!died && wrote() < diesAt) break;
      deaths += 1;
      await steps.check(lives, `died ${isMade ? "after" : "before"} write ${diesAt}`);
    }
  }
  return deaths;
}

function deaths(newTable: NewTable): void {
  test("an event told again afterwards is told whole and once", async () => {
    const alone = { ...finding("test-1"), kind: "test" as const };
    const event = heard("e1", [...resourceNames(25).map((name) => finding(name)), alone]);
    const count = await atEveryWrite(newTable, {
      step: (store) => store.tell([event], at(0)),
      check: async (store, why) => {
        await store.tell([event], at(1));
        const { pending, pendingCount } = await view(store, 2);
        assert.equal(pendingCount, 26, why);
        assert.equal(new Set(resourcesOf(pending)).size, 26, why);
        assert.deepEqual((await store.tell([event], at(3)))[0]?.isNew, false, why);
      },
    });
    assert.ok(count >= 6, `${count} deaths`);
  });

  test("a change of what was told is told once, and its card is brought up to date", async () => {
    const event = telling("e2", "sg-1", 60, RESOLVED);
    await atEveryWrite(newTable, {
      before: (store) => tellAndSend(store, "card", ["sg-1"], 0),
      step: (store) => store.tell([event], at(60)),
      check: async (store, why) => {
        await store.tell([event], at(61));
        assert.deepEqual(
          (await view(store, 62)).pending.map(({ rootId }) => rootId),
          ["card"],
          why,
        );
        const [root] = await store.staleRoots(at(1000), 1);
        assert.deepEqual(root?.kind === "card" && root.state.standings, { open: {}, resolved: 1, suppressed: 0 }, why);
      },
    });
  });

  const LOOKERS: ReadonlyArray<readonly [who: string, look: (store: Store) => Promise<unknown>]> = [
    ["who sends next", (store) => store.nextMessage(ACME.channelId)],
    ["who composes", (store) => view(store, 1)],
    ["who hears that it was sent", async (store) => store.markSent("card", "card.ts", at(2))],
    ["who gives it up", async (store) => store.markDead("card", "no", at(2))],
    ["who claims the same", (store) => store.claim(message("other"), { seqs: [1, 2, 3] }, at(2))],
  ];
  for (const [who, look] of LOOKERS) {
    test(`a claim holds all that it tells or nothing, and its card owns it: ${who} completes it`, async () => {
      const seqs = [1, 2, 3];
      await atEveryWrite(newTable, {
        before: (store) => store.tell([opened("e1", ["sg-1", "sg-2", "sg-3"])], at(0)),
        step: (store) => store.claim(message("card"), { seqs }, at(0)),
        check: async (store, why) => {
          const isClaimed = (await store.waiting()).some(({ stage }) => stage === "message");
          await look(store);
          const { pendingCount } = await view(store, 1);
          if (!isClaimed) return assert.equal(pendingCount, who === "who claims the same" ? 0 : 3, why);
          assert.equal(pendingCount, 0, why);
          await store.redrive(undefined);
          await store.markSent("card", "card.ts", at(2));
          await store.markDead("other", "told by the card", at(2));
          await store.tell([telling("e2", "sg-2", 60, RESOLVED)], at(60));
          const [pending] = (await view(store, 60)).pending;
          assert.equal(pending?.rootId, "card", why);
          const [root] = await store.staleRoots(at(1000), 1);
          const standings = root?.kind === "card" && root.state.standings;
          assert.deepEqual(standings, { open: { HIGH: 2 }, resolved: 1, suppressed: 0 }, why);
          assert.deepEqual(
            (await store.waiting()).map(({ stage }) => stage),
            ["notices"],
            why,
          );
        },
      });
    });
  }

  test("names of a burst are each told once", async () => {
    const names = resourceNames(60);
    const { face: _, causeKey: __, ...naming } = message("names", { kind: "names", counted: 0 });
    const claiming = { ...naming, root: { id: "burst", ts: "burst.ts" } };
    await atEveryWrite(newTable, {
      before: (store) => tellInBurst(store, "burst", names, 0),
      step: async (store) => {
        const { burst } = await view(store, 1);
        await store.claim(claiming, { seqs: (burst?.toName ?? []).slice(0, 50).map(({ seq }) => seq) }, at(1));
      },
      check: async (store, why) => {
        const claimed = await store.nextMessage(ACME.channelId);
        const { burst, pendingCount } = await view(store, 2);
        assert.deepEqual([burst?.left, pendingCount], [claimed ? 10 : 60, 0], why);
      },
    });
  });

  test("a message is sent, given up or redriven whole, or as before", async () => {
    await atEveryWrite(newTable, {
      before: (store) => tellAndClaim(store),
      step: async (store) => {
        await store.markDead("card", "no", at(1));
        await store.redrive(ACME.channelId);
        await store.markSent("card", "card.ts", at(2));
      },
      check: async (store, why) => {
        const isSent = (await view(store, 3)).liveCards;
        const there = [await store.nextMessage(ACME.channelId), ...(await store.deadLetters())].filter(Boolean);
        const waiting = (await store.waiting()).length;
        assert.ok(there.length <= 1 && isSent.size === 0, why);
        await store.redrive(undefined);
        await store.markSent("card", "card.ts", at(4));
        assert.deepEqual([await store.waiting(), await store.deadLetters()], [[], []], `${why}, ${waiting} waited`);
        await store.tell([opened("e2", ["sg-2"])], at(5));
        assert.equal((await view(store, 5)).liveCards.size, 1, why);
      },
    });
  });
}

async function tellAndClaim(store: Store): Promise<void> {
  await store.tell([opened("e1", ["sg-1"])], at(0));
  await claimAll(store, message("card"), 0);
}

function times(newTable: NewTable): void {
  test("an event whose time is over is told again though DynamoDB has not removed it, and then is known again", async () => {
    const store = storeOn(await newTable());
    const event = heard("e1", [{ ...finding("sg-1"), kind: "test" }]);
    const told: unknown[] = [];
    for (const seconds of [0, 6 * DAY, 7 * DAY + 1, 8 * DAY]) {
      told.push((await store.tell([event], at(seconds)))[0]?.isNew);
    }
    assert.deepEqual(told, [true, false, true, false]);
  });

  test("a problem that is over is unknown after its time, an open one much later, by the reader's clock", async () => {
    for (const [over, days, news] of [
      [RESOLVED, 89, "reopened"],
      [RESOLVED, 91, "opened"],
      [{}, 364, "repeated"],
      [{}, 366, "opened"],
    ] as const) {
      const store = storeOn(await newTable());
      await store.tell([telling("e1", "sg-1", 0), telling("e2", "sg-1", 1, over)], at(1));
      const [told] = await store.tell([telling("e3", "sg-1", days * DAY)], at(days * DAY));
      assert.equal(told?.findings[0]?.news, news, `after ${days} days`);
    }
  });

  test("every item has a time, but for what waits, what was given up and the counters", async () => {
    const table = await newTable();
    const store = storeOn(table);
    await tellAndSend(store, "card", ["sg-1"], 0);
    await tellInBurst(store, "burst", ["sg-2"], 0);
    await store.keepEvents([{ customerId: "acme", key: "a problem's", body: "{}" }], new Date());
    const lasting = new Set<string>();
    for await (const page of table.scan()) {
      for (const { pk, sk, ttl } of page) if (ttl === undefined) lasting.add(`${pk.slice(0, 2)} ${sk.slice(0, 2)}`);
    }
    assert.deepEqual([...lasting].sort(), ["C# N#", "H# C0"]);
  });

  test("what is known of a problem fits one write unit, in eight records with Ids as long as they come", async () => {
    const table = await newTable();
    const store = storeOn(table);
    const ids = Array.from(
      { length: 8 },
      (_, n) => `arn:aws:securityhub:eu-west-1:222222222222:finding/${"x".repeat(420)}${n}`,
    );
    const key = "222222222222|eu-west-1|EC2.19|arn:aws:ec2:eu-west-1:222222222222:security-group/sg-0123456789abcdef0";
    const [, , , resource = ""] = key.split("|");
    for (const [n, id] of ids.entries()) {
      await store.tell([heard(`e${n}`, [finding(resource, { key, aliases: [id], updatedAt: at(n) })])], at(n));
    }
    for await (const page of table.scan()) {
      for (const item of page.filter(({ pk }) => pk.startsWith("F#"))) {
        const size = Object.entries(item).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
        assert.ok(size <= 1024, `${size} bytes`);
      }
    }
    const again = ids.map((id, n) =>
      heard(`again ${n}`, [finding(resource, { key, aliases: [id], updatedAt: at(n) })]),
    );
    const told = await store.tell(again, at(60));
    assert.deepEqual([...new Set(told.map(({ findings: [one] }) => one?.news))], ["repeated"]);
  });
}
