/**
 * The demo's accounts at work: every few seconds one of them has something to say; the customer's own pattern decides
 * whether it leaves the account, as the rule there would, and what leaves is posted to the relay over HTTP.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Config, Customer } from "@shirase/core/config";
import { ownBusName } from "@shirase/core/owner";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { explain, explainShort, type Pattern, parsePattern } from "@shirase/event-pattern";
import type { Colors } from "../colors.ts";
import {
  type Accounts,
  accountsOf,
  type DemoEvent,
  type Dice,
  diceFrom,
  heartbeatEvent,
  strangersEvent,
} from "./accounts.ts";
import { summaryOf } from "./summary.ts";

/** What emitting needs. */
export type Emitting = {
  readonly config: Config;
  readonly relayUrl: string;
  readonly ingestKey: string;
  readonly everyMs: number;
  readonly seed: number;
  /** Where nobody has launched the stack yet: no heartbeat comes from there. */
  readonly asleep: { readonly account: string; readonly region: string };
  readonly signal: AbortSignal;
  /** Prints one line. */
  readonly say: (line: string) => void;
  readonly colors: Colors;
};

type Account = { readonly customer: Customer; readonly rules: readonly Pattern[]; readonly accounts: Accounts };

/** As often as a relay that was just started needs it to call nobody silent. */
const BEAT_EVERY_MS = 10 * 60_000;
/** One event in so many comes from an account that nobody knows. */
const STRANGER_ONCE_IN = 15;

/** Emits until the signal is aborted. Never throws: a relay that is gone is said and tried again. */
export async function emitEvents(emitting: Emitting): Promise<void> {
  const { config, seed, signal, everyMs } = emitting;
  const dice = diceFrom(seed);
  const accounts = config.customers.map((customer) => accountOf(config, customer, dice));
  for (const account of accounts) await tell(emitting, account, account.accounts.first(new Date()));
  let beatAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (performance.now() - beatAt > BEAT_EVERY_MS) {
      beatAt = performance.now();
      for (const { customer } of accounts) await beat(emitting, customer, dice);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await next(emitting, accounts, dice);
  }
}

/** Every account and region shows that its events arrive. Not worth a line in the terminal. */
async function beat(
  { config, relayUrl, ingestKey, asleep, signal }: Emitting,
  customer: Customer,
  dice: Dice,
): Promise<void> {
  const resolved = resolveCustomer(config, customer);
  const now = new Date();
  const events = sendingAccounts(resolved).flatMap((account) =>
    resolved.regions
      .filter((region) => !(account === asleep.account && region === asleep.region))
      .map((region) => heartbeatEvent(account, region, dice, now)),
  );
  const bus = ownBusName(customer);
  const headers = { authorization: `Bearer ${ingestKey}`, ...(bus === undefined ? {} : { "x-shirase-bus": bus }) };
  // A relay that does not answer is said when the next finding finds it so.
  await fetch(`${relayUrl}/v1/events`, { method: "POST", headers, body: JSON.stringify(events), signal }).catch(
    () => undefined,
  );
}

function accountOf(config: Config, customer: Customer, dice: Dice): Account {
  const rules = resolveCustomer(config, customer).rulePatterns.map((text) => {
    const read = parsePattern(text);
    if ("pattern" in read) return read.pattern;
    throw new Error(`the pattern of ${customer.id} is not valid: ${read.problems[0]?.message}`);
  });
  return { customer, rules, accounts: accountsOf(customer, dice) };
}

async function next(emitting: Emitting, accounts: readonly Account[], dice: Dice): Promise<void> {
  if (dice(STRANGER_ONCE_IN) === 0) {
    await post(emitting, strangersEvent(dice, new Date()), undefined, "a stranger");
    return;
  }
  const account = accounts[dice(accounts.length)];
  for (const event of account?.accounts.next(new Date()) ?? []) if (account) await tell(emitting, account, event);
}

async function tell(emitting: Emitting, { customer, rules }: Account, event: DemoEvent): Promise<void> {
  const answers = rules.map((rule) => explain(rule, event));
  if (answers.some(({ matches }) => matches)) {
    await post(emitting, event, ownBusName(customer), customer.id);
    return;
  }
  const [first] = answers;
  const why = first ? explainShort(first, "en") : "no rule";
  emitting.say(line(emitting, customer.id, event, emitting.colors.dim(`stays: ${why}`)));
}

async function post(emitting: Emitting, event: DemoEvent, bus: string | undefined, who: string): Promise<void> {
  const { relayUrl, ingestKey, colors, say, signal } = emitting;
  const headers = { authorization: `Bearer ${ingestKey}`, ...(bus === undefined ? {} : { "x-shirase-bus": bus }) };
  try {
    const answer = await fetch(`${relayUrl}/v1/events`, {
      method: "POST",
      headers,
      body: JSON.stringify(event),
      signal,
    });
    const result: unknown = await answer.json();
    say(line(emitting, who, event, outcomeOf(answer.status, result, colors)));
  } catch (error) {
    if (!signal.aborted) say(line(emitting, who, event, colors.red(`the relay did not answer: ${String(error)}`)));
  }
}

function outcomeOf(status: number, result: unknown, colors: Colors): string {
  if (status !== 202 || typeof result !== "object" || result === null) return colors.red(`refused: HTTP ${status}`);
  const { told, quarantined } = result as { readonly told?: number; readonly quarantined?: number };
  if (quarantined) return colors.yellow("quarantined: nobody's account");
  return told ? colors.green("told") : colors.dim("nothing new");
}

function line({ colors }: Emitting, who: string, event: DemoEvent, outcome: string): string {
  return `  ${colors.bold(who.padEnd(11))} ${summaryOf(event).padEnd(58)} ${outcome}`;
}
