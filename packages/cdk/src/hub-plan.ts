/**
 * What the company's hub consists of, worked out from the config before any template is made: which buses, which rule
 * of which customer delivers where, which chat channel hears which topics.
 *
 * It is worth a step of its own because AWS refuses late and in few words: a bus policy that is too long, a bus too
 * many, a second Amazon Q configuration for one Slack channel. Here each of these is a sentence with a way out.
 *
 * Pure: config in, plan or problems out. Not here: CloudFormation (findings-hub.ts), the rules' patterns
 * (hub-pattern.ts), who may put events on a bus (@shirase/infra/bus-policy).
 */
import type { Config } from "@shirase/core/config";
import { relayUrl } from "@shirase/core/relay-queue";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { type BusStatement, busPolicy, busPolicySizeBytes, unitedPolicy } from "@shirase/infra/bus-policy";
import { hubBusName } from "@shirase/infra/names";
import { type HubRule, relayRules, topicRules } from "./hub-pattern.ts";

/** A bus in the home region, and who may put events on it. */
export type BusPlan = {
  readonly name: string;
  /** False for the account's default bus, which is always there. */
  readonly isCreated: boolean;
  readonly statements: readonly BusStatement[];
};

/** How one customer's events get from its bus to where they are told. */
export type RoutePlan = {
  readonly customer: ResolvedCustomer;
  readonly busName: string;
  /** `queue`: the relay's SQS queue. `https`: SNS to the relay's address. `amazon-q`: SNS to chat and e-mail. */
  readonly delivery: "queue" | "https" | "amazon-q";
  readonly rules: readonly HubRule[];
};

/** A chat channel that Amazon Q delivers to. AWS allows one configuration a channel, so customers may share it. */
export type ChatPlan = {
  readonly channelId: string;
  /** In the order of the config. */
  readonly customerIds: readonly string[];
  /** Hears the hub's own alarms as well. */
  readonly hearsAlarms: boolean;
};
export type TeamsPlan = Omit<ChatPlan, "hearsAlarms"> & { readonly teamId: string; readonly tenantId: string };

export type HubPlan = {
  readonly account: string;
  readonly region: string;
  readonly slackWorkspaceId: string;
  readonly relayUrl: string | undefined;
  readonly opsEmail: readonly string[];
  readonly buses: readonly BusPlan[];
  readonly routes: readonly RoutePlan[];
  readonly slackChannels: readonly ChatPlan[];
  readonly teamsChannels: readonly TeamsPlan[];
  /** What works today and soon will not, a sentence each. */
  readonly warnings: readonly string[];
};

/** AWS's default quota for each account and region; adjustable. The default bus is one of them. */
const MOST_BUSES = 100;
/** AWS's default quota for one bus; adjustable. */
const LARGEST_POLICY_BYTES = 10_240;
/** From here on a policy is near to it: `"arn:aws:iam::222222222222:root",` and so on, some 60 accounts before the end. */
const LARGE_POLICY_BYTES = 8192;

/**
 * Plans the hub.
 *
 * @returns the plan, or every problem in a sentence that names the key to change. Customers keep the config's order.
 */
export function planHub(config: Config): { readonly plan: HubPlan } | { readonly problems: readonly string[] } {
  const customers = config.customers.map((customer) => resolveCustomer(config, customer));
  const buses = busesOf(config, customers);
  const routes = customers.map((customer) => routeOf(config, customer));
  const problems = [
    ...tooManyBuses(buses),
    ...buses.flatMap((bus) => tooLargePolicy(config, bus)),
    ...sendingInCircles(config, customers),
    ...routes.flatMap((route) => ("problem" in route ? [route.problem] : [])),
    ...teamsProblems(customers),
  ];
  if (problems.length > 0) return { problems };
  const byAmazonQ = customers.filter(({ delivery }) => delivery === "amazon-q");
  const plan: HubPlan = {
    account: config.hub.account,
    region: config.hub.region,
    slackWorkspaceId: config.slack.workspace,
    relayUrl: relayUrl(config),
    opsEmail: config.hub.opsEmail ?? [],
    buses,
    routes: routes.flatMap((route) => ("problem" in route ? [] : [route])),
    slackChannels: slackChannels(byAmazonQ, config.slack.opsChannel),
    teamsChannels: teamsChannels(byAmazonQ),
    warnings: buses.flatMap((bus) => nearlyTooLargePolicy(config, bus)),
  };
  return { plan };
}

function busesOf(config: Config, customers: readonly ResolvedCustomer[]): readonly BusPlan[] {
  const owners = new Map<string, ResolvedCustomer[]>();
  for (const customer of customers) {
    const name = hubBusName(config, customer);
    owners.set(name, [...(owners.get(name) ?? []), customer]);
  }
  return [...owners].map(([name, own]) => ({
    name,
    isCreated: name !== "default",
    statements: unitedPolicy(own.flatMap((customer) => busPolicy(config, customer))),
  }));
}

function routeOf(config: Config, customer: ResolvedCustomer): RoutePlan | { readonly problem: string } {
  const route = { customer, busName: hubBusName(config, customer) };
  if (customer.delivery === "relay") {
    const delivery = relayUrl(config) === undefined ? "queue" : "https";
    return { ...route, delivery, rules: relayRules(customer) };
  }
  const rules = topicRules(customer);
  return "problem" in rules ? rules : { ...route, delivery: "amazon-q", rules: rules.rules };
}

function tooManyBuses(buses: readonly BusPlan[]): readonly string[] {
  const created = buses.filter(({ isCreated }) => isCreated).length;
  if (created < MOST_BUSES) return [];
  return [
    `The hub would need ${created} event buses; AWS allows ${MOST_BUSES} in one account and region, the default bus among them. ` +
      "Divide the customers between two files, each with a hub in an account or region of its own. " +
      "(`hub.buses: shared` needs one bus; its policy holds nearly 300 accounts where customers have the same `sources`.)",
  ];
}

function tooLargePolicy(config: Config, bus: BusPlan): readonly string[] {
  const size = busPolicySizeBytes(bus.statements);
  if (size <= LARGEST_POLICY_BYTES) return [];
  const words = `The policy of event bus ${bus.name} would have ${size} bytes; AWS allows ${LARGEST_POLICY_BYTES}.`;
  return [`${words} ${smallerPolicy(config)}`];
}

function nearlyTooLargePolicy(config: Config, bus: BusPlan): readonly string[] {
  const size = busPolicySizeBytes(bus.statements);
  if (size < LARGE_POLICY_BYTES || size > LARGEST_POLICY_BYTES) return [];
  const words = `The policy of event bus ${bus.name} has ${size} of the ${LARGEST_POLICY_BYTES} bytes that AWS allows.`;
  return [`${words} Before it is full: ${smallerPolicy(config)}`];
}

function smallerPolicy({ hub }: Config): string {
  return hub.buses === "shared" || hub.buses === "default"
    ? "Give customers the same `sources` (those who have share one statement), set `hub.buses: per-customer`, or give " +
        "customers with many accounts an `organizationId`: it takes the place of their accounts."
    : "Give the customer an `organizationId`: it takes the place of its accounts.";
}

/** A rule on the default bus that sends to the default bus of the same account would meet its own events again. */
function sendingInCircles({ hub }: Config, customers: readonly ResolvedCustomer[]): readonly string[] {
  if (hub.buses !== "default") return [];
  return customers
    .filter((customer) => sendingAccounts(customer).includes(hub.account))
    .map(
      ({ id }) =>
        `Customer ${id} lists the hub's own account ${hub.account}, whose events are on the default bus already: ` +
        "its rule would send them round in circles. Set `hub.buses: per-customer` or `shared`.",
    );
}

function teamsProblems(customers: readonly ResolvedCustomer[]): readonly string[] {
  const homes = new Map<string, string>();
  return customers.flatMap(({ id, teams }) => {
    if (teams === undefined) return [];
    const home = `${teams.tenantId}/${teams.teamId}`;
    const known = homes.get(teams.channelId) ?? home;
    homes.set(teams.channelId, known);
    if (known === home) return [];
    return [
      `Customer ${id}: teams.channelId ${teams.channelId} is in another team elsewhere in the config. Correct one.`,
    ];
  });
}

function slackChannels(customers: readonly ResolvedCustomer[], opsChannel: string | undefined): readonly ChatPlan[] {
  if (customers.length === 0) return [];
  const channels = new Map<string, string[]>();
  for (const { id, slack } of customers) channels.set(slack.channel, [...(channels.get(slack.channel) ?? []), id]);
  if (opsChannel !== undefined && !channels.has(opsChannel)) channels.set(opsChannel, []);
  return [...channels].map(([channelId, customerIds]) => ({
    channelId,
    customerIds,
    hearsAlarms: channelId === opsChannel,
  }));
}

function teamsChannels(customers: readonly ResolvedCustomer[]): readonly TeamsPlan[] {
  const channels = new Map<string, TeamsPlan>();
  for (const { id, teams } of customers) {
    if (teams === undefined) continue;
    const known = channels.get(teams.channelId);
    channels.set(teams.channelId, { ...teams, customerIds: [...(known?.customerIds ?? []), id] });
  }
  return [...channels.values()];
}
