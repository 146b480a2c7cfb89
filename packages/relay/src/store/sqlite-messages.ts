/** Messages in the SQLite store: claimed together with what they tell, tried, sent, given up, made to wait again. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { StaleRoot } from "@shirase/core/channel-view";
import { findingFrom } from "./finding-json.ts";
import { nextEditAt, staleMarker } from "./sqlite-tell.ts";
import { timeOf } from "./sqlite-view.ts";
import type { Covers, DeadLetter, Delivery, NewMessage, Store } from "./store.ts";

type Row = Record<string, SQLOutputValue>;

/** What the store does with messages, each call within one transaction. */
export type Messages = {
  readonly nextMessage: (channelId: string, except?: readonly string[]) => Delivery | undefined;
  readonly claim: (message: NewMessage, covers: Covers, now: Date) => Delivery;
  readonly trying: (id: string) => void;
  readonly markSent: (id: string, ts: string, now: Date) => void;
  readonly markTried: (id: string, why: Parameters<Store["markTried"]>[1], now: Date) => void;
  readonly markDead: (id: string, reason: string, now: Date) => void;
  readonly enqueue: (message: NewMessage, now: Date) => void;
  readonly rewrite: (id: string, body: string, reason: string) => void;
  readonly edited: (root: Pick<StaleRoot, "id" | "dueAt">, now: Date) => void;
  readonly makeStale: (id: string, now: Date) => void;
  readonly deadLetters: (channelId?: string) => readonly DeadLetter[];
  readonly redrive: (channelId: string | undefined) => number;
  readonly redriveOnly: (ids: readonly string[]) => number;
};

/** Statements prepared once. */
export function sqliteMessages(database: DatabaseSync): Messages {
  const put = messageWriter(database);
  const one = database.prepare("SELECT * FROM messages WHERE id = ?");
  const next = database.prepare(
    "SELECT * FROM messages WHERE channel_id = ? AND state = 'waiting' ORDER BY seq LIMIT 1",
  );
  const nextExcept = database.prepare(
    `SELECT * FROM messages WHERE channel_id = ? AND state = 'waiting' AND id NOT IN (SELECT value FROM json_each(?))
     ORDER BY seq LIMIT 1`,
  );
  const trying = database.prepare("UPDATE messages SET in_doubt = 1 WHERE id = ?");
  const tried = database.prepare(
    `UPDATE messages SET attempts = attempts + ?1, reason = ?3, in_doubt = ?4,
       first_tried_at = CASE ?1 WHEN 0 THEN first_tried_at ELSE coalesce(first_tried_at, ?2) END
     WHERE id = ?5`,
  );
  const dead = database.prepare(
    "UPDATE messages SET state = 'dead', reason = ?, ended_at = ?, in_doubt = 0 WHERE id = ?",
  );
  const edited = database.prepare(
    `UPDATE messages SET edits = edits + 1, edit_due_at = CASE WHEN edit_due_at > ?1 THEN ${nextEditAt("?2")} END
     WHERE id = ?3`,
  );
  const postpone = database.prepare(
    `UPDATE messages SET edits = edits + 1, edit_due_at = ${nextEditAt("?1")} WHERE id = ?2`,
  );
  const rewrite = database.prepare("UPDATE messages SET body = ?, reason = ?, in_doubt = 0 WHERE id = ?");
  const deliveryFor = (id: string): Delivery => {
    const row = one.get(id);
    if (!row) throw new Error(`message ${id} is not in the store`);
    return deliveryOf(row);
  };
  return {
    nextMessage: (channelId, except = []) => {
      const row = except.length === 0 ? next.get(channelId) : nextExcept.get(channelId, JSON.stringify(except));
      return row ? deliveryOf(row) : undefined;
    },
    claim: claimer(database, put, deliveryFor),
    trying: (id) => void trying.run(id),
    markSent: sentMarker(database),
    markTried: (id, { reason, isInDoubt, counts }, now) =>
      void tried.run(counts ? 1 : 0, now.getTime(), reason, isInDoubt ? 1 : 0, id),
    markDead: (id, reason, now) => void dead.run(reason, now.getTime(), id),
    enqueue: (message, now) => put(message, now, false),
    rewrite: (id, body, reason) => void rewrite.run(body, reason, id),
    edited: ({ id, dueAt }, now) => void edited.run(dueAt.getTime(), now.getTime(), id),
    makeStale: (id, now) => void postpone.run(now.getTime(), id),
    ...deadLetterBox(database),
  };
}

function deadLetterBox(database: DatabaseSync): Pick<Messages, "deadLetters" | "redrive" | "redriveOnly"> {
  const letters = database.prepare(
    "SELECT * FROM messages WHERE state = 'dead' AND (?1 IS NULL OR channel_id = ?1) ORDER BY seq",
  );
  const revive = database.prepare(
    `UPDATE messages SET state = 'waiting', attempts = 0, first_tried_at = NULL, ended_at = NULL
     WHERE state = 'dead' AND (?1 IS NULL OR channel_id = ?1)`,
  );
  const only = "state = 'dead' AND id IN (SELECT value FROM json_each(?))";
  const resumeOnly = database.prepare(
    `DELETE FROM pauses WHERE channel_id IN (SELECT channel_id FROM messages WHERE ${only})`,
  );
  const reviveOnly = database.prepare(
    `UPDATE messages SET state = 'waiting', attempts = 0, first_tried_at = NULL, ended_at = NULL WHERE ${only}`,
  );
  const resume = database.prepare("DELETE FROM pauses WHERE ?1 IS NULL OR channel_id = ?1");
  return {
    deadLetters: (channelId) => letters.all(channelId ?? null).map(deadLetterOf),
    redrive: (channelId) => {
      resume.run(channelId ?? null);
      return Number(revive.run(channelId ?? null).changes);
    },
    redriveOnly: (ids) => {
      const json = JSON.stringify(ids);
      resumeOnly.run(json);
      return Number(reviveOnly.run(json).changes);
    },
  };
}

type Put = (message: NewMessage, now: Date, isInDoubt: boolean) => void;

function messageWriter(database: DatabaseSync): Put {
  const put = database.prepare(
    `INSERT OR IGNORE INTO messages (id, customer_id, channel_id, kind, root_id, root_ts, is_broadcast, severity_rank, counted,
                           cause_key, face, body, created_at, state, in_doubt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?)`,
  );
  return ({ root, face, causeKey = null, ...message }, now, isInDoubt) => {
    const { id, customerId, channelId, kind, isBroadcast, severityRank, counted, body } = message;
    put.run(
      id,
      customerId,
      channelId,
      kind,
      root?.id ?? null,
      root?.ts ?? null,
      isBroadcast ? 1 : 0,
      severityRank,
      counted,
      causeKey,
      face ? JSON.stringify(face) : null,
      body,
      now.getTime(),
      isInDoubt ? 1 : 0,
    );
  };
}

function claimer(database: DatabaseSync, put: Put, deliveryFor: (id: string) => Delivery): Messages["claim"] {
  const take = database.prepare(
    "UPDATE notices SET state = 2, message_id = ? WHERE seq IN (SELECT value FROM json_each(?)) AND state < 2",
  );
  const count = database.prepare(
    `UPDATE notices SET state = 1, burst_id = ? WHERE channel_id = ? AND customer_id = ? AND state = 0 AND state < 2 AND seq <= ?`,
  );
  // The problems that a root tells of are its own from now on, unless another root of the channel told of them first.
  const ownTaken = database.prepare(
    `UPDATE findings SET told_in = ?1 WHERE id IN (SELECT finding_id FROM notices WHERE message_id = ?2)
     AND (told_in IS NULL OR told_in NOT IN (SELECT id FROM messages WHERE id = told_in AND channel_id = ?3 AND state <> 'dead'))`,
  );
  const ownCounted = database.prepare(
    `UPDATE findings SET told_in = ?1 WHERE told_in IS NULL AND id IN (SELECT finding_id FROM notices
       WHERE channel_id = ?2 AND customer_id = ?3 AND state = 0 AND state < 2 AND seq <= ?4)`,
  );
  const face = database.prepare("UPDATE messages SET face = ? WHERE id = ? AND kind = 'card'");
  const stale = staleMarker(database);
  // What changed between the news and the message, and is itself no news: the card is out of date as it is posted.
  const overtaken = database.prepare(
    `SELECT 1 FROM notices n JOIN findings f ON f.id = n.finding_id
     WHERE n.message_id = ?1
       AND NOT EXISTS (SELECT 1 FROM notices later WHERE later.message_id = ?1 AND later.finding_id = n.finding_id AND later.seq > n.seq)
       AND (f.severity_rank <> n.severity_rank
         OR f.standing <> CASE WHEN n.news IN ('resolved', 'suppressed') THEN n.news ELSE 'open' END)
     LIMIT 1`,
  );
  const isOver = database.prepare("SELECT 1 FROM findings WHERE told_in = ? AND standing <> 'open' LIMIT 1");
  const isOutdated = ({ id, kind }: NewMessage): boolean =>
    (kind === "card" ? overtaken.get(id) : kind === "burst" ? isOver.get(id) : undefined) !== undefined;
  return (message, covers, now) => {
    const rootId = message.root?.id ?? message.id;
    put(message, now, true);
    if ("countedUpTo" in covers) {
      const counted = [rootId, message.channelId, message.customerId, covers.countedUpTo] as const;
      // While they wait still: a burst that grows would else own all that it counted before once more.
      ownCounted.run(...counted);
      count.run(...counted);
    } else {
      take.run(message.id, JSON.stringify(covers.seqs));
      ownTaken.run(rootId, message.id, message.channelId);
    }
    if (message.root && message.face) face.run(JSON.stringify(message.face), rootId);
    if ((message.root && message.kind !== "names") || isOutdated(message)) stale(rootId, now);
    return deliveryFor(message.id);
  };
}

function sentMarker(database: DatabaseSync): Messages["markSent"] {
  const sent = database.prepare(
    `UPDATE messages SET state = 'sent', ts = ?1, ended_at = ?2, touched_at = ?2, counted_at = ?2, reason = NULL, in_doubt = 0
     WHERE id = ?3`,
  );
  const touch = database.prepare(
    "UPDATE messages SET touched_at = ?1 WHERE id = (SELECT root_id FROM messages WHERE id = ?2 AND kind <> 'names')",
  );
  const counted = database.prepare(
    "UPDATE messages SET counted_at = ?1 WHERE id = (SELECT root_id FROM messages WHERE id = ?2 AND kind = 'more')",
  );
  return (id, ts, now) => {
    sent.run(ts, now.getTime(), id);
    touch.run(now.getTime(), id);
    counted.run(now.getTime(), id);
  };
}

function deliveryOf(row: Row): Delivery {
  const { first_tried_at: firstTriedAt, root_id: rootId, root_ts: rootTs, cause_key: causeKey, face, reason } = row;
  return {
    id: String(row["id"]),
    customerId: String(row["customer_id"]),
    channelId: String(row["channel_id"]),
    kind: String(row["kind"]) as Delivery["kind"],
    severityRank: Number(row["severity_rank"]),
    body: String(row["body"]),
    counted: Number(row["counted"]),
    isBroadcast: row["is_broadcast"] === 1,
    ...(typeof rootId === "string" && typeof rootTs === "string" ? { root: { id: rootId, ts: rootTs } } : {}),
    ...(typeof causeKey === "string" ? { causeKey } : {}),
    ...(typeof face === "string" ? { face: findingFrom(face) } : {}),
    createdAt: timeOf(row["created_at"]),
    attempts: Number(row["attempts"]),
    firstTriedAt: firstTriedAt === null ? undefined : timeOf(firstTriedAt),
    ...(typeof reason === "string" ? { lastReason: reason } : {}),
    isInDoubt: row["in_doubt"] === 1,
  };
}

function deadLetterOf(row: Row): DeadLetter {
  return {
    id: String(row["id"]),
    customerId: String(row["customer_id"]),
    channelId: String(row["channel_id"]),
    reason: String(row["reason"]),
    counted: Number(row["counted"]),
    createdAt: timeOf(row["created_at"]),
    diedAt: timeOf(row["ended_at"]),
  };
}
