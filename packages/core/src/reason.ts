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

/** A step's answer. Its English sentence is made when it is read: of most events nobody reads more than the last one. */
export function reason(step: Step, held: boolean, code: SaidCode, facts: Said["facts"] = {}): Reason {
  const said = { code, facts };
  return {
    step,
    held,
    get because() {
      return say(said, "en");
    },
    said,
  };
}
