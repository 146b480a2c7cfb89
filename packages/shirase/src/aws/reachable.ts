/** Which of a config's stacks and accounts can be worked on from here, and with which credentials. */
import { UserError } from "../user-error.ts";
import { explainAwsError } from "./explain-error.ts";
import { type Identity, type Place, reach, whoAmI } from "./identity.ts";
import type { StackToDeploy } from "./stacks.ts";

/** A stack and the credentials that reach its account. */
export type Reached = { readonly stack: StackToDeploy; readonly identity: Identity };

/** In the order given. */
export type Reach = { readonly reached: readonly Reached[]; readonly unreached: readonly StackToDeploy[] };

/**
 * Asks AWS who we are, and looks for profiles for the accounts that are not ours.
 *
 * @param profile - as named on the command line; without it, whatever the environment gives.
 * @throws UserError when there are no good credentials, or none for the hub's account although the hub is wanted.
 */
export async function reachOf(stacks: readonly StackToDeploy[], profile: string | undefined): Promise<Reach> {
  const [first] = stacks;
  if (first === undefined) return { reached: [], unreached: [] };
  const home = await signedIn(first, profile);
  const identities = new Map<string, Identity | undefined>();
  for (const stack of stacks) {
    if (identities.has(stack.accountId)) continue;
    identities.set(stack.accountId, await reach(stack, first.region, home));
  }
  const hub = stacks.find(({ part }) => part === "hub");
  if (hub !== undefined && identities.get(hub.accountId) === undefined) throw wrongAccount(hub, home);
  const reached = stacks.flatMap((stack) => {
    const identity = identities.get(stack.accountId);
    return identity === undefined ? [] : [{ stack, identity }];
  });
  return { reached, unreached: stacks.filter(({ accountId }) => identities.get(accountId) === undefined) };
}

/** An account of a customer's, and where it is asked. */
export type CustomersAccount = Place & { readonly region: string };

/**
 * The credentials that reach one customer's account: those at hand, or a profile's that leads there.
 *
 * @param profile - as named on the command line; without it, whatever the environment gives.
 * @throws UserError when there are no good credentials, or none for this account.
 */
export async function reachAccount(account: CustomersAccount, profile: string | undefined): Promise<Identity> {
  const home = await signedIn(account, profile);
  const identity = await reach(account, account.region, home);
  if (identity !== undefined) return identity;
  const { accountId, part } = account;
  throw new UserError(
    `Wrong account: ${part}'s account is ${accountId}, but ${whoseAre(home)} are of ${home.accountId} (${home.arn}), and no profile in ~/.aws/config leads to ${accountId}.\n` +
      `Name one with --profile NAME, or give a profile one of the names ${accountId}, ${part} or shirase-${part}.`,
  );
}

async function signedIn(
  { accountId, region }: { readonly accountId: string; readonly region: string },
  profile: string | undefined,
): Promise<Identity> {
  try {
    return await whoAmI(region, profile);
  } catch (error) {
    const attempt = { accountId, region, profile, slackWorkspaceId: "" };
    throw new UserError(explainAwsError(error, [], attempt), { cause: error });
  }
}

function whoseAre({ profile }: Identity): string {
  return profile === undefined ? "these credentials" : `the credentials of profile ${profile}`;
}

function wrongAccount(hub: StackToDeploy, home: Identity): UserError {
  return new UserError(
    `Wrong account: the hub belongs in ${hub.accountId} (hub.account), but ${whoseAre(home)} are of ${home.accountId} (${home.arn}).\n` +
      `Name a profile of account ${hub.accountId} with --profile NAME or AWS_PROFILE, or correct hub.account.`,
  );
}
