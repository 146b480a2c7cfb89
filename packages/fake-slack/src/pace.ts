/**
 * May this call go ahead now? Slack paces posts per channel and per workspace, and every other method per minute.
 *
 * Posts drain two buckets at once and take from neither when one is empty, so a refused post costs nothing. Other
 * methods count calls in a sliding minute: stricter than a bucket, since Slack promises no burst there. Time comes
 * from the caller; nothing here waits.
 */
import type { Limits } from "./limits.ts";

/** `refuse` is HTTP 429 with this Retry-After; `hide` is accepted and never shown. */
export type Pace =
  | { readonly kind: "go" }
  | { readonly kind: "hide" }
  | { readonly kind: "refuse"; readonly retryAfterSeconds: number };

export type Pacer = {
  /** A post into a channel, by chat.postMessage or webhook. */
  readonly post: (channelId: string, now: Date) => Pace;
  /** Any other method. Methods without a tier always go ahead. */
  readonly call: (method: string, now: Date) => Pace;
};

type Tier = "tier2PerMinute" | "tier3PerMinute" | "tier4PerMinute";

/** Tiers as Slack's method pages have them; `auth.test` is in the hundreds a minute and not paced here. */
const TIERS: Readonly<Record<string, Tier>> = {
  "chat.update": "tier3PerMinute",
  "chat.delete": "tier3PerMinute",
  "conversations.info": "tier3PerMinute",
  "conversations.history": "tier3PerMinute",
  "conversations.replies": "tier3PerMinute",
  "conversations.join": "tier3PerMinute",
  "conversations.list": "tier2PerMinute",
  "reactions.add": "tier3PerMinute",
  "users.info": "tier4PerMinute",
};

const GO: Pace = { kind: "go" };
const MINUTE_MS = 60_000;

/** A pacer with full buckets. */
export function createPacer(limits: Limits): Pacer {
  const channels = new Map<string, Bucket>();
  const workspace = createBucket(limits.workspacePerMinute / 60, limits.workspaceBurst);
  const calls = new Map<string, number[]>();

  function post(channelId: string, now: Date): Pace {
    const channel = channels.get(channelId) ?? createBucket(limits.channelPerSecond, limits.channelBurst);
    channels.set(channelId, channel);
    const waitSeconds = Math.max(channel.waitSeconds(now), workspace.waitSeconds(now));
    if (waitSeconds > 0) return over(waitSeconds);
    channel.take();
    workspace.take();
    return GO;
  }

  function over(waitSeconds: number): Pace {
    return limits.over === "hide" ? { kind: "hide" } : refuse(waitSeconds);
  }

  function call(method: string, now: Date): Pace {
    const tier = TIERS[method];
    if (!tier || limits[tier] === Number.POSITIVE_INFINITY) return GO;
    const recent = (calls.get(method) ?? []).filter((at) => at > now.getTime() - MINUTE_MS);
    calls.set(method, recent);
    const oldest = recent[recent.length - limits[tier]];
    if (oldest !== undefined) return refuse((oldest + MINUTE_MS - now.getTime()) / 1000);
    if (limits[tier] <= 0) return refuse(60);
    recent.push(now.getTime());
    return GO;
  }

  return { post, call };
}

function refuse(waitSeconds: number): Pace {
  return { kind: "refuse", retryAfterSeconds: Math.max(1, Math.ceil(waitSeconds)) };
}

type Bucket = { readonly waitSeconds: (now: Date) => number; readonly take: () => void };

/** A token bucket that starts full. A clock that goes backwards refills nothing. */
function createBucket(perSecond: number, burst: number): Bucket {
  let tokens = burst;
  let filledAtMs: number | undefined;

  function waitSeconds(now: Date): number {
    const elapsedSeconds = Math.max(0, now.getTime() - (filledAtMs ?? now.getTime())) / 1000;
    // 0 seconds at an infinite rate is NaN; an unlimited bucket is full whatever the clock says.
    tokens = burst === Number.POSITIVE_INFINITY ? burst : Math.min(burst, tokens + elapsedSeconds * perSecond);
    filledAtMs = Math.max(filledAtMs ?? 0, now.getTime());
    // Ten steps of 0.1 s fill 0.9999999 of a token; a millionth short is not short.
    return tokens >= 1 - 1e-6 ? 0 : (1 - tokens) / perSecond;
  }

  return {
    waitSeconds,
    take: () => {
      tokens -= 1;
    },
  };
}
