/**
 * Every stack a config comes to: the hub, and each customer's in each of its accounts and regions. One list, so that
 * synth, diff, deploy and destroy speak of the same things in the same order: the hub first, because a customer's rule
 * cannot be made before the hub's bus admits it.
 *
 * Loads the CDK, so commands import this file inside their action only.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "@shirase/core/config";
import { isRelayOnAws, RELAY_STACK_NAME } from "@shirase/core/relay-queue";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { spokeFileName, spokeStackName } from "@shirase/infra/names";
import { spokeTemplate } from "@shirase/infra/spoke";
import { UserError } from "../user-error.ts";
import { asNotInstalled } from "./not-installed.ts";

/** A stack and where it belongs. */
export type StackToDeploy = {
  /** `hub`, `relay`, or the customer's id: what `--only` takes. */
  readonly part: string;
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  /** Relative to `--out`. The same for all accounts of a customer. */
  readonly templateFile: string;
  readonly template: object;
  /** What works today and soon will not; of the hub only. */
  readonly warnings?: readonly string[];
  /** What must be in S3 before it: the code of functions. Of the relay only. */
  readonly code?: StackCode;
};

/** Code that a stack's functions run. */
type StackCode = {
  readonly bucketName: string;
  readonly objectKey: string;
  /** Writes it into a folder, which is made; what is deployed is the folder as a ZIP file. */
  readonly writeTo: (folder: string) => Promise<void>;
};

/**
 * The hub's stack, the relay's when it runs on AWS, then the customers' in the order of the config.
 *
 * @param only - `hub`, `relay` or a customer's id; without it, all.
 * @param keepsData - false: the relay's table and key go with its stack when that is deleted.
 * @throws UserError when there is no such part, when AWS would refuse the hub, or when the CDK is not installed.
 */
export async function stacksOf(config: Config, only?: string, keepsData = true): Promise<readonly StackToDeploy[]> {
  assertPart(config, only);
  const hub = only === undefined || only === "hub" ? [await hubStack(config)] : [];
  const isWanted = isRelayOnAws(config) && (only === undefined || only === "relay");
  const relay = isWanted ? [await relayStack(config, keepsData)] : [];
  return [...hub, ...relay, ...config.customers.filter(({ id }) => only === undefined || only === id).flatMap(spokes)];

  /** The same template for every account of a customer: its accounts differ in nothing. */
  function spokes(entry: Config["customers"][number]): readonly StackToDeploy[] {
    const customer = resolveCustomer(config, entry);
    const common = { part: customer.id, stackName: spokeStackName(customer.id) };
    return customer.regions.flatMap((region) => {
      const template = spokeTemplate(config, customer, region);
      const templateFile = spokeFileName(customer, region);
      return sendingAccounts(customer).map((accountId) => ({ ...common, accountId, region, templateFile, template }));
    });
  }
}

async function hubStack(config: Config): Promise<StackToDeploy> {
  const [{ HUB_STACK_NAME, hubTemplate }, { planHub }] = await Promise.all([
    import("@shirase/cdk/hub-stack"),
    import("@shirase/cdk/hub-plan"),
  ]).catch(asNotInstalled);
  const { account: accountId, region } = config.hub;
  const common = { part: "hub", stackName: HUB_STACK_NAME, accountId, region, templateFile: "hub.template.json" };
  try {
    const planned = planHub(config);
    return { ...common, template: hubTemplate(config), ...("plan" in planned && { warnings: planned.plan.warnings }) };
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Its code is made once to know its name, and again where it is deployed from: both times the same. */
async function relayStack(config: Config, keepsData: boolean): Promise<StackToDeploy> {
  const [{ codePlace, relayTemplate }, { writeFunctionCode }] = await Promise.all([
    import("@shirase/cdk/relay-stack"),
    import("@shirase/relay/function-code"),
  ]).catch(asNotInstalled);
  const scratch = mkdtempSync(join(tmpdir(), "shirase-code-"));
  const digest = await writeFunctionCode(scratch, config).finally(() => rmSync(scratch, { recursive: true }));
  const place = codePlace(config, digest);
  const { account: accountId, region } = config.hub;
  return {
    part: "relay",
    stackName: RELAY_STACK_NAME,
    accountId,
    region,
    templateFile: "relay.template.json",
    template: relayTemplate(config, place, keepsData),
    code: { ...place, writeTo: async (folder) => void (await writeFunctionCode(folder, config)) },
  };
}

/** Says on standard error what the stacks warn of. */
export function tellWarnings(stacks: readonly StackToDeploy[]): void {
  for (const { part, warnings = [] } of stacks) {
    for (const warning of warnings) process.stderr.write(`warning: ${part}: ${warning}\n`);
  }
}

function assertPart(config: Config, only: string | undefined): void {
  const parts = ["hub", ...(isRelayOnAws(config) ? ["relay"] : []), ...config.customers.map(({ id }) => id)];
  if (only === undefined || parts.includes(only)) return;
  throw new UserError(`--only ${only}: there is no such part. Parts are ${parts.join(", ")}.`);
}
