/**
 * Where a message may have stayed that did not come: the steps of its way, each with what shows that it stopped there.
 * docs/hub.md has the same as a table; here the names are those of this customer.
 */

import type { Config } from "@shirase/core/config";
import { isRelayOnAws, relayUrl } from "@shirase/core/relay-queue";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { deadLetterQueueName, hubBusName, spokeStackName } from "@shirase/infra/names";
import type { Probe } from "./probe.ts";

/** The steps in order, a line each. */
export function whereToLook(config: Config, customer: ResolvedCustomer, probe: Probe): readonly string[] {
  const { id } = customer;
  const there = `${probe.accountId}, ${probe.region}`;
  const hub = `${config.hub.account}, ${config.hub.region}`;
  const steps = [
    ...(probe.kind === "test finding"
      ? [`Security Hub in ${there}: is the finding there? It sends at once as a rule, at times minutes later`]
      : []),
    `stack ${spokeStackName(id)} in ${there}: is it deployed, and unchanged? Look at its rule's metric FailedInvocations`,
    `queue ${deadLetterQueueName(id)} in ${there}: if anything is in it, the hub does not admit the account: shirase deploy --only hub`,
    `queue shirase-dead-letters in ${hub}: if anything is in it, the hub could not deliver; ERROR_CODE on each message says why`,
    ...(customer.delivery === "relay" ? relaySteps(config) : amazonQSteps(customer, hub)),
  ];
  const way = `bus default → bus ${hubBusName(config, customer)} → ${customer.delivery === "relay" ? "relay" : "Amazon Q"}`;
  return [
    `Where it may have stayed, in the order of its way (${way}):`,
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "docs/hub.md says what to do in each case.",
  ];
}

function relaySteps(config: Config): readonly string[] {
  const url = relayUrl(config);
  if (isRelayOnAws(config)) {
    return [
      "alarm shirase-relay-waits: does function shirase-intake run? Its log group is /aws/lambda/shirase-intake",
      "log groups /aws/lambda/shirase-deliver and /aws/lambda/shirase-tick: what Slack said",
    ];
  }
  const door =
    url === undefined
      ? "alarm shirase-relay-waits: is the relay running, may it read the queue shirase-relay?"
      : `the relay at ${url}: is it running, and has it confirmed the topic's subscription?`;
  return [door, "the relay's log: what it decided about the event; shirase redrive --list: what it could not tell"];
}

function amazonQSteps({ id, slack }: ResolvedCustomer, hub: string): readonly string[] {
  return [
    `topic shirase-${id} in ${hub}: its metric NumberOfMessagesPublished`,
    `log group /aws/chatbot/shirase-${slack.channel} in us-east-1; is Amazon Q in the channel? docs/amazon-q.md`,
  ];
}
