/** The console's questions about messages, in SQL. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { staleRootReader, timeOf } from "../store/sqlite-view.ts";
import {
  type Backlog,
  type Conversation,
  type MessageBody,
  type MessageFilter,
  type MessageLine,
  type MessageState,
  MOST_REPLIES,
  type Reads,
  type Slice,
} from "./reads.ts";

type Row = Record<string, SQLOutputValue>;
type Answers = {
  readonly [Name in "messages" | "deadIds" | "backlogs" | "posted" | "channel"]: (
    ...args: Parameters<Reads[Name]>
  ) => Awaited<ReturnType<Reads[Name]>>;
};

/** Columns of a line; the body's own text, cut where it is read: a body may be long. */
export const LINE = `seq, id, customer_id, channel_id, kind, state, severity_rank, counted, created_at, ended_at, attempts,
  reason, in_doubt, ts, substr(body ->> '$.text', 1, 300) AS text`;

/** Statements prepared once. */
export function messageReads(database: DatabaseSync): Answers {
  const whose = (at: number): string => `(?${at} IS NULL OR customer_id IN (SELECT value FROM json_each(?${at})))`;
  const where = `(?1 IS NULL OR customer_id = ?1) AND (?2 IS NULL OR channel_id = ?2) AND (?3 IS NULL OR seq < ?3) AND ${whose(5)}`;
  const lists = {
    waiting: database.prepare(
      `SELECT ${LINE} FROM messages WHERE state = 'waiting' AND ${where} ORDER BY seq DESC LIMIT ?4`,
    ),
    dead: database.prepare(`SELECT ${LINE} FROM messages WHERE state = 'dead' AND ${where} ORDER BY seq DESC LIMIT ?4`),
    // By the table's own order, from its end: what was sent is most of it.
    sent: database.prepare(
      `SELECT ${LINE} FROM messages WHERE +state = 'sent' AND ${where} ORDER BY seq DESC LIMIT ?4`,
    ),
  } satisfies Record<MessageState, unknown>;
  const dead = database.prepare(
    `SELECT id FROM messages WHERE state = 'dead' AND (?1 IS NULL OR customer_id = ?1) AND (?2 IS NULL OR channel_id = ?2)
     AND ${whose(3)}`,
  );
  const posted = database.prepare(
    `SELECT channel_id, ts FROM messages WHERE id = ?1 AND ts IS NOT NULL AND ${whose(2)}`,
  );
  const backlogs = database.prepare(
    `SELECT channel_id, customer_id, count(*) AS n, min(created_at) AS at FROM notices WHERE state < 2
     GROUP BY channel_id, customer_id ORDER BY at`,
  );
  return {
    messages: (filter: MessageFilter): Slice<MessageLine> => {
      const { state, customerId, customerIds, channelId, before, limit } = filter;
      const args = [customerId ?? null, channelId ?? null, before ?? null, limit + 1] as const;
      const rows = lists[state].all(...args, jsonOf(customerIds));
      return { items: rows.slice(0, limit).map(lineOf), more: rows.length > limit };
    },
    deadIds: ({ customerId, customerIds, channelId }) =>
      dead.all(customerId ?? null, channelId ?? null, jsonOf(customerIds)).map((row) => String(row["id"])),
    posted: (id, customerIds) => {
      const row = posted.get(id, jsonOf(customerIds));
      return row && { channelId: String(row["channel_id"]), ts: String(row["ts"]) };
    },
    channel: channelReader(database),
    backlogs: () =>
      backlogs.all().map(
        (row): Backlog => ({
          customerId: String(row["customer_id"]),
          channelId: String(row["channel_id"]),
          count: Number(row["n"]),
          oldestAt: timeOf(row["at"]),
        }),
      ),
  };
}

function jsonOf(ids: readonly string[] | undefined): string | null {
  return ids === undefined ? null : JSON.stringify(ids);
}

/** A row of {@link LINE}. */
export function lineOf(row: Row): MessageLine {
  const { ended_at: endedAt, reason, ts } = row;
  return {
    seq: Number(row["seq"]),
    id: String(row["id"]),
    customerId: String(row["customer_id"]),
    channelId: String(row["channel_id"]),
    kind: String(row["kind"]),
    state: String(row["state"]) as MessageState,
    severityRank: Number(row["severity_rank"]),
    counted: Number(row["counted"]),
    text: String(row["text"] ?? ""),
    createdAt: timeOf(row["created_at"]),
    ...(typeof endedAt === "number" ? { endedAt: timeOf(endedAt) } : {}),
    attempts: Number(row["attempts"]),
    ...(typeof reason === "string" ? { reason } : {}),
    isInDoubt: row["in_doubt"] === 1,
    ...(typeof ts === "string" ? { ts } : {}),
  };
}

function channelReader(database: DatabaseSync): Answers["channel"] {
  const roots = database.prepare(
    `SELECT *, substr(body ->> '$.text', 1, 300) AS text FROM messages
     WHERE channel_id = ? AND customer_id = ? AND root_id IS NULL ORDER BY seq DESC LIMIT ?`,
  );
  const replies = database.prepare(
    `SELECT *, substr(body ->> '$.text', 1, 300) AS text FROM messages WHERE root_id = ? ORDER BY seq DESC LIMIT ${MOST_REPLIES}`,
  );
  const count = database.prepare("SELECT count(*) AS n FROM messages WHERE root_id = ?");
  const standsAs = staleRootReader(database);
  const bodyOf = (row: Row): MessageBody => ({ ...lineOf(row), body: String(row["body"]) });
  return (channelId, customerId, limit) =>
    roots.all(channelId, customerId, limit).map((row): Conversation => {
      const id = String(row["id"]);
      const isEdited = Number(row["edits"]) > 0 && (row["kind"] === "burst" || row["face"] !== null);
      return {
        root: bodyOf(row),
        ...(isEdited ? { stands: standsAs(row) } : {}),
        replies: replies.all(id).map(bodyOf).reverse(),
        replyCount: Number(count.get(id)?.["n"]),
      };
    });
}
