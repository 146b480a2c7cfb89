/**
 * One life of the relay: its deliverer and its way in, on a store that is really on disk, until it is stopped or dies.
 *
 * It dies at a call: of whatever it was doing nothing goes on, no answer reaches it, no timer of its wakes. What it had
 * asked of the store or of Slack happens all the same, or does not, as with a process that is killed.
 */

import type { Config } from "@shirase/core/config";
import { customerFinder, prepare } from "@shirase/core/prepare";
import { type Accepted, accept } from "@shirase/relay/accept";
import { type Deliverer, startDelivering } from "@shirase/relay/deliver";
import { createPacer, SAFE_PACE } from "@shirase/relay/pacer";
import type { Destination } from "@shirase/relay/send/destination";
import { slackDestination } from "@shirase/relay/send/slack";
import { openSqliteStore } from "@shirase/relay/store/sqlite";
import type { NewMessage, Store } from "@shirase/relay/store/store";
import type { Chance } from "./chance.ts";
import { type Fate, mortal } from "./mortal.ts";
import type { Network } from "./network.ts";
import type { Time } from "./time.ts";
import type { Witness } from "./witness.ts";

/** What it lives in. */
export type Surroundings = {
  readonly dataDir: string;
  readonly config: Config;
  readonly network: Network;
  readonly time: Time;
  readonly chance: Chance;
  readonly witness: Witness;
  /** The relay's clock, which may be wrong. */
  readonly now: () => Date;
  readonly newId: () => string;
  readonly onFault: (error: unknown) => void;
};

/** A relay that lives. */
export type Life = {
  /** Takes an event in. Undefined: it died before it answered. */
  readonly accept: (values: readonly unknown[]) => Promise<Accepted | undefined>;
  /** It will die at a call from now. */
  readonly doom: (afterCalls: number, isBefore: boolean) => void;
  readonly spare: () => void;
  readonly kill: () => void;
  readonly stop: () => Promise<void>;
  /** Resolves when it is gone, killed or stopped, and its files are closed. */
  readonly ended: Promise<void>;
  readonly store: Store;
};

/** Starts one. */
export function startLife(around: Surroundings): Life {
  const { dataDir, config, network, time, chance, witness, now } = around;
  const inner = openSqliteStore({ dataDir });
  const self = { isGone: false };
  let doom: { left: number; readonly isBefore: boolean } | undefined;
  const { promise: died, resolve: die } = Promise.withResolvers<undefined>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const close = async (): Promise<void> => {
    self.isGone = true;
    die(undefined);
    await time.busy(() => inner.close());
    end();
  };
  const fate = (): Fate => {
    if (doom === undefined) return "lives";
    doom.left -= 1;
    if (doom.left >= 0) return "lives";
    return doom.isBefore ? "dies before" : "dies after";
  };
  const dies = (why?: string): void => {
    if (why !== undefined) around.onFault(new Error(why));
    void close();
  };
  const wrap = mortal({ time, self, fate, die: dies });
  // Nobody waits for what is kept beside a problem: it goes with whatever is written next, and time goes on.
  const store = wrap(witness.watch(inner), ["close", "keepEvents"]);
  const destination: Destination = wrap(
    slackDestination({ token: network.slack.token, apiUrl: network.slack.apiUrl, fetch: network.fetch }),
  );
  const prepared = prepare(config);
  const deliverer: Deliverer = startDelivering({
    store,
    destination,
    pacer: createPacer(SAFE_PACE, time.now()),
    clock: { now, elapsedMs: time.now, wait: (ms, signal) => time.wait(ms, self, signal) },
    random: chance.next,
    newId: around.newId,
    customerOf: customerFinder(config, prepared),
    opsNotice: (text) => noteOf(around, text),
    onFault: around.onFault,
  });
  return {
    store: witness.watch(inner),
    ended,
    accept: async (values) => {
      const accepting = accept(values, {}, { prepared, store }, now());
      const accepted = await Promise.race([accepting, died]);
      if (accepted === undefined) return undefined;
      if ("bad" in accepted) throw new Error(`the story tells no event: ${accepted.bad.message}`);
      if (accepted.told > 0) deliverer.wake();
      return accepted;
    },
    doom: (afterCalls, isBefore) => {
      doom = { left: afterCalls, isBefore };
    },
    kill: () => {
      if (!self.isGone) void close();
    },
    spare: () => {
      doom = undefined;
    },
    stop: async () => {
      doom = undefined;
      await deliverer.stop();
      if (!self.isGone) await close();
    },
  };
}

function noteOf({ newId, config }: Surroundings, text: string): NewMessage {
  const channelId = config.slack.opsChannel ?? "";
  const body = JSON.stringify({ text });
  return {
    id: newId(),
    customerId: "",
    channelId,
    kind: "note",
    severityRank: 3,
    body,
    counted: 0,
    isBroadcast: false,
  };
}
