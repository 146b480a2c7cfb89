/**
 * Who may put events on a hub bus: this customer's accounts, and of their events only those it declared.
 *
 * One statement for a customer, its accounts in one list, because a bus policy holds 10,240 characters and no more. A
 * customer with more accounts than that names its Organization instead. What an admitted account says about itself is
 * not checked here: account and bus decide whose an event is (@shirase/core/owner), and the hub's rules name accounts.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
 */
import type { Config } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { declaredEvents } from "./declared-events.ts";
import { hubBusArn, hubPartition } from "./names.ts";

/** A statement of a bus policy, as AWS takes it. */
export type BusStatement = {
  readonly Sid: string;
  readonly Effect: "Allow";
  /** Accounts, or everybody: then a condition names the Organization. */
  readonly Principal: { readonly AWS: readonly string[] } | "*";
  readonly Action: "events:PutEvents";
  readonly Resource: string;
  readonly Condition: { readonly StringEquals: Readonly<Record<string, string | readonly string[]>> };
};

/** The statements that let one customer in. */
export function busPolicy(config: Config, customer: ResolvedCustomer): readonly BusStatement[] {
  const declared = declaredEvents(customer);
  const { organizationId } = customer;
  return [
    {
      Sid: `shirase-${customer.id}`,
      Effect: "Allow",
      Principal: organizationId === undefined ? { AWS: accountArns(config, customer) } : "*",
      Action: "events:PutEvents",
      Resource: hubBusArn(config, customer),
      Condition: {
        StringEquals: {
          ...(organizationId !== undefined && { "aws:PrincipalOrgID": organizationId }),
          "events:source": declared.map(({ source }) => source),
          "events:detail-type": declared.flatMap(({ detailTypes }) => detailTypes),
        },
      },
    },
  ];
}

/** How much of AWS's 10,240 characters these statements take as one policy. */
export function busPolicySizeBytes(statements: readonly BusStatement[]): number {
  // All that is in it is ASCII, so characters are bytes.
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }).length;
}

function accountArns(config: Config, customer: ResolvedCustomer): readonly string[] {
  const partition = hubPartition(config);
  return sendingAccounts(customer).map((account) => `arn:${partition}:iam::${account}:root`);
}
