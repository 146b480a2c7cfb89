/**
 * What every function starts from, once a cold start: the config that was deployed with it, the table, the queue of
 * wake-ups, a logger. The environment is what the stack writes (packages/cdk); AWS_ENDPOINT_URL is for emulators.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Config } from "@shirase/core/config";
import { type Prepared, prepare } from "@shirase/core/prepare";
import { type Logger, pino } from "pino";
import { resolveSecret } from "../secrets.ts";
import type { Destination } from "../send/destination.ts";
import { slackDestination } from "../send/slack.ts";
import { emptySilenceBook, type SilenceBook } from "../silence-book.ts";
import { type DynamoStore, openDynamoStore } from "../store/dynamodb.ts";
import { type Table, tableOf } from "../store/dynamodb-table.ts";
import type { Taking } from "./take-records.ts";
import { type Waker, wakerOf } from "./wake.ts";

/** What a function works with. */
export type Setting = {
  readonly config: Config;
  readonly prepared: Prepared;
  readonly table: Table;
  readonly store: DynamoStore;
  readonly waker: Waker;
  readonly book: SilenceBook;
  readonly logger: Logger;
};

/** The config beside the code, as JSON. */
export const CONFIG_FILE = "config.json";

/** @throws when the stack did not write what it must: then nothing works, and the log says what. */
export function readSetting(env: NodeJS.ProcessEnv = process.env): Setting {
  const config = Config.parse(JSON.parse(readFileSync(join(env["LAMBDA_TASK_ROOT"] ?? ".", CONFIG_FILE), "utf8")));
  const client = new DynamoDBClient({});
  const tableName = needed(env, "SHIRASE_TABLE");
  // Lines are written at once: a function is frozen the moment it has answered.
  const destination = pino.destination({ dest: 1, sync: true });
  const prepared = prepare(config);
  const store = openDynamoStore({ client, tableName });
  return {
    config,
    prepared,
    table: tableOf(client, tableName),
    store,
    book: emptySilenceBook(store, prepared),
    waker: wakerOf(new SQSClient({}), needed(env, "SHIRASE_WAKE_QUEUE")),
    logger: pino(
      { level: env["SHIRASE_LOG_LEVEL"] ?? "info", base: null, timestamp: pino.stdTimeFunctions.isoTime },
      destination,
    ),
  };
}

const SILENCES_EVERY_MS = 15_000;

/**
 * What is to be called before events are heard: it looks at the table's silences again when it last did so a while ago.
 * Where that fails those known before hold on, and the log says so.
 */
export function freshSilences({ book, logger }: Pick<Setting, "book" | "logger">): (now: Date) => Promise<void> {
  let readAt = Number.NEGATIVE_INFINITY;
  return async (now) => {
    if (now.getTime() - readAt < SILENCES_EVERY_MS) return;
    try {
      await book.refresh(now);
      readAt = now.getTime();
    } catch (error) {
      logger.error({ err: error }, "silences could not be read; those known before hold on");
    }
  };
}

/** Wakes channels; where that fails the log says so, and the clock tick finds what waits there. */
export function wakingFor({ waker, logger }: Setting): Taking["wake"] {
  return async (channelIds) => {
    try {
      await waker.wake(channelIds);
    } catch (error) {
      logger.error({ err: error, channelIds }, "channels were not woken; the clock tick will find what waits there");
    }
  };
}

/** Slack, its token fetched from where the config says. @throws with what to do, but never with the secret. */
export async function slackOf({ config, logger }: Setting, env: NodeJS.ProcessEnv = process.env): Promise<Destination> {
  const read = await resolveSecret(config.slack.token ?? { env: "SLACK_BOT_TOKEN" }, env);
  if ("problem" in read) {
    logger.fatal({ problem: read.problem, remedy: read.remedy }, "Slack's token cannot be read");
    throw new Error(`${read.problem}. ${read.remedy}`);
  }
  return slackDestination({ token: read.secret, apiUrl: env["SLACK_API_URL"] ?? config.slack.apiUrl });
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: the relay's stack sets it. Deploy the stack again.`);
  return value;
}
