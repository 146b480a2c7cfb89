/**
 * Keeps the console's file as the table is. It follows the journal (dynamodb-journal.ts), looks after the messages that it
 * knows of, and reads the counters of what waits. It looks when somebody asks and it has not looked for a while; nobody
 * looks, nothing is asked of AWS.
 */

import { type Entry, entryFrom } from "../store/dynamodb-journal.ts";
import { journalPartitions, keyOf, orderAt } from "../store/dynamodb-keys.ts";
import type { Item, Key, Table } from "../store/dynamodb-table.ts";
import { readHeads } from "../store/dynamodb-view.ts";
import { KEPT_FOR } from "../store/kept-for.ts";
import { type Eventless, type MirrorFile, openMirrorFile } from "./mirror-file.ts";
import { mirroredFrom } from "./mirror-messages.ts";
import type { Backlog } from "./reads.ts";

/** What is mirrored, into which folder. */
export type MirrorParts = {
  readonly table: Table;
  readonly tableName: string;
  readonly dataDir: string;
  readonly now: () => Date;
  /** A look that nobody waited for failed. */
  readonly onFault: (error: unknown) => void;
};

/** A notice that waits. */
export type Untold = { readonly channelId: string; readonly news: string; readonly at: Date };

/** A mirror that is up to date within a few seconds while somebody asks. */
export type Mirror = {
  /** Resolves when what is in the file is not older than {@link OLDEST_MS}. @throws what DynamoDB refuses. */
  readonly fresh: () => Promise<void>;
  /** Looks now. @throws what DynamoDB refuses. */
  readonly refresh: () => Promise<void>;
  /** What no message tells yet, at the last look. */
  readonly backlogs: () => readonly Backlog[];
  /** How often something else than the file changed. */
  readonly changes: () => number;
  /** Fetches the newest events of problems that changed since then. */
  readonly fetchEvents: (customerId: string, since: Date, limit: number) => Promise<void>;
  readonly fetchEvent: (id: number) => Promise<void>;
  /** Notices about a problem that no message tells yet. */
  readonly untold: (id: number, customerId: string) => Promise<readonly Untold[]>;
  readonly close: () => Promise<void>;
};

/** How old what is shown may be while looking again is under way. */
const OLDEST_MS = 30_000;
const LOOK_EVERY_MS = 5000;
/** Entries may come this late: their time is when their writer began, and writers' clocks differ. */
const LATE_MS = 3 * 60_000;
const PAGE = 1000;

/**
 * Opens the file and brings it up to date; the first time that reads all of the journal.
 *
 * @throws DataDirError; and what DynamoDB refuses.
 */
export async function openMirror(parts: MirrorParts): Promise<Mirror> {
  const { table, now, onFault } = parts;
  const file = openMirrorFile(parts.dataDir, parts.tableName);
  let backlogs: readonly Backlog[] = [];
  let changes = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const began = now();
    await follow(table, file, began);
    const waiting = await readBacklogs(table);
    if (JSON.stringify(waiting) !== JSON.stringify(backlogs)) changes += 1;
    backlogs = waiting;
    lookedAt = began.getTime();
  };
  const refresh = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const fetch = async (problems: readonly Eventless[]): Promise<void> => {
    if (problems.length > 0) file.putEvents(problems, await eventsOf(table, problems), now());
  };
  await refresh().catch((error: unknown) => {
    file.close();
    throw error;
  });
  return {
    refresh: async () => {
      // One that is under way may have passed what was written meanwhile.
      await looking?.catch(() => undefined);
      await refresh();
    },
    fresh: async () => {
      const age = now().getTime() - lookedAt;
      if (age < LOOK_EVERY_MS) return;
      const next = refresh();
      if (age < OLDEST_MS) void next.catch(onFault);
      else await next;
    },
    backlogs: () => backlogs,
    changes: () => changes,
    fetchEvents: async (...asked) => fetch(file.eventless(...asked)),
    fetchEvent: async (id) => {
      const one = file.eventlessOne(id);
      await fetch(one ? [one] : []);
    },
    untold: async (id, customerId) => {
      const hash = file.hashOf(id);
      const found = await Promise.all(
        backlogs
          .filter((one) => hash !== undefined && one.customerId === customerId)
          .map(async ({ channelId }) =>
            (await table.query(keyOf.channel(channelId), keyOf.notices(customerId)))
              .filter(({ about }) => about === hash)
              .map(({ news, at }): Untold => ({ channelId, news: String(news), at: new Date(Number(at)) })),
          ),
      );
      return found.flat();
    },
    close: async () => {
      await looking?.catch(() => undefined);
      file.close();
    },
  };
}

async function follow(table: Table, file: MirrorFile, now: Date): Promise<void> {
  const upTo = file.upTo() ?? new Date(now.getTime() - KEPT_FOR.root);
  const since = new Date(upTo.getTime() - LATE_MS);
  const made = new Set<string>();
  // A file that is new must not take an entry twice either, should this end half-way.
  const again = file.upTo() === undefined ? new Date(0) : since;
  const moments = { since: again, messagesSince: new Date(now.getTime() - KEPT_FOR.event) };
  const months = Map.groupBy(journalPartitions(since, now), (partition) =>
    partition.slice(0, partition.lastIndexOf("#")),
  );
  for (const partitions of months.values()) {
    await Promise.all(
      partitions.map(async (partition) => {
        for await (const page of entriesOf(table, partition, since)) {
          file.addChanges(
            page.flatMap((entry) => ("changes" in entry ? [entry] : [])),
            moments,
          );
          for (const entry of page) if ("messageId" in entry) made.add(entry.messageId);
        }
      }),
    );
  }
  await lookAtMessages(table, file, made);
  file.finish(now, new Date(now.getTime() - 2 * LATE_MS));
}

async function* entriesOf(table: Table, partition: string, since: Date): AsyncGenerator<readonly Entry[]> {
  let after = orderAt(since);
  while (true) {
    const items = await table.query(partition, "", { after, limit: PAGE });
    if (items.length === 0) return;
    yield items.map(entryFrom);
    after = items.at(-1)?.sk ?? after;
    if (items.length < PAGE) return;
  }
}

/** Those that were made, those that waited, and those that were or are given up. */
async function lookAtMessages(table: Table, file: MirrorFile, made: ReadonlySet<string>): Promise<void> {
  const { waiting, dead } = file.unsettled();
  const letters = new Set((await table.query(keyOf.dead("").pk)).map(({ id }) => String(id)));
  const known = new Set([...waiting, ...dead]);
  const moved = [...dead.filter((id) => !letters.has(id)), ...[...letters].filter((id) => !known.has(id))];
  const ids = [...new Set([...made, ...waiting, ...moved])];
  const items = await table.get(ids.map(keyOf.message));
  file.putMessages(items.map(mirroredFrom).toSorted((a, b) => +a.delivery.createdAt - +b.delivery.createdAt));
  const there = new Set(items.map(({ id }) => String(id)));
  file.wasSent(waiting.filter((id) => !there.has(id)));
}

async function readBacklogs(table: Table): Promise<readonly Backlog[]> {
  const heads = (await readHeads(table)).filter(({ open }) => open > 0);
  const found = await Promise.all(
    heads.map(async ({ channelId, customerId, open }): Promise<readonly Backlog[]> => {
      const [first] = await table.query(keyOf.channel(channelId), keyOf.notices(customerId), { limit: 1 });
      return first ? [{ channelId, customerId, count: open, oldestAt: new Date(Number(first["at"])) }] : [];
    }),
  );
  return found.flat().toSorted((a, b) => a.oldestAt.getTime() - b.oldestAt.getTime());
}

async function eventsOf(table: Table, problems: readonly Eventless[]) {
  const keys = new Map(
    problems.map(({ id, hash }): [string, readonly [number, Key]] => [hash, [id, keyOf.changingEvent(hash)]]),
  );
  const items = await table.get([...keys.values()].map(([, key]) => key));
  return items.flatMap((item: Item) => {
    const [id] = keys.get(item.pk.slice(2)) ?? [];
    return id === undefined ? [] : [{ id, at: new Date(Number(item["at"])), body: String(item["body"]) }];
  });
}
