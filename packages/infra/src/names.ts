/**
 * What things are called on both sides: the customer's template, the hub and the relay must say the same, or an event
 * meets a bus that is not there. A name that was deployed once is never changed: CloudFormation would replace it.
 */
import type { Config, Customer } from "@shirase/core/config";
import { partitionOf } from "@shirase/core/regions";

/** The hub bus that a customer's events arrive on: its own, the one shared by all, or the account's default bus. */
export function hubBusName(config: Config, customer: Pick<Customer, "id" | "bus">): string {
  if (config.hub.buses === "default") return "default";
  if (config.hub.buses === "shared") return "shirase";
  return customer.bus ?? `shirase-${customer.id}`;
}

/** That bus's ARN, in the hub's account and home region. */
export function hubBusArn(config: Config, customer: Pick<Customer, "id" | "bus">): string {
  const { account, region } = config.hub;
  const partition = partitionOf(region) ?? "aws";
  return `arn:${partition}:events:${region}:${account}:event-bus/${hubBusName(config, customer)}`;
}

/** The rules in the customer's account: one for each of its patterns, from 0. */
export function spokeRuleName(customerId: string, index: number): string {
  return index === 0 ? `shirase-${customerId}` : `shirase-${customerId}-${index + 1}`;
}

/** IAM is global, a template is of one region: the region keeps two regions' roles apart. At most 64 characters. */
export function spokeRoleName(customerId: string, region: string): string {
  return `shirase-${customerId}-${region}`;
}

/** The role of the heartbeat's schedule. */
export function heartbeatRoleName(customerId: string, region: string): string {
  return `shirase-${customerId}-${region}-beat`;
}

/** The queue in the customer's account for what could not be delivered. */
export function deadLetterQueueName(customerId: string): string {
  return `shirase-${customerId}-dead-letters`;
}

/** The schedule that puts the heartbeat on the customer's own bus. */
export function heartbeatName(customerId: string): string {
  return `shirase-${customerId}-heartbeat`;
}
