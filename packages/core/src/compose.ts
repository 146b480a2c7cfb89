/**
 * How is it said? What waits for one channel becomes the next message to send: the fewest messages that tell
 * everything, the worst first, whole and within Slack's limits. Asked again after each message, so what came in
 * meanwhile is always taken in.
 *
 * Few things: a card for each cause, a reply in its card's thread for each change. Many: a burst (burst.ts). What a
 * card looks like is in card.ts, a reply in reply.ts. Not here: where it is sent and when (the relay).
 */
import { burstOf, moreOf, namesOf } from "./burst.ts";
import { cardOf } from "./card.ts";
import {
  type CardState,
  type ChannelView,
  MOST_MEMBERS,
  type OpenBurst,
  type Pending,
  type Root,
  type StaleRoot,
} from "./channel-view.ts";
import { isAlone, type Notice } from "./decide.ts";
import type { JsonObject } from "./event.ts";
import { type Finding, type Severity, severityRank } from "./finding.ts";
import type { Standing } from "./observe.ts";
import { fittingReply, replyOf } from "./reply.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import type { Language } from "./text/wording.ts";

/** A message as chat.postMessage takes it, less the channel and the token. */
export type Message = {
  /** Plain fallback for notifications and screen readers; at most 4,000 characters, already escaped. */
  readonly text: string;
  /** Blocks outside any attachment, above it. */
  readonly blocks: readonly JsonObject[];
  /** Severity colour `#rrggbb` lives on the attachment; the blocks are inside it. */
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly JsonObject[] }[];
  /** Nothing in a card is worth a preview, and a finding's link must not fetch one. */
  readonly unfurl_links: false;
  readonly unfurl_media: false;
};

/** Slack message metadata by which a delivery is found again after a crash between sending and recording. */
export type NoticeMetadata = {
  readonly event_type: "shirase_notice";
  readonly event_payload: {
    /** The relay's id of this delivery. */
    readonly delivery: string;
    readonly customer: string;
    /** How many findings the message accounts for. */
    readonly counted: number;
  };
};

/** What a message is in its channel. `card` and `burst` stand there themselves; the others are in a root's thread. */
export type MessageKind = "card" | "reply" | "burst" | "more" | "names";

/** The next message of a channel. */
export type Planned = {
  readonly kind: MessageKind;
  readonly message: Message;
  readonly severity: Severity;
  /** The root it hangs under. */
  readonly root?: Root;
  /** Shown in the channel as well. */
  readonly isBroadcast: boolean;
  /** What it tells: these notices; or it counts all that are pending up to a `seq`, to be named later. */
  readonly covers: { readonly seqs: readonly number[] } | { readonly countedUpTo: number };
  /** How many findings it accounts for. */
  readonly counted: number;
  /** Whose problems more of their kind may join: only cards. */
  readonly causeKey?: string;
  /** In whose words the root is brought up to date later. */
  readonly face?: Finding;
};

/** What to do next: send, or look again then, or nothing. */
export type Plan = Planned | { readonly waitMs: number } | undefined;

export type ComposeOptions = {
  /** Another language than the customer's. */
  readonly language?: Language;
};

/** More cards or replies than this at once are a burst: Slack takes about one message a second in a channel. */
const MOST_SINGLE = 5;
/** Problems that one card names by itself. */
const MOST_ON_CARD = MOST_MEMBERS;
/** No new finding for so long: the flood pauses, count it now. */
const SETTLED_MS = 300;
/** While it lasts, it is counted this often, and names wait … */
const COUNT_EVERY_MS = 3000;
/** … but no longer than this. */
const NAME_AFTER_MS = 10_000;
/** A root that is under way is there soon, or somebody looks for it. */
const ROOT_UNDER_WAY_MS = 1000;
/** A card that was quiet for so long speaks to the channel again when one more of its kind comes. */
const QUIET_CARD_MS = 3_600_000;

/**
 * The message that tells one notice alone, as if nothing else waited: a card for what is new, else a reply.
 *
 * @param customer - the notice's customer: `prepared.customers.get(notice.customerId)`.
 * @returns at most 9,500 characters of blocks; every text of the finding escaped and bounded; mentions only from the
 *   customer's config.
 * @throws never.
 */
export function compose(notice: Notice, customer: ResolvedCustomer, options: ComposeOptions = {}): Message {
  const language = options.language ?? customer.language;
  if (notice.news === "opened") return whole(cardOf(notice.finding, customer, language));
  return whole(replyOf([{ seq: 1, notice }], customer, language, true));
}

/**
 * The next message of a channel.
 *
 * @param view - what there is to tell there for this customer.
 * @returns undefined when nothing waits.
 * @throws never.
 */
export function composeNext(view: ChannelView, customer: ResolvedCustomer, now: Date): Plan {
  const { pending, pendingCount, burst } = view;
  if (pendingCount > 0) {
    const groups = groupsOf(view);
    if (pendingCount <= pending.length && isFew(groups)) return single(groups, customer, now);
    return count(view, customer, now);
  }
  return burst && burst.left > 0 ? names(burst, customer) : undefined;
}

/** A root message as it should read by now. */
export function recompose(root: StaleRoot, customer: ResolvedCustomer): Message {
  const { language } = customer;
  if (root.kind === "burst") return whole(burstOf(root.tally, customer, language, root.standings));
  return whole(cardOf(root.face, customer, language, root.state));
}

/** The `metadata` argument of chat.postMessage for a message made here. */
export function noticeMetadata(delivery: string, customerId: string, counted: number): NoticeMetadata {
  return { event_type: "shirase_notice", event_payload: { delivery, customer: customerId, counted } };
}

/** Notices that one message tells: of one cause, or changes under one root. */
type Group = { readonly root: Root | undefined; readonly members: Pending[] };

function groupsOf({ pending, roots, liveCards }: ChannelView): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const one of pending) {
    const { notice, rootId } = one;
    const told = rootId === undefined ? undefined : roots.get(rootId);
    const root = told ?? (isAlone(notice) ? undefined : liveCards.get(notice.causeKey));
    const id = root ? `root ${root.id}` : `cause ${notice.causeKey}`;
    const group = groups.get(id) ?? { root, members: [] };
    group.members.push(one);
    groups.set(id, group);
  }
  return [...groups.values()];
}

function isFew(groups: readonly Group[]): boolean {
  return groups.length <= MOST_SINGLE && groups.every(({ members }) => members.length <= MOST_ON_CARD);
}

/** The first group's message; `pending` has the worst first. What a root under way will tell of waits for it. */
function single(groups: readonly Group[], customer: ResolvedCustomer, now: Date): Plan {
  const group = groups.find(({ members }) => !members.some(({ isRootUnderWay }) => isRootUnderWay));
  if (!group) return groups.length === 0 ? undefined : { waitMs: ROOT_UNDER_WAY_MS };
  return group.root ? reply(group.root, group.members, customer, now) : card(group.members, customer);
}

function card(members: readonly Pending[], customer: ResolvedCustomer): Planned {
  const face = faceOf(members);
  const alone = members.some(({ notice }) => isAlone(notice));
  const state = alone ? undefined : stateOf(members);
  return {
    kind: "card",
    message: whole(cardOf(face.finding, customer, customer.language, state)),
    severity: face.severity,
    isBroadcast: false,
    covers: { seqs: members.map(({ seq }) => seq) },
    counted: members.length,
    face: face.finding,
    ...(alone ? {} : { causeKey: face.causeKey }),
  };
}

function reply(root: Root, members: readonly Pending[], customer: ResolvedCustomer, now: Date): Planned {
  const told = fittingReply(members);
  const face = faceOf(told);
  const isBroadcast = told.some(({ notice }) => callsTheChannel(notice, root, now));
  const isFailing = face.finding.seen === "failing" && root.kind === "card";
  return {
    kind: "reply",
    message: whole(replyOf(told, customer, customer.language, isBroadcast)),
    severity: face.severity,
    root,
    isBroadcast,
    covers: { seqs: told.map(({ seq }) => seq) },
    counted: told.length,
    ...(isFailing ? { face: face.finding } : {}),
  };
}

/** Nobody is called by a thread: what got worse or came back, and what joins a card that was long quiet, must be seen. */
function callsTheChannel({ news, severity }: Notice, root: Root, now: Date): boolean {
  if (news === "worsened" || news === "reopened") return true;
  if (news !== "opened") return false;
  const isWorse = severityRank(severity) > severityRank(root.severity);
  return isWorse || now.getTime() - root.touchedAt.getTime() >= QUIET_CARD_MS;
}

/** The notice that speaks for all: a failing one if there is one, the worst, the newest. */
function faceOf(members: readonly Pending[]): Notice {
  const [best] = members.toSorted(
    (a, b) =>
      Number(b.notice.finding.seen === "failing") - Number(a.notice.finding.seen === "failing") ||
      severityRank(b.notice.severity) - severityRank(a.notice.severity) ||
      b.seq - a.seq,
  );
  if (!best) throw new Error("a group without members: groupsOf makes none");
  return best.notice;
}

/** How the problems of a new card stand: by the newest notice of each. */
function stateOf(members: readonly Pending[]): CardState {
  const newest = new Map<string, Notice>();
  for (const { notice } of members.toSorted((a, b) => a.seq - b.seq)) newest.set(notice.key, notice);
  const open: Partial<Record<Severity, number>> = {};
  let resolved = 0;
  let suppressed = 0;
  for (const notice of newest.values()) {
    const standing = standingAfter(notice);
    if (standing === "resolved") resolved += 1;
    else if (standing === "suppressed") suppressed += 1;
    else open[notice.severity] = (open[notice.severity] ?? 0) + 1;
  }
  const notices = [...newest.values()];
  const openedAt = new Date(Math.min(...notices.map((notice) => notice.openedAt.getTime())));
  const endedAt = new Date(Math.max(...notices.map(({ finding }) => finding.updatedAt.getTime())));
  const isOver = resolved + suppressed === newest.size;
  return {
    standings: { open, resolved, suppressed },
    members: notices.slice(0, MOST_MEMBERS).flatMap(memberOf),
    openedAt,
    ...(isOver ? { endedAt } : {}),
  };
}

function memberOf(notice: Notice): CardState["members"] {
  const [resource] = notice.finding.resources;
  return resource ? [{ resource, standing: standingAfter(notice), severity: notice.severity }] : [];
}

function standingAfter({ news }: Notice): Standing {
  return news === "resolved" || news === "suppressed" ? news : "open";
}

/** Counts all that is pending: in a new burst, or in the thread of the one that goes on. */
function count(view: ChannelView, customer: ResolvedCustomer, now: Date): Plan {
  const { burst, tally, lastSeq, pendingCount, newestAt } = view;
  const worst = view.pending[0]?.notice.severity ?? "HIGH";
  const counting = { severity: worst, isBroadcast: false, covers: { countedUpTo: lastSeq }, counted: pendingCount };
  const { language } = customer;
  if (!burst) return { ...counting, kind: "burst", message: whole(burstOf(tally, customer, language)) };
  const settlesInMs = (newestAt?.getTime() ?? 0) + SETTLED_MS - now.getTime();
  const countableInMs = burst.countedAt.getTime() + COUNT_EVERY_MS - now.getTime();
  const waitMs = Math.min(settlesInMs, countableInMs);
  if (waitMs <= 0) return { ...counting, kind: "more", root: burst.root, message: whole(moreOf(tally, language)) };
  const oldestMs = burst.oldestAt?.getTime();
  const isLate = oldestMs !== undefined && now.getTime() - oldestMs >= NAME_AFTER_MS;
  return burst.left > 0 && isLate ? names(burst, customer) : { waitMs };
}

function names(burst: OpenBurst, customer: ResolvedCustomer): Planned {
  const { card: named, named: members } = namesOf(burst.toName, customer.language);
  return {
    kind: "names",
    message: whole(named),
    severity: faceOf(members).severity,
    root: burst.root,
    isBroadcast: false,
    covers: { seqs: members.map(({ seq }) => seq) },
    counted: members.length,
  };
}

function whole(said: Pick<Message, "text" | "blocks" | "attachments">): Message {
  return { ...said, unfurl_links: false, unfurl_media: false };
}
