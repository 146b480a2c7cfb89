/** The transaction in which an event becomes memory and notices: look up, decide (pure), write. */
import type { DatabaseSync } from "node:sqlite";
import { decideOne, type HeardEvent, isAlone, type Notice, type Verdict } from "@shirase/core/decide";
import { severityRank } from "@shirase/core/finding";
import { type Known, standsAs } from "@shirase/core/observe";
import type { HeardWithBody, Told } from "./store.ts";

/** Rows of one event, written within a transaction that somebody else opened. */
export type Teller = (event: HeardWithBody, now: Date) => Told;

/** The first edit of a root after something changed: soon, and then less and less often. */
const EDIT_AFTER_MS = [10_000, 60_000, 300_000] as const;
const DAY_MS = 24 * 3_600_000;

/** Statements prepared once. */
export function teller(database: DatabaseSync): Teller {
  const see = database.prepare("INSERT OR IGNORE INTO events (customer_id, event_id, seen_at) VALUES (?, ?, ?)");
  const isolate = quarantiner(database);
  const remember = rememberer(database);
  const beat = database.prepare(
    `INSERT INTO beats (customer_id, account_id, region, at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT DO UPDATE SET at = max(at, ?4)`,
  );
  return ({ heard, body }, now) => {
    const customerId = "quarantine" in heard ? "" : heard.customerId;
    if (see.run(customerId, heard.eventId, now.getTime()).changes === 0) return { isNew: false, verdicts: [] };
    if ("quarantine" in heard) {
      isolate(heard.eventId, heard.quarantine, body(), now);
      return { isNew: true, verdicts: [] };
    }
    const { heartbeat } = heard;
    // By our own clock: a customer's cannot make it look alive for ever.
    if (heartbeat) beat.run(customerId, heartbeat.accountId, heartbeat.region, now.getTime());
    const verdicts = heard.findings.map((one) => remember(heard, one, now));
    const foreign = verdicts.find(({ quarantine }) => quarantine !== undefined)?.quarantine;
    if (foreign !== undefined) isolate(heard.eventId, foreign, body(), now);
    return { isNew: true, verdicts };
  };
}

/** Writes into quarantine. */
export function quarantiner(database: DatabaseSync): (id: string, reason: string, body: string, now: Date) => void {
  const put = database.prepare("INSERT INTO quarantine (event_id, reason, body, at) VALUES (?, ?, ?, ?)");
  return (id, reason, body, now) => void put.run(id, reason, body, now.getTime());
}

type Remember = (event: HeardEvent, one: HeardEvent["findings"][number], now: Date) => Verdict;

function rememberer(database: DatabaseSync): Remember {
  const look = database.prepare("SELECT known, told_in, seen_day FROM findings WHERE customer_id = ? AND key = ?");
  const put = database.prepare(
    `INSERT INTO findings (customer_id, key, standing, severity_rank, seen_day, changed_at, known, resource)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET standing = excluded.standing, severity_rank = excluded.severity_rank,
       seen_day = excluded.seen_day, changed_at = excluded.changed_at, known = excluded.known,
       resource = excluded.resource`,
  );
  const saw = database.prepare("UPDATE findings SET seen_day = ? WHERE customer_id = ? AND key = ?");
  const notify = noticeWriter(database);
  const stale = staleMarker(database);
  return (event, one, now) => {
    const { customerId } = event;
    const { finding } = one;
    const row = look.get(customerId, finding.key);
    const known = row ? (JSON.parse(String(row["known"])) as Known) : undefined;
    const verdict = decideOne(event, one, known, now);
    const after = verdict.known;
    const day = Math.floor(now.getTime() / DAY_MS);
    if (after && after !== known) {
      const rank = severityRank(after.severity);
      const resource = JSON.stringify(finding.resources[0] ?? null);
      put.run(customerId, finding.key, standsAs(after), rank, day, after.changedAt, JSON.stringify(after), resource);
      const root = row?.["told_in"];
      if (typeof root === "string" && looksOther(known, after)) stale(root, now);
    } else if (row && row["seen_day"] !== day) saw.run(day, customerId, finding.key);
    for (const notice of verdict.notices) notify(notice);
    return verdict;
  };
}

/** Would a root that tells of it look otherwise? */
function looksOther(before: Known | undefined, after: Known): boolean {
  return !before || standsAs(before) !== standsAs(after) || before.severity !== after.severity;
}

function noticeWriter(database: DatabaseSync): (notice: Notice) => void {
  const put = database.prepare(
    `INSERT INTO notices (customer_id, channel_id, key, cause_key, news, severity_rank, control_id, title, body, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (notice) => {
    const { customerId, channelId, causeKey, news, severity, finding, decidedAt } = notice;
    // What is told alone is joined with nothing, least of all with a finding that has the same key.
    const key = isAlone(notice) ? causeKey : notice.key;
    const rank = severityRank(severity);
    const body = JSON.stringify(notice);
    const { controlId = null, title } = finding;
    put.run(customerId, channelId, key, causeKey, news, rank, controlId, title, body, decidedAt.getTime());
  };
}

/** SQL for when a root that is out of date is edited: soon at first, and then less and less often. @param now - SQL. */
export function nextEditAt(now: string): string {
  const [first, second, later] = EDIT_AFTER_MS;
  return `${now} + CASE edits WHEN 0 THEN ${first} WHEN 1 THEN ${second} ELSE ${later} END`;
}

/**
 * Marks a root as out of date. One that is due already may be in the hands of the editor, who read how things stood
 * before this: its time moves by a millisecond, so that the editor's `edited` does not count for this change.
 */
export function staleMarker(database: DatabaseSync): (rootId: string, now: Date) => void {
  const mark = database.prepare(
    `UPDATE messages SET edit_due_at = CASE WHEN edit_due_at IS NULL THEN ${nextEditAt("?1")} ELSE edit_due_at + 1 END
     WHERE id = ?2 AND (edit_due_at IS NULL OR edit_due_at <= ?1) AND kind IN ('card', 'burst')`,
  );
  return (rootId, now) => void mark.run(now.getTime(), rootId);
}
