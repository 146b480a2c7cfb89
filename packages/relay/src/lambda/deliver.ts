/** The deliver function put together: wake-ups in, messages out. Lambda calls `handler`. */
import { randomUUID } from "node:crypto";
import { customerFinder } from "@shirase/core/prepare";
import { createCounters } from "../metrics.ts";
import { opsNoticeFor } from "../ops-notice.ts";
import { SAFE_PACE } from "../pacer.ts";
import { outcomeReporter } from "../report.ts";
import { epochClock } from "./epoch-clock.ts";
import { readSetting, slackOf } from "./setting.ts";
import type { SqsAnswer, SqsEvent } from "./sqs-event.ts";
import { wakeUps } from "./wake-ups.ts";

const setting = readSetting();
const { config, prepared, store, table, waker, logger } = setting;
const destination = slackOf(setting);

/** What Lambda says of a run. */
export type Context = { readonly getRemainingTimeInMillis: () => number };

/** Tells what waits in the channels that a batch of wake-ups names. What has to wait comes again when it may. */
export async function handler({ Records: records }: SqsEvent, context: Context): Promise<SqsAnswer> {
  const answer = await wakeUps(records, {
    draining: {
      store,
      table,
      destination: await destination,
      pace: SAFE_PACE,
      clock: epochClock,
      random: Math.random,
      newId: randomUUID,
      customerOf: customerFinder(config, prepared),
      opsNotice: opsNoticeFor(config),
      opsChannelId: config.slack.opsChannel,
      wake: waker.wake,
      onOutcome: outcomeReporter(logger, createCounters()),
      onFault: (error) => logger.error({ err: error }, "delivering failed; it will be tried again"),
    },
    later: waker.later,
    endsAt: epochClock.elapsedMs() + context.getRemainingTimeInMillis(),
  });
  return answer;
}
