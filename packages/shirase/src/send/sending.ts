/**
 * What `shirase send` does in AWS, ready to be done: each probe with the credentials that reach its account.
 *
 * An imported finding stays in Security Hub until it is archived, so a sending remembers whether one is there; also when
 * AWS never answered, because then it may be.
 */
import type { Config } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { hubPartition } from "@shirase/infra/names";
import { explainAwsError } from "../aws/explain-error.ts";
import type { Identity } from "../aws/identity.ts";
import { importFinding, isRefusal } from "../aws/import-finding.ts";
import { putEvent } from "../aws/put-event.ts";
import { reachAccount } from "../aws/reachable.ts";
import { UserError } from "../user-error.ts";
import type { Probe } from "./probe.ts";
import { testEvent } from "./test-event.ts";
import { archived, type FindingParts, type TestFinding, testFinding } from "./test-finding.ts";
import { wouldBeTold } from "./would-be-told.ts";

/** One probe and the calls that send it and put it away. They throw UserError with what AWS refused, explained. */
export type Sending = {
  readonly probe: Probe;
  /** @returns the time it was sent with. */
  readonly send: () => Promise<Date>;
  /** Puts away what lies in AWS. @returns whether anything did. */
  readonly takeBack: () => Promise<boolean>;
  /** The command that puts away by hand what still lies in AWS; undefined when nothing does. */
  readonly leftBehind: () => string | undefined;
};

/** Whose it is, and who sends. */
export type SendingContext = {
  readonly config: Config;
  readonly customer: ResolvedCustomer;
  readonly profile: string | undefined;
};

/**
 * Prepares the probes, all of one account. Nothing is sent yet.
 *
 * @throws UserError when a finding would not be told, and when no credentials reach the account.
 */
export async function sendingsOf(
  probes: readonly Probe[],
  { config, customer, profile }: SendingContext,
): Promise<readonly Sending[]> {
  const plans = probes.map((probe) => ({ probe, parts: partsOf(probe, config, customer) }));
  const [first] = probes;
  if (first === undefined) return [];
  const identity = await reachAccount({ ...first, part: customer.id }, profile);
  return plans.map(({ probe, parts }) =>
    parts === undefined ? eventSending(probe, identity) : findingSending(probe, parts, identity),
  );
}

function partsOf(probe: Probe, config: Config, customer: ResolvedCustomer): FindingParts | undefined {
  if (probe.kind === "test event") return undefined;
  const told = wouldBeTold(config, customer, probe, new Date());
  if ("shape" in told) {
    const { accountId, region, mark } = probe;
    const { language } = customer;
    return { accountId, region, mark, language, shape: told.shape, partition: hubPartition(config) };
  }
  throw new UserError(
    `nobody would hear of a test finding of ${customer.id}, so none was imported: ${told.because}.\n` +
      `A test event takes the same way and is always told: shirase send ${customer.id}`,
  );
}

function eventSending(probe: Probe, identity: Identity): Sending {
  return {
    probe,
    send: async () => {
      const now = new Date();
      await explained(putEvent(identity, probe.region, testEvent(probe, identity.arn, now)), probe, identity);
      return now;
    },
    takeBack: async () => false,
    leftBehind: () => undefined,
  };
}

function findingSending(probe: Probe, parts: FindingParts, identity: Identity): Sending {
  let there: TestFinding | undefined;
  return {
    probe,
    send: async () => {
      const now = new Date();
      const finding = testFinding(parts, now);
      there = finding;
      const importing = importFinding(identity, probe.region, finding).catch((error: unknown) => {
        if (isRefusal(error)) there = undefined;
        throw error;
      });
      await explained(importing, probe, identity);
      return now;
    },
    takeBack: async () => {
      if (there === undefined) return false;
      await explained(importFinding(identity, probe.region, archived(there, new Date())), probe, identity);
      there = undefined;
      return true;
    },
    leftBehind: () => there && byHand(there, probe.region, identity),
  };
}

/** A person cannot archive; what they can do has the same effect on who hears of it. */
function byHand({ Id, ProductArn }: TestFinding, region: string, { profile }: Identity): string {
  return (
    `aws securityhub batch-update-findings --region ${region} --finding-identifiers Id=${Id},ProductArn=${ProductArn} ` +
    `--workflow Status=RESOLVED${profile === undefined ? "" : ` --profile ${profile}`}`
  );
}

async function explained(call: Promise<void>, { accountId, region }: Probe, { profile }: Identity): Promise<void> {
  try {
    await call;
  } catch (error) {
    const words = explainAwsError(error, [], { accountId, region, profile, slackWorkspaceId: "" });
    throw new UserError(`${accountId}, ${region}: ${words}`, { cause: error });
  }
}
