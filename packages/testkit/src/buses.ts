/** EventBridge of an emulator: events put on buses, rules that tests add or change. */
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-eventbridge";
import type { Emulator } from "./emulators.ts";
import type { AwsPlace } from "./queues.ts";

/** An event to put; EventBridge gives it its id, its time, its account and its region. */
export type NewEvent = {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
  readonly resources?: readonly string[];
  /** Name or ARN; without it the default bus. */
  readonly bus?: string;
};

/** A rule on a bus. */
export type TestRule = { readonly bus?: string; readonly name: string };

/** The bus of an account in a region, by one client: making one for each event would be most of the time. */
export type BusCaller = {
  /** @throws when EventBridge does not take it. */
  readonly put: (event: NewEvent) => Promise<void>;
  /** A rule that hands what it matches to one target. @param roleArn - for a bus of another account. */
  readonly route: (rule: TestRule & { readonly pattern: object }, targetArn: string, roleArn?: string) => Promise<void>;
  /**
   * Lets a rule give up at once. AWS does not retry what is not there; localemu retries everything, with pauses, as
   * often as the rule says.
   */
  readonly withoutRetries: (rule: TestRule) => Promise<void>;
  /** Makes or changes a rule without targets. @throws when EventBridge refuses the pattern. */
  readonly putRule: (rule: TestRule & { readonly pattern: string }) => Promise<void>;
  /** Deletes a rule with its targets; one that is gone, or whose bus is, is none the worse for it. */
  readonly deleteRule: (rule: TestRule) => Promise<void>;
  readonly close: () => void;
};

/** Speaks to EventBridge as this account. */
export function busCaller(emulator: Emulator, { account, region }: AwsPlace): BusCaller {
  const client = new EventBridgeClient(emulator.clientFor(account, region));
  return {
    put: async ({ source, detailType, detail, resources = [], bus }) => {
      const entry = {
        Source: source,
        DetailType: detailType,
        Detail: JSON.stringify(detail),
        Resources: [...resources],
        ...(bus && { EventBusName: bus }),
      };
      const { FailedEntryCount, Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      if (FailedEntryCount) throw new Error(`EventBridge did not take it: ${Entries?.[0]?.ErrorMessage}`);
    },
    route: async ({ bus, name, pattern }, targetArn, roleArn) => {
      const where = bus === undefined ? {} : { EventBusName: bus };
      await client.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), ...where }));
      const target = { Id: "test", Arn: targetArn, ...(roleArn === undefined ? {} : { RoleArn: roleArn }) };
      await client.send(new PutTargetsCommand({ Rule: name, Targets: [target], ...where }));
    },
    withoutRetries: async ({ bus, name }) => {
      const rule = { Rule: name, ...(bus === undefined ? {} : { EventBusName: bus }) };
      const { Targets = [] } = await client.send(new ListTargetsByRuleCommand(rule));
      const impatient = Targets.map((target) => ({ ...target, RetryPolicy: { MaximumRetryAttempts: 0 } }));
      await client.send(new PutTargetsCommand({ ...rule, Targets: impatient }));
    },
    putRule: async ({ bus, name, pattern }) => {
      const where = bus === undefined ? {} : { EventBusName: bus };
      await client.send(new PutRuleCommand({ Name: name, EventPattern: pattern, ...where }));
    },
    deleteRule: async ({ bus, name }) => {
      const where = bus === undefined ? {} : { EventBusName: bus };
      try {
        const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: name, ...where }));
        const Ids = Targets.map(({ Id }) => Id ?? "");
        if (Ids.length > 0) await client.send(new RemoveTargetsCommand({ Rule: name, Ids, ...where }));
        await client.send(new DeleteRuleCommand({ Name: name, ...where }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
    close: () => client.destroy(),
  };
}
