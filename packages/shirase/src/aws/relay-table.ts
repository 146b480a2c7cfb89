/** The table of a relay on AWS, as its deployed stack names it. */
import { CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import type { Config } from "@shirase/core/config";
import { RELAY_STACK_NAME } from "@shirase/core/relay-queue";
import { type OutsideTable, openTable } from "@shirase/relay/store/dynamodb-outside";
import { UserError } from "../user-error.ts";
import { explainAwsError } from "./explain-error.ts";
import type { Identity } from "./identity.ts";
import { reachAccount } from "./reachable.ts";

/** Which table, and with whose credentials. */
export type TableWanted = {
  readonly hub: Config["hub"];
  /** Of a stack of somebody's own; without it, the one that `shirase deploy` brought. */
  readonly tableName: string | undefined;
  readonly profile: string | undefined;
};

/** A table that was found. */
export type FoundTable = OutsideTable & { readonly tableName: string };

/**
 * Works on the table, and closes it.
 *
 * @throws UserError when there are no credentials for the hub's account, no such stack, or AWS refuses something.
 */
export async function withRelayTable<T>(wanted: TableWanted, work: (table: FoundTable) => Promise<T>): Promise<T> {
  const { hub, profile } = wanted;
  const { account: accountId, region } = hub;
  const identity = await reachAccount({ accountId, region, part: "hub" }, profile);
  try {
    const tableName = wanted.tableName ?? (await deployedTable(identity, region));
    const table = openTable({ region, credentials: identity.credentials }, tableName);
    try {
      return await work({ ...table, tableName });
    } finally {
      await table.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const attempt = { accountId, region, profile, slackWorkspaceId: "" };
    throw new UserError(explainAwsError(error, [], attempt), { cause: error });
  }
}

/** The relay's stack as it is deployed; undefined when there is none. @throws what AWS refuses. */
export async function deployedRelay({ credentials }: Identity, region: string): Promise<Stack | undefined> {
  const client = new CloudFormationClient({ region, credentials, maxAttempts: 2 });
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: RELAY_STACK_NAME }));
    return stack;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

async function deployedTable(identity: Identity, region: string): Promise<string> {
  const stack = await deployedRelay(identity, region);
  const output = stack?.Outputs?.find(({ OutputKey }) => OutputKey?.startsWith("RelayTableName"));
  if (output?.OutputValue !== undefined) return output.OutputValue;
  throw new UserError(
    `There is no stack ${RELAY_STACK_NAME} in account ${identity.accountId}, region ${region}, so no table of a relay is known there.\n` +
      "Deploy it (shirase deploy --only relay), name the table of a stack of your own with --table NAME, or a data folder with --data DIR.",
  );
}
