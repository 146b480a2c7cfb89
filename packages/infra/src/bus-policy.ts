/**
 * Who may put events on a hub bus: this customer's accounts, and of their events only those it declared. A statement a
 * customer, its accounts in one list, because a bus policy holds 10,240 characters and no more.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
 */
import type { Config } from "@shirase/core/config";
import { partitionOf } from "@shirase/core/regions";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { declaredEvents } from "./declared-events.ts";
import { hubBusArn } from "./names.ts";

/** A statement of a bus policy, as AWS takes it. */
export type BusStatement = {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: readonly string[] };
  readonly Action: "events:PutEvents";
  readonly Resource: string;
  readonly Condition: { readonly StringEquals: Readonly<Record<string, readonly string[]>> };
};

/** The statements that let one customer in. */
export function busPolicy(config: Config, customer: ResolvedCustomer): readonly BusStatement[] {
  const partition = partitionOf(config.hub.region) ?? "aws";
  const declared = declaredEvents(customer.sources);
  return [
    {
      Sid: `shirase-${customer.id}`,
      Effect: "Allow",
      Principal: { AWS: customer.accounts.map(({ id }) => `arn:${partition}:iam::${id}:root`) },
      Action: "events:PutEvents",
      Resource: hubBusArn(config, customer),
      Condition: {
        StringEquals: {
          "events:source": declared.map(({ source }) => source),
          "events:detail-type": declared.flatMap(({ detailTypes }) => detailTypes),
        },
      },
    },
  ];
}

/** How much of AWS's 10,240 characters the policy takes. */
export function busPolicySizeBytes(statements: readonly BusStatement[]): number {
  // Names in it are of ASCII, so characters are bytes.
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }).length;
}
