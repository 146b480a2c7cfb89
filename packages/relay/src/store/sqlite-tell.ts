/** The transaction in which an event becomes memory and notices: look up, decide (pure), write. */
import type { DatabaseSync } from "node:sqlite";
import { decideOne, type HeardEvent, isAlone, type Notice, type Verdict } from "@shirase/core/decide";
import { type Finding, severityRank } from "@shirase/core/finding";
import { type Known, standsAs } from "@shirase/core/observe";
import { silencedBy } from "@shirase/core/silence";
import { EDIT_AFTER_MS } from "./edit-after.ts";
import { hashOf } from "./hash.ts";
import { withStep } from "./history.ts";
import { silencedWriter } from "./sqlite-silences.ts";
import { tallier } from "./sqlite-tally.ts";
import type { ChangingEvent, HeardWithBody, Told } from "./store.ts";
import { looksOther, toldOf, whyOf } from "./verdict.ts";

/** An event to tell; `json`: each of its findings as text already, when somebody made it. */
export type ToTell = HeardWithBody & { readonly json?: readonly string[] };

/** Rows of one event, written within a transaction that somebody else opened. */
export type Teller = (event: ToTell, now: Date) => Told;

const DAY_MS = 24 * 3_600_000;

/** Statements prepared once. */
export function teller(database: DatabaseSync): Teller {
  const see = eventWriter(database);
  const isolate = quarantiner(database);
  const remember = rememberer(database);
  const beat = database.prepare(
    `INSERT INTO beats (customer_id, account_id, region, at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT DO UPDATE SET at = max(at, ?4)`,
  );
  return ({ heard, body, json }, now) => {
    const customerId = "quarantine" in heard ? "" : heard.customerId;
    if (!see(customerId, heard.eventId, now)) return { isNew: false, findings: [] };
    if ("quarantine" in heard) {
      isolate(heard.eventId, heard.quarantine, body(), now);
      return { isNew: true, findings: [] };
    }
    const { heartbeat } = heard;
    // By our own clock: a customer's cannot make it look alive for ever.
    if (heartbeat) beat.run(customerId, heartbeat.accountId, heartbeat.region, now.getTime());
    const verdicts = heard.findings.map((one, index) => remember(heard, one, now, json?.[index]));
    const foreign = verdicts.find(({ quarantine }) => quarantine !== undefined)?.quarantine;
    if (foreign !== undefined) isolate(heard.eventId, foreign, body(), now);
    return { isNew: true, findings: verdicts.map(toldOf) };
  };
}

/** Keeps the event that changed a problem, beside it. */
export function eventKeeper(database: DatabaseSync): (event: ChangingEvent, now: Date) => void {
  const put = database.prepare(
    `INSERT OR REPLACE INTO finding_events (finding_id, at, body)
     SELECT id, ?4, ?5 FROM findings WHERE key_hash = ?1 AND key = ?2 AND customer_id = ?3`,
  );
  return ({ customerId, key, body }, now) =>
    void put.run(hashOf(customerId, key), key, customerId, now.getTime(), body);
}

/** Keeps an event's id. @returns false when it is there already. */
export function eventWriter(database: DatabaseSync): (customerId: string, eventId: string, now: Date) => boolean {
  const look = database.prepare("SELECT 1 FROM events WHERE id_hash = ? AND event_id = ? AND customer_id = ?");
  const put = database.prepare("INSERT INTO events (id_hash, seen_at, customer_id, event_id) VALUES (?, ?, ?, ?)");
  return (customerId, eventId, now) => {
    const hash = hashOf(customerId, eventId);
    if (look.get(hash, eventId, customerId) !== undefined) return false;
    put.run(hash, now.getTime(), customerId, eventId);
    return true;
  };
}

/** Writes into quarantine. */
export function quarantiner(database: DatabaseSync): (id: string, reason: string, body: string, now: Date) => void {
  const put = database.prepare("INSERT INTO quarantine (event_id, reason, body, at) VALUES (?, ?, ?, ?)");
  return (id, reason, body, now) => void put.run(id, reason, body, now.getTime());
}

type Remember = (
  event: HeardEvent,
  one: HeardEvent["findings"][number],
  now: Date,
  json: string | undefined,
) => Verdict;

function rememberer(database: DatabaseSync): Remember {
  const look = database.prepare(
    "SELECT id, known, told_in, seen_day, history FROM findings WHERE key_hash = ? AND key = ? AND customer_id = ?",
  );
  const put = findingWriter(database);
  const saw = database.prepare("UPDATE findings SET seen_day = ? WHERE id = ?");
  const notify = noticeWriter(database);
  const stale = staleMarker(database);
  const tally = tallier(database);
  const silenced = silencedWriter(database);
  return (event, one, now, json) => {
    const { customerId } = event;
    const { finding } = one;
    const hash = hashOf(customerId, finding.key);
    const row = look.get(hash, finding.key, customerId);
    const known = row ? (JSON.parse(String(row["known"])) as Known) : undefined;
    const verdict = decideOne(event, one, known, now);
    const day = Math.floor(now.getTime() / DAY_MS);
    const rowId = row === undefined ? undefined : Number(row["id"]);
    const history = (after: Known): string =>
      withStep(String(row?.["history"] ?? ""), {
        at: now,
        news: verdict.news ?? "noted",
        severityRank: severityRank(after.severity),
        eventId: event.eventId,
        told: verdict.notices.length,
        said: whyOf(verdict),
      });
    const remember = (after: Known): number => {
      const root = row?.["told_in"];
      if (typeof root === "string" && looksOther(known, after)) stale(root, now);
      tally(customerId, known !== undefined && standsAs(known) === "open", after, now);
      return put({ id: rowId, hash, day, customerId, finding, known, after, history: history(after) });
    };
    const after = verdict.known;
    const isNews = after !== undefined && after !== known;
    const id = isNews ? remember(after) : rowId;
    if (!isNews && rowId !== undefined && row?.["seen_day"] !== day) saw.run(day, rowId);
    for (const notice of verdict.notices) notify(notice, id, json);
    const silence = silencedBy(verdict.reasons);
    if (silence !== undefined) silenced(silence, finding.key, now);
    return verdict;
  };
}

type ToRemember = {
  /** Its row, when it has one. */
  readonly id: number | undefined;
  readonly hash: number;
  readonly day: number;
  readonly customerId: string;
  readonly finding: Finding;
  readonly known: Known | undefined;
  readonly after: Known;
  readonly history: string;
};

/** @returns the row's id. */
function findingWriter(database: DatabaseSync): (it: ToRemember) => number {
  const insert = database.prepare(
    `INSERT INTO findings (key_hash, seen_day, standing, severity_rank, opened_at, changed_at, customer_id, key, known, resource,
                           title, history)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    `UPDATE findings SET seen_day = ?, standing = ?, severity_rank = ?, opened_at = ?, changed_at = ?, known = ?, resource = ?,
       title = ?, history = ?
     WHERE id = ?`,
  );
  // Most tellings say the same again: no index need be looked at, let alone written.
  const renew = database.prepare("UPDATE findings SET seen_day = ?, known = ?, history = ? WHERE id = ?");
  return ({ id, hash, day, customerId, finding, known, after, history }) => {
    const json = JSON.stringify(after);
    if (id !== undefined && !looksOther(known, after) && known?.openedAt === after.openedAt) {
      renew.run(day, json, history, id);
      return id;
    }
    const { severity, openedAt, changedAt } = after;
    const standing = standsAs(after);
    const rank = severityRank(severity);
    const resource = JSON.stringify(finding.resources[0] ?? null);
    const { key, title } = finding;
    const stands = [standing, rank, openedAt, changedAt] as const;
    const words = [json, resource, title, history] as const;
    if (id === undefined) return Number(insert.run(hash, day, ...stands, customerId, key, ...words).lastInsertRowid);
    update.run(day, ...stands, ...words, id);
    return id;
  };
}

function noticeWriter(
  database: DatabaseSync,
): (notice: Notice, findingId: number | undefined, findingJson: string | undefined) => void {
  const put = database.prepare(
    `INSERT INTO notices (severity_rank, created_at, finding_id, customer_id, channel_id, cause_key, news, control_id, title)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const putBody = database.prepare("INSERT INTO notice_bodies (seq, body) VALUES (?, ?)");
  return (notice, findingId, findingJson = JSON.stringify(notice.finding)) => {
    const { customerId, channelId, causeKey, news, severity, severityBefore, openedAt, eventId, decidedAt } = notice;
    const { controlId = null, title } = notice.finding;
    // What is told alone is joined with nothing, least of all with a finding that has the same key.
    const about = isAlone(notice) ? null : (findingId ?? null);
    const at = decidedAt.getTime();
    const row = [severityRank(severity), at, about, customerId, channelId, causeKey, news, controlId, title] as const;
    // What the row says is not said again: two bodies fit a page then, and an event writes that much less.
    const rest = JSON.stringify({ severityBefore, openedAt, eventId });
    putBody.run(put.run(...row).lastInsertRowid, `${rest.slice(0, -1)},"finding":${findingJson}}`);
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
