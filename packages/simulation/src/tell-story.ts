/** A story and what it breaks, for people. */
import type { Breach } from "./invariants.ts";
import type { Act, Story, Telling } from "./story.ts";

/** A line for each act. */
export function tellStory({ acts, channels, over }: Story): string {
  const lines = acts.map((act) => `  ${String(act.atMs).padStart(9)} ms  ${tellAct(act)}\n`);
  return `  customers' channels: ${channels.join(", ")}; above its limits Slack ${over}s\n${lines.join("")}`;
}

/** A line for each breach. */
export function tellBreaches(breaches: readonly Breach[]): string {
  return breaches.map(({ promise, words }) => `  BROKEN ${promise}: ${words}\n`).join("");
}

function tellAct({ atMs: _, kind, ...rest }: Act): string {
  if (!("tellings" in rest)) return `${kind} ${JSON.stringify(rest)}`;
  const [first, ...others] = rest.tellings;
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  return first ? `${kind} ${tellTelling(first)}${more}` : kind;
}

function tellTelling({ customer, problem, telling, says }: Telling): string {
  return `customer ${customer}, problem ${problem}, telling ${telling}: ${JSON.stringify(says)}`;
}
