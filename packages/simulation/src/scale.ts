/**
 * Ten thousand customers and a hundred million findings a month against the quotas of one AWS account and one Slack
 * workspace: where do findings wait, and how long? A model in steps of a second: how many are in each queue, not what
 * they say. The pace towards Slack is the relay's own (pacer.ts); what each stage takes is in {@link QUOTAS}, with where
 * it was read or measured.
 */
import { createPacer, type Pacer, SAFE_PACE } from "@shirase/relay/pacer";
import type { Chance } from "./chance.ts";

/** What a stage takes in a second, or in one go. */
export type Quotas = {
  /** Deliveries by rules in the hub's account and region, a second. More is delayed. */
  readonly deliveries: number;
  /** Events that intake takes a second: its reserved runs, ten events each, so long a batch. */
  readonly intake: number;
  /** New findings a second of one channel: two write units of a partition's thousand each. */
  readonly channelNews: number;
  /** Resources that one message names. */
  readonly names: number;
  /** So many that wait in a channel are cards of their own; more are counted first, then named. */
  readonly cards: number;
};

/**
 * ap-northeast-1. Deliveries: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html. Intake: ten runs,
 * a batch of ten in 100 ms (a third of a processor makes 11 ms of its own time some 35, and a dozen rounds to DynamoDB
 * 5 ms each; docs/aws.md). News of a channel: docs/aws.md, "One huge customer". Names: docs/benchmarks-delivery.md.
 */
export const QUOTAS: Quotas = { deliveries: 2250, intake: 1000, channelNews: 450, names: 70, cards: 3 };

/** What comes in. */
export type Scenario = {
  readonly name: string;
  readonly customers: number;
  readonly seconds: number;
  /** Events and, among them, news of a second, by customer. Most events say nothing new. */
  readonly arrivals: (second: number, chance: Chance) => Arrivals;
};
export type Arrivals = { readonly repeated: number; readonly news: ReadonlyMap<number, number> };

/** How many passed a stage, how long they waited there, seconds, and how many waited at most. */
export type Waits = {
  readonly passed: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly backlog: number;
};

/** What became of a scenario. */
export type Scaled = {
  readonly events: number;
  readonly news: number;
  /** Until the rule delivered it to the hub's queue. */
  readonly bus: Waits;
  /** In the hub's queue, until it is in the table. */
  readonly queue: Waits;
  /** From then until Slack says that it is there: a card, or counted in a burst. */
  readonly counted: Waits;
  /** … until it is named. */
  readonly named: Waits;
  readonly posts: number;
  /** Seconds in which a limit held something back. */
  readonly held: Readonly<Record<"deliveries" | "intake" | "workspace", number>>;
  /** Seconds after the last arrival until nothing waits; undefined: not within {@link LONGEST_TAIL}. */
  readonly tail: number | undefined;
};

/** A day. */
const LONGEST_TAIL = 86_400;

/** Plays a scenario to its end, and on until nothing waits. */
export function playScale(scenario: Scenario, quotas: Quotas, chance: Chance): Scaled {
  const bus = line();
  const queue = line();
  const slack = slackOf(quotas);
  const held = { deliveries: 0, intake: 0, workspace: 0 };
  let [events, news] = [0, 0];
  const arrive = (second: number): void => {
    const { repeated, news: fresh } = scenario.arrivals(second, chance);
    bus.add(second, { repeated, news: new Map(fresh) });
    const count = sumOf(fresh.values());
    events += repeated + count;
    news += count;
  };
  const pass = (second: number): void => {
    for (const part of bus.take(second, quotas.deliveries)) queue.add(second, part);
    held.deliveries += bus.size() > 0 ? 1 : 0;
    for (const { news: fresh } of queue.take(second, quotas.intake, quotas.channelNews)) slack.hear(second, fresh);
    held.intake += queue.size() > 0 ? 1 : 0;
    held.workspace += slack.tell(second) ? 1 : 0;
  };
  const end = (tail: number | undefined): Scaled => {
    return { events, news, ...slack.waits(), bus: bus.waits(), queue: queue.waits(), held, tail };
  };
  for (let second = 0; second < scenario.seconds; second += 1) {
    arrive(second);
    pass(second);
  }
  for (let tail = 0; tail < LONGEST_TAIL; tail += 1) {
    if (bus.size() + queue.size() + slack.left() === 0) return end(tail);
    pass(scenario.seconds + tail);
  }
  return end(undefined);
}

type Part = { repeated: number; readonly news: Map<number, number> };

/** A queue of parts by the second in which they came, first come first served. */
type Line = {
  readonly add: (second: number, part: Part) => void;
  /** @param each - at most so many news of one customer. */
  readonly take: (second: number, most: number, each?: number) => readonly Part[];
  readonly size: () => number;
  readonly waits: () => Waits;
};

function line(): Line {
  let parts: { readonly came: number; readonly part: Part }[] = [];
  const times = waiting();
  let size = 0;
  return {
    add: (came, part) => {
      parts.push({ came, part });
      size += sizeOf(part);
    },
    take: (second, most, each = Number.POSITIVE_INFINITY) => {
      let room = most;
      const taken: Part[] = [];
      const byCustomer = new Map<number, number>();
      for (const { came, part } of parts) {
        if (room <= 0) break;
        const some = takeFrom(part, room, each, byCustomer);
        const count = sizeOf(some);
        if (count === 0) continue;
        room -= count;
        size -= count;
        times.add(second - came, count);
        taken.push(some);
      }
      parts = parts.filter(({ part }) => sizeOf(part) > 0);
      times.sees(size);
      return taken;
    },
    size: () => size,
    waits: times.result,
  };
}

function takeFrom(part: Part, room: number, each: number, byCustomer: Map<number, number>): Part {
  const repeated = Math.min(part.repeated, room);
  part.repeated -= repeated;
  let left = room - repeated;
  const news = new Map<number, number>();
  for (const [customer, count] of part.news) {
    if (left <= 0) break;
    const had = byCustomer.get(customer) ?? 0;
    const some = Math.min(count, left, each - had);
    if (some <= 0) continue;
    byCustomer.set(customer, had + some);
    news.set(customer, some);
    left -= some;
    if (some === count) part.news.delete(customer);
    else part.news.set(customer, count - some);
  }
  return { repeated, news };
}

const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, one) => sum + one, 0);
const sizeOf = ({ repeated, news }: Part): number => repeated + sumOf(news.values());

type Told = {
  readonly hear: (second: number, news: ReadonlyMap<number, number>) => void;
  /** Posts what this second allows. @returns whether the workspace's pace held something back. */
  readonly tell: (second: number) => boolean;
  readonly left: () => number;
  readonly waits: () => Pick<Scaled, "counted" | "named" | "posts">;
};

type Batch = { readonly came: number; count: number };

/** The deliverer: counts go before names, who waits longest goes first. */
function slackOf({ names, cards }: Quotas): Told {
  const pacer = createPacer(SAFE_PACE);
  const uncounted = new Map<number, Batch[]>();
  const unnamed = new Map<number, Batch[]>();
  const [counting, naming] = [waiting(), waiting()];
  let [left, posts] = [0, 0];

  const count = (customer: number, second: number): void => {
    const batches = uncounted.get(customer) ?? [];
    const all = sumOf(batches.map((batch) => batch.count));
    uncounted.delete(customer);
    for (const { came, count: some } of batches) counting.add(second - came, some);
    if (all > cards) {
      unnamed.set(customer, [...(unnamed.get(customer) ?? []), ...batches]);
      return;
    }
    // A few are named as they are told.
    for (const { came, count: some } of batches) naming.add(second - came, some);
    left -= all;
  };
  const name = (customer: number, second: number): void => {
    const batches = unnamed.get(customer) ?? [];
    let room = names;
    for (const batch of batches) {
      const some = Math.min(batch.count, room);
      batch.count -= some;
      room -= some;
      left -= some;
      if (some > 0) naming.add(second - batch.came, some);
    }
    const rest = batches.filter((batch) => batch.count > 0);
    if (rest.length === 0) unnamed.delete(customer);
    // Whoever waits next is next.
    else {
      unnamed.delete(customer);
      unnamed.set(customer, rest);
    }
  };
  const postAll = (waits: ReadonlyMap<number, unknown>, second: number, post: typeof count): boolean => {
    for (const customer of [...waits.keys()]) {
      const answer = mayPost(pacer, customer, second);
      if (answer === "workspace") return true;
      if (answer === "channel") continue;
      posts += 1;
      post(customer, second);
    }
    return false;
  };
  return {
    hear: (second, news) => {
      for (const [customer, some] of news) {
        left += some;
        uncounted.set(customer, [...(uncounted.get(customer) ?? []), { came: second, count: some }]);
      }
    },
    tell: (second) => {
      const isHeld = postAll(uncounted, second, count) || postAll(unnamed, second, name);
      counting.sees(sumOf([...uncounted.values()].map((batches) => sumOf(batches.map((batch) => batch.count)))));
      naming.sees(left);
      return isHeld;
    },
    left: () => left,
    waits: () => ({ counted: counting.result(), named: naming.result(), posts }),
  };
}

function mayPost(pacer: Pacer, customer: number, second: number): "yes" | "channel" | "workspace" {
  const now = second * 1000;
  const channel = `C${customer}`;
  if (pacer.waitMs("", now) > 0) return "workspace";
  if (pacer.waitMs(channel, now) > 0) return "channel";
  pacer.take(channel, now);
  return "yes";
}

function waiting(): {
  readonly add: (seconds: number, count: number) => void;
  readonly sees: (backlog: number) => void;
  readonly result: () => Waits;
} {
  const counts = new Map<number, number>();
  let backlog = 0;
  return {
    add: (seconds, count) => void counts.set(seconds, (counts.get(seconds) ?? 0) + count),
    sees: (size) => {
      backlog = Math.max(backlog, size);
    },
    result: () => {
      const sorted = [...counts].toSorted(([one], [other]) => one - other);
      const total = sumOf(counts.values());
      const at = (share: number): number => {
        let seen = 0;
        for (const [seconds, count] of sorted) {
          seen += count;
          if (seen >= total * share) return seconds;
        }
        return 0;
      };
      return { passed: total, p50: at(0.5), p99: at(0.99), most: sorted.at(-1)?.[0] ?? 0, backlog };
    },
  };
}
