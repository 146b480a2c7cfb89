/** A silence for the demo, so that its page has something to show: Globex expects one kind of finding for a week. */
import type { Config } from "@shirase/core/config";
import type { Silence } from "@shirase/core/silence";

const WEEK_MS = 7 * 24 * 3_600_000;

/** @returns undefined when it is another config than the demo's own. */
export function demoSilence({ customers }: Config, now: Date): Silence | undefined {
  const id = "globex";
  if (!customers.some((one) => one.id === id)) return undefined;
  return {
    // The same for as long as it holds: starting the demo twice makes one.
    id: `demo-${Math.floor(now.getTime() / WEEK_MS)}`,
    customerId: id,
    match: JSON.stringify({ detail: { findings: { Compliance: { SecurityControlId: ["EC2.18"] } } } }),
    owner: "Ana Sato",
    reason: "The test network is open on purpose until the load test is over",
    from: now,
    until: new Date(now.getTime() + WEEK_MS),
  };
}
