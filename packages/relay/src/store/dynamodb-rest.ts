/** What else the DynamoDB store keeps: pauses, quarantine, signs of life; how much there is, and what is forgotten. */
import { gunzipSync, gzipSync } from "node:zlib";
import { rowFrom } from "./dynamodb-channel.ts";
import { newMessageWrites } from "./dynamodb-claim.ts";
import { digest, inOrder, keyOf, ttl } from "./dynamodb-keys.ts";
import type { Item, Table, Write } from "./dynamodb-table.ts";
import { readHeads } from "./dynamodb-view.ts";
import { KEPT_FOR } from "./kept-for.ts";
import type { Beat, BeatMark, ChangingEvent, NewMessage, Pause, Quarantined, Store, StoreStats } from "./store.ts";

type Rest = Pick<
  Store,
  | "setAside"
  | "keepEvents"
  | "audit"
  | "pause"
  | "resume"
  | "pauses"
  | "quarantined"
  | "beats"
  | "tellSilence"
  | "stats"
  | "probe"
>;

const QUARANTINE = "quarantine";
const BEATS = "beats";
/** Text this long is packed: an item may have 400 KB, an event 1 MB. */
const PACK_FROM_CHARS = 10_000;
const MOST_PACKED_CHARS = 380_000;
const MOST_MARKS_TOGETHER = 90;

/** What else the store does. */
export function dynamoRest(table: Table): Rest {
  return {
    setAside: async (eventId, reason, body, now) => {
      const mark = { ...keyOf.event("", eventId, 0), at: now.getTime(), ttl: ttl(now, KEPT_FOR.event) };
      return table.together([{ put: mark, ifNew: true }, { put: quarantineItem(eventId, reason, body, now) }]);
    },
    pause: async ({ channelId, reason, remedy, pausedAt, recheckAt }) => {
      const times = { pausedAt: pausedAt.getTime(), recheckAt: recheckAt.getTime() };
      await table.write({ put: { ...keyOf.pause(channelId), reason, remedy, ...times } });
    },
    resume: async (channelId) => {
      await table.write({ remove: keyOf.pause(channelId) });
    },
    pauses: async () => {
      const all = (await table.query(keyOf.pause("").pk)).map(pauseFrom);
      return all.toSorted((a, b) => a.pausedAt.getTime() - b.pausedAt.getTime());
    },
    keepEvents: (events, now) => table.putAll(events.flatMap((event) => changingItem(event, now))),
    audit: async ({ at, ...deed }) => {
      await table.write({ put: { ...keyOf.deed(inOrder(at)), at: at.getTime(), ...deed } });
    },
    quarantined: async (limit) =>
      (await table.query(QUARANTINE, "", { limit, newestFirst: true })).map(quarantinedFrom),
    beats: async () => (await table.query(BEATS)).map(beatFrom),
    tellSilence: (beats, message, now) => tellSilence(table, beats, message, now),
    stats: () => stats(table),
    probe: async (now) => {
      await table.write({ put: { ...keyOf.probe, at: now.getTime() } });
    },
  };
}

/** A DynamoDB item holds 400 KB. A larger event is one of a few, and nothing needs it. */
const LARGEST_EVENT_BYTES = 350_000;

function changingItem({ customerId, key, body }: ChangingEvent, now: Date): readonly Item[] {
  if (Buffer.byteLength(body) > LARGEST_EVENT_BYTES) return [];
  // As long as its problem may be known.
  const until = ttl(now, KEPT_FOR.silent);
  return [{ ...keyOf.changingEvent(digest(customerId, key)), at: now.getTime(), body, ttl: until }];
}

/** Something for quarantine. */
export function quarantineItem(eventId: string, reason: string, body: string, now: Date): Item {
  const isLong = body.length > PACK_FROM_CHARS;
  const packed = isLong ? gzipSync(body).toString("base64") : body;
  const text = packed.length > MOST_PACKED_CHARS ? `${body.slice(0, MOST_PACKED_CHARS / 4)}…` : packed;
  const isPacked = isLong && text === packed;
  return {
    pk: QUARANTINE,
    sk: inOrder(now),
    eventId,
    reason,
    body: text,
    isPacked,
    at: now.getTime(),
    ttl: ttl(now, KEPT_FOR.quarantine),
  };
}

function quarantinedFrom({ sk, eventId, reason, body, isPacked, at }: Item): Quarantined {
  const text = String(body);
  return {
    id: Number(sk.replace("#", "").slice(2)),
    eventId: String(eventId),
    reason: String(reason),
    body: isPacked === true ? gunzipSync(Buffer.from(text, "base64")).toString("utf8") : text,
    at: new Date(Number(at)),
  };
}

function pauseFrom({ sk, reason, remedy, pausedAt, recheckAt }: Item): Pause {
  return {
    channelId: sk,
    reason: String(reason),
    remedy: String(remedy),
    pausedAt: new Date(Number(pausedAt)),
    recheckAt: new Date(Number(recheckAt)),
  };
}

function beatFrom({ customerId, accountId, region, at, isMissed }: Item): Beat {
  return {
    customerId: String(customerId),
    accountId: String(accountId),
    region: String(region),
    at: new Date(Number(at)),
    isMissed: isMissed === true,
  };
}

/** More marks than a transaction holds come after the message: a crash between may tell those once more. */
async function tellSilence(
  table: Table,
  beats: readonly BeatMark[],
  message: NewMessage | undefined,
  now: Date,
): Promise<boolean> {
  const keys = beats.map(({ customerId, accountId, region }) => keyOf.beat(customerId, accountId, region));
  const known = new Map((await table.get(keys)).map((item) => [item.sk, item["isMissed"] === true]));
  const news = beats.flatMap((beat, index): readonly Write[] => {
    const key = keys[index];
    if (!key || known.get(key.sk) === undefined || known.get(key.sk) === beat.isMissed) return [];
    const before = known.get(key.sk) ? true : undefined;
    return [{ update: key, change: { set: { isMissed: beat.isMissed || undefined }, if: { isMissed: before } } }];
  });
  if (news.length === 0) return false;
  const first = message ? newMessageWrites(message, now, false) : [];
  const isKept = await table.together([...news.slice(0, MOST_MARKS_TOGETHER), ...first]);
  if (!isKept) return false;
  for (const write of news.slice(MOST_MARKS_TOGETHER)) await table.write(write);
  return true;
}

/** What a message only counts is still to be named, so its notices are among those that wait. */
function findingsIn({ kind, counted }: Item): number {
  return kind === "burst" || kind === "more" ? 0 : Number(counted);
}

/** For metrics and for who looks in: it reads what waits, and every key to count problems. */
async function stats(table: Table): Promise<StoreStats> {
  const waitingByCustomer = new Map<string, number>();
  const ages: number[] = [];
  const add = (customerId: string, count: number, at: number): void => {
    waitingByCustomer.set(customerId, (waitingByCustomer.get(customerId) ?? 0) + count);
    ages.push(at);
  };
  for (const { channelId, customerId, open, messages: made } of await readHeads(table)) {
    if (open <= 0 && made <= 0) continue;
    const channel = keyOf.channel(channelId);
    for (const item of await table.query(channel, keyOf.notices(customerId))) add(customerId, 1, rowFrom(item).at);
    const messages = (await table.query(channel, "M#")).filter((item) => item["customerId"] === customerId);
    for (const item of messages) add(customerId, findingsIn(item), Number(item["at"]));
  }
  const dead = await table.query(keyOf.dead("").pk);
  let known = 0;
  for await (const page of table.scan()) known += page.filter(({ pk, sk }) => pk.startsWith("F#") && sk === "F").length;
  return {
    waitingByCustomer,
    deadByCustomer: new Map(
      [...Map.groupBy(dead, ({ customerId }) => String(customerId))].map(([id, all]) => [id, all.length]),
    ),
    oldestWaitingAt: ages.length === 0 ? undefined : new Date(Math.min(...ages)),
    quarantined: (await table.query(QUARANTINE)).length,
    paused: (await table.query(keyOf.pause("").pk)).length,
    known,
  };
}
