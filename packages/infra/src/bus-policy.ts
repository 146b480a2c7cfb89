/**
 * Who may put events on a hub bus: this customer's accounts, and of their events only those it declared.
 *
 * One statement for a customer, its accounts in one list; on a bus of several customers, one for all that declared the
 * same, because a bus policy holds 10,240 characters and no more. A customer with more accounts than that names its
 * Organization instead. What an admitted account says about itself is
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

/**
 * The policy of a bus that several customers send to: statements that differ in nothing but their accounts (or in
 * nothing but their Organizations) become one. Whoever was let in to something is let in to the same, and nobody else.
 *
 * @param statements - of one bus. A statement that is like no other stays as it is, under its customer's name.
 */
export function unitedPolicy(statements: readonly BusStatement[]): readonly BusStatement[] {
  const alike = new Map<string, BusStatement[]>();
  for (const one of statements) alike.set(likeness(one), [...(alike.get(likeness(one)) ?? []), one]);
  return [...alike].flatMap(([key, group]) => {
    const [first, ...others] = group;
    if (first === undefined || others.length === 0) return group;
    return [united(first, group, `shirase-together-${shortHash(key)}`)];
  });
}

/** All of a statement that must be the same. */
function likeness({ Principal, Resource, Condition }: BusStatement): string {
  const { "aws:PrincipalOrgID": organization, ...rest } = Condition.StringEquals;
  return JSON.stringify([Principal === "*", organization !== undefined, Resource, rest]);
}

function united(first: BusStatement, group: readonly BusStatement[], Sid: string): BusStatement {
  const accounts = group.flatMap(({ Principal }) => (Principal === "*" ? [] : Principal.AWS));
  if (accounts.length > 0) return { ...first, Sid, Principal: { AWS: [...new Set(accounts)] } };
  const organizations = group.flatMap(({ Condition }) => Condition.StringEquals["aws:PrincipalOrgID"] ?? []);
  const StringEquals = { ...first.Condition.StringEquals, "aws:PrincipalOrgID": [...new Set(organizations)] };
  return { ...first, Sid, Condition: { StringEquals } };
}

/** FNV-1a. The name stays when customers come and go, so that CloudFormation changes the statement in its place. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
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
