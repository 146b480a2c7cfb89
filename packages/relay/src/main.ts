/**
 * The relay put together: the one place where the store is opened, the port bound and the loops started. The command
 * line and the demo start it here.
 */
import { randomUUID } from "node:crypto";
import type { Config } from "@shirase/core/config";
import { customerFinder, type Prepared, prepare } from "@shirase/core/prepare";
import { Hono } from "hono";
import { type Logger, pino } from "pino";
import { type Acceptor, accept, setAside } from "./accept.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type LoginConfig, loginOf } from "./console/login.ts";
import { isConsoleServed, type OpenConsole, openConsole } from "./console/open-console.ts";
import type { Onboard } from "./console/sent.ts";
import { type Deliverer, startDelivering } from "./deliver.ts";
import { keepHouse } from "./housekeeping.ts";
import { type Taker, takeDelivered } from "./ingest/delivered.ts";
import { fetchText } from "./ingest/fetch-text.ts";
import { eventsListener, type HttpDoor, httpDoor } from "./ingest/http.ts";
import { keyAsker } from "./ingest/key.ts";
import { slackDoor } from "./ingest/slack.ts";
import { snsDoor } from "./ingest/sns.ts";
import { type QueueReader, type QueueState, readQueues } from "./ingest/sqs.ts";
import { type AwsAccess, openQueues } from "./ingest/sqs-queue.ts";
import { type Address, type Listening, listen } from "./listen.ts";
import { type Counters, createCounters } from "./metrics.ts";
import { opsNoticeFor } from "./ops-notice.ts";
import { createPacer, type Pace, SAFE_PACE } from "./pacer.ts";
import { readinessOf } from "./readiness.ts";
import { outcomeReporter, queueReporter, slackReporter, toldReporter } from "./report.ts";
import type { Destination } from "./send/destination.ts";
import { slackDestination, slackPermalinks } from "./send/slack.ts";
import { openSilenceBook, type SilenceBook } from "./silence-book.ts";
import { openSqliteThread } from "./store/sqlite-thread.ts";
import type { Store } from "./store/store.ts";
import { tracedDestination, tracedTaker } from "./traces.ts";
import { startWatching, type Watch } from "./watch.ts";

/** What a relay is started with. Secrets are resolved already. */
export type RelayOptions = {
  readonly config: Config;
  readonly slackToken: string;
  /** Undefined: no events over HTTP; then the config names SNS topics or SQS queues. */
  readonly ingestKey: string | undefined;
  /** The Slack app's own; undefined: Slack's requests have no path here. */
  readonly slackSigningSecret?: string | undefined;
  readonly listen: Address;
  readonly dataDir: string;
  /** Overrides config.slack.apiUrl. */
  readonly slackApiUrl?: string | undefined;
  /** False: config.ingest.sqs is left alone. For who must not empty the queues of another relay. Default true. */
  readonly readsQueues?: boolean;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly pace?: Pace;
  /** How SNS's addresses are fetched; tests bring their own certificate. */
  readonly fetchText?: (url: string) => Promise<string>;
  /** How SQS is reached; without it the AWS SDK's own ways. */
  readonly aws?: AwsAccess;
  /** Of config.console; undefined: no login. */
  readonly consoleClientSecret?: string | undefined;
  /** Whether the console is served. Default: where it has a login, or where only this machine reaches it. */
  readonly console?: boolean | undefined;
  /** Adds routes beside the relay's own, before them: the demo's pages. */
  readonly mount?: (app: Hono) => void;
  /** What a customer is sent, for the console to show. */
  readonly onboard?: Onboard | undefined;
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

/** A write for every line of log costs as much as deciding; lines wait for others this long. */
const LOG_WAITS_MS = 50;
const LOG_BYTES = 8192;

/** A logger to standard error. Lines are written together, within {@link LOG_WAITS_MS}; at the end, what is left. */
export function stderrLogger(level = "info"): Logger {
  const destination = pino.destination({ dest: 2, sync: true, minLength: LOG_BYTES, periodicFlush: LOG_WAITS_MS });
  process.once("exit", () => destination.flushSync());
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/**
 * Starts a relay.
 *
 * @throws DataDirError, ListenError: the folder or the address cannot be used; nothing is left running.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { config, dataDir, clock = systemClock, logger = stderrLogger() } = options;
  const { hasConsole, login } = consoleOf(options);
  const store = await openSqliteThread({ dataDir });
  const counters = createCounters();
  const { destination, permalink } = slackOf(options);
  const prepared = prepare(config);
  const deliverer = deliver(options, prepared, { store, destination, counters, clock, logger });
  const book = await openSilenceBook(store, prepared, clock.now());
  const taker = tracedTaker(takerOf(prepared, deliverer, { store, counters, clock, logger, book }));
  let reader: QueueReader | undefined;
  const queues = (): readonly QueueState[] => reader?.states() ?? [];
  const watch = watchOver(options, prepared, deliverer, { store, counters, clock, logger });
  const readiness = readinessOf({ store, destination, queues, clock });
  let isStopping = false;
  const app = appWith(options.mount);
  const pages = hasConsole
    ? pagesOf(app, options, { prepared, watch, permalink, taker, login, deliverer, book, store, clock, logger })
    : undefined;
  const door: HttpDoor = {
    ...taker,
    ...doorTo(options, { store, counters, clock, logger }),
    readiness,
    metrics: async () =>
      counters.render({ stats: await store.stats(), queues: queues(), pulses: await watch.pulses(), now: clock.now() }),
    isStopping: () => isStopping,
  };
  httpDoor(app, door);
  const housekeeping = new AbortController();
  const tidying = keepHouse({ prepared, watch, deliverer, store, clock, logger, book, dataDir }, housekeeping.signal);
  let listening: Listening | undefined;
  const close = async (): Promise<void> => {
    isStopping = true;
    housekeeping.abort();
    await Promise.all([listening?.close(), reader?.stop(), deliverer.stop(), watch.stop(), tidying]);
    await pages?.close();
    await store.close();
  };
  try {
    listening = await listen(app, options.listen, eventsListener(door));
    logger.info({ url: listening.url, customers: config.customers.length, console: hasConsole }, "listening");
    void readiness().then((problem) => problem !== undefined && logger.error({ problem }, "not ready"));
    reader = await startReading(options, { taker, deliverer, store, counters, clock, logger });
    return {
      url: listening.url,
      accept: (values) => taker.accept(values, {}),
      store,
      stop: async () => {
        if (isStopping) return;
        await close();
        logger.info("stopped");
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Whether there is a console, and its login.
 *
 * @throws ListenError when it may not be served at this address.
 * @throws when the config has a login and its secret was not read: the console must not open without it.
 */
function consoleOf(options: RelayOptions): { readonly hasConsole: boolean; readonly login?: LoginConfig } {
  const { config, consoleClientSecret } = options;
  const hasConsole = isConsoleServed(options.console, options.listen.host, config.console !== undefined);
  const login = hasConsole ? loginOf(config, consoleClientSecret) : undefined;
  return { hasConsole, ...(login ? { login } : {}) };
}

type PagesParts = Omit<Parts, "counters"> & {
  readonly prepared: Prepared;
  readonly watch: Watch;
  readonly permalink: ReturnType<typeof slackPermalinks>;
  readonly taker: Taker;
  readonly login: LoginConfig | undefined;
  readonly deliverer: Deliverer;
  readonly book: SilenceBook;
};

function pagesOf(app: Hono, { config, dataDir, onboard }: RelayOptions, parts: PagesParts): OpenConsole {
  const { prepared, watch, taker, deliverer, book, clock, logger, ...rest } = parts;
  return openConsole(app, dataDir, {
    ...rest,
    config,
    customers: prepared.customers,
    pulses: watch.pulses,
    onboard,
    accept: (events, bus) => taker.accept(events, bus === undefined ? {} : { bus }),
    now: () => clock.now(),
    wake: deliverer.wake,
    silences: { own: prepared.silencers, refresh: () => book.refresh(clock.now()) },
    onFault: (error) => logger.error({ err: error }, "a page of the console failed"),
  });
}

function slackOf({ slackToken: token, slackApiUrl, config }: RelayOptions) {
  const slack = { token, apiUrl: slackApiUrl ?? config.slack.apiUrl };
  return { destination: tracedDestination(slackDestination(slack)), permalink: slackPermalinks(slack) };
}

function appWith(mount: RelayOptions["mount"]): Hono {
  const app = new Hono();
  mount?.(app);
  return app;
}

type Parts = {
  readonly store: Store;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly logger: Logger;
};

function deliver(
  { config, pace }: RelayOptions,
  prepared: Prepared,
  parts: Parts & { readonly destination: Destination },
): Deliverer {
  const { store, destination, counters, clock, logger } = parts;
  return startDelivering({
    store,
    destination,
    pacer: createPacer(pace ?? SAFE_PACE, clock.elapsedMs()),
    clock,
    random: Math.random,
    newId: randomUUID,
    customerOf: customerFinder(config, prepared),
    opsNotice: opsNoticeFor(config),
    onOutcome: outcomeReporter(logger, counters),
    onFault: (error) => logger.error({ err: error }, "delivering failed; it will be tried again"),
  });
}

/** Looks for heartbeats that stopped or came back, and says so in the log and the ops channel. */
function watchOver(
  { config }: RelayOptions,
  { customers }: Prepared,
  deliverer: Deliverer,
  { store, clock, logger }: Parts,
): Watch {
  return startWatching({
    store,
    customers,
    language: config.defaults.language,
    timezone: config.defaults.timezone,
    clock,
    opsNotice: opsNoticeFor(config),
    onNews: ({ missed, back }) => {
      for (const { customerId, accountId, region } of missed)
        logger.warn({ customerId, accountId, region }, "no heartbeat");
      for (const { customerId, accountId, region } of back)
        logger.info({ customerId, accountId, region }, "heartbeat is back");
      deliverer.wake();
    },
    onFault: (error) => logger.error({ err: error }, "looking for heartbeats failed; it will be tried again"),
  });
}

/** Where every way in ends: kept, and the deliverer woken when there is something to tell. */
function takerOf(
  prepared: Prepared,
  deliverer: Deliverer,
  { store, counters, clock, logger, book }: Parts & { readonly book: SilenceBook },
): Taker {
  const acceptor: Acceptor = {
    prepared,
    store,
    silencers: book.silencers,
    onTold: toldReporter(logger, counters),
  };
  return {
    accept: async (values, arrival, texts) => {
      const accepted = await accept(values, arrival, acceptor, clock.now(), texts);
      if (!("bad" in accepted) && accepted.told > 0) deliverer.wake();
      return accepted;
    },
    setAside: async (text, reason) => {
      const kept = await setAside(text, reason, store, clock.now());
      counters.add("shirase_events_total", { outcome: kept.quarantined > 0 ? "quarantined" : "duplicate" });
      logger.warn({ reason }, "what was delivered is no event; it is in quarantine");
      return kept;
    },
  };
}

type ReadingParts = Parts & { readonly taker: Taker; readonly deliverer: Deliverer };

async function startReading(options: RelayOptions, parts: ReadingParts): Promise<QueueReader> {
  const { taker, deliverer, store, counters, clock, logger } = parts;
  const arns = options.readsQueues === false ? [] : (options.config.ingest?.sqs?.queues ?? []);
  const opsNotice = opsNoticeFor(options.config);
  const tellOps = (text: string): void => {
    const notice = opsNotice(text);
    if (notice === undefined) return;
    store.enqueue(notice, clock.now()).then(deliverer.wake, (error: unknown) => {
      logger.error({ err: error }, "a word to the ops channel could not be kept");
    });
  };
  return readQueues({
    queues: await openQueues(arns, options.aws),
    // An event that lies in a queue does not say on which bus it came: its account alone decides.
    take: (body) => takeDelivered(body, {}, taker),
    store,
    clock,
    random: Math.random,
    listener: queueReporter(logger, counters, tellOps),
  });
}

/** The HTTP door's needs that are the same for as long as the relay runs. */
function doorTo(
  { config, ingestKey, slackSigningSecret, fetchText: fetchFrom = fetchText }: RelayOptions,
  { counters, clock, logger }: Parts,
): Pick<HttpDoor, "isKey" | "sns" | "slack" | "onRefused" | "onFault"> {
  return {
    isKey: ingestKey === undefined ? undefined : keyAsker(ingestKey),
    sns: snsDoor({
      topics: config.ingest?.sns?.topics ?? [],
      fetchText: fetchFrom,
      onHandled: (what) => logger.info({ sns: what }, "sns"),
    }),
    slack:
      slackSigningSecret === undefined
        ? undefined
        : slackDoor({
            secret: () => Promise.resolve(slackSigningSecret),
            now: () => clock.now(),
            ...slackReporter(logger),
          }),
    onRefused: (code) => counters.add("shirase_requests_refused_total", { code }),
    onFault: (error) => logger.error({ err: error }, "fault"),
  };
}
