/**
 * Whose AWS account do these credentials reach? Asked before anything is deployed: a template in the wrong account is
 * the one mistake that no roll-back mends.
 *
 * A customer's account is reached by the credentials at hand, or by a profile of ~/.aws/config that says it belongs
 * there: by its name (the account's number, the customer's id), by its SSO account, or by the role it takes on.
 */
import { loadSharedConfigFiles } from "@smithy/core/config";
import type { AwsCredentialIdentityProvider } from "@smithy/types";

/** Who AWS says we are, and what to sign with. */
export type Identity = {
  readonly accountId: string;
  readonly arn: string;
  readonly profile: string | undefined;
  readonly credentials: AwsCredentialIdentityProvider;
};

/**
 * Asks AWS (sts:GetCallerIdentity, which needs no permission).
 *
 * @param profile - of ~/.aws/config; without it, whatever the environment gives.
 * @throws what the AWS SDK throws: no credentials, expired ones, no network.
 */
export async function whoAmI(region: string, profile?: string): Promise<Identity> {
  const [{ GetCallerIdentityCommand, STSClient }, { fromIni, fromNodeProviderChain }] = await Promise.all([
    import("@aws-sdk/client-sts"),
    import("@aws-sdk/credential-providers"),
  ]);
  const credentials = profile === undefined ? fromNodeProviderChain() : fromIni({ profile });
  const client = new STSClient({ region, credentials, maxAttempts: 2 });
  try {
    const { Account: accountId = "", Arn: arn = "" } = await client.send(new GetCallerIdentityCommand({}));
    return { accountId, arn, profile, credentials };
  } finally {
    client.destroy();
  }
}

/** A place to deploy to, and who it belongs to. */
export type Place = { readonly accountId: string; readonly part: string };

/** The profiles that say they reach a place, the most certain first. Reads files only; nothing is asked of AWS. */
export async function profilesFor({ accountId, part }: Place): Promise<readonly string[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profiles = { ...credentialsFile, ...configFile };
  const names = [...new Set([...Object.keys(credentialsFile), ...Object.keys(configFile)])];
  const byName = [accountId, part, `shirase-${part}`].filter((name) => names.includes(name));
  const byContent = names.filter((name) => {
    const { sso_account_id: ssoAccount, role_arn: roleArn } = profiles[name] ?? {};
    return ssoAccount === accountId || roleArn?.split(":")[4] === accountId;
  });
  return [...new Set([...byName, ...byContent])];
}

/**
 * The first credentials that really reach a place.
 *
 * @param home - credentials at hand, tried first.
 * @returns undefined when none does. A profile that cannot sign in is passed over: the next one may.
 */
export async function reach(place: Place, region: string, home: Identity): Promise<Identity | undefined> {
  if (home.accountId === place.accountId) return home;
  for (const profile of await profilesFor(place)) {
    const found = await whoAmI(region, profile).catch(() => undefined);
    if (found?.accountId === place.accountId) return found;
  }
  return undefined;
}
