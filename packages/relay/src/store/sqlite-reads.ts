/** What is asked of the SQLite store: rows turned into the store's values. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { DeadLetter, Delivery, Pause, Quarantined, Store, StoreStats, Waiting } from "./store.ts";

type Row = Record<string, SQLOutputValue>;
type Reads = Pick<Store, "waiting" | "next" | "pauses" | "deadLetters" | "quarantined" | "stats">;

/** The store's questions, prepared once. */
export function sqliteReads(database: DatabaseSync): Reads {
  // A loose index scan: one step for each channel that has something waiting, however much that is.
  const channels = database.prepare(`
    WITH RECURSIVE channel (id) AS (
      SELECT min(channel_id) FROM outbox WHERE state = 'waiting'
      UNION ALL
      SELECT (SELECT min(channel_id) FROM outbox WHERE state = 'waiting' AND channel_id > channel.id)
      FROM channel WHERE channel.id IS NOT NULL
    ) SELECT id FROM channel WHERE id IS NOT NULL`);
  const next = database.prepare(
    "SELECT * FROM outbox WHERE state = 'waiting' AND channel_id = ? ORDER BY severity_rank DESC, seq LIMIT 1",
  );
  const nextExcept = database.prepare(
    `SELECT * FROM outbox WHERE state = 'waiting' AND channel_id = ? AND id NOT IN (SELECT value FROM json_each(?))
     ORDER BY severity_rank DESC, seq LIMIT 1`,
  );
  const pauses = database.prepare("SELECT * FROM pauses ORDER BY paused_at");
  const dead = database.prepare(
    "SELECT * FROM outbox WHERE state = 'dead' AND (?1 IS NULL OR channel_id = ?1) ORDER BY seq",
  );
  const quarantined = database.prepare("SELECT * FROM quarantine ORDER BY id DESC LIMIT ?");

  const worstOf = (channelId: string): (Waiting & { readonly seq: number }) | undefined => {
    const row = next.get(channelId);
    if (!row) return undefined;
    const { severity_rank: rank, customer_id: customerId, seq } = row;
    return { channelId, severityRank: Number(rank), customerId: String(customerId), seq: Number(seq) };
  };
  return {
    waiting: () =>
      channels
        .all()
        .flatMap((row) => worstOf(String(row["id"])) ?? [])
        .sort((a, b) => b.severityRank - a.severityRank || a.seq - b.seq),
    next: (channelId, except = []) => {
      const row = except.length === 0 ? next.get(channelId) : nextExcept.get(channelId, JSON.stringify(except));
      return row ? deliveryOf(row) : undefined;
    },
    pauses: () => pauses.all().map(pauseOf),
    deadLetters: (channelId) => dead.all(channelId ?? null).map(deadLetterOf),
    quarantined: (limit) => quarantined.all(limit).map(quarantinedOf),
    stats: statsReader(database),
  };
}

function statsReader(database: DatabaseSync): () => StoreStats {
  const counts = database.prepare(
    "SELECT customer_id, state, count(*) AS n FROM outbox WHERE state <> 'sent' GROUP BY customer_id, state",
  );
  const oldest = database.prepare("SELECT min(created_at) AS at FROM outbox WHERE state = 'waiting'");
  const others = database.prepare(
    "SELECT (SELECT count(*) FROM quarantine) AS quarantined, (SELECT count(*) FROM pauses) AS paused",
  );
  return () => {
    const rows = counts.all();
    const of = (state: string): ReadonlyMap<string, number> =>
      new Map(
        rows.filter((row) => row["state"] === state).map((row) => [String(row["customer_id"]), Number(row["n"])]),
      );
    const at = oldest.get()?.["at"];
    const other = others.get();
    return {
      waitingByCustomer: of("waiting"),
      deadByCustomer: of("dead"),
      oldestWaitingAt: typeof at === "number" ? new Date(at) : undefined,
      quarantined: Number(other?.["quarantined"]),
      paused: Number(other?.["paused"]),
    };
  };
}

function deliveryOf(row: Row): Delivery {
  const { first_tried_at: firstTriedAt } = row;
  return {
    id: String(row["id"]),
    customerId: String(row["customer_id"]),
    channelId: String(row["channel_id"]),
    severityRank: Number(row["severity_rank"]),
    message: String(row["message"]),
    createdAt: timeOf(row["created_at"]),
    attempts: Number(row["attempts"]),
    firstTriedAt: firstTriedAt === null ? undefined : timeOf(firstTriedAt),
  };
}

function deadLetterOf(row: Row): DeadLetter {
  return {
    id: String(row["id"]),
    customerId: String(row["customer_id"]),
    channelId: String(row["channel_id"]),
    reason: String(row["reason"]),
    createdAt: timeOf(row["created_at"]),
    diedAt: timeOf(row["ended_at"]),
  };
}

function pauseOf(row: Row): Pause {
  return {
    channelId: String(row["channel_id"]),
    reason: String(row["reason"]),
    remedy: String(row["remedy"]),
    pausedAt: timeOf(row["paused_at"]),
    recheckAt: timeOf(row["recheck_at"]),
  };
}

function quarantinedOf(row: Row): Quarantined {
  return {
    id: Number(row["id"]),
    eventId: String(row["event_id"]),
    reason: String(row["reason"]),
    body: String(row["body"]),
    at: timeOf(row["at"]),
  };
}

function timeOf(value: SQLOutputValue | undefined): Date {
  return new Date(Number(value));
}
