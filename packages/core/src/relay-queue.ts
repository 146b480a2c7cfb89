/**
 * The hub's queue that a relay reads. The hub makes it and the relay's config names it, so its name stands here once.
 */
import type { Config } from "./config.ts";
import { partitionOf } from "./regions.ts";

/** The name of the queue, in the hub's account and home region. Never changed: CloudFormation would replace it. */
export const RELAY_QUEUE_NAME = "shirase-relay";

/** Its ARN, for `ingest.sqs.queues`. */
export function relayQueueArn({ account, region }: Pick<Config["hub"], "account" | "region">): string {
  return `arn:${partitionOf(region) ?? "aws"}:sqs:${region}:${account}:${RELAY_QUEUE_NAME}`;
}
