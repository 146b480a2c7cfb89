/**
 * What may be forgotten, forgotten now. On AWS nobody need ask for it: each item has its own time, DynamoDB removes it
 * some day after, and who reads looks at the time as well. This reads the whole table; it is for who wants room today,
 * or another time than was written.
 */
import { burstOf, readHead, rowFrom } from "./dynamodb-channel.ts";
import { keyOf } from "./dynamodb-keys.ts";
import { dayOf } from "./dynamodb-problem.ts";
import { rootId } from "./dynamodb-root.ts";
import type { Item, Key, Table } from "./dynamodb-table.ts";
import type { Retention, Store } from "./store.ts";

/** Forgets. */
export function dynamoPruner(table: Table): Store["prune"] {
  return async (retention) => {
    // Problems first: a root is kept for as long as one of its problems is.
    await each(table, (item) => forgottenFirst(item, retention));
    await each(table, (item) => forgottenMessage(table, item, retention));
    const quarantined = await table.query("quarantine", "", { newestFirst: true });
    const isOver = ({ at }: Item): boolean => Number(at) < retention.quarantinedBefore.getTime();
    await table.removeAll(quarantined.filter((item, index) => index >= retention.mostQuarantined || isOver(item)));
  };
}

type Forgets = (item: Item) => readonly Key[] | Promise<readonly Key[]>;

async function each(table: Table, forgets: Forgets): Promise<void> {
  for await (const page of table.scan()) {
    await table.removeAll((await Promise.all(page.map(forgets))).flat());
  }
}

function forgottenFirst(item: Item, { sentBefore, endedBefore, silentBefore }: Retention): readonly Key[] {
  const { pk, day, standing, toldIn } = item;
  if (pk.startsWith("E#")) return Number(item["at"]) < sentBefore.getTime() ? [item] : [];
  if (!pk.startsWith("F#")) return [];
  const isOld = Number(day) < dayOf(endedBefore) && (standing !== "open" || Number(day) < dayOf(silentBefore));
  if (!isOld) return [];
  return [item, ...(typeof toldIn === "string" ? [keyOf.member(toldIn, pk.slice(2))] : [])];
}

async function forgottenMessage(table: Table, item: Item, { sentBefore }: Retention): Promise<readonly Key[]> {
  const { pk, sk, state, endedAt, kind } = item;
  const isOver = state === "sent" && Number(endedAt) < sentBefore.getTime();
  if (!pk.startsWith("M#") || sk !== "M" || !isOver) return [];
  if (kind !== "card" && kind !== "burst") return [item];
  const id = rootId(item);
  if (await holds(table, item, id)) return [];
  return table.query(keyOf.messagePartition(id));
}

/** May somebody still hang something under it? */
async function holds(table: Table, { channelId, customerId }: Item, id: string): Promise<boolean> {
  const [member] = await table.query(keyOf.messagePartition(id), "P#", { limit: 1 });
  if (member) return true;
  const head = await readHead(table, String(channelId), String(customerId));
  const rows = await table.query(keyOf.channel(String(channelId)), keyOf.notices(String(customerId)));
  return rows.some((row) => burstOf(head, rowFrom(row).seq) === id);
}
