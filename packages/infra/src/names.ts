/**
 * What things are called on both sides: the customer's template, the hub and the relay must say the same, or an event
 * meets a bus that is not there. A name that was deployed once is never changed: CloudFormation would replace it.
 *
 * A bus of one customer's own is named by core (owner.ts), because the relay tells by it whose an event is.
 */
import type { Config, Customer } from "@shirase/core/config";
import { ownBusName } from "@shirase/core/owner";
import { type Partition, partitionOf } from "@shirase/core/regions";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";

/** The hub bus that a customer's events arrive on: its own, the one shared by all, or the account's default bus. */
export function hubBusName(config: Config, customer: Pick<Customer, "id" | "bus">): string {
  if (config.hub.buses === "default") return "default";
  if (config.hub.buses === "shared") return "shirase";
  return ownBusName(customer);
}

/** That bus's ARN, in the hub's account and home region. */
export function hubBusArn(config: Config, customer: Pick<Customer, "id" | "bus">): string {
  const { account, region } = config.hub;
  return `arn:${hubPartition(config)}:events:${region}:${account}:event-bus/${hubBusName(config, customer)}`;
}

/** The partition of everything: config refuses a customer in another one than the hub. */
export function hubPartition(config: Config): Partition {
  return partitionOf(config.hub.region) ?? "aws";
}

/** The customer's stack, the same in each of its accounts and regions. */
export function spokeStackName(customerId: string): string {
  return `shirase-${customerId}`;
}

/** Where `synth` puts the template of a region, below its folder. The customer's first region has the short name. */
export function spokeFileName(customer: ResolvedCustomer, region: string): string {
  const isFirst = region === customer.regions[0];
  return `customers/${customer.id}${isFirst ? "" : `.${region}`}.template.json`;
}

/** The rules in the customer's account: one for each of its patterns, from 0. */
export function spokeRuleName(customerId: string, index: number): string {
  return index === 0 ? `shirase-${customerId}` : `shirase-${customerId}-${index + 1}`;
}

/**
 * The role that events leave by. IAM is global, a template is of one region: the region keeps two regions' roles
 * apart. At most 64 characters, which is what IAM takes, for the longest id and region as well.
 *
 * @param region - a region, or `${AWS::Region}` where CloudFormation fills it in.
 */
export function spokeRoleName(customerId: string, region: string): string {
  return `shirase-${customerId}-${region}`;
}

/** The role of the heartbeat's schedule. At most 64 characters as well. */
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
