/**
 * Who needs a person? Puts what is known of each customer into one row and the rows into the order in which somebody
 * on duty should look. Pure.
 */
import type { Pulse } from "@shirase/core/heartbeat";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { Pause } from "../store/store.ts";
import type { CustomerFigures } from "./reads.ts";

/** How messages of a customer get to Slack: `late` when something waits for minutes. */
export type Flow = "flowing" | "late" | "paused" | "amazon-q";

/** A line of the overview. */
export type Row = {
  readonly id: string;
  readonly name: string;
  /** False: something is left of a customer that the config does not name any more, or of the operators' channel. */
  readonly isCustomer: boolean;
  readonly pulses: readonly Pulse[];
  readonly figures: CustomerFigures;
  readonly flow: Flow;
  /** Why a person should look, the worst first; empty: nobody need. */
  readonly needs: readonly Need[];
};

/** Open findings are no such need: there are always some, and the channel has told of them. */
export type Need = "paused" | "dead" | "silent" | "late";

/** What the rows are made of. */
export type OverviewParts = {
  readonly customers: Iterable<ResolvedCustomer>;
  readonly opsChannelId: string | undefined;
  readonly figures: readonly CustomerFigures[];
  readonly pulses: readonly Pulse[];
  readonly pauses: readonly Pause[];
};

/** What waits longer was not simply behind others. */
const LATE_MS = 5 * 60_000;
/** The order in which needs count: a channel that hears nothing hides everything else. */
const WEIGHTS: Readonly<Record<Need, number>> = { paused: 8, dead: 4, silent: 2, late: 1 };

/** The rows, who needs a person first; among equals by open findings, then by name. */
export function overviewOf(parts: OverviewParts, now: Date): readonly Row[] {
  const customers = new Map([...parts.customers].map((customer) => [customer.id, customer]));
  const rows = parts.figures.map((figures) => rowOf(figures, customers.get(figures.customerId), parts, now));
  const urgency = ({ needs }: Row): number => needs.reduce((sum, need) => sum + WEIGHTS[need], 0);
  return rows.sort((a, b) => urgency(b) - urgency(a) || worstFirst(a, b) || a.name.localeCompare(b.name));
}

function rowOf(
  figures: CustomerFigures,
  customer: ResolvedCustomer | undefined,
  { opsChannelId, pulses, pauses }: OverviewParts,
  now: Date,
): Row {
  const id = figures.customerId;
  const channelId = id === "" ? opsChannelId : customer?.slack.channel;
  const own = pulses.filter((pulse) => pulse.customerId === id);
  const isPaused = pauses.some((pause) => pause.channelId === channelId);
  const isLate = figures.oldestWaitingAt !== undefined && now.getTime() - figures.oldestWaitingAt.getTime() > LATE_MS;
  const needs: Need[] = [];
  if (isPaused) needs.push("paused");
  if (figures.dead > 0) needs.push("dead");
  if (own.some(({ state }) => state === "missed")) needs.push("silent");
  if (isLate) needs.push("late");
  const flow = isPaused ? "paused" : isLate ? "late" : customer?.delivery === "amazon-q" ? "amazon-q" : "flowing";
  return { id, name: customer?.name ?? id, isCustomer: customer !== undefined, pulses: own, figures, flow, needs };
}

function worstFirst(a: Row, b: Row): number {
  for (const severity of ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"] as const) {
    const more = (b.figures.open[severity] ?? 0) - (a.figures.open[severity] ?? 0);
    if (more !== 0) return more;
  }
  return 0;
}
