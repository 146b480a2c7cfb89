/** What the console's addresses work with. */
import type { Config } from "@shirase/core/config";
import type { Pulse } from "@shirase/core/heartbeat";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Silencers } from "@shirase/core/silence";
import type { Posted } from "../send/destination.ts";
import type { Store, StoreStats } from "../store/store.ts";
import type { LoginConfig } from "./login.ts";
import type { Reads } from "./reads.ts";
import type { Onboard } from "./sent.ts";

/** What pages read and buttons do in the store itself. */
type DeskStore = Pick<
  Store,
  | "pauses"
  | "resume"
  | "redrive"
  | "redriveOnly"
  | "audit"
  | "silences"
  | "addSilence"
  | "endSilence"
  | "silencedCounts"
> & {
  readonly stats: () => Promise<Pick<StoreStats, "deadByCustomer" | "quarantined">>;
};

/** What the console is opened with; what a page gets of it is within the scope of whoever asks (scope.ts). */
export type Desk = {
  /** False: of some customers only. */
  readonly seesAll: boolean;
  readonly config: Config;
  readonly customers: ReadonlyMap<string, ResolvedCustomer>;
  readonly reads: Reads;
  readonly store: DeskStore;
  readonly pulses: () => Promise<readonly Pulse[]>;
  /** Where a message is in Slack; undefined when Slack does not say. */
  readonly permalink: (posted: Posted) => Promise<string | undefined>;
  /** Takes events as if they had come in on that bus. */
  readonly accept: (events: readonly unknown[], bus: string | undefined) => Promise<unknown>;
  readonly now: () => Date;
  /** Undefined: whoever started the relay does not say what a customer is sent. */
  readonly onboard: Onboard | undefined;
  /** Silences: those of the config, and what to call when one was made or ended. */
  readonly silences: { readonly own: Silencers; readonly refresh: () => Promise<void> };
  /** Something waits again. */
  readonly wake: () => void;
  readonly onFault: (error: unknown) => void;
  /** Undefined: no login, everybody who reaches the console is its machine's own. */
  readonly login?: LoginConfig | undefined;
};
