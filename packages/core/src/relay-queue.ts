/**
 * The hub's queue that a relay reads, and what a relay on AWS is. The hub makes the queue and the relay's config names it, so
 * its name stands here once.
 */
import type { Config } from "./config.ts";
import { partitionOf } from "./regions.ts";

/** The name of the queue, in the hub's account and home region. Never changed: CloudFormation would replace it. */
export const RELAY_QUEUE_NAME = "shirase-relay";

/** The stack that brings a relay on AWS, and its template's name without the ending. */
export const RELAY_STACK_NAME = "shirase-relay";

/** Where SNS delivers; undefined when the relay reads the queue. */
export function relayUrl({ hub }: Pick<Config, "hub">): string | undefined {
  return typeof hub.relay === "object" ? hub.relay.url : undefined;
}

/** Does `shirase deploy` bring the relay as well? */
export function isRelayOnAws({ hub }: Pick<Config, "hub">): boolean {
  return hub.relay === "aws";
}

/** Does the relay on AWS have an HTTPS address? When the config says who may call there. */
export function hasDoor({ hub, slack, ingest }: Pick<Config, "hub" | "slack" | "ingest">): boolean {
  const isCalled = slack.signingSecret !== undefined || ingest?.key !== undefined || ingest?.sns !== undefined;
  return isRelayOnAws({ hub }) && isCalled;
}

/** Its ARN, for `ingest.sqs.queues`. */
export function relayQueueArn({ account, region }: Pick<Config["hub"], "account" | "region">): string {
  return `arn:${partitionOf(region) ?? "aws"}:sqs:${region}:${account}:${RELAY_QUEUE_NAME}`;
}
