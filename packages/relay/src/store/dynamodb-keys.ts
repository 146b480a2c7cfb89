/**
 * What lies where in the DynamoDB table. docs/aws.md has the same with the access patterns and the reasons.
 *
 * | item          | pk                  | sk                        |
 * |---------------|---------------------|---------------------------|
 * | event         | `E#hash`            | part of the event         |
 * | problem       | `F#hash`            | `F`, its last event `E`   |
 * | head          | `H#shard`           | `channel#customer`        |
 * | notice        | `C#channel`         | `N#customer#seq`          |
 * | its body      | `B#hash`            | `B`                       |
 * | queued message| `C#channel`         | `M#time#tie#id`           |
 * | newest card   | `C#channel`         | `K#customer#hash of cause`|
 * | newest burst  | `C#channel`         | `B#customer`              |
 * | message       | `M#id`              | `M`                       |
 * | root          | `M#id`              | `R`, its face `F`, counts `T#…`, problems `P#hash` |
 * | silenced      | `silenced#silence`  | hash of the problem       |
 * | journal       | `J#month#shard`     | `time#tie#…`              |
 * | the rest      | `dead`, `pauses`, `quarantine`, `beats`, `silences`, `audit`, `probe` | |
 */
import { createHash } from "node:crypto";
import type { Item, Key } from "./dynamodb-table.ts";

const HEAD_SHARDS = 16;
const JOURNAL_SHARDS = 8;

/** Half a SHA-256: two texts that share one will not be met. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("base64url").slice(0, 22);
}

/** All heads lie in these partitions. */
export const HEAD_PARTITIONS: readonly string[] = Array.from({ length: HEAD_SHARDS }, (_, shard) => `H#${shard}`);

export const keyOf = {
  /** An event, or the part of one that was kept together. */
  event: (customerId: string, eventId: string, part: number): Key => ({
    pk: `E#${digest(customerId, eventId)}`,
    sk: String(part),
  }),
  problem: (hash: string): Key => ({ pk: `F#${hash}`, sk: "F" }),
  /** The event that changed it last, for people who look closer. */
  changingEvent: (hash: string): Key => ({ pk: `F#${hash}`, sk: "E" }),
  head: (channelId: string, customerId: string): Key => {
    const shard = createHash("sha256").update(channelId).digest().readUInt8(0) % HEAD_SHARDS;
    return { pk: `H#${shard}`, sk: `${channelId}#${customerId}` };
  },
  channel: (channelId: string): string => `C#${channelId}`,
  notices: (customerId: string): string => `N#${customerId}#`,
  notice: (channelId: string, customerId: string, seq: number): Key => ({
    pk: `C#${channelId}`,
    sk: `N#${customerId}#${String(seq).padStart(12, "0")}`,
  }),
  noticeBody: (hash: string): Key => ({ pk: `B#${hash}`, sk: "B" }),
  card: (channelId: string, customerId: string, causeKey: string): Key => ({
    pk: `C#${channelId}`,
    sk: `K#${customerId}#${digest(causeKey)}`,
  }),
  burst: (channelId: string, customerId: string): Key => ({ pk: `C#${channelId}`, sk: `B#${customerId}` }),
  messagePartition: (id: string): string => `M#${id}`,
  message: (id: string): Key => ({ pk: `M#${id}`, sk: "M" }),
  root: (id: string): Key => ({ pk: `M#${id}`, sk: "R" }),
  face: (id: string): Key => ({ pk: `M#${id}`, sk: "F" }),
  tally: (rootId: string, messageId: string, part: number): Key => ({
    pk: `M#${rootId}`,
    sk: `T#${messageId}#${String(part).padStart(3, "0")}`,
  }),
  member: (rootId: string, problem: string): Key => ({ pk: `M#${rootId}`, sk: `P#${problem}` }),
  dead: (sk: string): Key => ({ pk: "dead", sk }),
  pause: (channelId: string): Key => ({ pk: "pauses", sk: channelId }),
  beat: (customerId: string, accountId: string, region: string): Key => ({
    pk: "beats",
    sk: `${customerId}#${accountId}#${region}`,
  }),
  silence: (id: string): Key => ({ pk: "silences", sk: id }),
  /** A problem that a silence held back. */
  silenced: (silenceId: string, problem: string): Key => ({ pk: `silenced#${silenceId}`, sk: problem }),
  /** What happens in a channel lies in one partition, so a problem's changes are in order. @param of - tells entries of the same moment apart. */
  journal: (now: Date, channelId: string, of: string): Key => {
    const shard = createHash("sha256").update(channelId).digest().readUInt8(0) % JOURNAL_SHARDS;
    return { pk: `J#${monthOf(now)}#${shard}`, sk: `${inOrder(now)}#${of}` };
  },
  deed: (order: string): Key => ({ pk: "audit", sk: order }),
  /** When the clock function ticked last, and since when it does. */
  clock: { pk: "clock", sk: "clock" } satisfies Key,
  probe: { pk: "probe", sk: "probe" } satisfies Key,
} as const;

/** The journal's partitions of these months, both included. */
export function journalPartitions(from: Date, to: Date): readonly string[] {
  const months: string[] = [];
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1));
  while (month <= to) {
    months.push(monthOf(month));
    month.setUTCMonth(month.getUTCMonth() + 1);
  }
  return months.flatMap((name) => Array.from({ length: JOURNAL_SHARDS }, (_, shard) => `J#${name}#${shard}`));
}

function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}

/** The least sort key of that moment, for what is ordered by {@link inOrder}. */
export function orderAt(time: Date): string {
  return String(time.getTime()).padStart(15, "0");
}

let ties = 0;

/** Orders what comes in the same millisecond, within this process. Between processes no order is promised. */
export function inOrder(now: Date): string {
  ties = (ties + 1) % 1_000_000;
  return `${orderAt(now)}#${String(ties).padStart(6, "0")}`;
}

/** DynamoDB's time to live: epoch seconds. It deletes some day after; who reads looks at the time as well. */
export function ttl(now: Date, keptMs: number): number {
  return Math.ceil((now.getTime() + keptMs) / 1000);
}

/** Is its time over, though it may still be there? */
export function isExpired({ ttl: until }: Item, now: Date): boolean {
  return typeof until === "number" && until * 1000 <= now.getTime();
}
