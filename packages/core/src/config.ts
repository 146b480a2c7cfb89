/**
 * The shape of `shirase.yaml`: which keys there are, what each takes, what happens without it. The JSON Schema for
 * editors and docs/config.md are made from these descriptions (config-schema.ts), so a key without one is a key that
 * nobody will find.
 *
 * `readConfig` in config-file.ts is the way to get a `Config` out of a file: it also holds the rules between keys
 * (config-rules.ts), which the schema alone cannot. What a customer leaves out is filled in by resolved-customer.ts.
 */
import * as z from "zod";
import {
  AccountId,
  BusName,
  ChannelId,
  ClientId,
  ConsoleUrl,
  CustomerId,
  DailyTime,
  DayOrMoment,
  Email,
  EventPattern,
  HeartbeatMinutes,
  HttpAddress,
  Issuer,
  listOf,
  Mention,
  mapping,
  Name,
  OrganizationalUnitId,
  OrganizationId,
  oneOf,
  PatternChoice,
  QueueArn,
  Region,
  RelayUrl,
  SecretRef,
  SilenceReason,
  TeamsChannelId,
  TimeZone,
  TopicArn,
  Uuid,
  WeeklyTime,
  WorkspaceId,
} from "./config-values.ts";

export type { SecretRef } from "./config-values.ts";

const SeverityName = oneOf(["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"]);
const Language = oneOf(["en", "ja"]);
const Delivery = oneOf(["relay", "amazon-q"]);

/** The AWS services whose events shirase reads, by the names the config uses. */
export const SOURCES = [
  "security-hub",
  "guardduty",
  "inspector",
  "macie",
  "access-analyzer",
  "health",
  "config",
  "cloudwatch",
  "trusted-advisor",
  "cost-anomaly",
] as const;
export type Source = (typeof SOURCES)[number];

const LANGUAGE_NOTE = "Language of the cards.";
const TIMEZONE_NOTE = "Time zone of the times on cards and digests.";
const DELIVERY_NOTE = "`relay`: shirase posts to Slack itself. `amazon-q`: AWS does, by templates alone.";
const SEVERITIES_NOTE = "Severities that are told.";

const Account = z
  .union(
    [
      AccountId,
      mapping({
        id: AccountId.describe("12 digits in quotes."),
        name: Name.optional().describe("Name for people, on cards."),
      }),
    ],
    {
      error: 'an account: "222222222222", or { id: "222222222222", name: acme-prod }\n',
    },
  )
  .transform((account) => (typeof account === "string" ? { id: account } : account));

const TeamsTarget = mapping({
  tenantId: Uuid.describe("Id of the Microsoft tenant."),
  teamId: Uuid.describe("Id of the team."),
  channelId: TeamsChannelId.describe("Id of the channel, as its link shows it."),
});

const SlackTarget = mapping({
  channel: ChannelId.describe("Id of the channel that hears of this customer's findings. Not its name."),
  mention: z
    .partialRecord(SeverityName, Mention, { error: "a mapping from severity to who is called\n" })
    .optional()
    .describe("Who is called, by severity: a user group (S…), a user (U…, W…), `here` or `channel`."),
});

const Silenced = mapping({
  match: EventPattern.describe("EventBridge pattern: what matches is remembered and counted, and not told as new."),
  owner: Name.describe("Who answers for it: a person or a team."),
  reason: SilenceReason.describe("Why, for whoever wonders at 3 a.m."),
  from: DayOrMoment.describe('First day, "2026-11-27", in the customer\'s time zone; or a moment with its zone.'),
  until: DayOrMoment.describe("Last day, or a moment with its zone; at most 90 days after `from`."),
});

/** One customer: whose findings, from where, told to whom. Unknown keys are errors: a typo must switch nothing off. */
export const Customer = mapping({
  id: CustomerId.describe("Short name for machines, part of AWS names: a-z, 0-9 and -. Do not change it later."),
  name: Name.describe("Name for people, on cards and in reports."),
  language: Language.optional().describe(`${LANGUAGE_NOTE} Without it: defaults.language.`),
  timezone: TimeZone.optional().describe(`${TIMEZONE_NOTE} Without it: defaults.timezone.`),
  delivery: Delivery.optional().describe(`${DELIVERY_NOTE} Without it: defaults.delivery.`),
  severities: listOf(SeverityName, "a list of severities such as [CRITICAL, HIGH]")
    .optional()
    .describe(`${SEVERITIES_NOTE} Without it: defaults.severities.`),
  accounts: listOf(
    Account,
    'a list of AWS account ids such as ["222222222222"]',
    "A customer has at least one account; a single one is a list as well.",
  ).describe("The customer's AWS accounts. Findings of accounts nobody lists go to quarantine, never to a channel."),
  delegatedAdmin: AccountId.optional().describe(
    "Security Hub's delegated administrator, one of `accounts`: it may send findings of the customer's other accounts.",
  ),
  organizationId: OrganizationId.optional().describe(
    "The customer's AWS Organization. The hub then admits all of its accounts; those not in `accounts` go nowhere.",
  ),
  organizationalUnits: listOf(OrganizationalUnitId, "a list of organizational units such as [ou-ab12-c3d4e5f6]")
    .optional()
    .describe("Where `accounts` are in that Organization: its management account can then roll the template out."),
  bus: BusName.optional().describe("Event bus in the hub that only this customer's events arrive on."),
  regions: listOf(Region, "a list of AWS regions such as [ap-northeast-1]")
    .optional()
    .describe("Regions whose findings are forwarded. Without it: the hub's region."),
  sources: listOf(oneOf(SOURCES), "a list of sources such as [security-hub, guardduty]")
    .default(["security-hub"])
    .describe("AWS services whose events are forwarded and told."),
  heartbeatMinutes: HeartbeatMinutes.default(60).describe(
    "How often each account and region shows that its events arrive, in minutes.",
  ),
  pattern: PatternChoice.optional().describe(
    "What leaves the customer's accounts: `lifecycle` (new, changed and fixed; default with the relay), `alerts` " +
      "(new only; default with amazon-q), `classic` (the pattern of 2020), or an EventBridge pattern of one's own.",
  ),
  slack: SlackTarget.describe("Where in Slack this customer's findings are told."),
  teams: TeamsTarget.optional().describe("Microsoft Teams channel that hears the same. Amazon Q delivers to it."),
  email: listOf(Email, "a list of e-mail addresses such as [soc@acme.example]")
    .optional()
    .describe("Addresses for e-mail. Amazon Q's customers get raw events by SNS; the relay sends no mail yet."),
  filter: EventPattern.optional().describe(
    "EventBridge pattern: only events that match are told. Matched in the hub, after `pattern`.",
  ),
  silences: listOf(Silenced, "a list of silences such as [{ match: { … }, owner: ana, reason: …, from: …, until: … }]")
    .optional()
    .describe(
      "What need not be told for a while. `shirase silence` and the console make others, without a deployment.",
    ),
  digest: mapping({
    daily: DailyTime.optional().describe('Time of a daily summary, "09:00".'),
    weekly: WeeklyTime.optional().describe('Day and time of a weekly summary, "mon 09:00".'),
  })
    .optional()
    .describe(
      "Regular summaries in the customer's channel. Written by a relay of one process, not yet by the one on AWS.",
    ),
});
export type Customer = z.infer<typeof Customer>;

const Hub = mapping({
  account: AccountId.describe("Your company's AWS account that all customers send to: 12 digits in quotes."),
  region: Region.describe("Home region: buses, queue and relay are here."),
  buses: oneOf(["per-customer", "shared", "default"])
    .optional()
    .describe("One event bus for each customer (the default), one for all, or the account's default bus."),
  opsEmail: listOf(Email, "a list of e-mail addresses such as [ops@msp.example]")
    .optional()
    .describe("Addresses of the people who run the hub: CloudWatch alarms about what could not be delivered."),
  relay: z
    .union(
      [
        z.enum(["aws"], { error: "`aws`\n" }),
        mapping({
          url: RelayUrl.describe("Where SNS delivers: the relay's address as AWS reaches it, ending in /v1/sns."),
        }),
      ],
      { error: "`aws`, or { url: https://relay.msp.example/v1/sns }\n" },
    )
    .optional()
    .describe(
      "Where the relay runs. `aws`: on Lambda in the hub's account, deployed with the hub; it has an HTTPS address when " +
        "`slack.signingSecret`, `ingest.key` or `ingest.sns` says who may call there. With a `url`: where AWS reaches " +
        "it, by SNS over HTTPS. Without it: wherever you start it; it reads the hub's SQS queue (`ingest.sqs`).",
    ),
});

const Slack = mapping({
  workspace: WorkspaceId.describe("Id of the Slack workspace, T… (or E… of an Enterprise Grid)."),
  token: SecretRef.optional().describe("Where the bot token lives. Without it: the environment's SLACK_BOT_TOKEN."),
  signingSecret: SecretRef.optional().describe(
    "Where the app's signing secret lives: requests that Slack sends (`POST /v1/slack`) are taken with its signature only. " +
      "Without it: none are taken.",
  ),
  opsChannel: ChannelId.optional().describe("Channel of the people who run shirase: what could not be told, and why."),
  apiUrl: HttpAddress.optional().describe("Another Slack API than Slack's own: a proxy, or a fake one in tests."),
});

const Ingest = mapping({
  key: SecretRef.optional().describe("Where the key lives that senders of HTTP events must show."),
  sns: mapping({
    topics: listOf(TopicArn, "a list of SNS topic ARNs").describe(
      "ARNs of the only SNS topics that may deliver events.",
    ),
  })
    .optional()
    .describe("Events that arrive through SNS over HTTPS."),
  sqs: mapping({
    queues: listOf(QueueArn, "a list of SQS queue ARNs").describe(
      "ARNs of the SQS queues that the relay reads and empties. The hub's own: `RelayQueueArn`, as `deploy` prints it.",
    ),
  })
    .optional()
    .describe("Events that the relay fetches from SQS queues."),
});

const Defaults = mapping({
  language: Language.default("en").describe(LANGUAGE_NOTE),
  timezone: TimeZone.default("UTC").describe(TIMEZONE_NOTE),
  delivery: Delivery.default("relay").describe(DELIVERY_NOTE),
  severities: listOf(SeverityName, "a list of severities such as [CRITICAL, HIGH]")
    .default(["CRITICAL", "HIGH"])
    .describe(SEVERITIES_NOTE),
});

const Person = mapping({
  email: Email.describe("The address that the OpenID provider says of this person."),
  role: oneOf(["viewer", "operator"]).default("viewer").describe("`viewer` looks; `operator` may act as well."),
  customers: listOf(CustomerId, "a list of customer ids such as [acme]")
    .optional()
    .describe(
      "Ids of the only customers that this person sees and acts for. Without it: all, and what is the whole hub's.",
    ),
});

const Console = mapping({
  url: ConsoleUrl.describe("Where people open the console: scheme and host, as their browsers show it."),
  oidc: mapping({
    issuer: Issuer.describe("Issuer of the OpenID provider."),
    clientId: ClientId.describe("Client id that the provider gave the console."),
    clientSecret: SecretRef.describe("Where the client secret lives."),
  }).describe("The OpenID provider that people sign in with. Its redirect address is `url` and /login/callback."),
  people: listOf(Person, "a list of people such as [{ email: ana@msp.example, role: operator }]").describe(
    "Who may come in. Whoever is not in the list may not, even when the provider knows them.",
  ),
});

/** The whole file. */
export const Config = mapping({
  hub: Hub.describe("The company's side in AWS."),
  slack: Slack.describe("The company's Slack workspace."),
  ingest: Ingest.optional().describe(
    "How events come to the relay: who may bring them over HTTP, and where it fetches them.",
  ),
  console: Console.optional().describe(
    "The console's login. Without it the console is served on loopback only, without a login.",
  ),
  defaults: Defaults.prefault({}).describe("What holds for every customer that does not say otherwise."),
  customers: listOf(Customer, "a list with at least one customer").describe("The customers, in any order."),
});
export type Config = z.infer<typeof Config>;
