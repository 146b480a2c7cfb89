/**
 * A channel's lane: who works there, how fast it may be posted to, what went wrong there. And the workspace's budget, of
 * which every run takes. All of it in the table, because the next run is another process.
 *
 * The queue of wake-ups gives a channel to one run at a time; the lane makes sure of it, and tells a run whether the one
 * before left or died. Time is the machines' own: they may differ by some seconds, as Slack's limits allow.
 */
import { type Bucket, type Pace, type Pacer, type Rate, TOGETHER_MS, tokensAt, untilToken } from "../pacer.ts";
import type { PatienceMemory } from "../patience.ts";
import type { Item, Key, Table, Write } from "../store/dynamodb-table.ts";

/** A lane that a run holds. */
export type Lane = {
  /** When a run last ended without leaving, in epoch milliseconds: what it asked of Slack may have been under way. */
  readonly leftBehindAt: number;
  /** What the run before learned of failures here. */
  readonly memory: PatienceMemory;
  /** For one turn; it takes nothing of the budget itself. */
  readonly pacer: Pacer;
  /**
   * Takes one post of the channel and of the workspace.
   *
   * @param reserve - how many of the workspace's are left to what is more urgent.
   * @returns 0, or the milliseconds until there may be one; then nothing was taken.
   * @throws LaneLostError when another run holds the lane.
   */
  readonly take: (reserve: number, now: number) => Promise<number>;
  /** The post that was taken was not made. */
  readonly giveBack: () => Promise<void>;
  /** Keeps what a turn learned: refusals, rests, failures. */
  readonly keep: (memory: PatienceMemory) => Promise<void>;
  /** Leaves it to the next run. */
  readonly leave: () => Promise<void>;
};

/** Another run holds the lane: this one is out of time, and must not post any more. */
export class LaneLostError extends Error {
  override readonly name = "LaneLostError";
}

const PARTITION = "pace";
const WORKSPACE: Key = { pk: PARTITION, sk: "workspace" };
const LOOKS: Key = { pk: PARTITION, sk: "looks" };
const MOST_TRIES = 40;

/** Which lane, for how long, at which pace. */
export type Entering = {
  readonly table: Table;
  readonly channelId: string;
  /** Names this run. */
  readonly holder: string;
  readonly pace: Pace;
  /** Epoch milliseconds. */
  readonly now: number;
  /** When this run is over at the latest. */
  readonly until: number;
};

/** @returns the lane; or for how long another run may hold it. */
export async function enterLane(entering: Entering): Promise<Lane | { readonly heldMs: number }> {
  const { table, channelId, holder, now, until } = entering;
  const key: Key = { pk: PARTITION, sk: `channel#${channelId}` };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const read = await table.get([key, LOOKS]);
    const before = read.find(({ sk }) => sk === key.sk);
    const heldUntil = Number(before?.["heldUntil"] ?? 0);
    const heldBy = before?.["holder"];
    if (heldBy !== undefined && heldBy !== holder && heldUntil > now) return { heldMs: heldUntil - now };
    const leftBehindAt = heldBy === undefined ? before?.["leftBehindAt"] : heldUntil;
    const given = { holder: heldBy, heldUntil: before?.["heldUntil"] };
    const change = { set: { holder, heldUntil: until, leftBehindAt }, if: given };
    if (await table.write({ update: key, change })) {
      const looks = read.find(({ sk }) => sk === LOOKS.sk);
      return laneOf(entering, { key, before, looks, leftBehindAt: Number(leftBehindAt ?? Number.NEGATIVE_INFINITY) });
    }
  }
  return { heldMs: 1000 };
}

type Found = {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly looks: Item | undefined;
  readonly leftBehindAt: number;
};

function laneOf({ table, channelId, holder, pace, now: enteredAt }: Entering, found: Found): Lane {
  const { key, before, leftBehindAt } = found;
  const channel = bucketOf(before, pace.channel);
  let blockedUntil = Number(before?.["blockedUntil"] ?? 0);
  const turn = turnPacer(bucketOf(found.looks, pace.looks), pace.looks);
  return {
    leftBehindAt,
    memory: memoryFrom(before),
    pacer: turn.pacer,
    take: async (reserve, now) => {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const [workspace] = await table.get([WORKSPACE]);
        const budget = bucketOf(workspace, pace.workspace);
        const waitMs = Math.max(
          blockedUntil - now,
          Number(workspace?.["blockedUntil"] ?? 0) - now,
          untilToken(channel, pace.channel, now),
          untilToken(budget, pace.workspace, now, reserve),
        );
        if (waitMs > 0) return waitMs;
        const taken = taking(channel, pace.channel, now);
        const writes: readonly Write[] = [
          {
            update: WORKSPACE,
            change: {
              set: { ...taking(budget, pace.workspace, now) },
              if: { tokens: workspace?.["tokens"], at: workspace?.["at"] },
            },
          },
          { update: key, change: { set: { ...taken }, if: { holder } } },
        ];
        if (await table.together(writes)) {
          Object.assign(channel, taken);
          return 0;
        }
        await mustHold(table, key, holder);
      }
      return 1000;
    },
    giveBack: async () => {
      channel.tokens += 1;
      const change = { add: { tokens: 1 } };
      await table.write({ update: key, change: { ...change, if: { holder } } });
      await table.write({ update: WORKSPACE, change });
    },
    keep: async (memory) => {
      blockedUntil = Math.max(blockedUntil, turn.blockedUntil());
      const patience = memory.inARow === 0 && memory.holds.length === 0 ? undefined : JSON.stringify(memory);
      await table.write({ update: key, change: { set: { blockedUntil, patience }, if: { holder } } });
      const refusedUntil = turn.refusedUntil();
      if (refusedUntil !== undefined) await refuse(table, channelId, enteredAt, refusedUntil);
      const looks = turn.looksTaken();
      if (looks > 0) await table.write({ update: LOOKS, change: { set: { ...turn.looks() } } });
    },
    leave: async () => {
      await table.write({ update: key, change: { remove: ["holder", "heldUntil"], if: { holder } } });
    },
  };
}

async function mustHold(table: Table, key: Key, holder: string): Promise<void> {
  const [item] = await table.get([key]);
  if (item?.["holder"] !== holder) throw new LaneLostError(`another run works in ${key.sk}`);
}

/** Slack answered 429 here. When it does so in another channel as well, all of the workspace is meant. */
async function refuse(table: Table, channelId: string, now: number, until: number): Promise<void> {
  const [workspace] = await table.get([WORKSPACE]);
  const refusedIn = workspace?.["refusedIn"];
  const refusedAt = workspace?.["refusedAt"];
  const blockedUntil = workspace?.["blockedUntil"];
  const isOther = refusedIn !== undefined && refusedIn !== channelId;
  const isTogether = isOther && now - Number(refusedAt) <= TOGETHER_MS;
  const all = isTogether ? Math.max(until, Number(blockedUntil ?? 0)) : blockedUntil;
  await table.write({
    update: WORKSPACE,
    change: { set: { refusedIn: channelId, refusedAt: now, blockedUntil: all } },
  });
}

type TurnPacer = {
  readonly pacer: Pacer;
  readonly blockedUntil: () => number;
  readonly refusedUntil: () => number | undefined;
  readonly looks: () => Bucket;
  readonly looksTaken: () => number;
};

/** Hears what a turn learns. Posts are the lane's to allow, edits the clock tick's. */
function turnPacer(looks: Bucket, rate: Rate): TurnPacer {
  let blocked = 0;
  let refused: number | undefined;
  let taken = 0;
  const nothing = (): void => undefined;
  const block = (_: string, until: number): void => {
    blocked = Math.max(blocked, until);
  };
  return {
    pacer: {
      waitMs: () => 0,
      take: nothing,
      giveBack: nothing,
      block,
      refused: (channelId, _, until) => {
        block(channelId, until);
        refused = until;
      },
      lookWaitMs: (now) => untilToken(looks, rate, now),
      takeLook: (now) => {
        taken += 1;
        Object.assign(looks, taking(looks, rate, now));
      },
      editWaitMs: () => Number.POSITIVE_INFINITY,
      takeEdit: nothing,
      blockEdits: nothing,
    },
    blockedUntil: () => blocked,
    refusedUntil: () => {
      const until = refused;
      refused = undefined;
      return until;
    },
    looks: () => looks,
    looksTaken: () => {
      const count = taken;
      taken = 0;
      return count;
    },
  };
}

function bucketOf(item: Item | undefined, rate: Rate): Bucket {
  const tokens = item?.["tokens"];
  const at = item?.["at"];
  return typeof tokens === "number" && typeof at === "number" ? { tokens, at } : { tokens: rate.burst, at: 0 };
}

function taking(bucket: Readonly<Bucket>, rate: Rate, now: number): Bucket {
  return { tokens: tokensAt(bucket, rate, now) - 1, at: now };
}

function memoryFrom(item: Item | undefined): PatienceMemory {
  const patience = item?.["patience"];
  return typeof patience === "string" ? (JSON.parse(patience) as PatienceMemory) : { inARow: 0, holds: [] };
}
