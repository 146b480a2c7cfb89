/**
 * Root messages in the DynamoDB store: a small item beside the message, which says how the root stands in Slack and
 * when it is to be brought up to date.
 *
 * `changes` counts what changed under it. Who edits remembers the count that it read before, so what is told while the
 * edit is on its way makes the root due again, whichever clock either of them has.
 */
import type { Root } from "@shirase/core/channel-view";
import { severityOfRank } from "@shirase/core/finding";
import { keyOf, ttl } from "./dynamodb-keys.ts";
import { DUE_PARTITION, type Item, type Write } from "./dynamodb-table.ts";
import { EDIT_AFTER_MS } from "./edit-after.ts";
import { KEPT_FOR } from "./kept-for.ts";
import type { NewMessage } from "./store.ts";

/** Is it a message under which others hang? */
export function isRoot({ kind }: Pick<NewMessage, "kind">): boolean {
  return kind === "card" || kind === "burst";
}

/** The root's item, when its message is made. */
export function newRootItem(message: NewMessage, now: Date): Item {
  const { id, kind, channelId, customerId, severityRank, causeKey } = message;
  return {
    ...keyOf.root(id),
    kind,
    channelId,
    customerId,
    rank: severityRank,
    causeKey,
    state: "waiting",
    createdAt: now.getTime(),
    edits: 0,
    changes: 0,
    ttl: ttl(now, KEPT_FOR.root),
  };
}

/** The message's id, from an item of its partition. */
export function rootId({ pk }: Pick<Item, "pk">): string {
  return pk.slice(2);
}

/** A posted root. */
export function rootFrom(item: Item): Root {
  return {
    id: rootId(item),
    kind: item["kind"] === "burst" ? "burst" : "card",
    ts: String(item["ts"]),
    postedAt: new Date(Number(item["createdAt"])),
    touchedAt: new Date(Number(item["touchedAt"])),
    severity: severityOfRank(Number(item["rank"])),
  };
}

/** Something under it changed: it is out of date, from then on at the latest when its next edit may be. */
export function staleWrite(root: Item, now: Date): Write {
  const { dueAt = nextEditAt(root, now), state, changes } = root;
  const due = state === "sent" ? DUE_PARTITION : undefined;
  return {
    update: keyOf.root(rootId(root)),
    change: { set: { dueAt, due }, add: { changes: 1 }, if: { state, changes } },
  };
}

/** It was edited. @param changesSeen - how often it had changed when it was read; undefined: nobody knows. */
export function editedWrite(root: Item, dueAt: Date, changesSeen: number | undefined, now: Date): Write {
  const { changes, edits } = root;
  const isSame = changesSeen === undefined ? Number(root["dueAt"]) <= dueAt.getTime() : changesSeen === changes;
  const set = isSame ? { dueAt: undefined, due: undefined } : { dueAt: nextEditAt(root, now) };
  return { update: keyOf.root(rootId(root)), change: { set, add: { edits: 1 }, if: { changes, edits } } };
}

/** It could not be edited. */
export function postponedWrite(root: Item, now: Date): Write {
  const { changes, edits, state } = root;
  const due = state === "sent" ? DUE_PARTITION : undefined;
  return {
    update: keyOf.root(rootId(root)),
    change: { set: { dueAt: nextEditAt(root, now), due }, add: { edits: 1 }, if: { changes, edits } },
  };
}

function nextEditAt(root: Item, now: Date): number {
  const [first, second, later] = EDIT_AFTER_MS;
  const edits = Number(root["edits"]);
  return now.getTime() + (edits === 0 ? first : edits === 1 ? second : later);
}
