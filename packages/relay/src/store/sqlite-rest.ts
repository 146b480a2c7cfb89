/** What else the SQLite store keeps: pauses, quarantine, signs of life; and how much there is. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { timeOf } from "./sqlite-view.ts";
import type { Beat, Deed, Pause, Quarantined, StoreStats } from "./store.ts";

type Row = Record<string, SQLOutputValue>;

export type Rest = {
  readonly audit: (deed: Deed) => void;
  readonly pause: (pause: Pause) => void;
  readonly resume: (channelId: string) => void;
  readonly pauses: () => readonly Pause[];
  readonly quarantined: (limit: number) => readonly Quarantined[];
  readonly beats: () => readonly Beat[];
  readonly stats: () => StoreStats;
  /** @param roomBytes - how much it must be able to write. */
  readonly probe: (now: Date, roomBytes: number) => void;
};

/** Statements prepared once. */
export function sqliteRest(database: DatabaseSync): Rest {
  const pause = database.prepare(
    "INSERT OR REPLACE INTO pauses (channel_id, reason, remedy, paused_at, recheck_at) VALUES (?, ?, ?, ?, ?)",
  );
  const audit = database.prepare("INSERT INTO audit (at, who, action, subject) VALUES (?, ?, ?, ?)");
  const resume = database.prepare("DELETE FROM pauses WHERE channel_id = ?");
  const pauses = database.prepare("SELECT * FROM pauses ORDER BY paused_at");
  const quarantined = database.prepare("SELECT * FROM quarantine ORDER BY id DESC LIMIT ?");
  const beats = database.prepare("SELECT * FROM beats ORDER BY customer_id, account_id, region");
  const probe = database.prepare("INSERT OR REPLACE INTO probe (one, at, room) VALUES (1, ?, zeroblob(?))");
  return {
    audit: ({ at, who, action, subject }) => void audit.run(at.getTime(), who, action, subject),
    pause: (it) => void pause.run(it.channelId, it.reason, it.remedy, it.pausedAt.getTime(), it.recheckAt.getTime()),
    resume: (channelId) => void resume.run(channelId),
    pauses: () => pauses.all().map(pauseOf),
    quarantined: (limit) => quarantined.all(limit).map(quarantinedOf),
    beats: () => beats.all().map(beatOf),
    stats: statsReader(database),
    probe: (now, roomBytes) => void probe.run(now.getTime(), roomBytes),
  };
}

/** Marks a silence or its end. It returns false when it is marked so already. */
export function silenceMarker(
  database: DatabaseSync,
): (beat: Pick<Beat, "customerId" | "accountId" | "region" | "isMissed">) => boolean {
  const miss = database.prepare(
    "UPDATE beats SET is_missed = ?1 WHERE customer_id = ?2 AND account_id = ?3 AND region = ?4 AND is_missed <> ?1",
  );
  return ({ customerId, accountId, region, isMissed }) =>
    miss.run(isMissed ? 1 : 0, customerId, accountId, region).changes > 0;
}

function statsReader(database: DatabaseSync): () => StoreStats {
  const waiting = database.prepare(
    "SELECT customer_id, count(*) AS n FROM notices WHERE state < 2 GROUP BY customer_id",
  );
  const made = database.prepare(
    // What a message only counts is still to be named, so its notices are among those that wait.
    `SELECT customer_id, state, sum(iif(kind IN ('burst', 'more'), 0, counted)) AS findings, count(*) AS n
     FROM messages WHERE state <> 'sent' GROUP BY customer_id, state`,
  );
  const oldestNotice = database.prepare("SELECT min(created_at) AS at FROM notices WHERE state < 2");
  const oldestMessage = database.prepare("SELECT min(created_at) AS at FROM messages WHERE state = 'waiting'");
  const others = database.prepare(
    `SELECT (SELECT count(*) FROM quarantine) AS quarantined, (SELECT count(*) FROM pauses) AS paused,
            (SELECT count(*) FROM findings) AS known`,
  );
  return () => {
    const waitingByCustomer = new Map<string, number>();
    const add = (row: Row, count: SQLOutputValue | undefined): void => {
      const id = String(row["customer_id"]);
      waitingByCustomer.set(id, (waitingByCustomer.get(id) ?? 0) + Number(count));
    };
    for (const row of waiting.all()) add(row, row["n"]);
    const messages = made.all();
    for (const row of messages) if (row["state"] === "waiting") add(row, row["findings"]);
    const dead = messages.filter((row) => row["state"] === "dead");
    const ages = [oldestNotice.get()?.["at"], oldestMessage.get()?.["at"]].filter((at) => typeof at === "number");
    const other = others.get();
    return {
      waitingByCustomer,
      deadByCustomer: new Map(dead.map((row) => [String(row["customer_id"]), Number(row["n"])])),
      oldestWaitingAt: ages.length === 0 ? undefined : new Date(Math.min(...ages)),
      quarantined: Number(other?.["quarantined"]),
      paused: Number(other?.["paused"]),
      known: Number(other?.["known"]),
    };
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

/** A row of `quarantine`. */
export function quarantinedOf(row: Row): Quarantined {
  return {
    id: Number(row["id"]),
    eventId: String(row["event_id"]),
    reason: String(row["reason"]),
    body: String(row["body"]),
    at: timeOf(row["at"]),
  };
}

function beatOf(row: Row): Beat {
  return {
    customerId: String(row["customer_id"]),
    accountId: String(row["account_id"]),
    region: String(row["region"]),
    at: timeOf(row["at"]),
    isMissed: row["is_missed"] === 1,
  };
}
