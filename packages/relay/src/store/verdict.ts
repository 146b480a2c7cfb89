/** What every store reads off a verdict. */
import type { Verdict } from "@shirase/core/decide";
import { type Known, standsAs } from "@shirase/core/observe";
import type { Said } from "@shirase/core/said";
import type { ToldFinding } from "./store.ts";

/** What a store says of a verdict. */
export function toldOf({ news, notices, reasons }: Verdict): ToldFinding {
  const because = reasons.at(-1)?.because;
  return { told: notices.length, ...(news ? { news } : {}), ...(because === undefined ? {} : { because }) };
}

/** Why it is news, or none; and, when nobody hears of it, the answer that decided so. */
export function whyOf({ reasons, notices }: Verdict): readonly Said[] {
  const state = reasons.find(({ step }) => step === "state");
  const last = reasons.at(-1);
  const refused = notices.length === 0 && last !== state && last?.held === false ? [last.said] : [];
  return [...(state ? [state.said] : []), ...refused];
}

/** Does what is new change how its card looks? */
export function looksOther(known: Known | undefined, after: Known): boolean {
  return !known || standsAs(known) !== standsAs(after) || known.severity !== after.severity;
}
