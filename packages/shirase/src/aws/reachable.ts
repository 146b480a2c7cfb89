/** Which of a config's stacks can be worked on from here, and with which credentials. */
import { UserError } from "../user-error.ts";
import { explainAwsError } from "./explain-error.ts";
import { type Identity, reach, whoAmI } from "./identity.ts";
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
  const home = await whoAmI(first.region, profile).catch((error: unknown) => {
    const attempt = { accountId: first.accountId, region: first.region, profile, slackWorkspaceId: "" };
    throw new UserError(explainAwsError(error, [], attempt), { cause: error });
  });
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

function wrongAccount(hub: StackToDeploy, home: Identity): UserError {
  const whose = home.profile === undefined ? "These credentials" : `The credentials of profile ${home.profile}`;
  return new UserError(
    `Wrong account: the hub belongs in ${hub.accountId} (hub.account), but ${whose.toLowerCase()} are of ${home.accountId} (${home.arn}).\n` +
      `Name a profile of account ${hub.accountId} with --profile NAME or AWS_PROFILE, or correct hub.account.`,
  );
}
