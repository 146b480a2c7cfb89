/**
 * The console on a table shows what the console on a file shows: the same events, told and sent by both stores, and every
 * question answered alike.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { StaleRoot } from "@shirase/core/channel-view";
import { composeNext } from "@shirase/core/compose";
import { Config } from "@shirase/core/config";
import { severityRank } from "@shirase/core/finding";
import { prepare } from "@shirase/core/prepare";
import { startMinistack } from "@shirase/testkit/emulators";
import { loadConfig, loadCustomers, type Says, securityHubEvent } from "@shirase/testkit/load";
import { accept } from "../accept.ts";
import { type DynamoStore, storeOn } from "../store/dynamodb.ts";
import { type Table, tableOf } from "../store/dynamodb-table.ts";
import { createStoreTable } from "../store/dynamodb-tables.contract.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { type Mirror, openMirror } from "./mirror.ts";
import type { ProblemLine, Reads } from "./reads.ts";
import { openReads } from "./reads-sqlite.ts";
import { tableReads } from "./reads-table.ts";

const CUSTOMERS = loadCustomers(2);
const prepared = prepare(Config.parse(loadConfig(CUSTOMERS)));
const [ACME, GLOBEX] = CUSTOMERS;
const START = Date.parse("2026-11-20T02:00:00Z");
const MINUTE = 60_000;
const LONG_AGO = new Date(START - 86_400_000);
const LONG_AFTER = new Date(START + 30 * 86_400_000);

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-mirror-"));

type Own = { readonly mirror: Mirror; readonly reads: Reads };

type World = {
  readonly table: Table;
  readonly stores: { readonly sqlite: Store; readonly dynamo: DynamoStore };
  /** The table's and the file's. */
  readonly own: Own;
  readonly oracle: Reads;
  readonly at: (minute: number) => Date;
  readonly tell: (minute: number, events: readonly unknown[]) => Promise<void>;
  /** Makes and sends what there is to tell. @param dies - Slack refuses it. */
  readonly send: (minute: number, dies?: boolean) => Promise<void>;
  /** Another console on the same table, from nothing. */
  readonly anew: () => Promise<Own>;
  readonly reopen: () => Promise<Own>;
};

suite("a console on a table", { skip, concurrency: 1 }, () => {
  if ("skip" in emulator) return;
  const client = new DynamoDBClient(emulator.clientFor("111111111111", "ap-northeast-1"));
  after(async () => {
    client.destroy();
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  let worlds = 0;

  async function world(work: (world: World) => Promise<void>): Promise<void> {
    worlds += 1;
    const name = `mirror-${worlds}`;
    const dirOf = (part: string): string => join(folder, `${worlds}-${part}`);
    let now = new Date(START);
    const table = tableOf(client, await createStoreTable(client, name));
    const stores = { sqlite: openSqliteStore({ dataDir: dirOf("relay") }), dynamo: storeOn(table) };
    const oracle = openReads(dirOf("relay"));
    const faults: unknown[] = [];
    const opened: Array<() => Promise<void>> = [];
    let consoles = 0;
    const open = async (dataDir: string) => {
      const mirror = await openMirror({
        table,
        tableName: name,
        dataDir,
        now: () => now,
        onFault: (error) => faults.push(error),
      });
      const file = openReads(dataDir);
      const close = async (): Promise<void> => {
        await file.close();
        await mirror.close();
      };
      opened.push(close);
      return { mirror, reads: tableReads(mirror, table, stores.dynamo, file), close };
    };
    const first = await open(dirOf("console"));
    const each = async (act: (store: Store) => Promise<unknown>): Promise<void> => {
      await act(stores.sqlite);
      await act(stores.dynamo);
    };
    const ids = new Map<Store, number>();
    const at = (minute: number): Date => new Date(START + minute * MINUTE);
    try {
      await work({
        table,
        stores,
        own: first,
        oracle,
        at,
        tell: async (minute, events) => {
          now = at(minute);
          await each(async (store) =>
            assert.ok(!("bad" in (await accept(events, {}, { prepared, store }, at(minute))))),
          );
        },
        send: (minute, dies = false) => {
          now = at(minute);
          const newIdIn = (store: Store): string => `m${ids.set(store, (ids.get(store) ?? 0) + 1).get(store)}`;
          return each((store) => sendAll(store, now, { dies, newId: () => newIdIn(store) }));
        },
        anew: () => {
          consoles += 1;
          return open(dirOf(`console-${consoles}`));
        },
        reopen: async () => {
          await first.close();
          opened.splice(opened.indexOf(first.close), 1);
          return open(dirOf("console"));
        },
      });
      assert.deepEqual(faults, []);
    } finally {
      for (const close of opened) await close();
      await oracle.close();
      await stores.sqlite.close();
      await stores.dynamo.close();
    }
  }

  test("a life with all its turns reads alike, followed step by step, from nothing, and after a restart", async () => {
    await world(async ({ own, oracle, tell, send, anew, reopen, at }) => {
      const life: ReadonlyArray<readonly [n: number, telling: number, says: Says]> = [
        [0, 1, { severity: "CRITICAL" }],
        [1, 1, { status: "PASSED" }],
        [0, 2, { severity: "CRITICAL" }],
        [2, 1, { workflow: "SUPPRESSED" }],
        [1, 30, {}],
        [0, 31, { status: "PASSED" }],
        [3, 32, { record: "ARCHIVED" }],
      ];
      await tell(0, [...eventsOf(ACME, 5), ...eventsOf(GLOBEX, 2)]);
      await compare(own, oracle);
      await send(1);
      await compare(own, oracle);
      for (const [n, telling, says] of life) {
        await tell(1 + telling, [securityHubEvent(needed(ACME), n, telling, { minute: telling, ...says })]);
        await send(2 + telling);
        await compare(own, oracle);
      }
      await tell(50, [{ ...securityHubEvent(needed(ACME), 9), account: "999999999999" }]);
      await compare(own, oracle);
      const fresh = await anew();
      await compare(fresh, oracle);
      const again = await reopen();
      await compare(again, oracle);
      await tell(60, eventsOf(GLOBEX, 1, 7));
      await send(61);
      await compare(again, oracle);
      assert.equal((await again.reads.messages({ state: "sent", limit: 100 })).items.length > 5, true);
      assert.deepEqual((await again.reads.messages({ state: "sent", limit: 100 })).items[0]?.createdAt, at(61));
    });
  });

  test("a burst that is counted and then named, and a channel that refuses", async () => {
    await world(async ({ own, oracle, tell, send, anew, stores }) => {
      await tell(0, eventsOf(ACME, 60));
      await send(1);
      await compare(own, oracle);
      await tell(2, eventsOf(GLOBEX, 3));
      await send(3, true);
      await compare(own, oracle);
      assert.equal((await own.reads.deadIds({})).length > 0, true);
      await compare(await anew(), oracle);
      for (const store of [stores.sqlite, stores.dynamo]) await store.redrive(undefined);
      await compare(own, oracle);
      await send(5);
      await compare(own, oracle);
    });
  });

  test("what was known before there was a journal is there once it speaks again; and so is what spoke for half a year", async () => {
    await world(async ({ oracle, tell, table, anew }) => {
      await tell(0, eventsOf(ACME, 3));
      for await (const page of table.scan()) {
        await table.removeAll(page.filter(({ pk }) => pk.startsWith("J#")));
        for (const { pk, sk } of page.filter((item) => item["journaled"] !== undefined)) {
          await table.write({ update: { pk, sk }, change: { remove: ["journaled"] } });
        }
      }
      const fresh = await anew();
      assert.deepEqual((await fresh.reads.figures([{ customerId: "c0", since: LONG_AGO }]))[0]?.open, {});
      const again = [0, 1, 2].map((n) => securityHubEvent(needed(ACME), n, 9));
      await tell(9, again);
      await fresh.mirror.refresh();
      const [figures] = await fresh.reads.figures([{ customerId: "c0", since: LONG_AGO }]);
      assert.deepEqual(figures, (await oracle.figures([{ customerId: "c0", since: LONG_AGO }]))[0]);
      const entries = async (): Promise<number> => {
        let count = 0;
        for await (const page of table.scan()) count += page.filter(({ pk }) => pk.startsWith("J#")).length;
        return count;
      };
      const before = await entries();
      for (const day of [1, 100, 181]) {
        const minute = 10 + day * 1440;
        await tell(minute, [securityHubEvent(needed(ACME), 0, minute)]);
        assert.equal((await entries()) - before, day > 180 ? 1 : 0, `day ${day}`);
      }
    });
  });

  test("what a person did is shown", async () => {
    await world(async ({ own, stores, at }) => {
      const deed = { at: at(3), who: "ops@example.com", action: "redrive", subject: "channel C0: 1 messages" } as const;
      await stores.dynamo.audit({ ...deed, at: at(1) });
      await stores.dynamo.audit(deed);
      assert.deepEqual(await own.reads.deeds(1), [deed]);
    });
  });

  test("a folder that holds another table's, or a relay's own, is left alone", async () => {
    await world(async ({ table, tell }) => {
      await tell(0, eventsOf(ACME, 1));
      const openIn = (part: string, tableName: string) =>
        openMirror({
          table,
          tableName,
          dataDir: join(folder, part),
          now: () => new Date(START),
          onFault: () => undefined,
        });
      await (await openIn("kept", "one")).close();
      await assert.rejects(openIn("kept", "two"), /kept holds what table one knows.*table two.*--data DIR/);
      const relay = join(folder, "someones");
      const store = openSqliteStore({ dataDir: relay });
      await accept(eventsOf(ACME, 1), {}, { prepared, store }, new Date(START));
      await assert.rejects(openIn("someones", "one"), /in use by another relay/);
      await store.close();
      await assert.rejects(openIn("someones", "one"), /holds what a relay knows/);
    });
  });
});

function needed<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

function eventsOf(customer: (typeof CUSTOMERS)[number] | undefined, count: number, from = 0): readonly object[] {
  return Array.from({ length: count }, (_, n) => securityHubEvent(needed(customer), from + n));
}

/** As the deliverer does, without waiting. */
async function sendAll(
  store: Store,
  now: Date,
  { dies, newId }: { readonly dies: boolean; readonly newId: () => string },
): Promise<void> {
  for (let turns = 0; turns < 100; turns += 1) {
    const waiting = await store.waiting();
    const [one] = waiting.toSorted((a, b) => (a.channelId < b.channelId ? -1 : 1));
    if (!one) break;
    const { channelId, customerId } = one;
    const made = await store.nextMessage(channelId);
    const delivery = made ?? (await claimNext(store, { channelId, customerId, now, id: newId() }));
    if (!delivery) break;
    if (dies) await store.markDead(delivery.id, "invalid_blocks", now);
    else await store.markSent(delivery.id, `${now.getTime() / 1000}.${delivery.id}`, now);
  }
  for (const root of await store.staleRoots(LONG_AFTER, 100)) await store.edited(root, now);
}

type Claiming = { readonly channelId: string; readonly customerId: string; readonly now: Date; readonly id: string };

async function claimNext(store: Store, { channelId, customerId, now, id }: Claiming) {
  const customer = needed(prepared.customers.get(customerId));
  const plan = composeNext(await store.view(channelId, customerId, now), customer, now);
  if (plan === undefined || "waitMs" in plan) return undefined;
  const { kind, severity, message, counted, isBroadcast, root, causeKey, face, covers } = plan;
  return store.claim(
    {
      id,
      customerId,
      channelId,
      kind,
      severityRank: severityRank(severity),
      body: JSON.stringify(message),
      counted,
      isBroadcast,
      ...(root ? { root: { id: root.id, ts: root.ts } } : {}),
      ...(causeKey === undefined ? {} : { causeKey }),
      ...(face ? { face } : {}),
    },
    covers,
    now,
  );
}

/** Every question that pages ask. Numbers that each file gives out itself are left out. */
async function compare({ mirror, reads: own }: Own, oracle: Reads): Promise<void> {
  await mirror.refresh();
  const [ours, theirs] = [await answers(own), await answers(oracle)];
  for (const [question, answer] of Object.entries(theirs)) assert.deepEqual(ours[question], answer, question);
}

async function answers(reads: Reads): Promise<Readonly<Record<string, unknown>>> {
  const ids = [...prepared.customers.keys()];
  const byCustomer = await Promise.all(
    ids.map(async (id) => Object.entries(await answersOf(reads, id)).map(([of, answer]) => [`${of} of ${id}`, answer])),
  );
  const since = (customerId: string) => ({ customerId, since: new Date(START) });
  return {
    figures: await reads.figures(ids.map(since)),
    restless: (await reads.restless()).toSorted(),
    dead: (await reads.messages({ state: "dead", limit: 100 })).items.map(withoutNumbers),
    waiting: (await reads.messages({ state: "waiting", limit: 100 })).items.map(withoutNumbers),
    deadIds: (await reads.deadIds({})).toSorted(),
    backlogs: (await reads.backlogs()).toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1)),
    quarantined: (await reads.quarantined(10)).map(({ id: _, ...one }) => one),
    ...Object.fromEntries(byCustomer.flat()),
  };
}

async function answersOf(reads: Reads, customerId: string): Promise<object> {
  const channelId = needed(prepared.customers.get(customerId)).slack.channel;
  const problems = await Promise.all(
    (["open", "resolved", "suppressed"] as const).map((standing) =>
      reads.problems({ customerId, standing, offset: 0, limit: 100 }),
    ),
  );
  const lines = problems.flatMap(({ items }) => items);
  return {
    problems: problems.map(({ items }) => sorted(items)),
    found: sorted(
      (await reads.problems({ customerId, standing: "open", words: ["sg-"], offset: 0, limit: 100 })).items,
    ),
    stories: await Promise.all(lines.toSorted(byKey).map(({ id }) => story(reads, id))),
    sent: (await reads.messages({ state: "sent", customerId, limit: 100 })).items.map(withoutNumbers),
    channel: (await reads.channel(channelId, customerId, 20)).map(({ root, replies, stands, ...rest }) => ({
      ...rest,
      root: withoutNumbers(root),
      replies: replies.map(withoutNumbers),
      stands: stands && standing(stands),
    })),
    tallies: await reads.tallies(customerId, LONG_AGO, LONG_AFTER),
    causes: await reads.topCauses(customerId, LONG_AGO, LONG_AFTER, 10),
    oldest: sorted(await reads.oldest(customerId, 100)),
    events: (await reads.events(customerId, LONG_AGO, 100))
      .map(({ id: _, ...one }) => one)
      .toSorted((a, b) => (a.body < b.body ? -1 : 1)),
    posted: await reads.posted("m1"),
  };
}

function standing(root: StaleRoot): object {
  if (root.kind === "burst") return root.standings;
  const { members, ...state } = root.state;
  return { ...state, members: members.map((member) => JSON.stringify(member)).toSorted(), face: root.face.key };
}

async function story(reads: Reads, id: number): Promise<object> {
  const { line, steps, notices, finding, event } = needed(await reads.problem(id));
  return {
    line: { ...line, id: 0 },
    steps: steps.filter(({ news }) => news !== "repeated"),
    notices: notices.map((notice) => ({ ...notice, message: notice.message && withoutNumbers(notice.message) })),
    event,
    hasFinding: finding !== undefined,
  };
}

/** Causes that are as frequent come in no order in a burst. */
function withoutNumbers<T extends { readonly seq: number; readonly kind: string }>(message: T): T {
  return { ...message, seq: 0, ...(message.kind === "burst" ? { body: "" } : {}) };
}

function byKey(a: ProblemLine, b: ProblemLine): number {
  return a.key < b.key ? -1 : 1;
}

function sorted(lines: readonly ProblemLine[]): readonly object[] {
  return lines.toSorted(byKey).map((line) => ({ ...line, id: 0 }));
}
