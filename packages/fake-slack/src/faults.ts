/**
 * What goes wrong on demand? Faults are answers Slack gives on its bad days, in place of the ordinary one.
 *
 * Whether a message was accepted before the answer went wrong is what matters to a client that retries, so each fault
 * says when it strikes: `before` the call is handled (nothing happened) or `after` (it happened, the answer lies).
 */

/** What goes wrong. */
export type FaultKind =
  /** HTTP 429. `retryAfter` in seconds; null leaves the header out, as Slack sometimes does. */
  | { readonly kind: "429"; readonly retryAfter?: number | null }
  /** Any HTTP status with a short HTML body, as load balancers answer. */
  | { readonly kind: "status"; readonly status: number; readonly when?: When }
  /** HTTP 200 with `{ok: false, error}`; a webhook answers 400 with the bare code. */
  | { readonly kind: "error"; readonly error: string; readonly when?: When }
  /** The connection is cut and nothing was accepted. */
  | { readonly kind: "reset_before" }
  /** The connection is cut after the call was carried out. */
  | { readonly kind: "reset_after" }
  /** The call is carried out at once, and answered `delayMs` later; with `when: "before"` it is carried out late. */
  | { readonly kind: "slow"; readonly delayMs: number; readonly when?: When }
  /** HTTP 200 with half a JSON object. */
  | { readonly kind: "garbage"; readonly when?: When };

type When = "before" | "after";

/** When and how often it strikes. Without any of these: the next call, once. */
export type FaultScope = {
  /** An API method, or `webhook`. Default: any. */
  readonly method?: string;
  /** A channel id. Default: any, also calls without a channel. */
  readonly channel?: string;
  /** How many calls it strikes. Default: 1, or no end when `from` or `until` is given. */
  readonly times?: number;
  /** An outage window on the fake's clock: not before this … */
  readonly from?: Date;
  /** … and not at or after this. */
  readonly until?: Date;
};

export type Fault = FaultKind & FaultScope;

/** A call, as far as faults tell calls apart. */
type Struck = { readonly method: string; readonly channel: string | undefined; readonly now: Date };

export type Faults = {
  /** Arms a fault; the returned function disarms it. */
  readonly add: (fault: Fault) => () => void;
  /** The fault that strikes this call, if any: the first armed one that fits. Uses one of its `times`. */
  readonly strike: (call: Struck) => Fault | undefined;
  readonly clear: () => void;
};

/** No faults yet. */
export function createFaults(): Faults {
  const armed = new Map<Fault, number>();
  return {
    add: (fault) => {
      const own = { ...fault };
      const isWindow = fault.from !== undefined || fault.until !== undefined;
      armed.set(own, fault.times ?? (isWindow ? Number.POSITIVE_INFINITY : 1));
      return () => armed.delete(own);
    },
    strike: (call) => {
      for (const [fault, left] of armed) {
        if (!fits(fault, call)) continue;
        if (left <= 1) armed.delete(fault);
        else armed.set(fault, left - 1);
        return fault;
      }
      return undefined;
    },
    clear: () => armed.clear(),
  };
}

function fits(fault: Fault, call: Struck): boolean {
  if (fault.method !== undefined && fault.method !== call.method) return false;
  if (fault.channel !== undefined && fault.channel !== call.channel) return false;
  if (fault.from !== undefined && call.now < fault.from) return false;
  return fault.until === undefined || call.now < fault.until;
}
