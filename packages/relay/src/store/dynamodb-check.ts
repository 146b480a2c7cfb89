/**
 * Is what lies in a DynamoDB table sound? Looks in from outside, while functions work: reads everything once, and what
 * looked wrong once more, because a message may have moved on between two pages.
 *
 * DynamoDB keeps items whole; what is asked here is whether they hang together: what waits is found, and can be said.
 */
import { keyOf } from "./dynamodb-keys.ts";
import { type Item, type Key, nameOf, type Table } from "./dynamodb-table.ts";
import type { DataProblem } from "./sqlite-check.ts";

const UNTOLD = "They may never be told. Look for them in Security Hub, and report this: it is a bug in shirase.";

/** What everything hangs on: keys alone, and what refers to others. */
type Seen = {
  readonly rows: Item[];
  readonly places: Item[];
  /** Messages that wait. */
  readonly waiting: Item[];
  /** Texts of notices, by partition. */
  readonly texts: Set<string>;
  readonly messages: Set<string>;
  readonly heads: Map<string, Item>;
};

/** Every item is read, and costs what reading costs. @returns what is not as it must be; none when all is well. */
export async function checkTable(table: Table): Promise<readonly DataProblem[]> {
  const seen = await readAll(table);
  const counts: ReadonlyArray<readonly [what: string, count: number]> = [
    ["findings that wait and whose text is gone", await textless(table, seen)],
    ["messages that wait in a channel and are not there", await homeless(table, seen)],
    ["messages that wait and are in no channel", await placeless(table, seen)],
    ["channels in which something waits and no counter says so", await uncounted(table, seen)],
  ];
  return counts.flatMap(([what, count]) => (count === 0 ? [] : [{ problem: `${what}: ${count}`, remedy: UNTOLD }]));
}

async function readAll(table: Table): Promise<Seen> {
  const seen: Seen = {
    rows: [],
    places: [],
    waiting: [],
    texts: new Set(),
    messages: new Set(),
    heads: new Map(),
  };
  for await (const page of table.scan()) for (const item of page) note(seen, item);
  return seen;
}

function note(seen: Seen, item: Item): void {
  const { pk, sk } = item;
  if (pk.startsWith("C#") && sk.startsWith("N#")) seen.rows.push(item);
  else if (pk.startsWith("C#") && sk.startsWith("M#")) seen.places.push(item);
  else if (pk.startsWith("B#")) seen.texts.add(pk);
  else if (pk.startsWith("H#")) seen.heads.set(nameOf(item), item);
  else if (pk.startsWith("M#") && sk === "M") {
    seen.messages.add(pk);
    if (item["state"] === "waiting") seen.waiting.push(item);
  }
}

/** A notice's row goes before its text or with it. */
async function textless(table: Table, { rows, texts }: Seen): Promise<number> {
  const textOf = (row: Item): Key => keyOf.noticeBody(String(row["body"]));
  const odd = rows.filter((row) => !texts.has(textOf(row).pk));
  const there = await still(
    table,
    odd.flatMap((row) => [row, textOf(row)]),
  );
  return odd.filter((row) => there.has(nameOf(row)) && !there.has(nameOf(textOf(row)))).length;
}

async function homeless(table: Table, { places, messages }: Seen): Promise<number> {
  const messageOf = (place: Item): Key => keyOf.message(String(place["id"]));
  const odd = places.filter((place) => !messages.has(messageOf(place).pk));
  const there = await still(
    table,
    odd.flatMap((place) => [place, messageOf(place)]),
  );
  return odd.filter((place) => there.has(nameOf(place)) && !there.has(nameOf(messageOf(place)))).length;
}

async function placeless(table: Table, { places, waiting }: Seen): Promise<number> {
  const placeOf = ({ channelId, place }: Item): Key => ({ pk: keyOf.channel(String(channelId)), sk: String(place) });
  const known = new Set(places.map(nameOf));
  const odd = waiting.filter((message) => !known.has(nameOf(placeOf(message))));
  const there = await still(
    table,
    odd.flatMap((message) => [message, placeOf(message)]),
  );
  return odd.filter((message) => {
    return there.get(nameOf(message))?.["state"] === "waiting" && !there.has(nameOf(placeOf(message)));
  }).length;
}

/** Whoever looks for work looks at the counters. What a message took is looked for with the message. */
async function uncounted(table: Table, { rows, places, heads }: Seen): Promise<number> {
  const headOf = ({ pk, sk, customerId }: Item): Key => {
    return keyOf.head(pk.slice(2), typeof customerId === "string" ? customerId : (sk.split("#")[1] ?? ""));
  };
  const counts = (head: Item | undefined): boolean => Number(head?.["open"] ?? 0) + Number(head?.["messages"] ?? 0) > 0;
  const odd = new Map<string, Item>();
  for (const item of [...rows, ...places]) {
    const head = nameOf(headOf(item));
    if (!counts(heads.get(head)) && !odd.has(head)) odd.set(head, item);
  }
  const there = await still(
    table,
    [...odd.values()].flatMap((item) => [item, headOf(item)]),
  );
  return [...odd].filter(([head, item]) => there.has(nameOf(item)) && !counts(there.get(head))).length;
}

async function still(table: Table, keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> {
  const found = await table.get(keys);
  return new Map(found.map((item) => [nameOf(item), item]));
}
