/** The console's questions in SQL, on a connection that cannot write. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Severity, severityOfRank } from "@shirase/core/finding";
import { SQLITE_FILE } from "../store/sqlite-open.ts";
import { quarantinedOf } from "../store/sqlite-rest.ts";
import { timeOf } from "../store/sqlite-view.ts";
import type { Deed } from "../store/store.ts";
import type { CustomerFigures, OpenCounts, Reads, Since } from "./reads.ts";
import { messageReads } from "./reads-messages.ts";
import { problemReads } from "./reads-problems.ts";
import { storyReads } from "./reads-story.ts";

/** Opens the store's file, which must be there and of this version's shape. */
export function openReads(dataDir: string): Reads {
  const database = new DatabaseSync(join(dataDir, SQLITE_FILE), { readOnly: true });
  database.exec("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000");
  const version = database.prepare("PRAGMA data_version");
  const restless = database.prepare(
    `SELECT customer_id FROM notices WHERE state < 2 UNION SELECT customer_id FROM messages WHERE state = 'waiting'
     UNION SELECT customer_id FROM messages WHERE state = 'dead'`,
  );
  const figures = figuresReader(database);
  const messages = messageReads(database);
  const problems = problemReads(database);
  const stories = storyReads(database);
  const strangers = database.prepare(
    "SELECT id, event_id, reason, at, substr(body, 1, 4000) AS body FROM quarantine ORDER BY id DESC LIMIT ?",
  );
  const deeds = database.prepare("SELECT at, who, action, subject FROM audit ORDER BY seq DESC LIMIT ?");
  return {
    version: async () => Number(version.get()?.["data_version"]),
    figures: async (asked) => asked.map(figures),
    restless: async () => restless.all().map((row) => String(row["customer_id"])),
    messages: async (filter) => messages.messages(filter),
    deadIds: async (filter) => messages.deadIds(filter),
    quarantined: async (limit) => strangers.all(limit).map(quarantinedOf),
    posted: async (...args) => messages.posted(...args),
    problems: async (filter) => problems.problems(filter),
    problem: async (id) => stories.problem(id),
    events: async (...args) => stories.events(...args),
    topCauses: async (...args) => stories.topCauses(...args),
    oldest: async (...args) => stories.oldest(...args),
    warm: async () => problems.warm(),
    tallies: async (...args) => problems.tallies(...args),
    channel: async (...args) => messages.channel(...args),
    backlogs: async () => messages.backlogs(),
    deeds: async (limit) =>
      deeds.all(limit).map((row) => ({
        at: timeOf(row["at"]),
        who: String(row["who"]),
        action: String(row["action"]) as Deed["action"],
        subject: String(row["subject"]),
      })),
    close: async () => database.close(),
  };
}

function figuresReader(database: DatabaseSync): (asked: Since) => CustomerFigures {
  const open = database.prepare(
    "SELECT severity_rank, count(*) AS n FROM findings WHERE customer_id = ? AND standing = 'open' GROUP BY severity_rank",
  );
  // Every rank is named, so that the index leads to the moment.
  const since = database.prepare(
    `SELECT count(*) AS n FROM findings WHERE customer_id = ? AND standing = ? AND severity_rank IN (0, 1, 2, 3, 4)
     AND changed_at >= ?`,
  );
  const waiting = database.prepare(
    "SELECT count(*) AS n, min(created_at) AS at FROM notices WHERE customer_id = ? AND state < 2",
  );
  const messages = database.prepare(
    `SELECT sum(counted) AS findings, count(*) AS n, min(created_at) AS at FROM messages
     WHERE customer_id = ? AND state = 'waiting'`,
  );
  const dead = database.prepare("SELECT count(*) AS n FROM messages WHERE customer_id = ? AND state = 'dead'");
  return ({ customerId, since: from }) => {
    const notices = waiting.get(customerId);
    const made = messages.get(customerId);
    const oldest = [notices?.["at"], made?.["at"]].filter((at) => typeof at === "number");
    const count = (standing: string): number => Number(since.get(customerId, standing, from.getTime())?.["n"]);
    return {
      customerId,
      open: countsOf(open.all(customerId)),
      openedSince: count("open"),
      resolvedSince: count("resolved"),
      waiting: Number(notices?.["n"]) + Number(made?.["findings"] ?? 0),
      ...(oldest.length === 0 ? {} : { oldestWaitingAt: timeOf(Math.min(...oldest)) }),
      dead: Number(dead.get(customerId)?.["n"]),
    };
  };
}

function countsOf(rows: readonly Record<string, unknown>[]): OpenCounts {
  const named = rows.map((row): [Severity, number] => [severityOfRank(Number(row["severity_rank"])), Number(row["n"])]);
  return Object.fromEntries(named);
}
