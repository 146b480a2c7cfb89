/**
 * The journal: what happened to each problem and which messages were made, in the order in which it was kept. It is
 * written in the same transaction as what it tells of. Nothing that decides or delivers reads it: it is for people, who
 * ask a table what it cannot be asked by key (console/mirror.ts).
 */
import { digest, keyOf, ttl } from "./dynamodb-keys.ts";
import type { Item, Write } from "./dynamodb-table.ts";
import { KEPT_FOR } from "./kept-for.ts";
import type { NewMessage } from "./store.ts";

/** A problem as it stood after a change. */
export type Change = {
  readonly customerId: string;
  /** By which the table knows it. */
  readonly hash: string;
  /** Of two changes the later one has the higher version, or comes later in its entry. */
  readonly version: number;
  readonly key: string;
  readonly title: string;
  /** JSON. */
  readonly resource: string;
  /** As dynamodb-problem.ts packs it. */
  readonly known: string;
  readonly wasOpen: boolean;
  /** A line of a history; "": nothing happened, it is only said again so that the journal has it. */
  readonly step: string;
};

/** What an entry says: problems that changed, or a message that was made. */
export type Entry = { readonly at: Date; readonly name: string } & (
  | { readonly changes: readonly Change[] }
  | { readonly messageId: string }
);

/** A notice that a message tells, by its problem. */
export type Tells = { readonly hash: string; readonly news: string; readonly rank: number; readonly at: number };

/** Where an entry goes; `of` tells it from others of the same moment. */
type Place = { readonly channelId: string; readonly of: string };

/** Changes that are kept together. */
export function changesWrite(changes: readonly Change[], { channelId, of }: Place, now: Date): readonly Write[] {
  if (changes.length === 0) return [];
  const packed = changes.map(({ customerId, hash, version, key, title, resource, known, wasOpen, step }) => [
    customerId,
    hash,
    version,
    key,
    title,
    resource,
    known,
    wasOpen ? 1 : 0,
    step,
  ]);
  const item: Item = {
    ...keyOf.journal(now, channelId, digest(of)),
    changes: JSON.stringify(packed),
    ttl: ttl(now, KEPT_FOR.root),
  };
  return [{ put: item }];
}

/** A message that is made. */
export function messageMadeWrite({ id, channelId }: Pick<NewMessage, "id" | "channelId">, now: Date): Write {
  return { put: { ...keyOf.journal(now, channelId, id), message: id, ttl: ttl(now, KEPT_FOR.root) } };
}

type PackedChange = readonly [
  customerId: string,
  hash: string,
  version: number,
  key: string,
  title: string,
  resource: string,
  known: string,
  wasOpen: 0 | 1,
  step: string,
];

/** An entry's item. */
export function entryFrom(item: Item): Entry {
  const { pk, sk, changes, message } = item;
  const entry = { at: new Date(Number(sk.slice(0, sk.indexOf("#")))), name: `${pk}#${sk}` };
  if (typeof message === "string") return { ...entry, messageId: message };
  return {
    ...entry,
    changes: (JSON.parse(String(changes)) as readonly PackedChange[]).map(
      ([customerId, hash, version, key, title, resource, known, wasOpen, step]): Change => ({
        customerId,
        hash,
        version,
        key,
        title,
        resource,
        known,
        wasOpen: wasOpen === 1,
        step,
      }),
    ),
  };
}

type PackedTells = readonly [hash: string, news: string, rank: number, at: number];

/** What a message tells, for its item; undefined: nothing that has a problem. */
export function tellsText(tells: readonly Tells[]): string | undefined {
  if (tells.length === 0) return undefined;
  return JSON.stringify(tells.map(({ hash, news, rank, at }): PackedTells => [hash, news, rank, at]));
}

/** What {@link tellsText} made. */
export function tellsFrom(text: Item[string]): readonly Tells[] {
  if (typeof text !== "string") return [];
  return (JSON.parse(text) as readonly PackedTells[]).map(([hash, news, rank, at]) => ({ hash, news, rank, at }));
}
