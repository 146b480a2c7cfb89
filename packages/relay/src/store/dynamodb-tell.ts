/**
 * How an event becomes memory and notices in DynamoDB: read, decide (pure), write on condition that nothing that was
 * read has changed, and decide again when it has.
 *
 * What is kept together is a part of an event: a transaction holds a hundred items, an event a hundred findings. Each
 * part has its own mark, so whatever failed half-way is told again and completes itself: nothing is lost, nothing is
 * told twice. Parts of one channel that come together share a transaction, because they share the channel's counter.
 *
 * A telling that says nothing new needs no transaction: first what is known, then the mark. When a crash parts the two,
 * the next telling finds that it knows it already.
 */
import { decideOne, type HeardEvent, isAlone, type Notice, type Verdict } from "@shirase/core/decide";
import { type Finding, severityRank } from "@shirase/core/finding";
import type { HeardFinding } from "@shirase/core/hear";
import { type Known, standsAs } from "@shirase/core/observe";
import { silencedBy } from "@shirase/core/silence";
import { type Change, changesWrite } from "./dynamodb-journal.ts";
import { digest, isExpired, keyOf, ttl } from "./dynamodb-keys.ts";
import {
  dayOf,
  knownText,
  memberItem,
  type Problem,
  problemFrom,
  problemHash,
  problemItem,
  problemTtl,
  recognised,
  shortened,
} from "./dynamodb-problem.ts";
import { quarantineItem } from "./dynamodb-rest.ts";
import { rootId, staleWrite } from "./dynamodb-root.ts";
import { silencedWrite } from "./dynamodb-silences.ts";
import { type Item, type Key, nameOf, pagesOf, restMs, type Table, type Write } from "./dynamodb-table.ts";
import { stepText } from "./history.ts";
import { KEPT_FOR } from "./kept-for.ts";
import { type HeardWithBody, type Store, StoreFullError, type Told, type ToldFinding } from "./store.ts";
import { looksOther, toldOf, whyOf } from "./verdict.ts";

/** A finding writes five items at most: itself, its event's mark, its notice, its place under its root, the root. */
const MOST_FINDINGS = 19;
/** So often somebody else may be faster before the sender is asked to try again. */
const MOST_TRIES = 40;
const LONGEST_REST_MS = 200;
/** The journal forgets after 400 days; a problem that speaks still is written there again before. */
const JOURNALED_AGAIN_AFTER_DAYS = 180;

/** A part of an event: what is decided and kept together. */
type Part = {
  /** Its event's place in the batch. */
  readonly index: number;
  readonly number: number;
  readonly heard: HeardWithBody["heard"];
  /** Why its event belongs in quarantine, and the whole of it; with the first part. */
  readonly quarantine: { readonly reason: string; readonly body: string } | undefined;
  readonly findings: readonly (HeardFinding & { readonly json: string; readonly hash: string })[];
};

/** Tells events to the table. */
export function dynamoTeller(table: Table): Store["tell"] {
  return async (events, now) => {
    // All text is made before anything is written: what cannot be written of one event keeps none of its batch.
    const parts = partsOf(events);
    const told = events.map((): { isNew: boolean; findings: ToldFinding[] } => ({ isNew: false, findings: [] }));
    const lanes = Map.groupBy(parts, ({ heard }) =>
      "quarantine" in heard ? "" : `${heard.channelId}#${heard.customerId}`,
    );
    await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (const pack of packsOf(lane)) {
          for (const { index, findings } of await tellPack(table, pack, now)) {
            const one = told[index];
            if (!one) continue;
            one.isNew = true;
            one.findings.push(...findings);
          }
        }
      }),
    );
    return told satisfies Told[];
  };
}

function partsOf(events: readonly HeardWithBody[]): readonly Part[] {
  const seen = new Set<string>();
  return events.flatMap(({ heard, body }, index): readonly Part[] => {
    const name = `${"quarantine" in heard ? "" : heard.customerId}\n${heard.eventId}`;
    if (seen.has(name)) return [];
    seen.add(name);
    if ("quarantine" in heard) {
      const whole = { reason: heard.quarantine, body: body() };
      return [{ index, number: 0, heard, quarantine: whole, findings: [] }];
    }
    const foreign = heard.findings.find(({ quarantine }) => quarantine !== undefined)?.quarantine;
    const whole = foreign === undefined ? undefined : { reason: foreign, body: body() };
    const findings = heard.findings.map((one) => {
      const hash = problemHash(heard.customerId, one.finding.key);
      return { ...one, json: JSON.stringify(one.finding), hash };
    });
    const slices = findings.length === 0 ? [[]] : pagesOf(findings, MOST_FINDINGS);
    return slices.map((slice, number) => {
      return { index, number, heard, quarantine: number === 0 ? whole : undefined, findings: slice };
    });
  });
}

/** As many parts as fit into one transaction. */
function packsOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  const packs: Part[][] = [];
  let size = MOST_FINDINGS;
  for (const part of parts) {
    const own = Math.max(1, part.findings.length);
    if (size + own > MOST_FINDINGS) {
      packs.push([]);
      size = 0;
    }
    packs.at(-1)?.push(part);
    size += own;
  }
  return packs;
}

type Outcome = { readonly index: number; readonly findings: readonly ToldFinding[] };

async function tellPack(table: Table, pack: readonly Part[], now: Date): Promise<readonly Outcome[]> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (tries > 0) await restMs(Math.random() * Math.min(LONGEST_REST_MS, 5 * 2 ** tries));
    const plan = await decidePack(table, pack, now);
    if (await keep(table, plan)) return plan.outcomes;
  }
  throw new StoreFullError(`${MOST_TRIES} times another writer was faster; try again in a second`);
}

/** What is to be written of a pack. */
type Plan = {
  readonly outcomes: readonly Outcome[];
  readonly bodies: readonly Item[];
  /** Problems, each on condition that it is as it was read. */
  readonly problems: readonly Write[];
  /** That a part is kept. */
  readonly marks: readonly Mark[];
  /** What else belongs into the same transaction. */
  readonly others: readonly Write[];
  /** Signs of life, and what silences held back: told again they change nothing. */
  readonly asides: readonly Write[];
  readonly heardAgain: readonly Write[];
};

/** `before`: when a mark was made whose time is over, and which is still there. */
type Mark = { readonly item: Item; readonly before: number | undefined };

async function keep(table: Table, plan: Plan): Promise<boolean> {
  const { bodies, problems, marks, others } = plan;
  await table.putAll(bodies);
  if (others.length === 0) {
    const kept = await Promise.all(problems.map((write) => table.write(write)));
    if (kept.includes(false)) return false;
    await Promise.all([...plan.heardAgain, ...plan.asides].map((write) => table.write(write)));
    await table.putAll(marks.map(({ item }) => item));
    return true;
  }
  const newMarks = marks.map(({ item, before }): Write => ({ put: item, if: { at: before } }));
  // They are kept with the mark or before it.
  await Promise.all([...plan.heardAgain, ...plan.asides].map((write) => table.write(write)));
  return table.together([...newMarks, ...problems, ...others]);
}

/** What a pack changes while it is decided. */
type Draft = {
  readonly now: Date;
  readonly problems: Map<string, Problem>;
  /** Hashes of those that are to be written. */
  readonly changed: Set<string>;
  readonly heardAgain: Set<string>;
  /** Hashes of those that look otherwise now. */
  readonly restyled: Set<string>;
  readonly rows: Item[];
  readonly bodies: Item[];
  /** What silences held back, by silence and problem. */
  readonly silenced: Map<string, Write>;
  readonly journal: Change[];
  seq: number;
};

async function decidePack(table: Table, pack: readonly Part[], now: Date): Promise<Plan> {
  const hashes = [...new Set(pack.flatMap(({ findings }) => findings.map(({ hash }) => hash)))];
  const [first] = pack;
  const lane = first && !("quarantine" in first.heard) ? first.heard : undefined;
  const headKey = lane && keyOf.head(lane.channelId, lane.customerId);
  const marks = pack.map((part) => markKey(part));
  const read = await table.get([...marks, ...hashes.map(keyOf.problem), ...(headKey ? [headKey] : [])]);
  const byKey = new Map(read.map((item) => [nameOf(item), item]));
  const find = (key: Key): Item | undefined => byKey.get(nameOf(key));
  const draft: Draft = {
    now,
    problems: new Map(hashes.map((hash) => [hash, problemFrom(hash, find(keyOf.problem(hash)), now)])),
    changed: new Set(),
    heardAgain: new Set(),
    restyled: new Set(),
    rows: [],
    bodies: [],
    silenced: new Map(),
    journal: [],
    seq: Number((headKey && find(headKey)?.["seq"]) ?? 0),
  };
  const before = draft.seq;
  const fresh = pack.filter((part) => {
    const mark = find(markKey(part));
    return mark === undefined || isExpired(mark, now);
  });
  const outcomes = fresh.map((part) => decidePart(part, draft));
  const counted: readonly Write[] =
    headKey && draft.seq > before
      ? [
          {
            update: headKey,
            change: {
              set: { seq: draft.seq, channelId: lane.channelId, customerId: lane.customerId },
              add: { open: draft.seq - before },
              if: { seq: before === 0 ? undefined : before },
            },
          },
        ]
      : [];
  return {
    outcomes,
    bodies: draft.bodies,
    problems: [...draft.changed].map((hash) => problemWrite(draft, hash)),
    marks: fresh.map((part): Mark => {
      const at = find(markKey(part))?.["at"];
      const item = { ...markKey(part), at: now.getTime(), ttl: ttl(now, KEPT_FOR.event) };
      return { item, before: typeof at === "number" ? at : undefined };
    }),
    others: [
      ...draft.rows.map((put): Write => ({ put })),
      ...counted,
      ...(await underRoots(table, draft)),
      ...fresh.flatMap((part) => quarantineWrites(part, now)),
      ...changesWrite(draft.journal, { channelId: lane?.channelId ?? "", of: marks.map(nameOf).join(" ") }, now),
    ],
    asides: [...fresh.flatMap((part) => beatWrites(part, now)), ...draft.silenced.values()],
    heardAgain: [...draft.heardAgain].filter((hash) => !draft.changed.has(hash)).map((hash) => againWrite(draft, hash)),
  };
}

function markKey({ heard, number }: Part) {
  return keyOf.event("quarantine" in heard ? "" : heard.customerId, heard.eventId, number);
}

function decidePart({ heard, findings, index, number }: Part, draft: Draft): Outcome {
  if ("quarantine" in heard) return { index, findings: [] };
  const told = findings.map((one, place) => {
    const verdict = decideFinding(heard, one, draft);
    for (const [nth, notice] of verdict.notices.entries()) {
      const isAbout = !isAlone(notice) && verdict.known !== undefined;
      // The same each time that the event is told, so that a telling that failed leaves nothing behind for ever.
      const body = digest(heard.customerId, heard.eventId, String(number), String(place), String(nth));
      addNotice(draft, notice, { body, json: one.json, about: isAbout ? one.hash : undefined });
    }
    const silence = silencedBy(verdict.reasons);
    if (silence !== undefined)
      draft.silenced.set(`${silence} ${one.hash}`, silencedWrite(silence, one.hash, draft.now));
    return toldOf(verdict);
  });
  return { index, findings: told };
}

function decideFinding(heard: HeardEvent, one: Part["findings"][number], draft: Draft): Verdict {
  const { finding, hash } = one;
  const problem = draft.problems.get(hash);
  const before = recognised(problem?.known, finding);
  const verdict = decideOne(heard, one, before, draft.now);
  if (problem) remember({ heard, finding, verdict, before }, problem, draft);
  return verdict;
}

type Decided = {
  readonly heard: HeardEvent;
  readonly finding: Finding;
  readonly verdict: Verdict;
  readonly before: Known | undefined;
};

function remember(decided: Decided, problem: Problem, draft: Draft): void {
  const { finding, verdict, before } = decided;
  const { hash } = problem;
  const after = verdict.known;
  const day = dayOf(draft.now);
  const isNews = after !== undefined && after !== before;
  const { known, resource } = isNews
    ? { known: shortened(after, finding), resource: JSON.stringify(finding.resources[0] ?? null) }
    : problem;
  if (known === undefined) return;
  const next = { ...problem, known, day, resource };
  const isRestyled = isNews && looksOther(before, after);
  const isStep = isNews && (verdict.news !== "repeated" || isRestyled);
  const isJournaled = isStep || day - problem.journaled >= JOURNALED_AGAIN_AFTER_DAYS;
  if (isJournaled) draft.journal.push(changeOf(decided, next, isStep, draft.now));
  if (isNews || isJournaled) draft.changed.add(hash);
  else if (problem.day !== day) draft.heardAgain.add(hash);
  if (isRestyled) draft.restyled.add(hash);
  draft.problems.set(hash, isJournaled ? { ...next, journaled: day } : next);
}

/** What the journal is to have of a problem that is about to be written. @param isStep - or it is only said again. */
function changeOf(
  { heard, finding, verdict, before }: Decided,
  { hash, version, known, resource }: Problem & { readonly known: Known },
  isStep: boolean,
  now: Date,
): Change {
  const { customerId, eventId } = heard;
  const { key, title } = finding;
  const { news = "noted", notices } = verdict;
  const rank = severityRank(known.severity);
  const step = { at: now, news, severityRank: rank, eventId, told: notices.length, said: whyOf(verdict) };
  return {
    customerId,
    hash,
    version: version + 1,
    key,
    title,
    resource,
    known: knownText(known),
    wasOpen: before !== undefined && standsAs(before) === "open",
    step: isStep ? stepText(step) : "",
  };
}

type ToAdd = { readonly body: string; readonly json: string; readonly about: string | undefined };

/** What is waiting is a small row in its channel; what it says lies by itself, wherever its hash puts it. */
function addNotice(draft: Draft, notice: Notice, { body, json, about }: ToAdd): void {
  draft.seq += 1;
  const { finding, ...rest } = notice;
  const { customerId, channelId, causeKey, news, severity, decidedAt } = rest;
  draft.rows.push({
    ...keyOf.notice(channelId, customerId, draft.seq),
    seq: draft.seq,
    rank: severityRank(severity),
    at: decidedAt.getTime(),
    about,
    cause: causeKey,
    news,
    control: finding.controlId,
    title: finding.title,
    body,
  });
  const text = `${JSON.stringify(rest).slice(0, -1)},"finding":${json}}`;
  draft.bodies.push({ ...keyOf.noticeBody(body), text, ttl: ttl(draft.now, KEPT_FOR.root) });
}

function problemWrite({ problems, now }: Draft, hash: string): Write {
  const problem = problems.get(hash) ?? problemFrom(hash, undefined, now);
  const { version } = problem;
  return { put: problemItem(problem, now), if: { version: version === 0 ? undefined : version } };
}

/** It said nothing new, and is alive: told once a day. */
function againWrite({ problems, now }: Draft, hash: string): Write {
  const problem = problems.get(hash) ?? problemFrom(hash, undefined, now);
  const { version, day, known } = problem;
  return { update: keyOf.problem(hash), change: { set: { day, ttl: problemTtl(known, now) }, if: { version } } };
}

/** What looks otherwise now and hangs under a root: its place there, and that the root is out of date. */
async function underRoots(table: Table, { problems, restyled, now }: Draft): Promise<readonly Write[]> {
  const moved = [...restyled].flatMap((hash) => problems.get(hash) ?? []);
  const ids = [...new Set(moved.flatMap(({ toldIn }) => toldIn ?? []))];
  const roots = ids.length === 0 ? [] : await table.get(ids.map(keyOf.root));
  const there = new Set(roots.map(rootId));
  const places = moved.flatMap((problem): readonly Write[] => {
    const { toldIn } = problem;
    return toldIn !== undefined && there.has(toldIn) ? [{ put: memberItem(toldIn, problem, now) }] : [];
  });
  return [...places, ...roots.map((root) => staleWrite(root, now))];
}

function quarantineWrites({ heard, quarantine }: Part, now: Date): readonly Write[] {
  return quarantine ? [{ put: quarantineItem(heard.eventId, quarantine.reason, quarantine.body, now) }] : [];
}

function beatWrites({ heard, number }: Part, now: Date): readonly Write[] {
  if ("quarantine" in heard || !heard.heartbeat || number > 0) return [];
  const { accountId, region } = heard.heartbeat;
  const { customerId } = heard;
  // By our own clock: a customer's cannot make it look alive for ever.
  return [
    {
      update: keyOf.beat(customerId, accountId, region),
      change: { set: { customerId, accountId, region, at: now.getTime() }, ifLater: { at: now.getTime() } },
    },
  ];
}
