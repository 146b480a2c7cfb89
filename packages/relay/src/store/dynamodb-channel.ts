/**
 * One channel's partition in DynamoDB: notices that wait, messages that wait, and which numbers were counted.
 *
 * A burst that counts ten thousand notices writes none of them: the head says up to which number they are counted, and
 * into which burst. Numbers are given out in the same transaction as the notices that bear them, so nothing can come in
 * below a number that was counted.
 *
 * A claimed notice is taken by the message's place in the queue, which names it. What follows from the claim (the
 * problem knows its root, the notice is gone) is done afterwards, as often as it takes: `settle`.
 */
import type { Pending } from "@shirase/core/channel-view";
import type { MessageKind } from "@shirase/core/compose";
import { severityRank } from "@shirase/core/finding";
import { standsAs } from "@shirase/core/observe";
import { keyOf } from "./dynamodb-keys.ts";
import { memberItem, type Problem, problemFrom } from "./dynamodb-problem.ts";
import { rootId, staleWrite } from "./dynamodb-root.ts";
import { type Item, type Key, pagesOf, restMs, type Table, type Write } from "./dynamodb-table.ts";
import { noticeFrom } from "./finding-json.ts";

/** A notice that waits. */
export type Row = {
  readonly key: Key;
  readonly seq: number;
  readonly rank: number;
  readonly at: number;
  /** The problem's hash; undefined of what is told alone. */
  readonly about: string | undefined;
  readonly cause: string;
  readonly news: Pending["notice"]["news"];
  readonly control: string | undefined;
  readonly title: string;
  readonly body: string;
};

/** A message's place in its channel's queue. */
export type Place = {
  readonly key: Key;
  readonly id: string;
  readonly customerId: string;
  readonly rank: number;
  readonly at: number;
  readonly counted: number;
  readonly kind: MessageKind | "note";
  readonly channelId: string;
  readonly rootId: string;
  /** Notices that it took and that are not settled yet. */
  readonly takes: readonly number[];
};

/** What a channel's counter says for a customer. */
export type Head = {
  readonly key: Key;
  readonly channelId: string;
  readonly customerId: string;
  /** How many claims were made. */
  readonly claims: number | undefined;
  /** Notices and messages that wait. */
  readonly open: number;
  readonly messages: number;
  /** Up to which number each burst counted, in order. */
  readonly counts: readonly (readonly [burstId: string, upTo: number])[];
};

/** Which burst counted this number; undefined: none yet. */
export function burstOf({ counts }: Pick<Head, "counts">, seq: number): string | undefined {
  return counts.find(([, upTo]) => seq <= upTo)?.[0];
}

/** The channel's counter for a customer. */
export async function readHead(table: Table, channelId: string, customerId: string): Promise<Head> {
  const key = keyOf.head(channelId, customerId);
  const [item] = await table.get([key]);
  return headFrom(item ?? { ...key, channelId, customerId });
}

/** A head's item. */
export function headFrom(item: Item): Head {
  const { pk, sk, claims, counts } = item;
  return {
    key: { pk, sk },
    channelId: String(item["channelId"]),
    customerId: String(item["customerId"]),
    claims: typeof claims === "number" ? claims : undefined,
    open: Number(item["open"] ?? 0),
    messages: Number(item["messages"] ?? 0),
    counts: typeof counts === "string" ? (JSON.parse(counts) as Head["counts"]) : [],
  };
}

/** Notices that wait in a channel for a customer, claimed ones excepted. Settles what a claim left. */
export async function readRows(
  table: Table,
  channelId: string,
  customerId: string,
  now: Date,
): Promise<readonly Row[]> {
  const places = await readPlaces(table, channelId);
  for (const place of places) if (place.takes.length > 0) await settle(table, place, now);
  return (await table.query(keyOf.channel(channelId), keyOf.notices(customerId))).map(rowFrom);
}

/** Messages that wait in a channel, the oldest first. */
export async function readPlaces(table: Table, channelId: string, limit?: number): Promise<readonly Place[]> {
  const items = await table.query(keyOf.channel(channelId), "M#", limit === undefined ? {} : { limit });
  return items.map(placeFrom);
}

/** A notice's item. */
export function rowFrom(item: Item): Row {
  const { pk, sk, about, control } = item;
  return {
    key: { pk, sk },
    seq: Number(item["seq"]),
    rank: Number(item["rank"]),
    at: Number(item["at"]),
    about: typeof about === "string" ? about : undefined,
    cause: String(item["cause"]),
    news: String(item["news"]) as Row["news"],
    control: typeof control === "string" ? control : undefined,
    title: String(item["title"]),
    body: String(item["body"]),
  };
}

function placeFrom(item: Item): Place {
  const { pk, sk, takes } = item;
  return {
    key: { pk, sk },
    id: String(item["id"]),
    customerId: String(item["customerId"]),
    rank: Number(item["rank"]),
    at: Number(item["at"]),
    counted: Number(item["counted"]),
    kind: String(item["kind"]) as Place["kind"],
    channelId: pk.slice(2),
    rootId: String(item["rootId"]),
    takes: typeof takes === "string" ? (JSON.parse(takes) as readonly number[]) : [],
  };
}

/** What rows say, whole. A row is read with its body in a moment in which it may be claimed: then it is left out. */
export async function pendingOf(
  table: Table,
  rows: readonly Row[],
  rootOf: (row: Row) => string | undefined,
): Promise<readonly Pending[]> {
  const bodies = await table.get(rows.map(({ body }) => keyOf.noticeBody(body)));
  const texts = new Map(bodies.map(({ pk, text }) => [pk, String(text)]));
  return rows.flatMap((row): readonly Pending[] => {
    const text = texts.get(keyOf.noticeBody(row.body).pk);
    const toldIn = rootOf(row);
    if (text === undefined) return [];
    return [{ seq: row.seq, notice: noticeFrom(text), ...(toldIn === undefined ? {} : { rootId: toldIn }) }];
  });
}

/** Problems by their hash. */
export async function readProblems(
  table: Table,
  hashes: readonly (string | undefined)[],
  now: Date,
): Promise<ReadonlyMap<string, Problem>> {
  const asked = [...new Set(hashes.filter((hash) => hash !== undefined))];
  const items = asked.length === 0 ? [] : await table.get(asked.map(keyOf.problem));
  return new Map(
    items.map((item): readonly [string, Problem] => {
      const hash = item.pk.slice(2);
      return [hash, problemFrom(hash, item, now)];
    }),
  );
}

const MOST_OWNED_TOGETHER = 40;
const MOST_TRIES = 40;

/**
 * Does what follows from a claim; as often as it takes, by whoever comes first, the same each time: the problems know
 * their root, the root knows them, the notices are gone.
 */
export async function settle(table: Table, place: Place, now: Date): Promise<void> {
  const { takes, channelId, customerId } = place;
  if (takes.length === 0) return;
  const keys = takes.map((seq) => keyOf.notice(channelId, customerId, seq));
  const rows = (await table.get(keys)).map(rowFrom);
  const newest = new Map<string, Row>();
  for (const row of rows.toSorted((a, b) => a.seq - b.seq)) if (row.about !== undefined) newest.set(row.about, row);
  for (const page of pagesOf([...newest.values()], MOST_OWNED_TOGETHER)) await own(table, place, page, now);
  await table.removeAll([...rows.map(({ key }) => key), ...rows.map(({ body }) => keyOf.noticeBody(body))]);
  // When the message was sent meanwhile its place is gone, and is not to come back.
  await table.write({ update: place.key, change: { set: { takes: undefined }, if: { id: place.id } } });
}

/** The problems are the root's from now on, unless another root of the channel told of them first. */
async function own(table: Table, place: Place, rows: readonly Row[], now: Date): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (tries > 0) await restMs(Math.random() * Math.min(200, 5 * 2 ** tries));
    if (await table.together(await ownWrites(table, place, rows, now))) return;
  }
  throw new Error(`what message ${place.id} tells could not be put under its root: another writer was always faster`);
}

async function ownWrites(
  table: Table,
  { rootId: root, channelId, kind }: Place,
  rows: readonly Row[],
  now: Date,
): Promise<readonly Write[]> {
  const read = await readProblems(
    table,
    rows.map(({ about }) => about),
    now,
  );
  const before = [...new Set([...read.values()].flatMap(({ toldIn }) => toldIn ?? []))];
  const roots = await table.get([root, ...before].map(keyOf.root));
  const holding = new Set(
    roots.filter((one) => one["channelId"] === channelId && one["state"] !== "dead").map((one) => rootId(one)),
  );
  const mine = roots.find((one) => rootId(one) === root);
  const problems = rows.flatMap((row) => {
    const problem = read.get(row.about ?? "");
    return problem?.known ? [{ row, problem }] : [];
  });
  const owned = problems.filter(({ problem: { toldIn } }) => toldIn === undefined || !holding.has(toldIn));
  const writes = owned.flatMap(({ problem }): readonly Write[] => {
    const { hash, version } = problem;
    const change = { set: { toldIn: root, version: version + 1 }, if: { version } };
    return [{ update: keyOf.problem(hash), change }, { put: memberItem(root, { ...problem, toldIn: root }, now) }];
  });
  // What changed between the news and the message, and is itself no news: the root is out of date as it is posted.
  const isOutdated = kind !== "reply" && problems.some(({ row, problem }) => saysOther(row, problem));
  return [...writes, ...(mine && isOutdated ? [staleWrite(mine, now)] : [])];
}

function saysOther({ news, rank }: Row, { known }: Problem): boolean {
  if (!known) return false;
  const said = news === "resolved" || news === "suppressed" ? news : "open";
  return severityRank(known.severity) !== rank || standsAs(known) !== said;
}
