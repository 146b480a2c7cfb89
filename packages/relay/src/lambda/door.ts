/** The function behind the relay's address put together. Lambda calls `handler`. */
import type { SecretRef } from "@shirase/core/config";
import { fetchText } from "../ingest/fetch-text.ts";
import { keyAsker } from "../ingest/key.ts";
import { slackDoor } from "../ingest/slack.ts";
import { snsDoor } from "../ingest/sns.ts";
import { createCounters } from "../metrics.ts";
import { slackReporter, toldReporter } from "../report.ts";
import { resolveSecret } from "../secrets.ts";
import { epochClock } from "./epoch-clock.ts";
import { frontDoor } from "./front-door.ts";
import { answerUrl, type UrlAnswer, type UrlEvent } from "./function-url.ts";
import { keptSecret } from "./kept-secret.ts";
import { freshSilences, readSetting, wakingFor } from "./setting.ts";

const setting = readSetting();
const { config, prepared, store, logger, book } = setting;
const readSilences = freshSilences(setting);

const take = frontDoor({
  acceptor: { prepared, store, silencers: book.silencers, onTold: toldReporter(logger, createCounters()) },
  wake: wakingFor(setting),
  now: epochClock.now,
  isKey: config.ingest?.key && keyOf(config.ingest.key),
  sns: snsDoor({
    topics: config.ingest?.sns?.topics ?? [],
    fetchText,
    onHandled: (what) => logger.info({ sns: what }, "sns"),
  }),
  slack:
    config.slack.signingSecret &&
    slackDoor({ secret: secretOf(config.slack.signingSecret), now: epochClock.now, ...slackReporter(logger) }),
  onRefused: (code) => logger.info({ code }, "refused"),
  onFault: (error) => logger.error({ err: error }, "fault"),
});

/** Answers one request. */
export async function handler(event: UrlEvent): Promise<UrlAnswer> {
  await readSilences(epochClock.now());
  return answerUrl(event, take);
}

function secretOf(ref: SecretRef): () => Promise<string> {
  return keptSecret({
    read: () => resolveSecret(ref, process.env),
    now: epochClock.elapsedMs,
    onStale: (problem) => logger.error({ problem }, "a secret cannot be read again; the one before is used on"),
  });
}

/** Who shows none costs no look at the secret. */
function keyOf(ref: SecretRef): (given: string | undefined) => Promise<boolean> {
  const secret = secretOf(ref);
  return async (given) => given !== undefined && keyAsker(await secret())(given);
}
