/**
 * The patterns of the hub's rules: which events of a bus are delivered for one customer.
 *
 * Every rule names the customer's accounts. On a bus of its own that is a second lock beside the bus policy; on a
 * shared bus it is the only thing that keeps one customer's events out of another's channel.
 *
 * The relay filters for itself, so it gets everything, heartbeats and tests included. A topic of Amazon Q's does not:
 * there the customer's `filter` becomes part of the rule, heartbeats stay out (e-mail subscribers would get them), and
 * tests take a rule of their own, because Amazon Q shows no event it does not know unless it is put in its own words.
 * And what a delegated administrator sends must be about an account of this customer's (member-pattern.ts).
 */
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { HEARTBEAT, TEST } from "@shirase/infra/declared-events";
import { aboutAccounts, type EventPattern } from "./member-pattern.ts";

/** A rule on a hub bus, as CloudFormation takes it. */
export type HubRule = {
  readonly name: string;
  readonly pattern: EventPattern;
  /** For Amazon Q: rewrites the event, which AWS delivers unchanged otherwise. */
  readonly input?: { readonly paths: Readonly<Record<string, string>>; readonly template: string };
};

/** AWS's default quota. */
const LONGEST_PATTERN = 2048;
const TEST_SOURCE = TEST.source;
const HEARTBEAT_SOURCE = HEARTBEAT.source;
const OWN_DETAIL_TYPES = [HEARTBEAT.detailType, TEST.detailType];

/** The rules that bring a customer's events to the relay: one, or more when its accounts do not fit into one. */
export function relayRules(customer: ResolvedCustomer): readonly HubRule[] {
  return numbered(`shirase-${customer.id}-relay`, withAccounts(sendingAccounts(customer), {}));
}

/**
 * The rules that bring a customer's events to its topic.
 *
 * @returns the rules, or a problem when the customer's `filter` cannot become part of a rule.
 */
export function topicRules(
  customer: ResolvedCustomer,
): { readonly rules: readonly HubRule[] } | { readonly problem: string } {
  const filter: EventPattern = customer.filter ?? {};
  const where = `Customer ${customer.id}: \`filter\``;
  if (speaksOf(filter, "account")) {
    return { problem: `${where} has "account", which the hub's rule needs for itself. Filter by other fields.` };
  }
  const length = JSON.stringify(withoutOwnEvents(filter)).length;
  if (length > LONGEST_PATTERN / 2) {
    const size = `of ${length} characters is too long for a rule with accounts in it`;
    return { problem: `${where} ${size} (${LONGEST_PATTERN / 2} at most with Amazon Q). Shorten it.` };
  }
  const told = findingPatterns(customer, withoutOwnEvents(filter));
  if (told === undefined) {
    const fields = "alternatives ($or) in all of its levels, or names the account that a finding is about";
    return { problem: `${where} has ${fields}, which the rule of a delegated administrator needs for itself.` };
  }
  const findings = numbered(`shirase-${customer.id}-amazon-q`, told);
  const tests = withAccounts(sendingAccounts(customer), { source: [TEST_SOURCE] });
  const testRules = numbered(`shirase-${customer.id}-test`, tests);
  return { rules: [...findings, ...testRules.map((rule) => ({ ...rule, input: TEST_NOTIFICATION }))] };
}

/** What is told; undefined when the filter leaves no room for whose findings an administrator may send. */
function findingPatterns(customer: ResolvedCustomer, filter: EventPattern): readonly EventPattern[] | undefined {
  const { delegatedAdmin, accounts } = customer;
  const senders = sendingAccounts(customer);
  if (delegatedAdmin === undefined) return withAccounts(senders, filter);
  const others = senders.filter((account) => account !== delegatedAdmin);
  const fromAdmin = { account: [delegatedAdmin], ...filter };
  const aboutOwn = aboutAccounts(
    fromAdmin,
    accounts.map(({ id }) => id),
    LONGEST_PATTERN,
  );
  return aboutOwn && [...withAccounts(others, filter), ...aboutOwn];
}

/** shirase's own events are told apart by their source, or by their detail-type where the filter has the source. */
function withoutOwnEvents(filter: EventPattern): EventPattern {
  if (!speaksOf(filter, "source")) return { ...filter, source: [{ "anything-but": [HEARTBEAT_SOURCE, TEST_SOURCE] }] };
  if (speaksOf(filter, "detail-type")) return filter;
  return { ...filter, "detail-type": [{ "anything-but": OWN_DETAIL_TYPES }] };
}

/** Is the field asked for at the top of the pattern, or in one of its top alternatives? */
function speaksOf(pattern: EventPattern, field: string): boolean {
  if (field in pattern) return true;
  const alternatives = pattern["$or"];
  return Array.isArray(alternatives) && alternatives.some((one) => isPattern(one) && speaksOf(one, field));
}

function isPattern(value: unknown): value is EventPattern {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As many patterns as it takes to name every account within AWS's limit of characters. */
function withAccounts(ids: readonly string[], rest: EventPattern): readonly EventPattern[] {
  const room = LONGEST_PATTERN - JSON.stringify({ account: [], ...rest }).length;
  const perRule = Math.max(1, Math.floor(room / '"222222222222",'.length));
  const patterns: EventPattern[] = [];
  for (let start = 0; start < ids.length; start += perRule) {
    patterns.push({ account: ids.slice(start, start + perRule), ...rest });
  }
  return patterns;
}

function numbered(name: string, patterns: readonly EventPattern[]): readonly HubRule[] {
  return patterns.map((pattern, index) => ({ name: index === 0 ? name : `${name}-${index + 1}`, pattern }));
}

/**
 * The only JSON of ours that Amazon Q shows. Account, region and time are AWS's own words, and `shirase send` knows its
 * message by them. Nothing of the event's detail is here: EventBridge escapes nothing, and a customer's account could
 * write links and mentions into the channel.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
const TEST_NOTIFICATION = {
  paths: { account: "$.account", region: "$.region", time: "$.time" },
  template: asciiJson({
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: ":white_check_mark: shirase test / テスト通知",
      description:
        "A test event from account <account> in <region> came all the way; it was sent at <time>. Nothing is wrong. / " +
        "アカウント <account>（<region>）からのテストイベントが届きました。対応は不要です。",
    },
  }),
};

/** CloudFormation turns what is not ASCII into question marks when it shows a template; escaped it survives. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[^\u0020-\u007e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
