/**
 * What goes back over the wire: an HTTP answer, late or on time, or a cut connection. Faults are turned into replies
 * here, in the dress of the door they strike: the API answers JSON, a webhook bare text.
 */
import type { Fault } from "./faults.ts";

export type HttpReply = {
  readonly kind: "http";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds to hold the finished answer back. */
  readonly delayMs?: number;
};

export type Reply = HttpReply | { readonly kind: "reset" };

/** Which door was knocked at. */
export type Door = "api" | "webhook";

/** HTTP 429 in Slack's two dialects. `null` leaves Retry-After out. */
export function rateLimited(retryAfterSeconds: number | null, door: Door): HttpReply {
  const wait = retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) };
  const body =
    door === "api"
      ? { ok: false, error: "ratelimited" }
      : { ...(retryAfterSeconds !== null && { retry_after: retryAfterSeconds }), ok: false, error: "rate_limited" };
  return { kind: "http", status: 429, headers: { ...JSON_TYPE, ...wait }, body: JSON.stringify(body) };
}

/** Bare text, as webhooks answer. */
export function plainText(status: number, body: string): HttpReply {
  return { kind: "http", status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

/** The fault's answer if it strikes before the call is carried out. */
export function strikeBefore(fault: Fault | undefined, door: Door): Reply | undefined {
  if (!fault || isAfter(fault) || fault.kind === "slow") return undefined;
  return faultReply(fault, door);
}

/** The fault's answer in place of the ordinary one if it strikes after the call was carried out. */
export function strikeAfter(ordinary: HttpReply, fault: Fault | undefined, door: Door = "api"): Reply {
  if (!fault || !isAfter(fault)) return ordinary;
  return fault.kind === "slow" ? { ...ordinary, delayMs: fault.delayMs } : faultReply(fault, door);
}

/** What the ledger calls a refusal made by a fault. */
export function faultName(fault: Fault | undefined): string {
  if (fault?.kind === "error") return fault.error;
  if (fault?.kind === "429") return "ratelimited";
  return fault ? `fault: ${fault.kind}` : "";
}

/** 0 for a cut connection. */
export function statusOf(reply: Reply): number {
  return reply.kind === "http" ? reply.status : 0;
}

/** Resolves after that many milliseconds of real time. */
export function delay(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

function isAfter(fault: Fault): boolean {
  if (fault.kind === "reset_after") return true;
  if (fault.kind === "slow") return fault.when !== "before";
  return "when" in fault && fault.when === "after";
}

function faultReply(fault: Fault, door: Door): Reply {
  switch (fault.kind) {
    case "429":
      return rateLimited(fault.retryAfter === undefined ? 1 : fault.retryAfter, door);
    case "status":
      return plainText(fault.status, `<html><body><h1>${fault.status}</h1></body></html>`);
    case "error":
      if (door === "webhook") return plainText(400, fault.error);
      return { kind: "http", status: 200, headers: JSON_TYPE, body: JSON.stringify({ ok: false, error: fault.error }) };
    case "garbage":
      return { kind: "http", status: 200, headers: JSON_TYPE, body: '{"ok":true,"channel":"C0' };
    case "slow":
    case "reset_before":
    case "reset_after":
      return { kind: "reset" };
  }
}
