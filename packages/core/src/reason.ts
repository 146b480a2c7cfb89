/** Why something was decided: one answered question, kept, because "why did nobody tell me" is asked most often. */
import { type Said, type SaidCode, type Step, say } from "./said.ts";

/** One step of a decision, in order, for `simulate` and for the log. `held` false ends it. */
export type Reason = {
  readonly step: Step;
  readonly held: boolean;
  /** A plain English sentence: "severity MEDIUM is not among CRITICAL, HIGH". */
  readonly because: string;
  /** The same in any language: `say(reason.said, "ja")`. */
  readonly said: Said;
};

/** A step's answer, with its English sentence ready for logs. */
export function reason(step: Step, held: boolean, code: SaidCode, facts: Said["facts"] = {}): Reason {
  const said = { code, facts };
  return { step, held, because: say(said, "en"), said };
}
