/** The intake function put together: events out of the hub's queue, into the table. Lambda calls `handler`. */
import { createCounters } from "../metrics.ts";
import { toldReporter } from "../report.ts";
import { freshSilences, readSetting, wakingFor } from "./setting.ts";
import type { SqsAnswer, SqsEvent } from "./sqs-event.ts";
import { type Taking, takeRecords } from "./take-records.ts";

const setting = readSetting();
const { prepared, store, logger, book } = setting;
const readSilences = freshSilences(setting);

const taking: Taking = {
  acceptor: { prepared, store, silencers: book.silencers, onTold: toldReporter(logger, createCounters()) },
  wake: wakingFor(setting),
  onFault: (messageId, error) => logger.error({ err: error, messageId }, "a message could not be kept; it comes back"),
};

/** Keeps a batch of SQS messages. Those that it could not keep come back, and no others. */
export async function handler({ Records: records }: SqsEvent): Promise<SqsAnswer> {
  const now = new Date();
  await readSilences(now);
  return takeRecords(records, taking, now);
}
