/** Plays a story: the relay, its senders, Slack, and everything that happens to them, to the end, and asks the invariants. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "@shirase/core/config";
import { LOAD_START, type LoadCustomer, loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { chanceOf } from "./chance.ts";
import { type Breach, breachesOf } from "./invariants.ts";
import { type Network, networkTo } from "./network.ts";
import { type Life, startLife } from "./relay-life.ts";
import type { Act, Story, Telling } from "./story.ts";
import { type Time, timeFrom } from "./time.ts";
import { createWitness, type Witness } from "./witness.ts";

/** What a story left behind. */
export type Played = {
  readonly breaches: readonly Breach[];
  readonly tellings: number;
  readonly messages: number;
  readonly deaths: number;
};

/** Everything, while it is played. */
export type World = {
  readonly story: Story;
  readonly customers: readonly LoadCustomer[];
  readonly channels: readonly string[];
  readonly network: Network;
  readonly time: Time;
  readonly witness: Witness;
  readonly faults: unknown[];
  /** Undefined while it is down. */
  life: Life | undefined;
  /** The next life's. */
  channelOf: number[];
  removed: Set<number>;
  skewMs: number;
  downUntilMs: number;
  deaths: number;
  /** Ids of events that were acknowledged. */
  readonly acknowledged: Set<string>;
  unacknowledged: number;
};

/** In memory where there is such a folder: what survives a power cut is not asked here. */
const FOLDER = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const OPS = "C0OPS000000";
const SENDER_RETRIES_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Plays it to its end. @throws when the relay does what it must never do, such as to break on an event. */
export async function play(story: Story): Promise<Played> {
  const dataDir = mkdtempSync(join(FOLDER, "shirase-sim-"));
  const world = createWorld(story);
  let isOver = false;
  const living = live(world, dataDir, () => isOver);
  try {
    for (const act of story.acts) {
      await passTo(LOAD_START.getTime() + act.atMs, world.time);
      perform(act, world);
    }
    const breaches = await finish(world);
    return {
      breaches,
      tellings: world.acknowledged.size,
      messages: world.network.slack.ledger().length,
      deaths: world.deaths,
    };
  } finally {
    isOver = true;
    await world.life?.stop();
    await world.time.advanceTo(world.time.now() + DAY_MS);
    await living;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Long after the last act and long before the next, the machine sleeps: only timers would go off. */
const AWAKE_MS = 90_000;

async function passTo(ms: number, time: Time): Promise<void> {
  const gapMs = ms - time.now();
  if (gapMs > 2 * AWAKE_MS) {
    await time.advanceTo(time.now() + AWAKE_MS);
    await time.leap(gapMs - 2 * AWAKE_MS);
  }
  await time.advanceTo(ms);
}

function createWorld(story: Story): World {
  const time = timeFrom(LOAD_START.getTime());
  const channels = loadCustomers(3).map(({ channel }) => channel);
  const chance = chanceOf(story.seed ^ 0x5eed);
  return {
    story,
    customers: loadCustomers(story.customers),
    channels,
    time,
    network: networkTo([...channels, OPS], story.over, { time, chance }),
    witness: createWitness(),
    faults: [],
    life: undefined,
    channelOf: [...story.channels],
    removed: new Set(),
    skewMs: 0,
    downUntilMs: 0,
    deaths: 0,
    acknowledged: new Set(),
    unacknowledged: 0,
  };
}

/** One life after the other. */
async function live(world: World, dataDir: string, isOver: () => boolean): Promise<void> {
  const { network, time, witness } = world;
  const chance = chanceOf(world.story.seed ^ 0x11fe);
  let ids = 0;
  while (!isOver()) {
    const life = startLife({
      dataDir,
      config: configOf(world),
      network,
      time,
      chance,
      witness,
      now: () => new Date(time.now() + world.skewMs),
      newId: () => {
        ids += 1;
        return `m${ids}`;
      },
      onFault: (error) => world.faults.push(error),
    });
    network.newLife();
    world.life = life;
    await life.ended;
    world.life = undefined;
    world.deaths += 1;
    if (!isOver()) await time.wait(world.downUntilMs - time.now(), { isGone: false });
  }
}

function configOf({ customers, channels, channelOf, removed }: World): Config {
  const present = customers.flatMap((customer, n): readonly LoadCustomer[] =>
    removed.has(n) ? [] : [{ ...customer, channel: channels[channelOf[n] ?? 0] ?? "" }],
  );
  // A config names at least one customer.
  const stranger: LoadCustomer = { id: "stranger", account: "999999999999", channel: channels[0] ?? "" };
  return Config.parse(loadConfig([...present, stranger], { opsChannel: OPS }));
}

function perform(act: Act, world: World): void {
  const { network, life, time } = world;
  switch (act.kind) {
    case "tell":
      void deliverEvents(act.tellings, world);
      return;
    case "trouble":
      network.trouble(act.trouble, act.times, act.channel === undefined ? undefined : world.channels[act.channel]);
      return;
    case "outage":
      network.outage(act.trouble, time.now() + act.forMs);
      return;
    case "crash":
      world.downUntilMs = time.now() + act.downMs;
      life?.doom(act.afterCalls, act.isBefore);
      return;
    case "kill":
      world.downUntilMs = time.now() + act.downMs;
      life?.kill();
      return;
    case "stop":
      world.downUntilMs = time.now() + act.downMs;
      void life?.stop();
      return;
    case "archive":
      void archive(world.channels[act.channel] ?? "", act.forMs, world);
      return;
    case "delete":
      remove(act.nth, world);
      return;
    case "jump":
      world.skewMs = act.toMs;
      return;
    case "move":
      world.channelOf[act.customer] = act.channel;
      return;
    case "remove":
      world.removed.add(act.customer);
      return;
  }
}

/** As EventBridge and SQS do: again and again until it is acknowledged. */
async function deliverEvents(tellings: readonly Telling[], world: World): Promise<void> {
  const events = tellings.map((telling) => eventOf(telling, world));
  world.unacknowledged += 1;
  while ((await world.life?.accept(events)) === undefined) await world.time.wait(SENDER_RETRIES_MS, { isGone: false });
  world.unacknowledged -= 1;
  for (const { id } of events) world.acknowledged.add(id);
}

/** The event of a telling. */
function eventOf({ customer, problem, telling, says }: Telling, { customers }: World): { readonly id: string } {
  const from = customers[customer];
  if (!from) throw new Error(`the story has no customer ${customer}`);
  // Each customer has problems of its own, so that a resource names one problem only.
  return securityHubEvent(from, customer * 1000 + problem, telling, says) as { readonly id: string };
}

async function archive(channelId: string, forMs: number, { network, time }: World): Promise<void> {
  network.slack.setChannel({ id: channelId, isArchived: true });
  await time.wait(forMs, { isGone: false });
  network.slack.setChannel({ id: channelId, isArchived: false });
}

/** Somebody deletes a message of ours. */
function remove(nth: number, { network, time }: World): void {
  const entry = network.slack.ledger()[nth];
  if (entry && !entry.deletedAt) network.slack.workspace.ledger.remove(entry, new Date(time.now()));
}

/** All is well again; what waits is told, the dead letters too; then nothing may happen any more. */
async function finish(world: World): Promise<readonly Breach[]> {
  const { time, network } = world;
  network.heal();
  world.life?.spare();
  world.downUntilMs = 0;
  await time.advanceTo(time.now() + MINUTE_MS);
  for (const id of world.channels) network.slack.setChannel({ id, isArchived: false });
  for (let round = 0; round < 20; round += 1) {
    await time.leap(6 * MINUTE_MS);
    await time.advanceTo(time.now() + 5000);
  }
  const letters = (await world.life?.store.deadLetters()) ?? [];
  const { byMethod: before } = network.slack.counters();
  for (let day = 0; day < 3; day += 1) {
    await time.leap(DAY_MS);
    await time.advanceTo(time.now() + 5000);
  }
  const { byMethod: after } = network.slack.counters();
  const requestsAfterEnd = Object.keys(after).flatMap((method) =>
    Array<string>((after[method] ?? 0) - (before[method] ?? 0)).fill(method),
  );
  return breachesOf({ world, letters, requestsAfterEnd });
}
