/** What there is to do, and to tell, in the DynamoDB store: items turned into the views that deliver and compose use. */
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
import { type Resource, type Severity, severityOfRank, severityRank } from "@shirase/core/finding";
import { type Standing, standsAs } from "@shirase/core/observe";
import {
  burstOf,
  type Head,
  headFrom,
  pendingOf,
  type Row,
  readHead,
  readPlaces,
  readProblems,
  readRows,
} from "./dynamodb-channel.ts";
import { HEAD_PARTITIONS, keyOf } from "./dynamodb-keys.ts";
import type { Problem } from "./dynamodb-problem.ts";
import { rootFrom, rootId } from "./dynamodb-root.ts";
import type { Item, Table } from "./dynamodb-table.ts";
import { findingFrom } from "./finding-json.ts";
import { BURST_GOES_ON_MS, CARD_LIVES_MS, CARD_QUIET_MS } from "./lives-for.ts";
import type { Store, Waiting } from "./store.ts";

type Views = Pick<Store, "waiting" | "view" | "staleRoots" | "nextStaleAt"> & {
  readonly waitingIn: (channelId: string) => Promise<readonly Waiting[]>;
};

/** The views. */
export function dynamoViews(table: Table): Views {
  return {
    waiting: async () => waitingAtAll(table, await readHeads(table)),
    waitingIn: async (channelId) => {
      const { pk, sk } = keyOf.head(channelId, "");
      return waitingAtAll(table, (await table.query(pk, sk)).map(headFrom));
    },
    view: (channelId, customerId, now) => view(table, channelId, customerId, now),
    ...staleReader(table),
  };
}

/** Every counter there is; one for each channel and customer that was ever told of. */
export async function readHeads(table: Table): Promise<readonly Head[]> {
  return (await Promise.all(HEAD_PARTITIONS.map((pk) => table.query(pk)))).flat().map(headFrom);
}

async function waitingAtAll(table: Table, heads: readonly Head[]): Promise<readonly Waiting[]> {
  const some = heads.filter(({ open, messages }) => open > 0 || messages > 0);
  return (await Promise.all(some.map((head) => waitingAt(table, head)))).flat();
}

/** The clock's own `now` decides nothing here: what a claim left is settled the same whenever it is. */
async function waitingAt(table: Table, head: Head): Promise<readonly Waiting[]> {
  const { channelId, customerId } = head;
  const found: Waiting[] = [];
  const of = (
    stage: Waiting["stage"],
    all: readonly { readonly rank: number; readonly at: number }[],
    oldest: number,
  ) => {
    const severityRank = Math.max(...all.map(({ rank }) => rank));
    found.push({ channelId, customerId, stage, severityRank, oldestAt: new Date(oldest) });
  };
  const places = await readPlaces(table, channelId);
  const mine = places.filter((place) => place.customerId === customerId);
  if (mine.length > 0) of("message", mine, Math.min(...mine.map(({ at }) => at)));
  if (head.open === 0) return found;
  const taken = new Set(mine.flatMap(({ takes }) => takes));
  const rows = (await table.query(keyOf.channel(channelId), keyOf.notices(customerId)))
    .map((item) => ({ seq: Number(item["seq"]), rank: Number(item["rank"]), at: Number(item["at"]) }))
    .filter(({ seq }) => !taken.has(seq));
  const due = rows.filter(({ seq }) => burstOf(head, seq) === undefined);
  const some = due.length > 0 ? due : rows;
  const [worst] = some.toSorted((a, b) => b.rank - a.rank || a.seq - b.seq);
  if (worst) of(due.length > 0 ? "notices" : "names", some, worst.at);
  return found;
}

async function view(table: Table, channelId: string, customerId: string, now: Date): Promise<ChannelView> {
  const rows = await readRows(table, channelId, customerId, now);
  const head = await readHead(table, channelId, customerId);
  const due = rows
    .filter(({ seq }) => burstOf(head, seq) === undefined)
    .toSorted((a, b) => b.rank - a.rank || a.seq - b.seq);
  const counted = rows.filter(({ seq }) => burstOf(head, seq) !== undefined);
  const [pending, burst] = await Promise.all([
    pendingIn(table, due.slice(0, VIEW.pending), { head, counted, now }),
    openBurst(table, head, counted, now),
  ]);
  const isFew = due.length <= pending.pending.length;
  return {
    pending: pending.pending,
    pendingCount: due.length,
    lastSeq: due.reduce((last, { seq }) => Math.max(last, seq), 0),
    ...(due.length > 0 ? { newestAt: new Date(Math.max(...due.map(({ at }) => at))) } : {}),
    tally: tallyOf(due),
    ...(burst ? { burst } : {}),
    roots: isFew ? pending.roots : new Map(),
    liveCards: isFew ? await liveCards(table, { channelId, customerId }, pending.pending, now) : new Map(),
  };
}

type Around = { readonly head: Head; readonly counted: readonly Row[]; readonly now: Date };

async function pendingIn(
  table: Table,
  rows: readonly Row[],
  { head, counted, now }: Around,
): Promise<{ readonly pending: readonly Pending[]; readonly roots: ReadonlyMap<string, Root> }> {
  const problems = await readProblems(
    table,
    rows.map(({ about }) => about),
    now,
  );
  // A problem that was counted and is not named yet hangs under the burst that counted it.
  const countedIn = new Map(counted.flatMap(({ about, seq }) => (about ? [[about, burstOf(head, seq)] as const] : [])));
  const rootOf = ({ about }: Row): string | undefined =>
    about === undefined ? undefined : (problems.get(about)?.toldIn ?? countedIn.get(about));
  const ids = [...new Set(rows.flatMap((row) => rootOf(row) ?? []))];
  const roots = (await table.get(ids.map(keyOf.root))).filter((root) => root["channelId"] === head.channelId);
  const sent = new Map(
    roots.flatMap((root) => (root["state"] === "sent" ? [[rootId(root), rootFrom(root)] as const] : [])),
  );
  const underWay = new Set(roots.flatMap((root) => (root["state"] === "waiting" ? [rootId(root)] : [])));
  const pending = (await pendingOf(table, rows, rootOf)).map((one) =>
    one.rootId !== undefined && underWay.has(one.rootId) ? { ...one, isRootUnderWay: true } : one,
  );
  return { pending, roots: sent };
}

async function openBurst(table: Table, head: Head, counted: readonly Row[], now: Date): Promise<OpenBurst | undefined> {
  const [last] = await table.get([keyOf.burst(head.channelId, head.customerId)]);
  const worstFirst = counted.toSorted((a, b) => b.rank - a.rank || a.seq - b.seq);
  const ids = [...new Set(worstFirst.flatMap(({ seq }) => burstOf(head, seq) ?? []))];
  const asked = last ? [...ids, String(last["id"])] : ids;
  const roots = new Map((await table.get(asked.map(keyOf.root))).map((root) => [rootId(root), root]));
  // One that was counted and is to be named goes first, or a newer burst would leave it nameless.
  const root = asked.map((id) => roots.get(id)).find((one) => one?.["state"] === "sent");
  if (!root) return undefined;
  const left = counted.filter(({ seq }) => burstOf(head, seq) === rootId(root));
  const countedAt = new Date(Number(root["countedAt"]));
  if (left.length === 0 && now.getTime() - countedAt.getTime() >= BURST_GOES_ON_MS) return undefined;
  const named = left.toSorted(byCause).slice(0, VIEW.toName);
  const problems = await readProblems(
    table,
    named.map(({ about }) => about),
    now,
  );
  const rootOf = ({ about }: Row): string | undefined => problems.get(about ?? "")?.toldIn;
  return {
    root: rootFrom(root),
    countedAt,
    left: left.length,
    toName: await pendingOf(table, named, rootOf),
    ...(left.length === 0 ? {} : { oldestAt: new Date(Math.min(...left.map(({ at }) => at))) }),
  };
}

function byCause(a: Row, b: Row): number {
  return b.rank - a.rank || textOrder(a.cause, b.cause) || textOrder(a.news, b.news) || a.seq - b.seq;
}

function textOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Counts rows that say the same of the same cause. */
export function tallyOf(rows: readonly Row[]): readonly CauseTally[] {
  const groups = Map.groupBy(rows, ({ cause, news, rank }) => `${cause}\n${news}\n${rank}`);
  return [...groups.values()].flatMap((same): readonly CauseTally[] => {
    const [first] = same;
    if (!first) return [];
    const control = same.map((row) => row.control).find((one) => one !== undefined);
    return [
      {
        causeKey: first.cause,
        title: first.title,
        ...(control === undefined ? {} : { controlId: control }),
        news: first.news,
        severity: severityOfRank(first.rank),
        count: same.length,
      },
    ];
  });
}

type Whose = { readonly channelId: string; readonly customerId: string };

/** The newest card of each cause, when more of its kind may join it. */
async function liveCards(
  table: Table,
  { channelId, customerId }: Whose,
  pending: readonly Pending[],
  now: Date,
): Promise<ReadonlyMap<string, Root>> {
  const causes = [...new Set(pending.map(({ notice }) => notice.causeKey))];
  const cards = await table.get(causes.map((cause) => keyOf.card(channelId, customerId, cause)));
  const roots = await table.get(cards.map(({ id }) => keyOf.root(String(id))));
  const lives = await Promise.all(roots.map((root) => isLive(table, root, now.getTime())));
  return new Map(
    roots.flatMap((root, index) => (lives[index] ? [[String(root["causeKey"]), rootFrom(root)] as const] : [])),
  );
}

async function isLive(table: Table, root: Item, now: number): Promise<boolean> {
  if (root["state"] !== "sent" || Number(root["createdAt"]) <= now - CARD_LIVES_MS) return false;
  if (Number(root["touchedAt"]) > now - CARD_QUIET_MS) return true;
  const members = await table.query(keyOf.messagePartition(rootId(root)), "P#");
  return members.some(({ standing }) => standing === "open");
}

function staleReader(table: Table): Pick<Store, "staleRoots" | "nextStaleAt"> {
  return {
    staleRoots: async (now, limit) => {
      const due = await table.due(now.getTime(), limit);
      // The index may lag behind an edit that was just made: the root itself says whether it is due.
      const roots = (await table.get(due.map(({ pk, sk }) => ({ pk, sk }))))
        .filter(({ state, dueAt }) => state === "sent" && typeof dueAt === "number" && dueAt <= now.getTime())
        .toSorted((a, b) => Number(a["dueAt"]) - Number(b["dueAt"]));
      return Promise.all(roots.map((root) => staleRoot(table, root, now)));
    },
    nextStaleAt: async () => {
      const [first] = await table.due(undefined, 1);
      return first ? new Date(Number(first["dueAt"])) : undefined;
    },
  };
}

/** The root was read before what hangs under it: what changes meanwhile is a change more than it says. */
async function staleRoot(table: Table, root: Item, now: Date): Promise<StaleRoot> {
  const id = rootId(root);
  const channelId = String(root["channelId"]);
  const customerId = String(root["customerId"]);
  const dueAt = new Date(Number(root["dueAt"]));
  const base = { id, ts: String(root["ts"]), channelId, customerId, dueAt, changes: Number(root["changes"]) };
  const partition = keyOf.messagePartition(id);
  const members = await table.query(partition, "P#");
  if (root["kind"] === "burst") {
    const tally = tallyFrom(await table.query(partition, "T#"));
    const unnamed = await unnamedOf(table, { channelId, customerId }, id, now);
    return { ...base, kind: "burst", tally, standings: standingsOf([...members, ...unnamed]) };
  }
  const [face] = await table.get([keyOf.face(id)]);
  return { ...base, kind: "card", face: findingFrom(String(face?.["face"])), state: stateOf(members) };
}

/** How the problems stand that a burst counted and did not name yet. */
async function unnamedOf(
  table: Table,
  { channelId, customerId }: Whose,
  id: string,
  now: Date,
): Promise<readonly MemberLike[]> {
  const rows = await readRows(table, channelId, customerId, now);
  const head = await readHead(table, channelId, customerId);
  const mine = rows.filter(({ seq }) => burstOf(head, seq) === id);
  const problems = await readProblems(
    table,
    mine.map(({ about }) => about),
    now,
  );
  return [...problems.values()].flatMap((problem: Problem) => {
    const { known, toldIn } = problem;
    if (!known || toldIn !== undefined) return [];
    return [{ standing: standsAs(known), rank: severityRank(known.severity) }];
  });
}

/** Counts that several messages made, as one. */
function tallyFrom(items: readonly Item[]): readonly CauseTally[] {
  const sums = new Map<string, CauseTally>();
  for (const one of items.flatMap(({ tally }) => JSON.parse(String(tally)) as readonly CauseTally[])) {
    const name = `${one.causeKey}\n${one.news}\n${one.severity}`;
    sums.set(name, { ...one, count: one.count + (sums.get(name)?.count ?? 0) });
  }
  return [...sums.values()];
}

type MemberLike = Readonly<Record<string, unknown>>;

function standingsOf(members: readonly MemberLike[]): Standings {
  const open: Partial<Record<Severity, number>> = {};
  let resolved = 0;
  let suppressed = 0;
  for (const { standing, rank } of members) {
    if (standing === "resolved") resolved += 1;
    else if (standing === "suppressed") suppressed += 1;
    else {
      const severity = severityOfRank(Number(rank));
      open[severity] = (open[severity] ?? 0) + 1;
    }
  }
  return { open, resolved, suppressed };
}

function stateOf(members: readonly Item[]): CardState {
  const standings = standingsOf(members);
  const isOver = Object.keys(standings.open).length === 0;
  const shown = members.toSorted(
    (a, b) =>
      Number(b["standing"] === "open") - Number(a["standing"] === "open") ||
      Number(b["rank"]) - Number(a["rank"]) ||
      Number(b["changedAt"]) - Number(a["changedAt"]),
  );
  const times = (attribute: string): readonly number[] => members.map((member) => Number(member[attribute]));
  return {
    standings,
    members: shown.slice(0, MOST_MEMBERS).flatMap(memberOf),
    openedAt: new Date(Math.min(...times("openedAt"))),
    ...(isOver ? { endedAt: new Date(Math.max(...times("changedAt"))) } : {}),
  };
}

function memberOf({ resource, standing, rank }: Item): CardState["members"] {
  const of = JSON.parse(String(resource)) as Resource | null;
  return of ? [{ resource: of, standing: String(standing) as Standing, severity: severityOfRank(Number(rank)) }] : [];
}
