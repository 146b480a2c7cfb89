/**
 * The customers' templates launched with CloudFormation: in their own place they are made, in any other nothing is.
 * On ministack, because localemu does not read `Rules`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import {
  CloudFormationClient,
  CreateStackCommand,
  ListStacksCommand,
  waitUntilStackCreateComplete,
} from "@aws-sdk/client-cloudformation";
import type { Config } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { startMinistack } from "@shirase/testkit/emulators";
import { templateText } from "./cloud-formation.ts";
import { spokeFileName, spokeStackName } from "./names.ts";
import { spokeTemplate } from "./spoke.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const STRANGER = "999999999999";
const NOBODYS_REGION = "eu-west-1";

const emulator = await startMinistack();
const skip = "skip" in emulator ? emulator.skip : false;
after(() => ("skip" in emulator ? undefined : emulator.stop()));

function example(): Config {
  const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

function cloudFormation(account: string, region: string): CloudFormationClient {
  if ("skip" in emulator) throw new Error(emulator.skip);
  return new CloudFormationClient(emulator.clientFor(account, region));
}

function launch(client: CloudFormationClient, StackName: string, TemplateBody: string): Promise<unknown> {
  return client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_NAMED_IAM"] }));
}

suite("launching a customer's template", { skip }, () => {
  const config = example();
  for (const customer of config.customers.map((entry) => resolveCustomer(config, entry))) {
    const stackName = spokeStackName(customer.id);
    for (const region of customer.regions) {
      const file = spokeFileName(customer, region);
      const text = templateText(spokeTemplate(config, customer, region));

      for (const account of sendingAccounts(customer)) {
        test(`${file} is made in ${account}, ${region}`, async () => {
          const client = cloudFormation(account, region);
          await launch(client, stackName, text);
          const within = { client, minDelay: 1, maxDelay: 1, maxWaitTime: 30 };
          const { state } = await waitUntilStackCreateComplete(within, { StackName: stackName });
          assert.equal(state, "SUCCESS");
        });
      }

      const [own = ""] = sendingAccounts(customer);
      const elsewhere: ReadonlyArray<readonly [why: string, account: string, region: string, says: RegExp]> = [
        ["a stranger's account", STRANGER, region, /This template is for account .* alone\./],
        ["the company's own", config.hub.account, region, /This template is for account .* alone\./],
        ["a region nobody listens to", own, NOBODYS_REGION, /This template is for region .* alone\./],
      ];
      for (const [why, account, where, says] of elsewhere) {
        test(`${file} makes nothing in ${why}, and says where it belongs`, async () => {
          const client = cloudFormation(account, where);
          await assert.rejects(launch(client, stackName, text), says);
          const { StackSummaries = [] } = await client.send(new ListStacksCommand({}));
          assert.deepEqual(StackSummaries, []);
        });
      }
    }
  }
});
