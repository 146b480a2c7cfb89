/**
 * The console of a relay on AWS, put together: it runs where the people are, with their own credentials, and shows what
 * the table holds. What its buttons do, the store does, as the functions would.
 */
import type { Config } from "@shirase/core/config";
import { pulsesOf } from "@shirase/core/heartbeat";
import { type Prepared, prepare } from "@shirase/core/prepare";
import { Hono } from "hono";
import type { Logger } from "pino";
import { accept } from "./accept.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Desk } from "./console/desk.ts";
import { loginOf } from "./console/login.ts";
import { type Mirror, openMirror } from "./console/mirror.ts";
import { isConsoleServed } from "./console/open-console.ts";
import { tableReads } from "./console/reads-table.ts";
import { openReadsThread } from "./console/reads-thread.ts";
import { consoleApp } from "./console/routes.ts";
import type { Onboard } from "./console/sent.ts";
import { type Address, listen } from "./listen.ts";
import { slackPermalinks } from "./send/slack.ts";
import { openSilenceBook, type SilenceBook } from "./silence-book.ts";
import { keyOf } from "./store/dynamodb-keys.ts";
import type { OutsideTable } from "./store/dynamodb-outside.ts";

/** What it is started with. Secrets are resolved already. */
export type ConsoleOptions = {
  readonly config: Config;
  /** Stays the caller's, who closes it. */
  readonly outside: Pick<OutsideTable, "store" | "table">;
  readonly tableName: string;
  /** For the mirror of the table; may be thrown away between two starts. */
  readonly dataDir: string;
  readonly listen: Address;
  /** To ask where a message is; undefined: no link leads to Slack. */
  readonly slackToken: string | undefined;
  /** Overrides config.slack.apiUrl. */
  readonly slackApiUrl?: string | undefined;
  /** Of config.console; undefined: no login. */
  readonly clientSecret?: string | undefined;
  readonly onboard?: Onboard | undefined;
  readonly logger: Logger;
  readonly clock?: Clock;
};

/** A console that is served. */
export type RunningConsole = { readonly url: string; readonly stop: () => Promise<void> };

/**
 * Reads the table's journal, then serves the console.
 *
 * @throws ListenError, DataDirError: the address or the folder cannot be used. What DynamoDB refuses.
 */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { config, outside, tableName, dataDir, logger, clock = systemClock } = options;
  const login = loginOf(config, options.clientSecret);
  isConsoleServed(true, options.listen.host, login !== undefined);
  const now = (): Date => clock.now();
  const onFault = (error: unknown): void => logger.error({ err: error }, "the table could not be read; trying again");
  const prepared = prepare(config);
  const book = await openSilenceBook(outside.store, prepared, now());
  const mirror = await openMirror({ table: outside.table, tableName, dataDir, now, onFault });
  const file = openReadsThread(dataDir);
  const close = async (): Promise<void> => {
    await file.close();
    await mirror.close();
  };
  const reads = tableReads(mirror, outside.table, outside.store, file);
  const desk = deskOf(options, { prepared, book, mirror, now });
  const app = new Hono().route("/", consoleApp({ ...desk, reads, seesAll: true, login }));
  try {
    const { url, close: stopListening } = await listen(app, options.listen);
    logger.info({ url, table: tableName }, "listening");
    return {
      url,
      stop: async () => {
        await stopListening();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type DeskParts = {
  readonly prepared: Prepared;
  readonly book: SilenceBook;
  readonly mirror: Mirror;
  readonly now: () => Date;
};

function deskOf(
  options: ConsoleOptions,
  { prepared, book, mirror, now }: DeskParts,
): Omit<Desk, "reads" | "seesAll" | "login"> {
  const { config, outside, slackToken: token, slackApiUrl, onboard, logger } = options;
  const { store, table } = outside;
  const permalink =
    token === undefined ? undefined : slackPermalinks({ token, apiUrl: slackApiUrl ?? config.slack.apiUrl });
  return {
    config,
    customers: prepared.customers,
    store: deskStore(store, mirror, now),
    pulses: async () => {
      const [clock] = await table.get([keyOf.clock]);
      const since = typeof clock?.["since"] === "number" ? new Date(clock["since"]) : now();
      return pulsesOf(prepared.customers.values(), await store.beats(), now(), since);
    },
    permalink: async (posted) => permalink?.(posted),
    // Kept as intake would keep it; the clock function wakes the channel within a minute.
    accept: (events, bus) =>
      accept(events, bus === undefined ? {} : { bus }, { prepared, store, silencers: book.silencers }, now()),
    now,
    wake: () => undefined,
    onboard,
    silences: { own: prepared.silencers, refresh: () => book.refresh(now()) },
    onFault: (error) => logger.error({ err: error }, "a page of the console failed"),
  };
}

function deskStore(store: OutsideTable["store"], mirror: Mirror, now: () => Date): Desk["store"] {
  const quarantined = { count: 0, at: Number.NEGATIVE_INFINITY };
  /** Whoever pressed a button sees on the next page what it did. */
  const seen = async (letters: Promise<number>): Promise<number> => {
    const count = await letters;
    await mirror.refresh();
    return count;
  };
  return {
    ...store,
    redrive: (channelId) => seen(store.redrive(channelId)),
    redriveOnly: (ids) => seen(store.redriveOnly(ids)),
    // The store's own counts every problem, which reads the whole table.
    stats: async () => {
      const at = now().getTime();
      if (at - quarantined.at >= COUNTED_AGAIN_MS) {
        quarantined.count = (await store.quarantined(MOST_QUARANTINED)).length;
        quarantined.at = at;
      }
      const byCustomer = Map.groupBy(await store.deadLetters(), ({ customerId }) => customerId);
      return {
        deadByCustomer: new Map([...byCustomer].map(([id, letters]) => [id, letters.length])),
        quarantined: quarantined.count,
      };
    },
  };
}

/** Each may have 400 KB: a page need not know of more than these, nor of each at once. */
const MOST_QUARANTINED = 100;
const COUNTED_AGAIN_MS = 60_000;
