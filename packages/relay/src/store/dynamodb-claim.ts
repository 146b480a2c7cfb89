/**
 * A message is made in the DynamoDB store, together with all that it tells: one transaction, however much that is.
 *
 * What it tells one by one is named in its place in the queue; what it counts is a number in the channel's head. The
 * head counts claims, so of two that were made of the same view one is made again.
 */
import { burstOf, type Head, type Row, readHead, readPlaces, readRows, rowFrom, settle } from "./dynamodb-channel.ts";
import { messageMadeWrite, tellsText } from "./dynamodb-journal.ts";
import { inOrder, keyOf, ttl } from "./dynamodb-keys.ts";
import { isRoot, newRootItem, staleWrite } from "./dynamodb-root.ts";
import { type Item, type Key, restMs, type Table, type Write } from "./dynamodb-table.ts";
import { tallyOf } from "./dynamodb-view.ts";
import { findingFrom } from "./finding-json.ts";
import { KEPT_FOR } from "./kept-for.ts";
import type { Covers, Delivery, NewMessage, Store } from "./store.ts";

const MOST_TRIES = 40;
/** An item may have 400 KB, a transaction 4 MB. */
const MOST_TALLY_CHARS = 100_000;

/** Claims, and messages that follow from no event. */
export function dynamoClaims(table: Table): Pick<Store, "claim" | "enqueue"> {
  return {
    claim: async (message, covers, now) => {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        if (tries > 0) await restMs(Math.random() * Math.min(200, 5 * 2 ** tries));
        const claimed = await claimOnce(table, message, covers, now);
        if (claimed) return claimed;
      }
      throw new Error(`message ${message.id} could not be claimed: another writer was always faster`);
    },
    enqueue: async (message, now) => {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        if (tries > 0) await restMs(Math.random() * Math.min(200, 5 * 2 ** tries));
        if (await table.together(newMessageWrites(message, now, false))) return;
        const [there] = await table.get([keyOf.message(message.id)]);
        if (there) return;
      }
      throw new Error(`message ${message.id} could not be kept: another writer was always faster`);
    },
  };
}

/** What makes a message that waits, and nothing else. */
export function newMessageWrites(message: NewMessage, now: Date, isInDoubt: boolean): readonly Write[] {
  const { channelId, customerId } = message;
  const { item, place } = itemsOf(message, now, isInDoubt);
  return [
    { put: item, ifNew: true },
    { put: place },
    { update: keyOf.head(channelId, customerId), change: { set: { channelId, customerId }, add: { messages: 1 } } },
    ...rootWrites(message, now),
    messageMadeWrite(message, now),
  ];
}

function itemsOf(message: NewMessage, now: Date, isInDoubt: boolean, taken: readonly Row[] = []) {
  const { root, face, ...rest } = message;
  const { id, channelId, customerId, kind, severityRank, counted } = rest;
  const at = now.getTime();
  const place: Key = { pk: keyOf.channel(channelId), sk: `M#${inOrder(now)}#${id}` };
  const item: Item = {
    ...keyOf.message(id),
    ...rest,
    rootId: root?.id,
    rootTs: root?.ts,
    face: face && JSON.stringify(face),
    createdAt: at,
    attempts: 0,
    isInDoubt,
    state: "waiting",
    place: place.sk,
    tells: tellsText(
      taken.flatMap(({ about, news, rank, at: toldAt }) =>
        about === undefined ? [] : [{ hash: about, news, rank, at: toldAt }],
      ),
    ),
  };
  const queued = {
    ...place,
    id,
    customerId,
    kind,
    rank: severityRank,
    at,
    counted,
    rootId: root?.id ?? id,
    takes: taken.length === 0 ? undefined : JSON.stringify(taken.map(({ seq }) => seq)),
  };
  return { item, place: queued };
}

function rootWrites(message: NewMessage, now: Date): readonly Write[] {
  if (!isRoot(message)) return [];
  const face = message.face && faceItem(message.id, message.face, now);
  return [{ put: newRootItem(message, now) }, ...(face ? [{ put: face }] : [])];
}

function faceItem(rootId: string, face: NonNullable<NewMessage["face"]>, now: Date): Item {
  return { ...keyOf.face(rootId), face: JSON.stringify(face), ttl: ttl(now, KEPT_FOR.root) };
}

async function claimOnce(table: Table, message: NewMessage, covers: Covers, now: Date): Promise<Delivery | undefined> {
  const { channelId, customerId, root } = message;
  const head = await readHead(table, channelId, customerId);
  const [there, mother] = await motherAnd(table, message);
  const covered = await coveredBy(table, { message, covers, head, now });
  const { takes, counts, tally } = covered;
  const { item, place } = itemsOf(message, now, true, takes);
  const counter: Write = {
    update: head.key,
    change: {
      set: { channelId, customerId, claims: (head.claims ?? 0) + 1, counts: counts && JSON.stringify(counts) },
      add: { messages: 1, open: -takes.length },
      if: { claims: head.claims },
    },
  };
  if (counts === undefined) delete (counter.change.set as Record<string, unknown>)["counts"];
  const isNewFace = root !== undefined && message.face !== undefined && mother?.["kind"] === "card";
  const isStale = mother !== undefined && message.kind !== "names";
  const kept = await table.together([
    { put: item, ifNew: true },
    { put: place },
    counter,
    ...rootWrites(message, now),
    messageMadeWrite(message, now),
    ...tally.map((put): Write => ({ put })),
    ...(isNewFace && message.face ? [{ put: faceItem(root.id, message.face, now) }] : []),
    ...(isStale ? [staleWrite(mother, now)] : []),
  ]);
  if (!kept && !there) return undefined;
  for (const one of await readPlaces(table, channelId)) if (one.id === message.id) await settle(table, one, now);
  return deliveryOf(table, message.id);
}

/** The message itself, when it was kept before; and the root under which it hangs. */
async function motherAnd(
  table: Table,
  { id, root }: NewMessage,
): Promise<readonly [Item | undefined, Item | undefined]> {
  const read = await table.get([keyOf.message(id), ...(root ? [keyOf.root(root.id)] : [])]);
  const find = (key: Key): Item | undefined => read.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
  return [find(keyOf.message(id)), root && find(keyOf.root(root.id))];
}

type Covering = { readonly message: NewMessage; readonly covers: Covers; readonly head: Head; readonly now: Date };
type Covered = {
  readonly takes: readonly Row[];
  /** The head's from now on; undefined: as before. */
  readonly counts: Head["counts"] | undefined;
  readonly tally: readonly Item[];
};

/** What of it is free still. */
async function coveredBy(table: Table, { message, covers, head, now }: Covering): Promise<Covered> {
  const { channelId, customerId } = message;
  if ("seqs" in covers) {
    const taken = new Set(
      (await readPlaces(table, channelId)).flatMap((one) => (one.customerId === customerId ? one.takes : [])),
    );
    const keys = covers.seqs.map((seq) => keyOf.notice(channelId, customerId, seq));
    const rows = keys.length === 0 ? [] : (await table.get(keys)).map(rowFrom);
    return { takes: rows.filter(({ seq }) => !taken.has(seq)), counts: undefined, tally: [] };
  }
  const burstId = message.root?.id ?? message.id;
  const { countedUpTo } = covers;
  const rows = await readRows(table, channelId, customerId, now);
  const mine = rows.filter(({ seq }) => seq <= countedUpTo && burstOf(head, seq) === undefined);
  return {
    takes: [],
    counts: countsWith(head.counts, [burstId, countedUpTo], Math.min(...rows.map(({ seq }) => seq))),
    tally: tallyItems(burstId, message.id, tallyOf(mine), now),
  };
}

/** Numbers below the first that waits are nobody's any more. */
function countsWith(counts: Head["counts"], [id, upTo]: Head["counts"][number], firstSeq: number): Head["counts"] {
  const kept = counts.filter(([, last]) => last >= firstSeq);
  const last = kept.at(-1);
  return last?.[0] === id ? [...kept.slice(0, -1), [id, upTo]] : [...kept, [id, upTo]];
}

/** What was counted, for as long as the burst stands; causes can be as many as findings. */
function tallyItems(rootId: string, messageId: string, tally: ReturnType<typeof tallyOf>, now: Date): readonly Item[] {
  const parts: string[][] = [];
  let chars = MOST_TALLY_CHARS;
  for (const one of tally.map((each) => JSON.stringify(each))) {
    if (chars + one.length > MOST_TALLY_CHARS) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)?.push(one);
    chars += one.length;
  }
  return parts.map((part, index) => {
    return { ...keyOf.tally(rootId, messageId, index), tally: `[${part.join(",")}]`, ttl: ttl(now, KEPT_FOR.root) };
  });
}

/** A message that is in the store. @throws when it is not. */
export async function deliveryOf(table: Table, id: string): Promise<Delivery> {
  const [item] = await table.get([keyOf.message(id)]);
  if (!item) throw new Error(`message ${id} is not in the store`);
  return deliveryFrom(item);
}

/** A message's item. */
export function deliveryFrom(item: Item): Delivery {
  const { rootId, rootTs, causeKey, face, firstTriedAt } = item;
  return {
    id: String(item["id"]),
    customerId: String(item["customerId"]),
    channelId: String(item["channelId"]),
    kind: String(item["kind"]) as Delivery["kind"],
    severityRank: Number(item["severityRank"]),
    body: String(item["body"]),
    counted: Number(item["counted"]),
    isBroadcast: item["isBroadcast"] === true,
    ...(typeof rootId === "string" && typeof rootTs === "string" ? { root: { id: rootId, ts: rootTs } } : {}),
    ...(typeof causeKey === "string" ? { causeKey } : {}),
    ...(typeof face === "string" ? { face: findingFrom(face) } : {}),
    createdAt: new Date(Number(item["createdAt"])),
    attempts: Number(item["attempts"]),
    firstTriedAt: typeof firstTriedAt === "number" ? new Date(firstTriedAt) : undefined,
    ...(typeof item["reason"] === "string" ? { lastReason: item["reason"] } : {}),
    isInDoubt: item["isInDoubt"] === true,
  };
}
