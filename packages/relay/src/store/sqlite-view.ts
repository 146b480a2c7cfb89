/** What there is to do and to tell: rows turned into the views that deliver and compose work with. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import {
  type CardState,
  type CauseTally,
  type ChannelView,
  MOST_MEMBERS,
  type OpenBurst,
  type Pending,
  type Root,
  type StaleRoot,
  type Standings,
  VIEW,
} from "@shirase/core/channel-view";
import { type Resource, type Severity, severityOfRank } from "@shirase/core/finding";
import type { Known, Standing } from "@shirase/core/observe";
import type { ToldNews } from "@shirase/core/route";
import { findingFrom, noticeFrom } from "./finding-json.ts";
import { BURST_GOES_ON_MS, CARD_LIVES_MS, CARD_QUIET_MS } from "./lives-for.ts";
import type { Waiting } from "./store.ts";

type Row = Record<string, SQLOutputValue>;
type Views = {
  readonly waiting: () => readonly Waiting[];
  readonly view: (channelId: string, customerId: string, now: Date) => ChannelView;
  readonly staleRoots: (now: Date, limit: number) => readonly StaleRoot[];
  readonly nextStaleAt: () => Date | undefined;
};

/** The views, their statements prepared once. */
export function sqliteViews(database: DatabaseSync): Views {
  return { waiting: waitingReader(database), view: viewReader(database), ...staleReader(database) };
}

function waitingReader(database: DatabaseSync): Views["waiting"] {
  // A step for each channel and customer with something waiting, however much that is.
  const nextChannel = database.prepare(
    `SELECT channel_id, customer_id FROM notices WHERE state < 2 AND channel_id > ?
     ORDER BY channel_id, customer_id LIMIT 1`,
  );
  const nextCustomer = database.prepare(
    `SELECT channel_id, customer_id FROM notices WHERE state < 2 AND channel_id = ? AND customer_id > ?
     ORDER BY customer_id LIMIT 1`,
  );
  const places = (): readonly Row[] => {
    const found: Row[] = [];
    for (let row = nextChannel.get(""); row; ) {
      found.push(row);
      const { channel_id: channelId = "", customer_id: customerId = "" } = row;
      row = nextCustomer.get(channelId, customerId) ?? nextChannel.get(channelId);
    }
    return found;
  };
  const worst = database.prepare(
    `SELECT severity_rank, created_at FROM notices
     WHERE channel_id = ? AND customer_id = ? AND state = ? AND state < 2 ORDER BY severity_rank DESC, seq LIMIT 1`,
  );
  const messages = database.prepare(
    `SELECT channel_id, customer_id, max(severity_rank) AS severity_rank, min(created_at) AS created_at
     FROM messages WHERE state = 'waiting' GROUP BY channel_id, customer_id`,
  );
  const waitingOf = (row: Row, channelId: string, customerId: string, stage: Waiting["stage"]): Waiting => {
    return {
      channelId,
      customerId,
      stage,
      severityRank: Number(row["severity_rank"]),
      oldestAt: timeOf(row["created_at"]),
    };
  };
  return () => {
    const made = messages
      .all()
      .map((row) => waitingOf(row, String(row["channel_id"]), String(row["customer_id"]), "message"));
    const told = places().flatMap((row) => {
      const channelId = String(row["channel_id"]);
      const customerId = String(row["customer_id"]);
      const due = worst.get(channelId, customerId, 0);
      const counted = due ? undefined : worst.get(channelId, customerId, 1);
      if (due) return [waitingOf(due, channelId, customerId, "notices")];
      return counted ? [waitingOf(counted, channelId, customerId, "names")] : [];
    });
    return [...made, ...told];
  };
}

/** What {@link pendingOf} reads. */
const PENDING =
  "n.seq, n.severity_rank, n.created_at, n.customer_id, n.channel_id, n.cause_key, n.news, b.body, f.told_in";

function viewReader(database: DatabaseSync): Views["view"] {
  // SQLite uses a partial index only for a query that repeats its condition.
  const where = "n.channel_id = ? AND n.customer_id = ? AND n.state = 0 AND n.state < 2";
  const pending = database.prepare(
    `SELECT ${PENDING}, r.id AS root_under_way FROM notices n JOIN notice_bodies b ON b.seq = n.seq
     LEFT JOIN findings f ON f.id = n.finding_id
     LEFT JOIN messages r ON r.id = f.told_in AND r.channel_id = n.channel_id AND r.state = 'waiting'
     WHERE ${where} ORDER BY n.severity_rank DESC, n.seq LIMIT ${VIEW.pending}`,
  );
  const totals = database.prepare(
    `SELECT count(*) AS n, max(n.seq) AS last_seq, max(n.created_at) AS newest_at FROM notices n WHERE ${where}`,
  );
  const tally = database.prepare(
    `SELECT cause_key, news, severity_rank, min(title) AS title, min(control_id) AS control_id, count(*) AS n
     FROM notices n WHERE ${where} GROUP BY cause_key, news, severity_rank`,
  );
  const root = database.prepare("SELECT * FROM messages WHERE id = ? AND channel_id = ? AND state = 'sent'");
  const card = database.prepare(
    `SELECT * FROM messages m WHERE channel_id = ? AND customer_id = ? AND cause_key = ? AND state = 'sent'
       AND created_at > ? AND (touched_at > ? OR EXISTS (SELECT 1 FROM findings WHERE told_in = m.id AND standing = 'open'))
     ORDER BY seq DESC LIMIT 1`,
  );
  const burst = burstReader(database);
  return (channelId, customerId, now) => {
    const open = burst(channelId, customerId, now);
    const total = totals.get(channelId, customerId);
    const pendingCount = Number(total?.["n"]);
    const rows = pendingCount === 0 ? [] : pending.all(channelId, customerId).map(pendingOf);
    const rootIds = [...new Set(rows.flatMap(({ rootId }) => rootId ?? []))];
    const causes = [...new Set(rows.map(({ notice }) => notice.causeKey))];
    const ms = now.getTime();
    const isFew = pendingCount <= rows.length;
    return {
      pending: rows,
      pendingCount,
      lastSeq: Number(total?.["last_seq"] ?? 0),
      ...(pendingCount > 0 ? { newestAt: timeOf(total?.["newest_at"]) } : {}),
      tally: pendingCount > 0 ? tally.all(channelId, customerId).map(tallyOf) : [],
      ...(open ? { burst: open } : {}),
      roots: isFew ? rootsOf(rootIds, (id) => root.get(id, channelId)) : new Map(),
      liveCards: isFew
        ? rootsOf(causes, (cause) => card.get(channelId, customerId, cause, ms - CARD_LIVES_MS, ms - CARD_QUIET_MS))
        : new Map(),
    };
  };
}

function rootsOf(names: readonly string[], find: (name: string) => Row | undefined): ReadonlyMap<string, Root> {
  return new Map(
    names.flatMap((name): readonly (readonly [string, Root])[] => {
      const row = find(name);
      return row ? [[name, rootOf(row)]] : [];
    }),
  );
}

function burstReader(
  database: DatabaseSync,
): (channelId: string, customerId: string, now: Date) => OpenBurst | undefined {
  // One that was counted and is to be named goes first, or a newer burst would leave it nameless.
  const unnamed = database.prepare(
    `SELECT m.* FROM notices n JOIN messages m ON m.id = n.burst_id
     WHERE n.channel_id = ? AND n.customer_id = ? AND n.state = 1 AND n.state < 2 AND m.state = 'sent'
     ORDER BY n.severity_rank DESC, n.seq LIMIT 1`,
  );
  const last = database.prepare(
    `SELECT * FROM messages WHERE channel_id = ? AND customer_id = ? AND kind = 'burst' AND state = 'sent'
     ORDER BY seq DESC LIMIT 1`,
  );
  const left = database.prepare(
    "SELECT count(*) AS n, min(created_at) AS oldest_at FROM notices WHERE burst_id = ? AND state = 1",
  );
  const toName = database.prepare(
    `SELECT ${PENDING} FROM notices n JOIN notice_bodies b ON b.seq = n.seq
     LEFT JOIN findings f ON f.id = n.finding_id
     WHERE n.burst_id = ? AND n.state = 1 ORDER BY n.severity_rank DESC, n.cause_key, n.news, n.seq LIMIT ${VIEW.toName}`,
  );
  return (channelId, customerId, now) => {
    const row = unnamed.get(channelId, customerId) ?? last.get(channelId, customerId);
    if (row === undefined) return undefined;
    const id = String(row["id"]);
    const counted = left.get(id);
    const leftCount = Number(counted?.["n"]);
    const countedAt = timeOf(row["counted_at"]);
    if (leftCount === 0 && now.getTime() - countedAt.getTime() >= BURST_GOES_ON_MS) return undefined;
    return {
      root: rootOf(row),
      countedAt,
      left: leftCount,
      toName: leftCount === 0 ? [] : toName.all(id).map(pendingOf),
      ...(leftCount === 0 ? {} : { oldestAt: timeOf(counted?.["oldest_at"]) }),
    };
  };
}

function staleReader(database: DatabaseSync): Pick<Views, "staleRoots" | "nextStaleAt"> {
  const due = database.prepare(
    "SELECT * FROM messages WHERE edit_due_at <= ? AND state = 'sent' ORDER BY edit_due_at LIMIT ?",
  );
  const next = database.prepare(
    "SELECT edit_due_at AS at FROM messages WHERE edit_due_at IS NOT NULL AND state = 'sent' ORDER BY edit_due_at LIMIT 1",
  );
  const rootIn = staleRootReader(database);
  return {
    staleRoots: (now, limit) => due.all(now.getTime(), limit).map(rootIn),
    nextStaleAt: () => {
      const at = next.get()?.["at"];
      return typeof at === "number" ? timeOf(at) : undefined;
    },
  };
}

/** Reads how a root message's problems stand by now, out of its row. */
export function staleRootReader(database: DatabaseSync): (row: Row) => StaleRoot {
  const standings = database.prepare(
    "SELECT standing, severity_rank, count(*) AS n FROM findings WHERE told_in = ? GROUP BY standing, severity_rank",
  );
  const members = database.prepare(
    `SELECT resource, standing, severity_rank FROM findings WHERE told_in = ?
     ORDER BY standing = 'open' DESC, severity_rank DESC, changed_at DESC LIMIT ${MOST_MEMBERS}`,
  );
  const times = database.prepare(
    `SELECT min(opened_at) AS opened_at, max(changed_at) AS ended_at
     FROM findings WHERE told_in = ?`,
  );
  const tally = database.prepare(
    `SELECT cause_key, news, severity_rank, min(title) AS title, min(control_id) AS control_id, count(*) AS n
     FROM notices WHERE burst_id = ? GROUP BY cause_key, news, severity_rank`,
  );
  const stateOf = (id: string): CardState => {
    const stands = standingsOf(standings.all(id));
    const time = times.get(id);
    const isOver = Object.keys(stands.open).length === 0;
    return {
      standings: stands,
      members: members.all(id).flatMap(memberOf),
      openedAt: timeOf(time?.["opened_at"]),
      ...(isOver ? { endedAt: timeOf(time?.["ended_at"]) } : {}),
    };
  };
  return (row) => {
    const id = String(row["id"]);
    const base = {
      id,
      ts: String(row["ts"]),
      channelId: String(row["channel_id"]),
      customerId: String(row["customer_id"]),
      dueAt: timeOf(row["edit_due_at"]),
    };
    if (row["kind"] === "burst") {
      const counted = tally.all(id).map(tallyOf);
      return { ...base, kind: "burst", tally: counted, standings: standingsOf(standings.all(id)) };
    }
    return { ...base, kind: "card", face: findingFrom(String(row["face"])), state: stateOf(id) };
  };
}

function standingsOf(rows: readonly Row[]): Standings {
  const open: Partial<Record<Severity, number>> = {};
  let resolved = 0;
  let suppressed = 0;
  for (const row of rows) {
    const count = Number(row["n"]);
    const standing = String(row["standing"]) as Known["standing"];
    if (standing === "resolved") resolved += count;
    else if (standing === "suppressed") suppressed += count;
    else {
      // A record that was put away says nothing about its problem: it stands as it was told, open.
      const severity = severityOf(row);
      open[severity] = (open[severity] ?? 0) + count;
    }
  }
  return { open, resolved, suppressed };
}

function memberOf(row: Row): CardState["members"] {
  const resource = JSON.parse(String(row["resource"])) as Resource | null;
  return resource ? [{ resource, standing: String(row["standing"]) as Standing, severity: severityOf(row) }] : [];
}

function pendingOf(row: Row): Pending {
  const rootId = row["told_in"];
  const notice = noticeFrom(String(row["body"]), {
    customerId: String(row["customer_id"]),
    channelId: String(row["channel_id"]),
    causeKey: String(row["cause_key"]),
    news: String(row["news"]) as ToldNews,
    severity: severityOf(row),
    decidedAt: timeOf(row["created_at"]),
  });
  const isRootUnderWay = typeof row["root_under_way"] === "string";
  return {
    seq: Number(row["seq"]),
    notice,
    ...(typeof rootId === "string" ? { rootId } : {}),
    ...(isRootUnderWay ? { isRootUnderWay } : {}),
  };
}

function tallyOf(row: Row): CauseTally {
  const controlId = row["control_id"];
  return {
    causeKey: String(row["cause_key"]),
    title: String(row["title"]),
    ...(typeof controlId === "string" ? { controlId } : {}),
    news: String(row["news"]) as ToldNews,
    severity: severityOf(row),
    count: Number(row["n"]),
  };
}

function rootOf(row: Row): Root {
  return {
    id: String(row["id"]),
    kind: row["kind"] === "burst" ? "burst" : "card",
    ts: String(row["ts"]),
    postedAt: timeOf(row["created_at"]),
    touchedAt: timeOf(row["touched_at"]),
    severity: severityOf(row),
  };
}

function severityOf(row: Row): Severity {
  return severityOfRank(Number(row["severity_rank"]));
}

export function timeOf(value: SQLOutputValue | undefined): Date {
  return new Date(Number(value));
}
