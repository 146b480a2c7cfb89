/** Counts what begins and ends, hour by hour, as it is decided: a trend must not look through every finding. */
import type { DatabaseSync } from "node:sqlite";
import { severityRank } from "@shirase/core/finding";
import { type Known, standsAs } from "@shirase/core/observe";

/** Counts one step of a problem, within the transaction that keeps it. */
export type Tally = (customerId: string, wasOpen: boolean, after: Known, now: Date) => void;

const HOUR_MS = 3_600_000;

/** The statement prepared once. */
export function tallier(database: DatabaseSync): Tally {
  const add = database.prepare(
    `INSERT INTO tallies (customer_id, hour, severity_rank, opened, ended, resolved, fixed_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET opened = opened + excluded.opened, ended = ended + excluded.ended,
       resolved = resolved + excluded.resolved, fixed_ms = fixed_ms + excluded.fixed_ms`,
  );
  return (customerId, wasOpen, after, now) => {
    const step = stepOf(wasOpen, after);
    if (step === undefined) return;
    const hour = Math.floor(now.getTime() / HOUR_MS);
    const counts = { begins: [1, 0, 0, 0], ends: [0, 1, 0, 0], resolved: [0, 1, 1, openMs(after)] } as const;
    add.run(customerId, hour, severityRank(after.severity), ...counts[step]);
  };
}

function stepOf(wasOpen: boolean, after: Known): "begins" | "ends" | "resolved" | undefined {
  const stands = standsAs(after);
  if (wasOpen === (stands === "open")) return undefined;
  if (!wasOpen) return "begins";
  return stands === "resolved" ? "resolved" : "ends";
}

function openMs({ openedAt, changedAt }: Known): number {
  return Math.max(0, changedAt - openedAt);
}
