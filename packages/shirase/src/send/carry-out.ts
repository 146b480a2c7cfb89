/**
 * Sends, waits, puts away, in this order and whatever happens in between: what was imported is archived when it was
 * seen, when it was not, when something broke, and when the person had enough.
 */
import type { Config } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Clock } from "@shirase/relay/clock";
import { UserError } from "../user-error.ts";
import type { Channel } from "./channel.ts";
import { lookFor, type SendingPlace } from "./probe.ts";
import type { Sending } from "./sending.ts";
import { type Seen, type UnderWay, type Watched, watch } from "./watch.ts";
import { whereToLook } from "./where-to-look.ts";

/** Everything around the sending. */
export type Surroundings = {
  readonly config: Config;
  readonly customer: ResolvedCustomer;
  /** Undefined: nobody wants to look. */
  readonly channel: Channel | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends the waiting, and sends nothing more. */
  readonly signal: AbortSignal;
  /** Takes a line of the answer. */
  readonly tell: (line: string) => void;
  /** Takes a line about what is going on. */
  readonly progress: (line: string) => void;
};

/**
 * @returns what did not go well, a text each; none when all was sent and, if it was waited for, seen.
 * @throws what nobody expected, after everything was put away.
 */
export async function carryOut(sendings: readonly Sending[], surroundings: Surroundings): Promise<readonly string[]> {
  const problems: string[] = [];
  const rows = rowsFor(sendings.map(({ probe }) => probe));
  try {
    const underWay = await sendAll(sendings, rows, problems, surroundings);
    if (underWay.length > 0) problems.push(...(await waitFor(underWay, rows, surroundings)));
  } finally {
    for (const sending of sendings) problems.push(...(await putAway(sending, rows, surroundings)));
  }
  return problems;
}

type Row = (verb: string, place: SendingPlace, ...words: readonly string[]) => string;

/** `sent      222222222222, ap-northeast-1  …`, one below the other. */
function rowsFor(places: readonly SendingPlace[]): Row {
  const width = Math.max(0, ...places.map((place) => nameOf(place).length));
  return (verb, place, ...words) => [verb.padEnd(8), nameOf(place).padEnd(width), ...words].join("  ");
}

function nameOf({ accountId, region }: SendingPlace): string {
  return `${accountId}, ${region}`;
}

async function sendAll(
  sendings: readonly Sending[],
  row: Row,
  problems: string[],
  { clock, signal, tell }: Surroundings,
): Promise<readonly UnderWay[]> {
  const underWay: UnderWay[] = [];
  for (const { probe, send } of sendings) {
    if (signal.aborted) break;
    const startedAt = clock.now();
    try {
      underWay.push({ probe, sentAt: await send() });
      tell(row("sent", probe, `${probe.kind} ${probe.mark}, taken by AWS in ${since(startedAt, clock)}`));
    } catch (error) {
      problems.push(expected(error));
    }
  }
  if (underWay.length === 0 && signal.aborted) problems.push("stopped before anything was sent.");
  return underWay;
}

async function waitFor(
  underWay: readonly UnderWay[],
  row: Row,
  { config, customer, channel, timeoutMs, clock, signal, tell, progress }: Surroundings,
): Promise<readonly string[]> {
  const channelId = customer.slack.channel;
  if (channel === undefined) {
    for (const one of underWay) tell(row("look for", one.probe, byEye(one, customer)));
    return [];
  }
  if ("blind" in channel) return [cannotLook(channel.blind, underWay, customer)];
  progress(`looking into channel ${channelId}, for ${timeoutMs / 1000} s at most …`);
  const onSeen = async ({ probe, afterMs, ts }: Seen): Promise<void> => {
    const link = await channel.history.permalink(channelId, ts);
    tell(row("in Slack", probe, `after ${spelled(afterMs)}`, ...(link === undefined ? [] : [link])));
  };
  const until = new Date(clock.now().getTime() + timeoutMs);
  const watched = await watch(underWay, { ...channel, channelId, until, clock, signal, onSeen });
  return problemsOf(watched, { config, customer, timeoutMs });
}

function problemsOf(
  watched: Watched,
  { config, customer, timeoutMs }: Pick<Surroundings, "config" | "customer" | "timeoutMs">,
): readonly string[] {
  switch (watched.kind) {
    case "all seen":
      return [];
    case "blind":
      return [cannotLook(`${watched.reason}. ${watched.remedy}`, watched.missing, customer)];
    case "stopped":
      return [
        ["stopped before everything was seen. It may still come:", ...listed(watched.missing, customer)].join("\n"),
      ];
    case "too late": {
      const [first] = watched.missing;
      return [
        [
          `not in channel ${customer.slack.channel} within ${timeoutMs / 1000} s:`,
          ...listed(watched.missing, customer),
          ...(watched.trouble === undefined ? [] : [`The last look failed: ${watched.trouble}.`]),
          ...(first === undefined ? [] : whereToLook(config, customer, first.probe)),
        ].join("\n"),
      ];
    }
  }
}

function cannotLook(why: string, underWay: readonly UnderWay[], customer: ResolvedCustomer): string {
  return [
    `cannot look into channel ${customer.slack.channel}: ${why}`,
    "Everything was sent all the same. Look there yourself, for:",
    ...listed(underWay, customer),
  ].join("\n");
}

function listed(underWay: readonly UnderWay[], customer: ResolvedCustomer): readonly string[] {
  return underWay.map((one) => `  ${byEye(one, customer)}`);
}

function byEye({ probe, sentAt }: UnderWay, { delivery }: ResolvedCustomer): string {
  return lookFor(probe, sentAt, delivery);
}

async function putAway(
  { probe, takeBack, leftBehind }: Sending,
  row: Row,
  { clock, tell }: Surroundings,
): Promise<readonly string[]> {
  const startedAt = clock.now();
  try {
    if (await takeBack()) tell(row("archived", probe, `in ${since(startedAt, clock)}`));
    return [];
  } catch (error) {
    const command = leftBehind();
    const byHand =
      command === undefined
        ? ""
        : `\nThe finding may still be ACTIVE in Security Hub. Put it away by hand:\n  ${command}`;
    return [`${expected(error)}${byHand}`];
  }
}

/** The words of an error that is told at the end, so that what comes after it is done first. */
function expected(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}

function since(startedAt: Date, clock: Clock): string {
  return spelled(clock.now().getTime() - startedAt.getTime());
}

function spelled(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
