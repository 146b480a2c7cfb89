/**
 * What is sent from one account and region to see whether it arrives, and how its message is known again in Slack.
 *
 * The relay shows the mark that an event carries. Amazon Q shows a finding's title, which has it too; but of a test
 * event it shows the words of the hub's rule (hub-pattern.ts of @shirase/cdk), and nothing that the sender chose goes
 * into those: EventBridge cannot escape it, and a customer's account could write links and mentions into the channel.
 * There account, region and time tell. The event's id would not: it changes on the way to another region
 * (localstack/localstack#11027, compared with AWS).
 */
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { EXIT, UserError } from "../user-error.ts";

/** An account and a region that have the customer's rule. */
export type SendingPlace = { readonly accountId: string; readonly region: string };

/** What is under way from there. */
export type Probe = SendingPlace & {
  readonly kind: "test event" | "test finding";
  /** Nobody else's: `shirase-k7m2x9qd`. */
  readonly mark: string;
};

/** No vowels, so that no word comes of it, and nothing that looks like something else. */
const LETTERS = "bcdfghjkmnpqrstvwxz23456789";
const MARK_LETTERS = 8;

/** EventBridge keeps whole seconds, and a crossing takes a few. */
const CROSSING_MS = 15_000;

/**
 * A mark of one probe: of 282 billion, so that two are never the same in one channel.
 *
 * @param below - a random whole number below its argument.
 */
export function newMark(below: (limit: number) => number): string {
  const letters = Array.from({ length: MARK_LETTERS }, () => LETTERS.charAt(below(LETTERS.length)));
  return `shirase-${letters.join("")}`;
}

/**
 * Where a customer's tests are sent from.
 *
 * @param account - its id, or its name in the config. Only needed when several accounts send.
 * @param region - one of the customer's; without it, all.
 * @throws UserError (wrong command line) when nothing of that name sends, or when it is not clear which account.
 */
export function placesOf(
  customer: ResolvedCustomer,
  { account, region }: { readonly account?: string | undefined; readonly region?: string | undefined },
): readonly SendingPlace[] {
  const accountId = accountOf(customer, account);
  if (region !== undefined && !customer.regions.includes(region)) {
    const words = `--region ${region}: ${customer.id} has no rule there. Its regions are ${customer.regions.join(", ")}.`;
    throw new UserError(words, { exitCode: EXIT.usage });
  }
  return customer.regions
    .filter((one) => region === undefined || one === region)
    .map((one) => ({ accountId, region: one }));
}

function accountOf(customer: ResolvedCustomer, wanted: string | undefined): string {
  const senders = sendingAccounts(customer);
  const known = customer.accounts.filter(({ id }) => senders.includes(id));
  const [only] = senders;
  if (wanted === undefined && senders.length === 1 && only !== undefined) return only;
  const found = known.find(({ id, name }) => id === wanted || (name !== undefined && name === wanted));
  if (found) return found.id;
  const list = known.map(({ id, name }) => (name === undefined ? id : `${id} (${name})`)).join(", ");
  const words =
    wanted === undefined
      ? `${customer.id} has several accounts. Name one with --account: ${list}.`
      : `--account ${wanted}: ${customer.id} sends nothing from there. It sends from ${list}.`;
  throw new UserError(words, { exitCode: EXIT.usage });
}

/**
 * Is this the message about the probe?
 *
 * @param message - as Slack's history gives it.
 * @param sentAt - the time that the event was sent with.
 */
export function tells(message: object, probe: Probe, sentAt: Date): boolean {
  const text = JSON.stringify(message);
  if (text.includes(probe.mark)) return true;
  if (probe.kind !== "test event") return false;
  if (!text.includes(probe.accountId) || !text.includes(probe.region)) return false;
  const times = [...text.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g)].map(([time]) => Date.parse(time));
  const from = wholeSecond(sentAt).getTime();
  return times.some((time) => time >= from && time <= from + CROSSING_MS);
}

/** EventBridge's own precision. */
export function wholeSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** What a person looks for in the channel. */
export function lookFor(
  { kind, mark, accountId, region }: Probe,
  sentAt: Date,
  delivery: "relay" | "amazon-q",
): string {
  if (kind === "test finding") return `${mark} in the title of a finding of ${accountId}, ${region}`;
  if (delivery === "relay") return `${mark} on a card of ${accountId}, ${region}`;
  const time = wholeSecond(sentAt).toISOString().replace(".000Z", "Z");
  return `Amazon Q's test message of ${accountId} in ${region}, sent at ${time}`;
}
