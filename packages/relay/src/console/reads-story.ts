/** The console's questions about one problem, in SQL: what happened to it, who was told, by which message. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { stepsOf } from "../store/history.ts";
import { timeOf } from "../store/sqlite-view.ts";
import {
  type CauseCount,
  type ChangedBy,
  MOST_NOTICES,
  type NoticeLine,
  type ProblemLine,
  type ProblemStory,
} from "./reads.ts";
import { lineOf } from "./reads-messages.ts";
import { PROBLEM_LINE, problemOf } from "./reads-problems.ts";

type Row = Record<string, SQLOutputValue>;

/** What one problem is asked for. */
export type StoryReads = {
  readonly problem: (id: number) => ProblemStory | undefined;
  readonly events: (customerId: string, since: Date, limit: number) => readonly ChangedBy[];
  readonly topCauses: (customerId: string, since: Date, until: Date, limit: number) => readonly CauseCount[];
  readonly oldest: (customerId: string, limit: number) => readonly ProblemLine[];
};

/** Statements prepared once. */
export function storyReads(database: DatabaseSync): StoryReads {
  const one = database.prepare("SELECT * FROM findings WHERE id = ?");
  const event = database.prepare("SELECT at, body FROM finding_events WHERE finding_id = ?");
  const notices = database.prepare(
    `SELECT n.news AS news, n.channel_id AS told_channel, n.created_at AS decided_at, b.body ->> '$.eventId' AS event_id,
       m.*, substr(m.body ->> '$.text', 1, 300) AS text
     FROM notices n LEFT JOIN notice_bodies b ON b.seq = n.seq LEFT JOIN messages m ON m.id = coalesce(n.message_id, n.burst_id)
     WHERE n.finding_id = ? ORDER BY n.seq DESC LIMIT ${MOST_NOTICES}`,
  );
  const finding = database.prepare(
    `SELECT b.body -> '$.finding' AS finding FROM notices n JOIN notice_bodies b ON b.seq = n.seq
     WHERE n.finding_id = ? ORDER BY n.seq DESC LIMIT 1`,
  );
  // By time from its index's end; a customer with few is looked for among those of the time asked for only.
  const events = database.prepare(
    `SELECT f.id, f.title, e.at, e.body FROM finding_events e CROSS JOIN findings f ON f.id = e.finding_id
     WHERE e.at >= ? AND f.customer_id = ? ORDER BY e.at DESC LIMIT ?`,
  );
  // The key's third part. Counted here, because handing each row over costs more than reading it.
  const causes = database.prepare(
    `WITH first AS (SELECT substr(key, instr(key, '|') + 1) AS rest, title, severity_rank, standing FROM findings
       WHERE customer_id = ? AND opened_at >= ? AND opened_at < ?),
     second AS (SELECT iif(instr(rest, '|') = 0, '', substr(rest, instr(rest, '|') + 1)) AS rest, title, severity_rank, standing
       FROM first)
     SELECT substr(rest, 1, instr(rest || '|', '|') - 1) AS cause, max(title) AS title, max(severity_rank) AS severity_rank,
       count(*) AS n, sum(standing = 'open') AS still_open
     FROM second GROUP BY cause ORDER BY n DESC, cause LIMIT ?`,
  );
  const oldest = database.prepare(
    `SELECT ${PROBLEM_LINE} FROM findings f WHERE f.customer_id = ? AND f.standing = 'open' ORDER BY f.opened_at LIMIT ?`,
  );
  return {
    oldest: (customerId, limit) => oldest.all(customerId, limit).map(problemOf),
    topCauses: (customerId, since, until, limit) =>
      causes.all(customerId, since.getTime(), until.getTime(), limit).map((row) => ({
        cause: String(row["cause"]),
        title: String(row["title"]),
        severityRank: Number(row["severity_rank"]),
        count: Number(row["n"]),
        stillOpen: Number(row["still_open"]),
      })),
    problem: (id) => {
      const row = one.get(id);
      if (!row) return undefined;
      const came = event.get(id);
      const told = finding.get(id)?.["finding"];
      return {
        line: problemOf(row),
        steps: stepsOf(String(row["history"])),
        notices: notices.all(id).map(noticeOf),
        ...(typeof told === "string" ? { finding: told } : {}),
        ...(came ? { event: { at: timeOf(came["at"]), body: String(came["body"]) } } : {}),
        known: String(row["known"]),
      };
    },
    events: (customerId, since, limit) =>
      events.all(since.getTime(), customerId, limit).map((row) => ({
        id: Number(row["id"]),
        title: String(row["title"]),
        at: timeOf(row["at"]),
        body: String(row["body"]),
      })),
  };
}

function noticeOf(row: Row): NoticeLine {
  return {
    eventId: String(row["event_id"] ?? ""),
    news: String(row["news"]),
    channelId: String(row["told_channel"]),
    decidedAt: timeOf(row["decided_at"]),
    ...(row["id"] === null ? {} : { message: lineOf(row) }),
  };
}
