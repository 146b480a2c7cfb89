/**
 * The relay put together: the one place where the store is opened, the port bound and the loops started. The command
 * line and the demo start it here.
 */
import { randomUUID } from "node:crypto";
import type { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/decide";
import { Hono } from "hono";
import { type Logger, pino } from "pino";
import { type Acceptor, accept, setAside } from "./accept.ts";
import { type Clock, systemClock } from "./clock.ts";
import { startDelivering } from "./deliver.ts";
import { fetchText } from "./ingest/fetch-text.ts";
import { type HttpDoor, httpDoor } from "./ingest/http.ts";
import { snsDoor } from "./ingest/sns.ts";
import { type Address, type Listening, listen } from "./listen.ts";
import { type Counters, createCounters } from "./metrics.ts";
import { createPacer, type Pace, SAFE_PACE } from "./pacer.ts";
import { decisionReporter, outcomeReporter } from "./report.ts";
import type { Destination } from "./send/destination.ts";
import { slackDestination } from "./send/slack.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import type { NewDelivery, Store } from "./store/store.ts";

/** What a relay is started with. Secrets are resolved already. */
export type RelayOptions = {
  readonly config: Config;
  readonly slackToken: string;
  /** Undefined: no events over HTTP; then the config names SNS topics. */
  readonly ingestKey: string | undefined;
  readonly listen: Address;
  readonly dataDir: string;
  /** Overrides config.slack.apiUrl. */
  readonly slackApiUrl?: string | undefined;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly pace?: Pace;
  /** How SNS's addresses are fetched; tests bring their own certificate. */
  readonly fetchText?: (url: string) => Promise<string>;
  /** Adds routes beside the relay's own, before them: the demo's pages. */
  readonly mount?: (app: Hono) => void;
};

/** A running relay. */
export type Relay = {
  readonly url: string;
  /** Takes events as if they had come in by HTTP: standard input, files. */
  readonly accept: (values: readonly unknown[]) => ReturnType<typeof accept>;
  readonly store: Store;
  /** Takes nothing new, finishes what is under way, closes. */
  readonly stop: () => Promise<void>;
};

const REMEMBER_MS = 7 * 24 * 3_600_000;
const PRUNE_EVERY_MS = 3_600_000;
const CHECK_SLACK_EVERY_MS = 60_000;

/** A logger to standard error. */
export function stderrLogger(level = "info"): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}

/**
 * Starts a relay.
 *
 * @throws DataDirError, ListenError: the folder or the address cannot be used; nothing is left running.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { config, clock = systemClock, logger = stderrLogger() } = options;
  const store = openSqliteStore({ dataDir: options.dataDir });
  const counters = createCounters();
  const destination = slackDestination({
    token: options.slackToken,
    apiUrl: options.slackApiUrl ?? config.slack.apiUrl,
  });
  const deliverer = startDelivering({
    store,
    destination,
    pacer: createPacer(options.pace ?? SAFE_PACE),
    clock,
    random: Math.random,
    opsNotice: opsNoticeFor(config),
    onOutcome: outcomeReporter(logger, counters),
    onFault: (error) => logger.error({ err: error }, "delivering failed; it will be tried again"),
  });
  const acceptor: Acceptor = {
    prepared: prepare(config),
    store,
    newId: randomUUID,
    onDecided: decisionReporter(logger, counters),
  };
  let isStopping = false;
  const take: HttpDoorAccept = async (values, arrival) => {
    const accepted = await accept(values, arrival, acceptor, clock.now());
    if (!("bad" in accepted) && accepted.told > 0) deliverer.wake();
    return accepted;
  };
  const app = new Hono();
  options.mount?.(app);
  httpDoor(app, {
    ...doorTo(options, { store, destination, counters, clock, logger }),
    accept: take,
    setAside: async (text, reason) => {
      const kept = await setAside(text, reason, store, clock.now());
      counters.add("shirase_events_total", { outcome: kept.quarantined > 0 ? "quarantined" : "duplicate" });
      logger.warn({ reason }, "an SNS delivery is no event; it is in quarantine");
      return kept;
    },
    isStopping: () => isStopping,
  });
  const housekeeping = new AbortController();
  const tidying = keepTidy(store, clock, housekeeping.signal, logger);
  const close = async (listening?: Listening): Promise<void> => {
    isStopping = true;
    housekeeping.abort();
    await Promise.all([listening?.close(), deliverer.stop(), tidying]);
    await store.close();
  };
  try {
    const listening = await listen(app, options.listen);
    logger.info({ url: listening.url, customers: config.customers.length }, "listening");
    return {
      url: listening.url,
      accept: (values) => take(values, {}),
      store,
      stop: async () => {
        if (isStopping) return;
        await close(listening);
        logger.info("stopped");
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type HttpDoorAccept = HttpDoor["accept"];

type Parts = {
  readonly store: Store;
  readonly destination: Destination;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** The HTTP door's needs that are the same for as long as the relay runs. */
function doorTo(options: RelayOptions, parts: Parts): Omit<HttpDoor, "accept" | "setAside" | "isStopping"> {
  const { store, destination, counters, clock, logger } = parts;
  return {
    ingestKey: options.ingestKey,
    sns: snsDoor({
      topics: options.config.ingest?.sns?.topics ?? [],
      fetchText: options.fetchText ?? fetchText,
      onHandled: (what) => logger.info({ sns: what }, "sns"),
    }),
    readiness: readinessOf(destination, clock),
    metrics: () => counters.render(store.stats(), clock.now()),
    onRefused: (code) => counters.add("shirase_requests_refused_total", { code }),
    onFault: (error) => logger.error({ err: error }, "fault"),
  };
}

/** Slack is asked at most once a minute, however often readiness is. */
function readinessOf(destination: Destination, clock: Clock): () => Promise<string | undefined> {
  let asked: { readonly at: number; readonly answer: Promise<string | undefined> } | undefined;
  return async () => {
    const now = clock.now().getTime();
    if (asked === undefined || now - asked.at > CHECK_SLACK_EVERY_MS) asked = { at: now, answer: destination.check() };
    const problem = await asked.answer;
    if (problem !== undefined) asked = undefined;
    return problem === undefined ? undefined : `Slack: ${problem}`;
  };
}

function opsNoticeFor(config: Config): (text: string) => NewDelivery | undefined {
  const channelId = config.slack.opsChannel;
  return (text) => {
    if (channelId === undefined) return undefined;
    const block = { type: "section", text: { type: "mrkdwn", text: `:warning: ${text}` } };
    const message = JSON.stringify({ text, blocks: [block], unfurl_links: false, unfurl_media: false });
    return { id: randomUUID(), customerId: "", channelId, severityRank: 3, message };
  };
}

async function keepTidy(store: Store, clock: Clock, signal: AbortSignal, logger: Logger): Promise<void> {
  while (!signal.aborted) {
    try {
      store.prune(new Date(clock.now().getTime() - REMEMBER_MS));
    } catch (error) {
      logger.error({ err: error }, "pruning failed; it will be tried again");
    }
    await clock.wait(PRUNE_EVERY_MS, signal);
  }
}
