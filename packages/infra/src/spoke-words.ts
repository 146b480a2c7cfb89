/**
 * What the customer's template says about itself, for the person who has to agree to it. Every sentence is true of the
 * template beside it, and policy tests hold the ones about permissions.
 */
import type { Config } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { declaredEvents } from "./declared-events.ts";
import { hubBusArn, spokeStackName } from "./names.ts";

/** Why each resource is there. IAM shows a role's as its description: letters, digits and plain punctuation only. */
export const PURPOSES = {
  rule: "Sends a copy of each matching event to the company's bus. Events stay in this account as well.",
  sendRole: "Lets EventBridge put events of this stack's rules on the company's bus. Nothing else.",
  heartbeat: "Shows the company that events still arrive, so that silence is not taken for safety.",
  heartbeatRole: "Lets the schedule put its heartbeat on this account's own event bus. Nothing else.",
  deadLetters: "Keeps what could not be delivered for 14 days, here in this account, encrypted.",
  deadLettersPolicy: "Lets this stack's rules write to the queue, and nobody use it without TLS.",
} as const;

/** The first thing the console shows; at most 1,024 bytes of ASCII. */
export function spokeDescription(config: Config, customer: ResolvedCustomer): string {
  return (
    `shirase for ${customer.id}: sends copies of security events of this account to one event bus of account ` +
    `${config.hub.account}. Reads nothing else, changes nothing, lets nobody in.`
  );
}

/** The Metadata block: what the template can and cannot do, in plain words. */
export function describeSpoke(config: Config, customer: ResolvedCustomer, regions: readonly string[]): object {
  const bus = hubBusArn(config, customer);
  return {
    Does: [
      `Sends copies of the events below to ${bus}, and nowhere else.`,
      `Every ${customer.heartbeatMinutes} minutes, a heartbeat without any content of yours takes the same way.`,
      "Keeps events that could not be delivered in a queue of this account, for 14 days.",
    ],
    Can: [
      `Role SendRole: events:PutEvents on ${bus}. This is the only permission that reaches outside this account.`,
      "Role HeartbeatRole: events:PutEvents on this account's own default event bus.",
    ],
    Cannot: [
      "Read, create, change or delete anything in this account.",
      "Let anybody in: no role here can be assumed by a person, by another account or by the company.",
      "Run code: there is no function, container or instance here.",
      "Send to another account: the company's bus is written in the role's permission.",
    ],
    Leaves: declaredEvents(customer).map(({ source, detailTypes }) => `${source}: ${detailTypes.join(", ")}`),
    LeavesBy: `Pattern "${customer.patternName}", in the rules below. A finding names resources, accounts and what is wrong.`,
    From: { Accounts: sendingAccounts(customer), Regions: regions, ...administered(customer) },
    ToStop: `Disable the rules, or delete stack ${spokeStackName(customer.id)}: nothing stays behind.`,
  };
}

/** An administrator's findings are those of all its members, and who reads this must know it. */
function administered({ delegatedAdmin }: ResolvedCustomer): object {
  if (delegatedAdmin === undefined) return {};
  const what = "Findings of every account that it administers leave from there; those of other customers are not told.";
  return { DelegatedAdministrator: `${delegatedAdmin}. ${what}` };
}
