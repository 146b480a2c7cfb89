/** Messages in the DynamoDB store: next, tried, sent, given up, made to wait again; and roots that were edited. */

import { type Place, readPlaces, settle } from "./dynamodb-channel.ts";
import { deliveryFrom } from "./dynamodb-claim.ts";
import { keyOf, ttl } from "./dynamodb-keys.ts";
import { editedWrite, isRoot, postponedWrite } from "./dynamodb-root.ts";
import { DUE_PARTITION, type Item, restMs, type Table, type Write } from "./dynamodb-table.ts";
import { KEPT_FOR } from "./kept-for.ts";
import type { DeadLetter, NewMessage, Store } from "./store.ts";

type Messages = Pick<
  Store,
  | "nextMessage"
  | "trying"
  | "markSent"
  | "markTried"
  | "rewrite"
  | "markDead"
  | "edited"
  | "makeStale"
  | "deadLetters"
  | "redrive"
  | "redriveOnly"
>;

const MOST_TRIES = 40;

/** What the store does with messages. */
export function dynamoMessages(table: Table): Messages {
  const change = async (id: string, set: Readonly<Record<string, string | number | boolean | undefined>>) => {
    await table.write({ update: keyOf.message(id), change: { set, if: { id } } });
  };
  return {
    nextMessage: async (channelId, except = []) => {
      const places = await readPlaces(table, channelId, except.length + 1);
      const next = places.find(({ id }) => !except.includes(id));
      if (!next) return undefined;
      const [item] = await table.get([keyOf.message(next.id)]);
      if (!item) return undefined;
      await settle(table, next, new Date(next.at));
      return deliveryFrom(item);
    },
    trying: (id) => change(id, { isInDoubt: true }),
    rewrite: (id, body, reason) => change(id, { body, reason, isInDoubt: false }),
    markTried: async (id, { reason, isInDoubt, counts }, now) => {
      await untilDone(id, async () => {
        const item = await messageOf(table, id);
        if (!item) return true;
        const firstTriedAt = counts ? (item["firstTriedAt"] ?? now.getTime()) : item["firstTriedAt"];
        const attempts = Number(item["attempts"]) + (counts ? 1 : 0);
        const set = { reason, isInDoubt, attempts, firstTriedAt };
        return table.write({ update: keyOf.message(id), change: { set, if: { attempts: item["attempts"] } } });
      });
    },
    markSent: (id, ts, now) => untilDone(id, () => sent(table, id, ts, now)),
    markDead: (id, reason, now) => untilDone(id, () => gaveUp(table, id, reason, now)),
    edited: ({ id, dueAt, changes }, now) =>
      untilDone(id, async () => {
        const root = await rootOf(table, id);
        return root === undefined || table.write(editedWrite(root, dueAt, changes, now));
      }),
    makeStale: (id, now) =>
      untilDone(id, async () => {
        const root = await rootOf(table, id);
        return root === undefined || table.write(postponedWrite(root, now));
      }),
    deadLetters: async (channelId) => (await deadItems(table, channelId)).map(deadLetterFrom),
    redrive: (channelId) => redrive(table, channelId),
    redriveOnly: (ids) => redriveOnly(table, ids),
  };
}

/** Reads, writes on condition, and does so again when somebody was faster. */
async function untilDone(id: string, once: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (tries > 0) await restMs(Math.random() * Math.min(200, 5 * 2 ** tries));
    if (await once()) return;
  }
  throw new Error(`message ${id} could not be written: another writer was always faster`);
}

async function messageOf(table: Table, id: string): Promise<Item | undefined> {
  return (await table.get([keyOf.message(id)]))[0];
}

async function rootOf(table: Table, id: string): Promise<Item | undefined> {
  return (await table.get([keyOf.root(id)]))[0];
}

async function placeOf(table: Table, item: Item): Promise<Place | undefined> {
  const places = await readPlaces(table, String(item["channelId"]));
  return places.find(({ id }) => id === item["id"]);
}

function headWrite({ channelId, customerId }: Item, messages: number): Write {
  return { update: keyOf.head(String(channelId), String(customerId)), change: { add: { messages } } };
}

async function sent(table: Table, id: string, ts: string, now: Date): Promise<boolean> {
  const item = await messageOf(table, id);
  if (!item || item["state"] === "sent") return true;
  const place = await placeOf(table, item);
  // Its place goes with this write, and with it what it has still to do.
  if (place) await settle(table, place, now);
  const at = now.getTime();
  const { state, channelId, kind, rootId } = item;
  const queue = { pk: keyOf.channel(String(channelId)), sk: String(item["place"]) };
  const dead = keyOf.dead(`${channelId}#${item["place"]}`);
  return table.together([
    {
      update: keyOf.message(id),
      change: {
        set: { state: "sent", ts, endedAt: at, isInDoubt: false, reason: undefined, ttl: ttl(now, KEPT_FOR.event) },
        if: { state },
      },
    },
    { remove: state === "dead" ? dead : queue },
    ...(state === "waiting" ? [headWrite(item, -1)] : []),
    ...(await rootSent(table, item, ts, at)),
    ...(typeof rootId === "string" ? await spokeUnder(table, rootId, { kind: String(kind), at }) : []),
  ]);
}

/** A root is there from now on, for more of its kind to join and for edits. */
async function rootSent(table: Table, item: Item, ts: string, at: number): Promise<readonly Write[]> {
  const { kind, channelId, customerId, causeKey } = item;
  if (!isRoot({ kind: String(kind) as NewMessage["kind"] })) return [];
  const id = String(item["id"]);
  const root = await rootOf(table, id);
  if (!root) return [];
  const due = root["dueAt"] === undefined ? undefined : DUE_PARTITION;
  const set = { state: "sent", ts, touchedAt: at, countedAt: at, due };
  const place = [String(channelId), String(customerId)] as const;
  const newest = kind === "burst" ? keyOf.burst(...place) : keyOf.card(...place, String(causeKey ?? id));
  return [
    { update: keyOf.root(id), change: { set, if: { dueAt: root["dueAt"] } } },
    { put: { ...newest, id, ttl: ttl(new Date(at), KEPT_FOR.root) } },
  ];
}

async function spokeUnder(
  table: Table,
  id: string,
  { kind, at }: { readonly kind: string; readonly at: number },
): Promise<readonly Write[]> {
  if (kind === "names" || !(await rootOf(table, id))) return [];
  const set = { touchedAt: at, ...(kind === "more" ? { countedAt: at } : {}), ttl: ttl(new Date(at), KEPT_FOR.root) };
  return [{ update: keyOf.root(id), change: { set } }];
}

async function gaveUp(table: Table, id: string, reason: string, now: Date): Promise<boolean> {
  const item = await messageOf(table, id);
  if (item?.["state"] !== "waiting") return true;
  const place = await placeOf(table, item);
  if (place) await settle(table, place, now);
  const { channelId, customerId, counted, createdAt } = item;
  const endedAt = now.getTime();
  const letter = { id, channelId, customerId, counted, createdAt, endedAt, reason };
  const root = await rootOf(table, id);
  return table.together([
    {
      update: keyOf.message(id),
      change: { set: { state: "dead", reason, endedAt, isInDoubt: false }, if: { state: "waiting" } },
    },
    { remove: { pk: keyOf.channel(String(channelId)), sk: String(item["place"]) } },
    { put: { ...keyOf.dead(`${channelId}#${item["place"]}`), ...letter } },
    headWrite(item, -1),
    ...(root ? [{ update: keyOf.root(id), change: { set: { state: "dead", due: undefined } } }] : []),
  ]);
}

async function deadItems(table: Table, channelId: string | undefined): Promise<readonly Item[]> {
  return table.query(keyOf.dead("").pk, channelId === undefined ? "" : `${channelId}#`);
}

function deadLetterFrom(item: Item): DeadLetter {
  return {
    id: String(item["id"]),
    customerId: String(item["customerId"]),
    channelId: String(item["channelId"]),
    reason: String(item["reason"]),
    counted: Number(item["counted"]),
    createdAt: new Date(Number(item["createdAt"])),
    diedAt: new Date(Number(item["endedAt"])),
  };
}

async function redrive(table: Table, channelId: string | undefined): Promise<number> {
  const pauses = channelId === undefined ? await table.query(keyOf.pause("").pk) : [keyOf.pause(channelId)];
  await table.removeAll(pauses);
  return reviveAll(table, await deadItems(table, channelId));
}

async function redriveOnly(table: Table, ids: readonly string[]): Promise<number> {
  const wanted = new Set(ids);
  const letters = (await deadItems(table, undefined)).filter(({ id }) => wanted.has(String(id)));
  const channels = new Set(letters.map(({ channelId }) => String(channelId)));
  await table.removeAll([...channels].map((channelId) => keyOf.pause(channelId)));
  return reviveAll(table, letters);
}

async function reviveAll(table: Table, letters: readonly Item[]): Promise<number> {
  for (const letter of letters) {
    const id = String(letter["id"]);
    await untilDone(id, () => revived(table, letter, id));
  }
  return letters.length;
}

async function revived(table: Table, letter: Item, id: string): Promise<boolean> {
  const item = await messageOf(table, id);
  if (item?.["state"] !== "dead") return true;
  const { channelId, customerId, kind, counted, rootId = id, severityRank: rank, createdAt: at } = item;
  const root = await rootOf(table, id);
  const place = { pk: keyOf.channel(String(channelId)), sk: String(item["place"]) };
  const set = { state: "waiting", attempts: 0, firstTriedAt: undefined, endedAt: undefined };
  return table.together([
    { update: keyOf.message(id), change: { set, if: { state: "dead" } } },
    { put: { ...place, id, customerId, kind, rank, at, counted, rootId } },
    { remove: { pk: letter.pk, sk: letter.sk } },
    headWrite(item, 1),
    ...(root ? [{ update: keyOf.root(id), change: { set: { state: "waiting" } } }] : []),
  ]);
}
