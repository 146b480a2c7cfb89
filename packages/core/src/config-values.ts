/**
 * The values that `shirase.yaml` is made of: ids, regions, times, secrets' addresses. Each says in one phrase what it
 * expects and in one sentence what to do, because a tired person reads it when it does not hold.
 *
 * Not here: which key takes which value (config.ts), rules between values (config-rules.ts).
 */
import * as z from "zod";
import { patternFaults } from "./pattern-fault.ts";
import { partitionOf, REGIONS } from "./regions.ts";

/** What a value should have been and what to do, in one zod message; config-issues.ts takes it apart again. */
function says(expected: string, fix = ""): { readonly error: string } {
  return { error: `${expected}\n${fix}` };
}

/** A string of a certain form. The same sentence answers another type and another form. */
function text(form: RegExp, expected: string, fix?: string): z.ZodString {
  return z.string(says(expected, fix)).regex(form, says(expected, fix)).meta({ title: expected });
}

/** A list that may not be empty. */
export function listOf<T extends z.ZodType>(item: T, expected: string, fix?: string): z.ZodArray<T> {
  return z.array(item, says(expected, fix)).min(1, says(expected, fix));
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T): z.ZodEnum<{ [word in T[number]]: word }> {
  return z.enum(words, says(`one of ${words.join(", ")}`));
}

/** A mapping with these keys and no others: a typo must switch nothing off. */
export function mapping<T extends z.core.$ZodLooseShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape, says(`a mapping with ${Object.keys(shape).join(", ")}`));
}

export const AccountId = text(
  /^\d{12}$/,
  "an AWS account id: 12 digits in quotes",
  'Write it in quotes, as in "012345678901": without them YAML reads a number and drops a leading zero.',
);

export const CustomerId = text(
  /^[a-z][a-z0-9-]{1,30}$/,
  "a customer id: 2 to 31 of a-z, 0-9 and -, a letter first",
  "It becomes part of AWS names (bus, rule, stack), hence so narrow. The name people read goes under `name`.",
);

export const ChannelId = text(
  /^[CG][A-Z0-9]{8,}$/,
  "a Slack channel id such as C0ACME00000",
  "Names change, ids do not: open the channel's details in Slack, the id is at the very bottom.",
);

export const WorkspaceId = text(
  /^[TE][A-Z0-9]{8,}$/,
  "a Slack workspace id such as T0123456789",
  "Open Slack in a browser: it is the part after /client/ in the address.",
);

export const Uuid = text(
  /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  "an id of 32 hexadecimal digits such as 12345678-90ab-cdef-1234-567890abcdef",
  "In Teams, open the team's menu, then Get link to team: groupId is the team, tenantId the tenant.",
);

/** As AWS::Chatbot takes it: URL-encoded, `19%3A...%40thread.tacv2`. */
export const TeamsChannelId = text(
  /^19%3[aA][A-Za-z0-9_-]{1,100}%40thread\.(?:tacv2|skype)$/,
  "a Teams channel id such as 19%3Aab3fbab1%40thread.tacv2",
  "In Teams, open the channel's menu, then Get link to channel: the id is what follows /channel/, % signs included.",
);

/** A person, a user group, or everyone in the channel. `everyone` is left out: Slack knows it in one channel only. */
export const Mention = text(
  /^(?:[SUW][A-Z0-9]{8,}|here|channel)$/,
  "who to call: a user group id (S…), a user id (U… or W…), here or channel",
  'In Slack, open the group or the profile, then "Copy ID"; names such as @oncall do not call anybody.',
);

export const Region = z
  .string(says("an AWS region such as ap-northeast-1"))
  .refine((region) => partitionOf(region) !== undefined, {
    ...says("an AWS region such as ap-northeast-1"),
    params: { allowed: REGIONS },
  })
  .meta({ title: "an AWS region such as ap-northeast-1", enum: [...REGIONS] });

export const TimeZone = z
  .string(says("a time zone such as Asia/Tokyo"))
  .refine(isTimeZone, {
    ...says("a time zone such as Asia/Tokyo", "Use a name of the IANA list: Area/City, or UTC."),
    params: { isTimeZone: true },
  })
  .meta({ title: "a time zone such as Asia/Tokyo" });

export const Email = z
  .email(says("an e-mail address such as soc@acme.example"))
  .meta({ title: "an e-mail address such as soc@acme.example" });

export const DailyTime = text(
  /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  'a time of day in quotes such as "09:00"',
  "Hours 00 to 23, minutes 00 to 59, in the customer's time zone.",
);

const MOMENT_SAYS = 'a day such as "2026-11-27", or a moment such as "2026-11-27T18:00+09:00"';

export const DayOrMoment = text(
  /^\d{4}-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?$/,
  MOMENT_SAYS,
  "A day is meant in the customer's time zone; a moment says its own.",
).refine(isRealDay, says(MOMENT_SAYS, "The calendar has no such day."));

export const SilenceReason = text(/^[^\r\n]{1,300}$/, "a reason of 1 to 300 characters on one line");

export const WeeklyTime = text(
  /^(?:mon|tue|wed|thu|fri|sat|sun) (?:[01]\d|2[0-3]):[0-5]\d$/,
  'a day and a time such as "mon 09:00"',
  "Days are mon, tue, wed, thu, fri, sat, sun; the time is in the customer's time zone.",
);

export const OrganizationId = text(
  /^o-[a-z0-9]{10,32}$/,
  "the id of an AWS Organization such as o-ab12cd34ef",
  "In the customer's console: AWS Organizations, at the bottom of the menu on the left.",
);

/** An organizational unit, or the root above them. */
export const OrganizationalUnitId = text(
  /^(?:ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/,
  "the id of an organizational unit such as ou-ab12-c3d4e5f6, or of the root such as r-ab12",
);

const HEARTBEAT = says("whole minutes from 5 to 1440", "60 is a good start: three that do not come mean silence.");
export const HeartbeatMinutes = z
  .int(HEARTBEAT)
  .min(5, HEARTBEAT)
  .max(1440, HEARTBEAT)
  .meta({ title: "whole minutes from 5 to 1440" });

/** Names only, no ARN: the bus is always one of the hub's own. */
export const BusName = text(
  /^[A-Za-z0-9._-]{1,256}$/,
  "the name of an event bus in the hub account",
  "The name alone, not its ARN: up to 256 of A-Z a-z 0-9 . _ -",
);

export const TopicArn = text(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/,
  "the ARN of an SNS topic such as arn:aws:sns:ap-northeast-1:111111111111:findings",
);

/** The ARN, not the URL: it is the same in every partition and behind any endpoint, and the reader's policy needs it too. */
export const QueueArn = text(
  /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/,
  "the ARN of an SQS queue such as arn:aws:sqs:ap-northeast-1:111111111111:shirase-relay",
  "Its ARN, not its URL: `shirase deploy` prints it as RelayQueueArn.",
);

export const HttpAddress = text(
  /^https?:\/\/[^\s/]+(?:\/\S*)?$/,
  "an address that begins with http:// or https://",
  "Leave the key out to talk to Slack itself.",
);

/** An origin and nothing else: cookies and the way back from the login belong to it. */
export const ConsoleUrl = text(
  /^(?:https:\/\/[a-z0-9.-]+|http:\/\/(?:localhost|127\.0\.0\.1))(?::\d{1,5})?$/,
  "where people open the console, such as https://shirase.msp.example",
  "https, the host in small letters, no path and no / at the end; http only for localhost and 127.0.0.1.",
);

export const Issuer = text(
  /^(?:https:\/\/[^\s/?#]+|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)(?:\/[^\s?#]*)?$/,
  "the issuer of an OpenID provider such as https://accounts.google.com",
  "It is what the provider's /.well-known/openid-configuration says under `issuer`, letter by letter.",
);

export const ClientId = text(/^[\x21-\x7e]{1,200}$/, "the client id that the OpenID provider gave the console");

/** SNS delivers to plain HTTP as well: for a relay inside a network of one's own, and for tests. */
export const RelayUrl = text(
  /^https?:\/\/[^\s/?#]+\/\S*$/,
  "the relay's address for SNS such as https://shirase.msp.example/v1/sns",
  "It ends in /v1/sns, where the relay listens for SNS, and AWS must be able to reach it.",
);

/** Any name that people give to things: not empty, one line, short enough for a card's header. */
export const Name = text(/^[^\r\n]{1,80}$/, "a name of 1 to 80 characters on one line");

const EnvName = text(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  "the name of an environment variable such as SLACK_BOT_TOKEN",
  "Only its name goes here; the value stays in the environment.",
);
const FilePath = text(/^[^\0\r\n]{1,1024}$/, "the path of a file that holds the secret and nothing else");
const ParameterName = text(
  /^(?:\/?[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*|arn:aws[a-z-]*:ssm:\S+)$/,
  "the name of an SSM parameter such as /shirase/slack-token",
);
const SecretName = text(
  /^[A-Za-z0-9/_+=.@:-]{1,2048}(?:#[^#\s]+)?$/,
  "the name or ARN of a Secrets Manager secret such as shirase/slack#token",
  "After # stands the key inside the secret, if it is JSON.",
);

/** Where a secret lives; the file itself never holds one. Exactly one of four. */
export const SecretRef = z.union(
  [
    z.strictObject({ env: EnvName.describe("Name of an environment variable.") }),
    z.strictObject({ file: FilePath.describe("Path of a file that holds the secret and nothing else.") }),
    z.strictObject({ ssm: ParameterName.describe("Name of an SSM parameter (SecureString).") }),
    z.strictObject({
      secretsmanager: SecretName.describe("Name or ARN of a Secrets Manager secret, `#key` for one key of its JSON."),
    }),
  ],
  says(
    "where the secret lives: a mapping with exactly one of env, file, ssm, secretsmanager",
    "Write a reference such as { env: SLACK_BOT_TOKEN }, never the secret itself.",
  ),
);
export type SecretRef = z.infer<typeof SecretRef>;

/** An EventBridge pattern, written as YAML. */
export const EventPattern = z
  .record(z.string(), z.json(), says("an EventBridge pattern: a mapping such as { source: [aws.securityhub] }"))
  .superRefine((value, context) => {
    for (const { path, message, fix } of patternFaults(value)) {
      const params = { sentence: message, fix };
      context.addIssue({ code: "custom", path: [...path], message: "an EventBridge pattern", params, input: value });
    }
  });

/** The pattern a rule in the customer's accounts gets: one of ours by name, or one of their own. */
export const PatternChoice = z.union(
  [z.enum(["classic", "alerts", "lifecycle"]), EventPattern],
  says("classic, alerts, lifecycle, or an EventBridge pattern as a mapping"),
);

/** JavaScript takes 30 February for 2 March. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  const time = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false; // Intl says no by throwing, and there is no question to ask it first.
  }
}
