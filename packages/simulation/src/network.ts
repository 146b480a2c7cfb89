/**
 * The way to Slack and back: the strict fake within this process, reached through the relay's own client, with all that
 * can go wrong on the way. What a request does when its answer is lost is the point: Slack may have taken it, may take
 * it in a moment, or never saw it.
 */
import { createFakeSlack, type PortlessSlack } from "@shirase/fake-slack";
import type { Chance } from "./chance.ts";
import type { Trouble } from "./story.ts";
import type { Time } from "./time.ts";

/** Slack, and how to make its life hard. */
export type Network = {
  readonly slack: PortlessSlack;
  readonly fetch: typeof globalThis.fetch;
  /** The next so many calls, of a channel or of any, meet with it. */
  readonly trouble: (trouble: Trouble, times: number, channelId: string | undefined) => void;
  /** Every call does, until then. */
  readonly outage: (trouble: Trouble, untilMs: number) => void;
  readonly heal: () => void;
  /** Posts that came before the Retry-After of a 429 in their channel was over. */
  readonly hasty: () => number;
  /** A new process cannot know what the last one was told. */
  readonly newLife: () => void;
};

/** After so long the relay's client gives up (slack.ts). */
const TIMES_OUT_MS = 8000;
/** What was given up arrives within this: the relay promises nothing when it takes longer. */
const LATE_MS = 1500;
const SLOWEST_MS = 400;

type Armed = { readonly trouble: Trouble; times: number; readonly channelId: string | undefined };

/** A network with nothing wrong, to a Slack where nothing was said. */
export function networkTo(
  channels: readonly string[],
  over: "refuse" | "hide",
  { time, chance }: { readonly time: Time; readonly chance: Chance },
): Network {
  const slack = createFakeSlack({
    channels: channels.map((id) => ({ id })),
    limits: { over },
    now: () => new Date(time.now()),
    random: chance.next,
  });
  let armed: Armed[] = [];
  let outage: { readonly trouble: Trouble; readonly untilMs: number } | undefined;

  const quietUntil = new Map<string, number>();
  let hasty = 0;

  const strike = (body: unknown): Trouble | undefined => {
    if (outage && time.now() < outage.untilMs) return outage.trouble;
    const channelId = channelOf(body);
    const found = armed.find((one) => one.times > 0 && (one.channelId ?? channelId) === channelId);
    if (found) found.times -= 1;
    return found?.trouble;
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    // The client's own time-out runs on the machine's clock; here time-outs are told by the story.
    const asked = { ...init, signal: null };
    const answer = (): Promise<Response> => slack.fetch(input, asked);
    const struck = strike(init?.body);
    // An edit carried out so late that its relay was killed meanwhile leaves a card as it was; docs/testing.md says so.
    const trouble = struck === "late" && String(input).endsWith("chat.update") ? "reset" : struck;
    const channelId = String(input).endsWith("chat.postMessage") ? channelOf(init?.body) : "";
    if (time.now() < (quietUntil.get(channelId) ?? 0)) hasty += 1;
    await time.rest(chance.below(SLOWEST_MS));
    const response = await meet(trouble, answer, time);
    await time.rest(chance.below(SLOWEST_MS));
    const quietMs = response?.status === 429 && channelId !== "" ? retryAfterMs(response) : 0;
    if (quietMs > 0) quietUntil.set(channelId, time.now() + quietMs);
    if (response === undefined) throw new TypeError("fetch failed: socket hang up");
    return response;
  };
  return {
    slack,
    fetch,
    trouble: (trouble, times, channelId) => void armed.push({ trouble, times, channelId }),
    outage: (trouble, untilMs) => {
      outage = { trouble, untilMs };
    },
    hasty: () => hasty,
    newLife: () => quietUntil.clear(),
    heal: () => {
      armed = [];
      outage = undefined;
    },
  };
}

function channelOf(body: unknown): string {
  return new URLSearchParams(String(body)).get("channel") ?? "";
}

function retryAfterMs({ headers }: Response): number {
  return Number(headers.get("retry-after") ?? 1) * 1000;
}

/** @returns undefined when the answer is lost. */
async function meet(
  trouble: Trouble | undefined,
  answer: () => Promise<Response>,
  time: Time,
): Promise<Response | undefined> {
  switch (trouble) {
    case undefined:
      return answer();
    case "429":
      return new Response('{"ok":false,"error":"ratelimited"}', { status: 429, headers: { "retry-after": "2" } });
    case "429-bare":
      return new Response('{"ok":false,"error":"ratelimited"}', { status: 429 });
    case "500":
      return new Response("<html>", { status: 500 });
    case "500-after":
      await answer();
      return new Response("<html>", { status: 500 });
    case "garbage-after":
      await answer();
      return new Response('{"ok":true,"chan', { status: 200 });
    case "reset":
      return undefined;
    case "reset-after":
      await answer();
      return undefined;
    case "late":
      await time.rest(TIMES_OUT_MS);
      void time.busy(async () => {
        await time.rest(LATE_MS);
        await answer();
      });
      return undefined;
  }
}
