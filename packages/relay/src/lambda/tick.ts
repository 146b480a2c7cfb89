/**
 * The clock function put together, once a minute: cards that are out of date, accounts that fell silent, and whatever
 * nobody was woken for. Lambda calls `handler`; it runs alone.
 */
import { randomUUID } from "node:crypto";
import { customerFinder } from "@shirase/core/prepare";
import { opsNoticeFor } from "../ops-notice.ts";
import { createPacer, SAFE_PACE } from "../pacer.ts";
import { epochClock } from "./epoch-clock.ts";
import { readSetting, slackOf } from "./setting.ts";
import { tick } from "./ticking.ts";

const setting = readSetting();
const { config, prepared, store, table, waker, logger } = setting;
const destination = slackOf(setting);
const pacer = createPacer(SAFE_PACE, epochClock.elapsedMs());

/** What Lambda says of a run. */
type Context = { readonly getRemainingTimeInMillis: () => number };

/** Does what is due this minute. */
export async function handler(_: unknown, context: Context): Promise<void> {
  const done = await tick({
    store,
    table,
    destination: await destination,
    pacer,
    clock: epochClock,
    customers: prepared.customers,
    customerOf: customerFinder(config, prepared),
    language: config.defaults.language,
    timezone: config.defaults.timezone,
    opsNotice: opsNoticeFor(config),
    wake: waker.wake,
    newId: randomUUID,
    onFault: (error, what) => logger.error({ err: error }, `${what} failed; it is tried again in a minute`),
    endsAt: epochClock.elapsedMs() + context.getRemainingTimeInMillis(),
  });
  logger.info(done, "tick");
}
