/**
 * What people have today, in as few lines as it takes. `naive`: a Lambda that posts each finding and lets AWS try again
 * after one and two minutes, as terraform-aws-notify-slack's users have it. `batcher`: findings of a channel gathered in
 * memory, a message a second. Both run in the bench's own process, against the same fake Slack.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { LoadCustomer } from "../../packages/testkit/src/load.ts";
import type { Slack } from "./setting.ts";

/** Takes findings: a customer, a resource. */
export type Peer = {
  readonly take: (customer: LoadCustomer, resource: string) => void;
  /** Stops what it still does. */
  readonly stop: () => void | Promise<void>;
};

async function postMessage(slack: Slack, channel: string, text: string): Promise<number | undefined> {
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: "POST",
    headers: { authorization: `Bearer ${slack.token}`, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ channel, text }),
  });
  await answer.arrayBuffer();
  return answer.status === 200 ? undefined : Number(answer.headers.get("retry-after") ?? 1);
}

/** One post for each finding; three tries, a minute and two apart. */
export function naive(slack: Slack): Peer {
  const stopping = new AbortController();
  const handle = async (channel: string, text: string): Promise<void> => {
    for (const waitMs of [0, 60_000, 120_000]) {
      await pause(waitMs, undefined, { signal: stopping.signal });
      if ((await postMessage(slack, channel, text)) === undefined) return;
    }
  };
  return {
    take: ({ channel, id }, resource) => void handle(channel, `${id}: ${resource}`).catch(() => undefined),
    stop: () => stopping.abort(),
  };
}

/** Lines gathered in memory; each channel a message a second with as many as it takes. Lost with the process. */
export function batcher(slack: Slack): Peer {
  const waiting = new Map<string, string[]>();
  let isStopped = false;
  const run = async (channel: string, lines: string[]): Promise<void> => {
    while (!isStopped) {
      const some = lines.splice(0, 45);
      if (some.length > 0) {
        const refusedSeconds = await postMessage(slack, channel, some.join("\n"));
        if (refusedSeconds !== undefined) lines.unshift(...some);
        await pause((refusedSeconds ?? 1) * 1000 + 1100);
      } else await pause(50);
    }
  };
  return {
    take: ({ channel }, resource) => {
      const lines = waiting.get(channel) ?? [];
      if (!waiting.has(channel)) {
        waiting.set(channel, lines);
        void run(channel, lines);
      }
      lines.push(`CRITICAL finding on ${resource}, see the console of the account for what to do about it now`);
    },
    stop: () => {
      isStopped = true;
    },
  };
}
