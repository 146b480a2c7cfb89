/**
 * What a relay needs to start, gathered from the command line, the environment and the config: an address, a folder and
 * two secrets. Every gap is a UserError that says what to set.
 */
import type { Config } from "@shirase/core/config";
import { type Address, readAddress } from "@shirase/relay/listen";
import { resolveSecret, type SecretReading } from "@shirase/relay/secrets";
import { Option } from "commander";
import { EXIT, UserError } from "./user-error.ts";

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The secrets of a relay. */
export type RelaySecrets = {
  readonly slackToken: string;
  readonly ingestKey: string | undefined;
  readonly slackSigningSecret?: string;
  readonly consoleClientSecret?: string;
};

/** `--listen HOST:PORT`. */
export function listenOption(): Option {
  return new Option("-l, --listen <host:port>", "where to listen; port 0 takes any free one")
    .env("SHIRASE_LISTEN")
    .default("127.0.0.1:8080");
}

/** `--data DIR`. */
export function dataOption(): Option {
  return new Option("-d, --data <dir>", "the folder for what must survive a restart")
    .env("SHIRASE_DATA")
    .default(".shirase");
}

/** @throws UserError when it is no address. */
export function addressOf(text: string): Address {
  const address = readAddress(text);
  if ("problem" in address) throw new UserError(address.problem, { exitCode: EXIT.usage });
  return address;
}

/**
 * The Slack token, the ingest key and, where the config names them, Slack's signing secret and the
 * console's client secret. The environment wins over the config, so that one run can differ.
 *
 * @param warn - hears of secrets that others can read.
 * @throws UserError when the token is nowhere, or when no event could come to the relay.
 */
export async function readSecrets(config: Config, env: Env, warn: (text: string) => void): Promise<RelaySecrets> {
  const { SHIRASE_INGEST_KEY: key = "" } = env;
  const keyRef = config.ingest?.key;
  const slackToken = secretOf(await readSlackToken(config, env), "slack.token", warn);
  const ingestKey = key === "" && keyRef ? secretOf(await resolveSecret(keyRef, env), "ingest.key", warn) : key;
  if (ingestKey === "" && config.ingest?.sns === undefined && config.ingest?.sqs === undefined) {
    throw new UserError(
      "nothing could reach this relay: it has no ingest key, no SNS topics and no SQS queues.\n" +
        "Set SHIRASE_INGEST_KEY (for example to the output of: openssl rand -hex 32), or one of ingest.key, " +
        "ingest.sns.topics and ingest.sqs.queues in the config.",
    );
  }
  const { signingSecret: signingRef } = config.slack;
  const signing = signingRef && secretOf(await resolveSecret(signingRef, env), "slack.signingSecret", warn);
  const client = await readConsoleSecret(config, env, warn);
  return {
    slackToken,
    ingestKey: ingestKey === "" ? undefined : ingestKey,
    ...(signing === undefined ? {} : { slackSigningSecret: signing }),
    ...(client === undefined ? {} : { consoleClientSecret: client }),
  };
}

/** The console's client secret, where the config has a login. @throws UserError when it cannot be read. */
export async function readConsoleSecret(
  config: Config,
  env: Env,
  warn: (text: string) => void,
): Promise<string | undefined> {
  const ref = config.console?.oidc.clientSecret;
  return ref && secretOf(await resolveSecret(ref, env), "console.oidc.clientSecret", warn);
}

/** The Slack token, or why there is none. The environment wins over the config. */
export async function readSlackToken(config: Config, env: Env): Promise<SecretReading> {
  // A variable that is set to nothing is as good as not set.
  const { SLACK_BOT_TOKEN: token = "" } = env;
  if (token !== "") return { secret: token };
  return await resolveSecret(config.slack.token ?? { env: "SLACK_BOT_TOKEN" }, env);
}

function secretOf(reading: SecretReading, key: string, warn: (text: string) => void): string {
  if ("problem" in reading) throw new UserError(`${key}: ${reading.problem}. ${reading.remedy}`);
  if (reading.warning !== undefined) warn(`${key}: ${reading.warning}`);
  return reading.secret;
}
