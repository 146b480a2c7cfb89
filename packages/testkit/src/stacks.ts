/** CloudFormation stacks in an emulator's accounts, from templates as plain values. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from "@aws-sdk/client-cloudformation";
import type { Emulator } from "./emulators.ts";
import type { AwsPlace } from "./queues.ts";

/** A stack to be. */
export type TestStack = AwsPlace & { readonly name: string; readonly template: object };

const PATIENCE = { maxWaitTime: 60, minDelay: 0.1, maxDelay: 0.5 };

/** Creates a stack and waits until all of it is there. @throws when CloudFormation refuses, or takes a minute. */
export async function createStack(emulator: Emulator, stack: TestStack): Promise<void> {
  const client = new CloudFormationClient(emulator.clientFor(stack.account, stack.region));
  await client.send(new CreateStackCommand(requestOf(stack)));
  await waitUntilStackCreateComplete({ client, ...PATIENCE }, { StackName: stack.name });
  client.destroy();
}

/** Gives a stack another template and waits until it is so. @throws as {@link createStack} does. */
export async function updateStack(emulator: Emulator, stack: TestStack): Promise<void> {
  const client = new CloudFormationClient(emulator.clientFor(stack.account, stack.region));
  await client.send(new UpdateStackCommand(requestOf(stack)));
  await waitUntilStackUpdateComplete({ client, ...PATIENCE }, { StackName: stack.name });
  client.destroy();
}

/** Prepares a stack by a change set that nobody executes. */
export async function prepareStack(emulator: Emulator, stack: TestStack): Promise<void> {
  const client = new CloudFormationClient(emulator.clientFor(stack.account, stack.region));
  await client.send(
    new CreateChangeSetCommand({ ...requestOf(stack), ChangeSetName: "prepared", ChangeSetType: "CREATE" }),
  );
  client.destroy();
}

/** A stack's status, such as `CREATE_COMPLETE`. @throws when there is no such stack. */
export async function stackStatus(emulator: Emulator, { account, region }: AwsPlace, name: string): Promise<string> {
  const client = new CloudFormationClient(emulator.clientFor(account, region));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  client.destroy();
  return Stacks[0]?.StackStatus ?? "";
}

/** What CloudFormation named the resources: physical ids by logical ones. */
export async function physicalIds(
  emulator: Emulator,
  { account, region }: AwsPlace,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient(emulator.clientFor(account, region));
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
  client.destroy();
  return new Map(
    StackResources.map(({ LogicalResourceId = "", PhysicalResourceId = "" }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

function requestOf({ name, template }: TestStack): {
  StackName: string;
  TemplateBody: string;
  Capabilities: ["CAPABILITY_NAMED_IAM"];
} {
  return { StackName: name, TemplateBody: JSON.stringify(template), Capabilities: ["CAPABILITY_NAMED_IAM"] };
}
