/** A table's messages as rows of the console's file, and which problems each of them told of. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { deliveryFrom } from "../store/dynamodb-claim.ts";
import { type Tells, tellsFrom } from "../store/dynamodb-journal.ts";
import type { Item } from "../store/dynamodb-table.ts";
import { type HistoryStep, stepsOf } from "../store/history.ts";
import type { Delivery } from "../store/store.ts";

/** A message as the table has it. */
export type MirroredMessage = {
  readonly delivery: Delivery;
  readonly state: "waiting" | "sent" | "dead";
  /** Slack's name of it, once it was sent. */
  readonly ts: string | undefined;
  readonly endedAt: number | undefined;
  readonly tells: readonly Tells[];
};

/** A message's item. */
export function mirroredFrom(item: Item): MirroredMessage {
  const { state, ts, endedAt, tells } = item;
  return {
    delivery: deliveryFrom(item),
    state: state === "sent" || state === "dead" ? state : "waiting",
    ts: typeof ts === "string" ? ts : undefined,
    endedAt: typeof endedAt === "number" ? endedAt : undefined,
    tells: tellsFrom(tells),
  };
}

/** Statements prepared once. Written twice, a message is the same. */
export function messageKeeper(database: DatabaseSync): (message: MirroredMessage) => void {
  const put = database.prepare(
    `INSERT INTO messages (id, customer_id, channel_id, kind, root_id, root_ts, is_broadcast, severity_rank, counted, cause_key,
       created_at, face, state, in_doubt, attempts, first_tried_at, ts, ended_at, reason, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, in_doubt = excluded.in_doubt, attempts = excluded.attempts,
       first_tried_at = excluded.first_tried_at, ts = excluded.ts, ended_at = excluded.ended_at, reason = excluded.reason,
       body = excluded.body`,
  );
  // A card shows the newest of the problems that it gathers.
  const face = database.prepare("UPDATE messages SET face = ? WHERE id = ? AND kind = 'card'");
  const link = linker(database);
  return ({ delivery, state, ts = null, endedAt = null, tells }) => {
    const { id, customerId, channelId, kind, root, isBroadcast, severityRank, counted, causeKey = null } = delivery;
    const { createdAt, attempts, firstTriedAt, isInDoubt, lastReason = null, body } = delivery;
    const words = delivery.face === undefined ? null : JSON.stringify(delivery.face);
    const place = [root?.id ?? null, root?.ts ?? null, isBroadcast ? 1 : 0, severityRank, counted, causeKey] as const;
    const tried = [state, isInDoubt ? 1 : 0, attempts, firstTriedAt?.getTime() ?? null, ts, endedAt] as const;
    put.run(id, customerId, channelId, kind, ...place, createdAt.getTime(), words, ...tried, lastReason, body);
    if (root && words !== null) face.run(words, root.id);
    for (const one of tells) link(delivery, one);
  };
}

/** A root is edited when what hangs under it looks otherwise. */
export function restyler(database: DatabaseSync): StatementSync {
  return database.prepare("UPDATE messages SET edits = edits + 1 WHERE id = ? AND kind IN ('card', 'burst')");
}

/** Which event somebody was told of at that moment; "" when the history has forgotten it. */
export function eventAt(steps: readonly HistoryStep[], at: Date): string {
  return steps.findLast((step) => step.told > 0 && step.at.getTime() === at.getTime())?.eventId ?? "";
}

/** What a message tells of a problem, as the notice that the embedded relay would have. */
function linker(database: DatabaseSync): (delivery: Delivery, tells: Tells) => void {
  const find = database.prepare(
    `SELECT f.id AS id, f.key AS key, f.title AS title, f.history AS history, p.changed_at AS changed_at
     FROM mirror_problems p JOIN findings f ON f.id = p.finding_id WHERE p.hash = ?`,
  );
  const isThere = database.prepare(
    "SELECT 1 FROM notices WHERE message_id = ? AND finding_id = ? AND created_at = ? AND news = ?",
  );
  const put = database.prepare(
    `INSERT INTO notices (state, severity_rank, created_at, finding_id, customer_id, channel_id, cause_key, news, control_id, title,
       burst_id, message_id)
     VALUES (2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const putBody = database.prepare("INSERT INTO notice_bodies (seq, body) VALUES (?, ?)");
  const own = database.prepare(
    `UPDATE findings SET told_in = ?1 WHERE id = ?2 AND (told_in IS NULL OR NOT EXISTS (
       SELECT 1 FROM messages WHERE id = findings.told_in AND state <> 'dead' AND channel_id = ?3))`,
  );
  const restyle = restyler(database);
  return ({ id, customerId, channelId, kind, root }, { hash, news, rank, at }) => {
    const problem = find.get(hash);
    const findingId = Number(problem?.["id"]);
    if (!problem || isThere.get(id, findingId, at, news) !== undefined) return;
    const [key, title] = [String(problem["key"]), String(problem["title"])];
    const cause = key.split("|")[2] ?? "";
    const burst = kind === "names" ? (root?.id ?? null) : null;
    const control = /^[A-Za-z][A-Za-z0-9]*\.\d+$/.test(cause) ? cause : null;
    const { lastInsertRowid } = put.run(
      rank,
      at,
      findingId,
      customerId,
      channelId,
      cause,
      news,
      control,
      title,
      burst,
      id,
    );
    const eventId = eventAt(stepsOf(String(problem["history"])), new Date(at));
    putBody.run(lastInsertRowid, JSON.stringify({ eventId }));
    const rootId = root?.id ?? id;
    own.run(rootId, findingId, channelId);
    if (Number(problem["changed_at"]) > at) restyle.run(rootId);
  };
}
